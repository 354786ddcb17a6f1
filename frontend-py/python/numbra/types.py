"""Types of values: scalars under all their names, arrays, tuples and signatures.

    float64(int64, float64[:, ::1])     a signature: result(arguments...)
    Array(int32, 2, "F", readonly=True)  an array by its properties
    "UniTuple(f8, 2)(f8[:])"            the same notation in a string
"""
import builtins as _builtins

from . import _core
from ._signature import Signature, need_type as _need_type, signature  # noqa: F401  (part of this module)
from ._scalars import SCALARS as _SCALARS, UNITS as _UNITS
from ._notation import layout_of as _layout_of, parse  # noqa: F401  (part of this module)


class Type:
    """A type. Types with the same description are equal; those of classes that a program derives, of one class and with one key."""

    __slots__ = ("name", "_described")

    def __init__(self, name):
        self.name = name

    def _code(self):
        """The form that the compiler reads."""
        try:
            return self._described
        except AttributeError:
            from .extending._models import describe

            return describe(self)

    def _identity(self):
        return getattr(self, "_described", None) or (type(self), self.key)

    @property
    def key(self):
        """What distinguishes the type."""
        return self.name

    @property
    def mangling_args(self):
        """Name and parameters."""
        return self.name, ()

    def __eq__(self, other):
        return self._identity() == other._identity() if isinstance(other, Type) else NotImplemented

    def __hash__(self):
        return hash(self._identity())

    def __repr__(self):
        return self.name

    def __str__(self):
        return self.name

    def __reduce__(self):
        return (from_code, (self._described,)) if hasattr(self, "_described") else object.__reduce__(self)

    def __call__(self, *arguments):
        return Signature(self, arguments)

    def __getitem__(self, index):
        return Array(self, *_layout_of(index))

    def is_precise(self):
        """Whether the type is complete."""
        return True


class Hashable(Type):
    """Types of values that keys can have."""

    __slots__ = ()


class IterableType(Type):
    """Types that loops take."""

    __slots__ = ()


class Callable(Type):
    """Types of functions and classes."""

    __slots__ = ()


class Number(Hashable):
    """A bool, integer, float or complex type."""

    __slots__ = ("bitwidth",)

    def __init__(self, name):
        if name not in _SCALARS:
            raise ValueError(f"{name!r} is not a scalar type; the scalar types are {', '.join(_SCALARS)}")
        self.name = name
        self.bitwidth = _SCALARS[name][1]
        self._described = ("scalar", name)

    def __call__(self, *arguments):
        if len(arguments) == 1 and not isinstance(arguments[0], Type):
            return self.cast_python_value(arguments[0])
        return Signature(self, arguments)

    def cast_python_value(self, value):
        """The value as a NumPy scalar of this type."""
        import numpy

        return getattr(numpy, "bool_" if self.name == "bool" else self.name)(value)

    @property
    def dtype(self):
        """NumPy's dtype."""
        import numpy

        return numpy.dtype(self.name)


class Integer(Number):
    """A signed or unsigned integer type."""

    __slots__ = ()

    @property
    def signed(self):
        """Whether it has negative values."""
        return self.name[0] == "i"

    @property
    def minval(self):
        """The smallest value."""
        return -(1 << self.bitwidth - 1) if self.signed else 0

    @property
    def maxval(self):
        """The largest value."""
        return (1 << self.bitwidth - self.signed) - 1


class Boolean(Number):
    """The truth values."""

    __slots__ = ()


class Float(Number):
    """A binary floating-point type."""

    __slots__ = ()


class Complex(Number):
    """A pair of floats."""

    __slots__ = ()

    @property
    def underlying_float(self):
        """The type of the parts."""
        return float32 if self.name == "complex64" else float64


class _NPTime(Hashable):
    """Points or lengths of time in a unit."""

    __slots__ = ("unit",)

    _class = ""

    def __init__(self, unit=""):
        if unit not in _UNITS:
            raise ValueError(f"{unit!r} is not a unit of time; the units are {', '.join(_UNITS[1:])}")
        self.unit = unit
        self.name = f"{self._class}[{unit}]" if unit else self._class
        self._described = ("scalar", self.name)

    def __repr__(self):
        return f"{type(self).__name__}({self.unit!r})"

    @property
    def dtype(self):
        """NumPy's dtype."""
        import numpy

        return numpy.dtype(self.name)


class NPDatetime(_NPTime):
    """NumPy's datetime64 in a unit: `NPDatetime("ns")`."""

    __slots__ = ()

    _class = "datetime64"


class NPTimedelta(_NPTime):
    """NumPy's timedelta64 in a unit: `NPTimedelta("D")`."""

    __slots__ = ()

    _class = "timedelta64"


class Record(Hashable):
    """An element of a structured array, by NumPy's dtype."""

    __slots__ = ("readonly",)

    def __init__(self, dtype, readonly=False):
        import numpy

        code = _core.typeof_code(numpy.empty(0, dtype))
        if not code[1].startswith("Record("):
            raise TypeError(f"{dtype!r} is not a dtype with fields")
        self._set(code[1], readonly)

    def _set(self, layout, readonly):
        self.readonly = readonly
        self.name = f"readonly {layout}" if readonly else layout
        self._described = ("record", layout, readonly)
        return self

    @classmethod
    def make_c_struct(cls, fields):
        """A record that is laid out as C does, from names and types."""
        import numpy

        fields = [(name, t.dtype) for name, t in fields]
        return cls(numpy.dtype(fields, align=True))

    @property
    def dtype(self):
        """NumPy's dtype."""
        return _core.dtype_object(self._described[1])

    @property
    def size(self):
        """The size in bytes."""
        return self.dtype.itemsize

    @property
    def fields(self):
        """The types of the fields by name, but of those that are arrays."""
        return {name: from_dtype(entry[0]) for name, entry in self.dtype.fields.items() if entry[0].subdtype is None}


class NoneType(Hashable):
    """The type of None."""

    __slots__ = ()

    def __init__(self):
        self.name = "none"
        self._described = ("none",)


class Buffer(IterableType):
    """Types of memory with elements of one type."""

    __slots__ = ()


ArrayCompatible = Buffer


class Array(Buffer):
    """A NumPy array: element type, number of dimensions, and the layout "C", "F" or "A" (any strides)."""

    __slots__ = ("dtype", "ndim", "layout", "mutable")

    aligned = True

    def __init__(self, dtype, ndim, layout, readonly=False, name=None, aligned=True):
        if not isinstance(dtype, (Number, _NPTime, Record)):
            raise TypeError(f"arrays of {dtype} are not supported; the element type is one of {', '.join(_SCALARS)}")
        if not isinstance(ndim, int) or ndim < 0:
            raise TypeError(f"the number of dimensions is an int from 0, not {ndim!r}")
        if layout not in ("C", "F", "A"):
            raise ValueError(f'the layout is "C" (rows contiguous), "F" (columns contiguous) or "A" (any), not {layout!r}')
        if not aligned:
            from .errors import UnsupportedError

            raise UnsupportedError("arrays that are not aligned in memory are not supported; copy them with `a.copy()`")
        self.dtype, self.ndim, self.layout, self.mutable = dtype, ndim, layout, not readonly
        self.name = f"{'readonly ' if readonly else ''}array({dtype.name}, {ndim}d, {layout})"
        self._described = ("array", dtype._code()[1], ndim, layout, _builtins.bool(readonly))

    def __repr__(self):
        return f"Array({self.dtype!r}, {self.ndim}, {self.layout!r}, {not self.mutable}, aligned=True)"

    def __getitem__(self, index):
        raise TypeError("an array of arrays is not a type; give the number of dimensions: float64[:, :]")

    @property
    def readonly(self):
        """Whether the elements cannot be assigned."""
        return not self.mutable

    @property
    def is_contig(self):
        """Whether the elements lie without gaps."""
        return self.layout in "CF"

    def copy(self, dtype=None, ndim=None, layout=None, readonly=None):
        """The same with some properties changed."""
        return Array(self.dtype if dtype is None else dtype, self.ndim if ndim is None else ndim, self.layout if layout is None else layout, not self.mutable if readonly is None else readonly)


class BaseTuple(IterableType, Hashable):
    """A tuple."""

    __slots__ = ("types",)

    @property
    def count(self):
        """The number of elements."""
        return len(self.types)

    def __len__(self):
        return len(self.types)

    def __iter__(self):
        return iter(self.types)

    def __getitem__(self, index):
        return self.types[index]

    def _describe(self, types):
        types = tuple(types)
        for t in types:
            _need_type(t, "an element of a tuple")
        self.types = types
        self._described = ("tuple", tuple(t._code() for t in types))


class Tuple(BaseTuple):
    """A tuple by its element types; one whose elements are alike is a UniTuple."""

    __slots__ = ()

    def __new__(cls, types):
        types = tuple(types)
        if types and all(t == types[0] for t in types):
            return UniTuple(types[0], len(types))
        self = object.__new__(cls)
        self._describe(types)
        self.name = f"Tuple({', '.join(t.name for t in types)})"
        return self

    def __init__(self, *arguments):
        """All is done."""

    def __repr__(self):
        return f"Tuple(({', '.join(map(repr, self.types))}{',' if len(self.types) == 1 else ''}))" if self.types else "Tuple(())"


class UniTuple(BaseTuple):
    """A tuple of `count` elements of one type."""

    __slots__ = ("dtype",)

    def __init__(self, dtype, count):
        if not isinstance(count, int) or count < 0:
            raise TypeError(f"the number of elements is an int from 0, not {count!r}")
        self._describe((dtype,) * count)
        self.dtype = dtype
        self.name = f"UniTuple({dtype.name} x {count})"

    def __repr__(self):
        return f"UniTuple({self.dtype!r}, {len(self.types)})"


class Union(Type):
    """A value of one of several types; None, if it is among them, comes first."""

    __slots__ = ("types",)

    def __new__(cls, types):
        flat = []
        for t in types:
            _need_type(t, "a member of a union")
            flat += [m for m in (t.types if isinstance(t, Union) else (t,)) if m not in flat]
        flat.sort(key=lambda t: (t != none, t.name))
        if not flat:
            raise TypeError("a union has at least one member")
        if len(flat) == 1:
            return flat[0]
        optional = len(flat) == 2 and flat[0] == none
        self = object.__new__(Optional if optional else Union)
        self.types = tuple(flat)
        self.name = f"Optional({flat[1].name})" if optional else f"Union({', '.join(t.name for t in flat)})"
        self._described = ("union", tuple(t._code() for t in flat))
        return self

    def __init__(self, *arguments):
        """All is done."""

    def __repr__(self):
        return f"Union({self.types!r})"


class Optional(Union):
    """None, or a value of another type."""

    __slots__ = ()

    def __new__(cls, type):
        return Union.__new__(Union, (none, type))

    @property
    def type(self):
        """The type of values that are not None."""
        return self.types[1]

    def __repr__(self):
        return f"Optional({self.type!r})"


class List(IterableType):
    """A list of elements of one type. A Python list that is passed gets what the function changes when the call returns."""

    __slots__ = ("dtype",)

    reflected = True

    def __init__(self, dtype, reflected=True):
        _need_type(dtype, "the element type of a list")
        self.dtype = dtype
        self.name = f"list({dtype.name})"
        self._described = ("list", dtype._code())

    def __getitem__(self, index):
        raise TypeError("a list of arrays is written List(float64[:])")

    def __repr__(self):
        return f"List({self.dtype!r})"


def _element(name):
    """The element type of this name."""
    if name.startswith("Record("):
        return Record.__new__(Record)._set(name, False)
    base, _, unit = name.partition("[")
    for cls in (NPDatetime, NPTimedelta):
        if base == cls._class:
            return cls(unit[:-1])
    return globals()[name]


def from_code(code):
    """The type of a description by the compiler."""
    kind = code[0]
    if kind == "scalar":
        return _element(code[1])
    if kind == "record":
        return Record.__new__(Record)._set(code[1], code[2])
    if kind == "array":
        return Array(_element(code[1]), code[2], code[3], code[4])
    if kind == "tuple":
        return Tuple(map(from_code, code[1]))
    if kind == "union":
        return Union(map(from_code, code[1]))
    if kind == "list":
        return List(from_code(code[1]))
    return none if kind == "none" else _other(code)


def from_dtype(dtype):
    """The type of the elements of arrays with this NumPy dtype."""
    import numpy

    return _element(_core.typeof_code(numpy.empty(0, dtype))[1])


def _define():
    space = globals()
    classes = {"Boolean": Boolean, "Integer": Integer, "Float": Float, "Complex": Complex}
    for name, (cls, _, others) in _SCALARS.items():
        scalar = classes[cls](name)
        for other in (name, *others.split()):
            space[other] = scalar


_define()
none = void = NoneType()
integer_domain = frozenset(t for t in globals().values() if isinstance(t, Integer))
signed_domain = frozenset(t for t in integer_domain if t.signed)
unsigned_domain = integer_domain - signed_domain
real_domain = frozenset({globals()["float32"], globals()["float64"]})
complex_domain = frozenset({globals()["complex64"], globals()["complex128"]})
number_domain = integer_domain | real_domain | complex_domain

from ._type_classes import *  # noqa: E402, F401, F403  (classes over those above)
from ._type_classes import other as _other  # noqa: E402
