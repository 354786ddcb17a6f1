"""Decorators that register overloads."""
import operator
import types as _python

from .. import _core, _options
from ..errors import TypingError
from ._registry import Entry, register
from ._signatures import difference

_INLINE = ("never", "always")


def _options_of(jit_options, inline, target):
    if target not in ("cpu", "generic", "CPU"):
        raise ValueError(f"overloads are for the target 'cpu', not {target!r}")
    options = dict(jit_options or {})
    if inline not in _INLINE and not callable(inline):
        raise ValueError(f"inline is 'never', 'always' or a function that decides, not {inline!r}")
    if inline in _INLINE:
        options.setdefault("inline", inline)
    options.pop("no_cpython_wrapper", None)
    return _options.check({k: v for k, v in options.items() if k in _options.OPTIONS}), options


def _dispatcher(implementation, checked, options, name):
    if isinstance(implementation, _core.Dispatcher):
        return implementation
    if not isinstance(implementation, _python.FunctionType):
        raise TypeError(f"the overload of `{name}` returned {implementation!r}: it returns a function written in Python, or None")
    return _core.dispatcher(implementation, checked, options)


def _answer(jit_options, inline, strict, target):
    checked, options = _options_of(jit_options, inline, target)

    def answer(implementation, entry, literal):
        dispatcher = _dispatcher(implementation, checked, options, entry.name)
        if strict:
            differs = difference(entry.typing, dispatcher.py_func)
            if differs:
                raise TypingError(f"the typing function and the implementation of the overload of `{entry.name}` have different parameters: {differs}")
        return "function", dispatcher, literal

    return answer


class _OwnMeta(type):
    def __instancecheck__(cls, t):
        return not hasattr(t, "_described")


class _Own(metaclass=_OwnMeta):
    """The types of the program."""


def _name(obj):
    return getattr(obj, "__qualname__", None) or getattr(obj, "__name__", None) or repr(obj)


def overload(func, jit_options=None, strict=True, inline="never", prefer_literal=False, target="cpu", **unknown):
    """Decorates a typing function of `func`, which may be any callable object.

    It is called with the types of a call's arguments, and defaults of its own, and returns the implementation for them: a function with the same
    parameters, which is compiled. For None the next overload is asked. `strict=False` does not compare the parameters.
    """
    if unknown:
        raise TypeError(f"overload has no option {', '.join(map(repr, unknown))}; the options are jit_options, strict, inline, prefer_literal and target")
    if isinstance(func, _core.Dispatcher):
        raise TypeError(f"{func.__qualname__} is compiled already: calls of it need no overload; overload the Python function that it was made from")
    if not callable(func):
        raise TypeError(f"only what can be called can be overloaded, not {func!r}")
    answer = _answer(jit_options, inline, strict, target)

    def decorate(typing):
        register(_core.path_of(func), Entry(typing, _name(func), answer, prefer_literal=prefer_literal))
        if func is operator.delitem:
            # `del x[i]` is compiled as a call of the method.
            register("method:__delitem__", Entry(typing, "operator.delitem", answer, _Own, prefer_literal))
        return typing

    return decorate


def overload_method(typ, attr, jit_options=None, strict=True, inline="never", prefer_literal=False, target="cpu", **unknown):
    """Decorates a typing function of the method `attr` of values whose types are of the class `typ`; its first parameter is the object."""
    return _member("method", typ, attr, _answer(jit_options, inline, strict, target), prefer_literal, unknown)


def overload_attribute(typ, attr, jit_options=None, strict=True, inline="never", prefer_literal=False, target="cpu", **unknown):
    """Decorates a typing function of the attribute `attr` of values whose types are of the class `typ`; its only parameter is the object."""
    return _member("attribute", typ, attr, _answer(jit_options, inline, strict, target), prefer_literal, unknown)


def _member(kind, typ, attr, answer, prefer_literal, unknown):
    from ..types import Type

    if unknown:
        raise TypeError(f"overload_{kind} has no option {', '.join(map(repr, unknown))}; the options are jit_options, strict, inline, prefer_literal and target")
    cls = type(typ) if isinstance(typ, Type) else typ
    if not (isinstance(cls, type) and issubclass(cls, Type)):
        raise TypeError(f"overload_{kind} takes a class of types, such as types.Array, not {typ!r}")

    def decorate(typing):
        register(f"{kind}:{attr}", Entry(typing, f"{cls.__name__}.{attr}", answer, cls, prefer_literal))
        return typing

    return decorate


def register_jitable(*args, **options):
    """Lets compiled functions call a Python function: it is compiled with them, and stays a Python function for Python."""

    def decorate(function):
        made = []

        def typing(*args, **kwargs):
            if not made:
                checked = _options.check({k: v for k, v in options.items() if k in _options.OPTIONS})
                made.append(_dispatcher(function, checked, options, _name(function)))
            return made[0]

        register(_core.path_of(function), Entry(typing, _name(function), lambda dispatcher, entry, literal: ("function", dispatcher, literal)))
        return function

    if options:
        if args:
            raise TypeError("register_jitable takes options by name")
        return decorate
    (function,) = args
    return decorate(function)


def is_jitted(function):
    """Whether an object is a compiled function."""
    return isinstance(function, _core.Dispatcher)


def get_cython_function_address(module_name, function_name):
    """The address of a function that a Cython module offers to C."""
    import ctypes
    from importlib import import_module

    capsule = import_module(module_name).__pyx_capi__[function_name]
    name, pointer = ctypes.pythonapi.PyCapsule_GetName, ctypes.pythonapi.PyCapsule_GetPointer
    name.restype, name.argtypes = ctypes.c_char_p, [ctypes.py_object]
    pointer.restype, pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    return pointer(capsule, name(capsule))
