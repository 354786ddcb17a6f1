"""Exceptions and warnings. The names and their hierarchy are those that programs written for numba catch."""

__all__ = [
    "NumbaError", "TypingError", "UnsupportedError", "SourceError", "LoweringError", "InternalError", "InternalCompilerError",
    "ArgumentTypeError", "CompilerError", "IRError", "NotDefinedError", "RedefinedError", "VerificationError", "ConstantInferenceError",
    "ForbiddenConstruct", "RequireLiteralValue", "LiteralTypingError", "UntypedAttributeError", "NumbaTypeError", "NumbaValueError",
    "NumbaAttributeError", "NumbaAssertionError", "NumbaIndexError", "NumbaKeyError", "NumbaNotImplementedError", "NumbaRuntimeError",
    "DeprecationError", "NumbaWarning", "NumbaPerformanceWarning", "NumbaDeprecationWarning", "NumbaPendingDeprecationWarning",
    "NumbaTypeSafetyWarning", "NumbaExperimentalFeatureWarning", "NumbaInvalidConfigWarning", "NumbaPedanticWarning", "NumbaSystemWarning",
    "NumbaDebugInfoWarning",
]


class NumbaError(Exception):
    """Base of all errors that numbra raises about a program.

    `diagnostics` lists what the compiler found: dicts with code, message, file, line, column and notes. `reproducer` names the file
    that shows an internal error to `numba-opt`, or is None.
    """

    diagnostics: "tuple[dict[str, object], ...] | list[dict[str, object]]" = ()
    reproducer: "str | None" = None

    @property
    def msg(self) -> str:
        """The text."""
        return str(self)


class TypingError(NumbaError):
    """Types do not fit."""


class UnsupportedError(NumbaError):
    """numbra does not support the construct."""


class SourceError(NumbaError):
    """The source text of a function is not available, or is not Python."""


class LoweringError(NumbaError):
    """Code generation failed."""


class InternalError(NumbaError):
    """The compiler itself failed."""


class InternalCompilerError(InternalError, LoweringError):
    """The compiler itself failed; `reproducer` names a file that shows it."""


class ArgumentTypeError(TypingError, TypeError):
    """An object that compiled code does not take was passed."""


class CompilerError(NumbaError):
    """A compiler pass cannot go on."""


class IRError(NumbaError):
    """The intermediate form is wrong."""


class NotDefinedError(IRError):
    """A variable is used before it is assigned."""


class RedefinedError(IRError):
    """A variable is defined twice."""


class VerificationError(IRError):
    """The intermediate form is inconsistent."""


class ConstantInferenceError(NumbaError):
    """A value is not a compile-time constant."""


class ForbiddenConstruct(LoweringError):
    """A construct is not allowed."""


class RequireLiteralValue(TypingError):
    """A compile-time constant is needed."""


class LiteralTypingError(TypingError):
    """A value has no constant type."""


class UntypedAttributeError(TypingError):
    """A value has no such attribute."""


class NumbaTypeError(TypingError):
    """TypeError found while compiling."""


class NumbaValueError(TypingError):
    """ValueError found while compiling."""


class NumbaAttributeError(TypingError):
    """AttributeError found while compiling."""


class NumbaAssertionError(TypingError):
    """AssertionError found while compiling."""


class NumbaIndexError(TypingError):
    """IndexError found while compiling."""


class NumbaKeyError(TypingError):
    """KeyError found while compiling."""


class NumbaNotImplementedError(TypingError):
    """NotImplementedError found while compiling."""


class NumbaRuntimeError(TypingError):
    """RuntimeError found while compiling."""


class DeprecationError(NumbaError):
    """A function that no longer exists."""


class NumbaWarning(Warning):
    """Base of all warnings."""


class NumbaPerformanceWarning(NumbaWarning):
    """Code that could be faster."""


class NumbaDeprecationWarning(NumbaWarning, DeprecationWarning):
    """A feature that will go."""


class NumbaPendingDeprecationWarning(NumbaWarning, PendingDeprecationWarning):
    """A feature that will go later."""


class NumbaTypeSafetyWarning(NumbaWarning):
    """A conversion that can lose information."""


class NumbaExperimentalFeatureWarning(NumbaWarning):
    """A feature that may change."""


class NumbaInvalidConfigWarning(NumbaWarning):
    """A setting that makes no sense."""


class NumbaPedanticWarning(NumbaWarning):
    """Advice."""


class NumbaSystemWarning(NumbaWarning):
    """A problem of the system."""


class NumbaDebugInfoWarning(NumbaWarning):
    """A problem of debug information."""
