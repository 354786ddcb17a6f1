"""Exceptions and warnings. The names and their hierarchy are those that programs written for numba catch."""

__all__ = []


def _public(cls):
    __all__.append(cls.__name__)
    return cls


@_public
class NumbaError(Exception):
    """Base of all errors that numbra raises about a program.

    `diagnostics` lists what the compiler found: dicts with code, message, file, line, column and notes. `reproducer` names the file
    that shows an internal error to `numba-opt`, or is None.
    """

    diagnostics = ()
    reproducer = None

    @property
    def msg(self):
        """The text."""
        return str(self)


@_public
class TypingError(NumbaError):
    """Types do not fit."""


@_public
class UnsupportedError(NumbaError):
    """numbra does not support the construct."""


@_public
class SourceError(NumbaError):
    """The source text of a function is not available, or is not Python."""


@_public
class LoweringError(NumbaError):
    """Code generation failed."""


@_public
class InternalError(NumbaError):
    """The compiler itself failed."""


@_public
class InternalCompilerError(InternalError, LoweringError):
    """The compiler itself failed; `reproducer` names a file that shows it."""


@_public
class ArgumentTypeError(TypingError, TypeError):
    """An object that compiled code does not take was passed."""


@_public
class CompilerError(NumbaError):
    """A compiler pass cannot go on."""


@_public
class IRError(NumbaError):
    """The intermediate form is wrong."""


@_public
class NotDefinedError(IRError):
    """A variable is used before it is assigned."""


@_public
class RedefinedError(IRError):
    """A variable is defined twice."""


@_public
class VerificationError(IRError):
    """The intermediate form is inconsistent."""


@_public
class ConstantInferenceError(NumbaError):
    """A value is not a compile-time constant."""


@_public
class ForbiddenConstruct(LoweringError):
    """A construct is not allowed."""


@_public
class RequireLiteralValue(TypingError):
    """A compile-time constant is needed."""


@_public
class LiteralTypingError(TypingError):
    """A value has no constant type."""


@_public
class UntypedAttributeError(TypingError):
    """A value has no such attribute."""


@_public
class NumbaTypeError(TypingError):
    """TypeError found while compiling."""


@_public
class NumbaValueError(TypingError):
    """ValueError found while compiling."""


@_public
class NumbaAttributeError(TypingError):
    """AttributeError found while compiling."""


@_public
class NumbaAssertionError(TypingError):
    """AssertionError found while compiling."""


@_public
class NumbaIndexError(TypingError):
    """IndexError found while compiling."""


@_public
class NumbaKeyError(TypingError):
    """KeyError found while compiling."""


@_public
class NumbaNotImplementedError(TypingError):
    """NotImplementedError found while compiling."""


@_public
class NumbaRuntimeError(TypingError):
    """RuntimeError found while compiling."""


@_public
class DeprecationError(NumbaError):
    """A function that no longer exists."""


@_public
class NumbaWarning(Warning):
    """Base of all warnings."""


@_public
class NumbaPerformanceWarning(NumbaWarning):
    """Code that could be faster."""


@_public
class NumbaDeprecationWarning(NumbaWarning, DeprecationWarning):
    """A feature that will go."""


@_public
class NumbaPendingDeprecationWarning(NumbaWarning, PendingDeprecationWarning):
    """A feature that will go later."""


@_public
class NumbaTypeSafetyWarning(NumbaWarning):
    """A conversion that can lose information."""


@_public
class NumbaExperimentalFeatureWarning(NumbaWarning):
    """A feature that may change."""


@_public
class NumbaInvalidConfigWarning(NumbaWarning):
    """A setting that makes no sense."""


@_public
class NumbaPedanticWarning(NumbaWarning):
    """Advice."""


@_public
class NumbaSystemWarning(NumbaWarning):
    """A problem of the system."""


@_public
class NumbaDebugInfoWarning(NumbaWarning):
    """A problem of debug information."""
