"""Classes of types that typing functions ask about: constants, functions, what has no class of its own. Part of `numbra.types`."""
from . import types as _types
from ._signature import Signature
from .types import Boolean, Callable, Hashable, Integer, Type

__all__ = [
    "BooleanLiteral", "ClassType", "DType", "Dispatcher", "Dummy", "EllipsisType", "Function", "FunctionType", "IntegerLiteral", "Literal", "NamedTuple", "NumberClass",
    "Omitted", "Opaque", "RangeType", "SliceType", "StringLiteral", "UnicodeType", "WrapperAddressProtocol", "literal", "string", "unicode_type", "unliteral",
]


class Dummy(Type):
    """Types of values that nothing is known of but their type."""

    __slots__ = ()


class Opaque(Dummy):
    """Types whose values only their own overloads look into."""

    __slots__ = ()


class Literal(Type):
    """Types of one constant."""

    __slots__ = ()

    @property
    def literal_type(self):
        """The type of such values."""
        return unliteral(self)


def _constant(self, value):
    self.literal_value = value
    self.name = f"Literal[{type(value).__name__}]({value!r})"
    self._described = ("literal", type(value).__name__, value)


class IntegerLiteral(Literal, Integer):
    """An int that is known when a function is compiled."""

    __slots__ = ("literal_value",)

    def __init__(self, value):
        self.bitwidth = 64
        _constant(self, value)

    signed = True


class BooleanLiteral(Literal, Boolean):
    """A bool that is known when a function is compiled."""

    __slots__ = ("literal_value",)

    def __init__(self, value):
        self.bitwidth = 1
        _constant(self, value)


class StringLiteral(Literal, Dummy):
    """A string that is known when a function is compiled."""

    __slots__ = ("literal_value",)

    def __init__(self, value):
        _constant(self, value)


class UnicodeType(Hashable):
    """Strings."""

    __slots__ = ()

    def __init__(self, name="unicode_type"):
        self.name = name
        self._described = ("str", name)


unicode_type = string = UnicodeType()


def literal(value):
    """The type of a constant."""
    classes = {bool: BooleanLiteral, int: IntegerLiteral, str: StringLiteral}
    if type(value) not in classes:
        from .errors import LiteralTypingError

        raise LiteralTypingError(f"{value!r} is not a bool, int or str, which have types of constants")
    return classes[type(value)](value)


def unliteral(t):
    """The type with constants forgotten."""
    if isinstance(t, Literal):
        return {IntegerLiteral: _types.int64, BooleanLiteral: _types.boolean, StringLiteral: unicode_type}[type(t)]
    if type(t) in (_types.Tuple, _types.UniTuple):
        return _types.Tuple(map(unliteral, t.types))
    return t


class Omitted(Opaque):
    """The type of an argument that is left out and has this default."""

    __slots__ = ("value",)

    def __init__(self, default):
        self.value = default
        self.name = f"omitted(default={default!r})"
        self._described = ("omitted", type(default), repr(default))


class DType(Opaque):
    """A NumPy scalar type as a value, such as `numpy.float64` or `a.dtype`."""

    __slots__ = ("dtype",)

    def __init__(self, dtype):
        self.dtype = dtype
        self.name = f"dtype({dtype.name})"
        self._described = ("dtype", dtype._code())


class NumberClass(Callable, Opaque):
    """What `DType` and the class of numbers have in common: compiled code does not tell `numpy.float64` from `numpy.dtype("float64")`."""

    __slots__ = ()


class _NumberClass(NumberClass, DType):
    __slots__ = ()

    def __init__(self, dtype):
        self.dtype = dtype
        self.name = f"class({dtype.name})"
        self._described = ("dtype", dtype._code())

    @property
    def instance_type(self):
        """The type of its values."""
        return self.dtype


class Function(Callable, Opaque):
    """A library function, or one that the program overloads."""

    __slots__ = ("typing_key", "path")

    def __init__(self, function, path=""):
        self.typing_key, self.path = function, path
        self.name = f"Function({path or function!r})"
        self._described = ("function", path or id(function))


class ClassType(Function):
    """A class."""

    __slots__ = ()


class Dispatcher(Callable, Dummy):
    """A compiled function; `dispatcher` is None for those that are made by compiled code."""

    __slots__ = ("dispatcher",)

    def __init__(self, dispatcher, symbol=""):
        self.dispatcher = dispatcher
        self.name = f"Dispatcher({symbol or dispatcher!r})"
        self._described = ("dispatcher", symbol or id(dispatcher))


class FunctionType(Callable):
    """A compiled function of a signature: `FunctionType(float64(float64))`. Code that takes one serves all functions of the signature."""

    __slots__ = ("signature",)

    def __init__(self, signature):
        if not isinstance(signature, Signature) or signature.return_type is None:
            raise TypeError(f"FunctionType takes a signature with its result, such as float64(float64), not {signature!r}")
        self.signature = signature
        self.name = f"FunctionType({signature.return_type.name}({', '.join(t.name for t in signature.args)}))"
        self._described = ("callable", tuple(t._code() for t in signature.args), signature.return_type._code())

    @property
    def nargs(self):
        """The number of arguments."""
        return len(self.signature.args)

    @property
    def return_type(self):
        """The type of the result."""
        return self.signature.return_type

    @property
    def argument_types(self):
        """The types of the arguments."""
        return self.signature.args


class WrapperAddressProtocol:
    """Base class of objects that compiled code calls as functions of C: they tell the address and the signature, of numbers."""

    def __wrapper_address__(self):
        """The address."""
        raise NotImplementedError

    def signature(self):
        """The signature, such as `types.float64(types.float64)`."""
        raise NotImplementedError


class NamedTuple(_types.BaseTuple):
    """A named tuple: names of its fields and their types."""

    __slots__ = ("fields",)

    def __init__(self, code):
        self.fields = tuple(code[2])
        self.types = tuple(map(_types.from_code, code[3]))
        self.name = code[-1]
        self._described = code


class _Other(Opaque):
    """A type without a class of its own: members of enumerations, closures."""

    __slots__ = ()

    def __init__(self, code):
        self.name = code[-1]
        self._described = code


class SliceType(_Other):
    """A slice."""

    __slots__ = ()


class RangeType(_Other):
    """A range of integers."""

    __slots__ = ()


class EllipsisType(_Other):
    """`...`"""

    __slots__ = ()


_CLASSES = {"slice": SliceType, "range": RangeType, "ellipsis": EllipsisType}


def _entity(value, path):
    name = path.rpartition(".")[2]
    scalar = getattr(_types, "boolean" if name in ("bool", "bool_") else name, None)
    if path.startswith("numpy.") and isinstance(scalar, (_types.Number,)):
        return _NumberClass(scalar)
    python = {"builtins.int": _types.int64, "builtins.float": _types.float64, "builtins.complex": _types.complex128, "builtins.bool": _types.boolean}
    if path in python:
        return _NumberClass(python[path])
    return (ClassType if isinstance(value, type) else Function)(value, path)


def other(code):
    """The type of a description that is not one of the common ones."""
    kind = code[0]
    if kind == "literal":
        return literal(code[1])
    if kind == "str":
        return unicode_type
    if kind == "callable":
        return FunctionType(Signature(_types.from_code(code[2]), tuple(map(_types.from_code, code[1]))))
    if kind == "function":
        return Dispatcher(code[1], code[2])
    if kind == "entity":
        return _entity(code[1], code[2])
    if kind == "struct" and code[1].startswith("type:"):
        from .extending._models import type_of

        return type_of(code[1])
    if kind == "struct" and code[1].startswith("class:"):
        return NamedTuple(code)
    return _CLASSES.get(kind, _Other)(code)
