"""Types of the program: how they are described to the compiler, and how their values pass between Python and compiled code."""
import inspect
import re

from .. import _core, types
from ..errors import NumbaTypeError, TypingError
from . import models
from ._registry import Entry, register

_MODELS = {}
_TYPEOF = {}
_UNBOX = {}
_BOX = {}
# Descriptions and types by what types are told apart by, and types by number.
_DESCRIBED = {}
_NUMBERED = []


class NativeValue:
    """The fields of a value, as a tuple or mapping."""

    __slots__ = ("value",)

    def __init__(self, value=(), is_error=None, cleanup=None):
        if is_error is not None or cleanup is not None:
            raise TypeError("NativeValue has the fields of a value only: errors are raised, and nothing needs to be cleaned up")
        self.value = value


class Context:
    """What typing functions are given as context."""

    @staticmethod
    def resolve_value_type(value):
        """The type of a Python value."""
        return types.from_code(_core.typeof_code(value))


CONTEXT = Context()


def _check_class(cls, what):
    if not (isinstance(cls, type) and issubclass(cls, types.Type)):
        raise TypeError(f"{what} takes a class of types, derived from types.Type, not {cls!r}")


def _find(table, cls):
    return next((table[base] for base in cls.__mro__ if base in table), None)


def register_model(cls):
    """Decorates the model of a class of types: a `models.StructModel` or `models.OpaqueModel`."""
    _check_class(cls, "register_model")

    def decorate(model):
        if not (isinstance(model, type) and issubclass(model, models.DataModel)):
            raise TypeError(f"a model is a class derived from models.StructModel or models.OpaqueModel, not {model!r}")
        _MODELS[cls] = model
        return model

    return decorate


def model_of(t):
    """The model of a type of the program."""
    model = _find(_MODELS, type(t))
    if model is None:
        raise TypingError(f"the type {t} has no model: decorate one with `register_model({type(t).__name__})`")
    return model(None, t)


def describe(t):
    """The code of a type of the program."""
    identity = t._identity()
    if identity not in _DESCRIBED:
        # A type that contains itself comes back to its own description here, which would not end.
        _DESCRIBED[identity] = None
        try:
            members = model_of(t)._members
            fields = tuple(m._code() for _, m in members)
        except BaseException:
            del _DESCRIBED[identity]
            raise
        name = re.sub(r"\W+", "_", str(t.name))
        _DESCRIBED[identity] = ("struct", f"type:{len(_NUMBERED)}.{name}", tuple(n for n, _ in members), fields, name)
        _NUMBERED.append(t)
    if _DESCRIBED[identity] is None:
        raise TypingError(f"the type {t} has a field of its own type, which would have no end")
    return _DESCRIBED[identity]


def type_of(path):
    """The type of the program with this path."""
    return _NUMBERED[int(path[5:].partition(".")[0])]


class _TypeofImpl:
    """Which type Python objects have, by their class."""

    def register(self, cls, function=None):
        """Decorates a function of an object and a context that returns its type, or None."""
        if function is None:
            return lambda function: self.register(cls, function)
        _TYPEOF[cls] = function
        _core.set_typeof(typeof)
        return function

    def __call__(self, value, context=None):
        return CONTEXT.resolve_value_type(value)


typeof_impl = _TypeofImpl()


def _typeof(value):
    function = _find(_TYPEOF, type(value))
    found = None if function is None else function(value, CONTEXT)
    if found is not None and not isinstance(found, types.Type):
        raise TypeError(f"the function of typeof_impl for {type(value).__name__} returned {found!r}, which is no type")
    return found


def typeof(value):
    """The code of the type of an object whose class is registered, or None."""
    found = _typeof(value)
    return None if found is None else found._code()


def _callback(table, cls, what, parameters):
    _check_class(cls, what)

    def decorate(function):
        if [n for n in function.__code__.co_varnames[: function.__code__.co_argcount]][-1:] == ["c"] and function.__code__.co_argcount == 3:
            raise TypeError(f"{function.__qualname__}: {what} functions get {parameters}; there is no context `c`, as they are ordinary Python functions")
        table[cls] = function
        return function

    return decorate


def unbox(cls):
    """Decorates a function of a type and an object that returns the fields of the object: a tuple, or a mapping by name."""
    return _callback(_UNBOX, cls, "unbox", "a type and an object, and return the values of its fields")


def box(cls):
    """Decorates a function of a type and the values of its fields that returns the object."""
    return _callback(_BOX, cls, "box", "a type and the values of its fields, and return the object")


def unboxer(path):
    """The function that gives the fields of objects of a type, or None for an object of another type."""
    t = type_of(path)
    names, fields = zip(*model_of(t)._members) if model_of(t)._members else ((), ())
    convert = [float if isinstance(f, types.Float) else None for f in fields]

    def read(value):
        if _typeof(value) != t:
            return None
        function = _find(_UNBOX, type(t))
        if function is None:
            raise NumbaTypeError(f"{type(value).__name__} objects cannot be passed to compiled code: no function is decorated with `unbox({type(t).__name__})`")
        found = function(t, value)
        if isinstance(found, NativeValue):
            found = found.value
        if hasattr(found, "keys"):
            found = tuple(found[name] for name in names)
        if not isinstance(found, tuple) or len(found) != len(names):
            raise NumbaTypeError(f"the unbox function of {t} returns a tuple or mapping of the fields ({', '.join(names)}), not {found!r}")
        return tuple(c(v) if c and type(v) is int else v for c, v in zip(convert, found))

    return read


def boxer(path):
    """The function that makes the object of a type from its fields."""
    t = type_of(path)

    def make(*fields):
        function = _find(_BOX, type(t))
        if function is None:
            raise NumbaTypeError(f"a value of type {t} cannot be returned to Python: no function is decorated with `box({type(t).__name__})`")
        return function(t, *fields)

    return make


def make_attribute_wrapper(typeclass, struct_attr, python_attr):
    """Makes a field of a type's model an attribute of its values."""
    _check_class(typeclass, "make_attribute_wrapper")

    def typing(t):
        fields = model_of(t).fields
        if struct_attr not in fields:
            raise TypingError(f"the model of {t} has no field {struct_attr!r}; its fields are {', '.join(fields)}")
        return (fields.index(struct_attr),)

    answer = lambda found, entry, literal: ("field", found[0])  # noqa: E731
    register(f"attribute:{python_attr}", Entry(typing, f"{typeclass.__name__}.{python_attr}", answer, typeclass))


def type_callable(func):
    """Decorates a function of a context that returns a typing function: which type a call of `func` with arguments of some types has.

    A value of a type of the program is made of the arguments as its fields.
    """

    def decorate(factory):
        from ._intrinsics import lowered

        path = _core.path_of(func)
        typer = factory(CONTEXT)

        def typing(*args, **kwargs):
            found = typer(*args, **kwargs)
            found = found.return_type if isinstance(found, types.Signature) else found
            return None if found is None else (found, args)

        def answer(made, entry, literal):
            found, given = made
            code = lowered(path, entry.name, found, given)
            if code is not None:
                return code
            if not isinstance(found, types.Type) or _find(_MODELS, type(found)) is None:
                raise TypingError(f"the typing function of `{entry.name}` returned {found}: it returns a type with a model; for functions that compute other values use overload, or lower_builtin")
            return "construct", found._code()

        typing.__signature__ = inspect.signature(typer)
        register(path, Entry(typing, getattr(func, "__qualname__", str(func)), answer))
        return factory

    return decorate
