"""Functions whose code is written with the builder."""
import inspect

from .. import _core, types
from ..errors import NumbaNotImplementedError, TypingError
from ._models import CONTEXT
from ._registry import Entry, register

# Code generators of `lower_builtin` by path, with the types that they are for.
_LOWERED = {}


class Intrinsic:
    """A function of compiled code that a code generator writes."""

    def __init__(self, function):
        self.__name__, self.__qualname__, self.__module__, self.__doc__ = function.__name__, function.__qualname__, function.__module__, function.__doc__
        self._defn = function

    def __call__(self, *args, **kwargs):
        raise NumbaNotImplementedError(f"the intrinsic `{self.__name__}` can be called in compiled code only")

    def __repr__(self):
        return f"<intrinsic {self.__name__}>"


def intrinsic(*args, prefer_literal=False):
    """Decorates a function of a context and argument types that returns a signature and a code generator, or None.

    The code generator gets a context, the builder, the signature and the arguments as values of the builder, and returns the result's value.
    """

    def decorate(function):
        made = Intrinsic(function)
        parameters = list(inspect.signature(function).parameters.values())[1:]
        if any(p.kind not in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) for p in parameters):
            raise TypeError(f"the intrinsic `{function.__name__}` takes a context and parameters by position only")
        names = [p.name for p in parameters]

        def typing(*given):
            found = function(CONTEXT, *given)
            return None if found is None else (found, given)

        typing.__signature__ = inspect.Signature(parameters)

        def answer(made, entry, literal):
            found, given = made
            if not (isinstance(found, tuple) and len(found) == 2 and isinstance(found[0], types.Signature) and callable(found[1])):
                raise TypingError(f"the intrinsic `{entry.name}` returned {found!r}: it returns a signature and a code generator, or None")
            return _compiled(entry.name, names, given, *found, literal)

        register(_core.path_of(made), Entry(typing, function.__name__, answer, prefer_literal=prefer_literal))
        return made

    if args:
        (function,) = args
        return decorate(function)
    return decorate


def _compiled(name, names, given, signature, codegen, literal):
    from ._builder import function_of

    function = function_of(name.rpartition(".")[2], names, given, signature, codegen)
    return "function", _core.dispatcher(function, {"inline": "always"}, {}), literal


def lower_builtin(func, *argtys):
    """Decorates the code generator of calls of `func`, whose types come from `type_callable`."""

    def decorate(codegen):
        _LOWERED.setdefault(_core.path_of(func), []).append((argtys, codegen))
        return codegen

    return decorate


def lowered(path, name, found, given):
    """How a call is done for which there is a code generator; None if there is none for these types."""
    for wanted, codegen in _LOWERED.get(path, ()):
        if len(wanted) == len(given) and all(isinstance(t, w) if isinstance(w, type) else t == w for t, w in zip(given, wanted)):
            return _compiled(name, [f"a{i}" for i in range(len(given))], given, types.Signature(found, given), codegen, False)
    return None


# What is written in terms of numba's compiler, and what does the same here.
_REFUSED = {
    "lower_cast": "convert where the value is used, with an overloaded function",
    "lower_constant": "pass the value as an argument",
    "lower_getattr": "use overload_attribute",
    "lower_getattr_generic": "use overload_attribute",
    "lower_setattr": "make a new value: values of a program's types do not change",
    "lower_setattr_generic": "make a new value: values of a program's types do not change",
    "infer": "use overload",
    "infer_global": "use overload",
    "infer_getattr": "use overload_attribute",
    "overload_classmethod": "overload a function of the program",
    "reflect": "return the changed value",
    "SentryLiteralArgs": "use RequireLiteralValue",
}


def refused(name):
    """What stands for a name of numba's that means nothing here: an error when it is used."""

    def use(*args, **kwargs):
        raise NumbaNotImplementedError(f"numbra has no `{name}`: {_REFUSED[name]}")

    if name not in _REFUSED:
        raise AttributeError(f"module 'numbra.extending' has no attribute {name!r}")
    use.__name__ = name
    return use
