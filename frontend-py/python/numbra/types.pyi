import builtins as _builtins
from collections.abc import Iterable, Iterator
from typing import Any, Literal, overload

class Type:
    @property
    def name(self) -> str: ...
    @property
    def key(self) -> Any: ...
    @property
    def mangling_args(self) -> tuple[str, tuple[Any, ...]]: ...
    def __call__(self, *arguments: Type) -> Signature: ...
    def __getitem__(self, index: Any) -> Any: ...
    def is_precise(self) -> _builtins.bool: ...

class Number(Type):
    bitwidth: int
    def __init__(self, name: str) -> None: ...
    @overload
    def __call__(self, *arguments: Type) -> Signature: ...
    @overload
    def __call__(self, value: Any, /) -> Any: ...
    def __getitem__(self, index: slice | tuple[slice, ...]) -> Array: ...
    def cast_python_value(self, value: Any) -> Any: ...
    @property
    def dtype(self) -> Any: ...

class Integer(Number):
    @property
    def signed(self) -> _builtins.bool: ...
    @property
    def minval(self) -> int: ...
    @property
    def maxval(self) -> int: ...

class Boolean(Number): ...
class Float(Number): ...

class Complex(Number):
    @property
    def underlying_float(self) -> Float: ...

class NPDatetime(Type):
    unit: str
    def __init__(self, unit: str = "") -> None: ...
    def __getitem__(self, index: slice | tuple[slice, ...]) -> Array: ...
    @property
    def dtype(self) -> Any: ...

class NPTimedelta(Type):
    unit: str
    def __init__(self, unit: str = "") -> None: ...
    def __getitem__(self, index: slice | tuple[slice, ...]) -> Array: ...
    @property
    def dtype(self) -> Any: ...

class Record(Type):
    readonly: _builtins.bool
    def __init__(self, dtype: Any, readonly: _builtins.bool = False) -> None: ...
    @classmethod
    def make_c_struct(cls, fields: Iterable[tuple[str, Any]]) -> Record: ...
    def __getitem__(self, index: slice | tuple[slice, ...]) -> Array: ...
    @property
    def dtype(self) -> Any: ...
    @property
    def size(self) -> int: ...
    @property
    def fields(self) -> dict[str, Type]: ...

class NoneType(Type): ...

class Array(Type):
    dtype: Number | NPDatetime | NPTimedelta | Record
    ndim: int
    layout: Literal["C", "F", "A"]
    mutable: _builtins.bool
    aligned: _builtins.bool
    def __init__(
        self, dtype: Number | NPDatetime | NPTimedelta | Record, ndim: int, layout: Literal["C", "F", "A"], readonly: _builtins.bool = False, name: str | None = None, aligned: _builtins.bool = True
    ) -> None: ...
    @property
    def readonly(self) -> _builtins.bool: ...
    @property
    def is_contig(self) -> _builtins.bool: ...
    def copy(
        self, dtype: Number | NPDatetime | NPTimedelta | Record | None = None, ndim: int | None = None, layout: Literal["C", "F", "A"] | None = None, readonly: _builtins.bool | None = None
    ) -> Array: ...

class BaseTuple(Type):
    types: tuple[Type, ...]
    @property
    def count(self) -> int: ...
    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[Type]: ...
    def __getitem__(self, index: Any) -> Any: ...

class Tuple(BaseTuple):
    def __new__(cls, types: Iterable[Type]) -> BaseTuple: ...  # type: ignore[misc]

class UniTuple(BaseTuple):
    dtype: Type
    def __init__(self, dtype: Type, count: int) -> None: ...

class List(Type):
    dtype: Type
    reflected: bool
    def __init__(self, dtype: Type, reflected: bool = ...) -> None: ...

class FunctionType(Type):
    signature: Signature
    @property
    def nargs(self) -> int: ...
    @property
    def return_type(self) -> Type: ...
    @property
    def argument_types(self) -> tuple[Type, ...]: ...
    def __init__(self, signature: Signature) -> None: ...

class Opaque(Type):
    def __init__(self, text: str) -> None: ...

class Signature:
    return_type: Type | None
    args: tuple[Type, ...]
    recvr: None
    pysig: None
    def __init__(self, return_type: Type | None, args: Iterable[Type]) -> None: ...
    def is_precise(self) -> _builtins.bool: ...

def signature(return_type: Type, *args: Type) -> Signature: ...
def from_code(code: tuple[Any, ...]) -> Type: ...
def from_dtype(dtype: Any) -> Type: ...
def parse(text: str) -> Any: ...

bool: Boolean
boolean: Boolean
bool_: Boolean
b1: Boolean
int8: Integer
i1: Integer
char: Integer
int16: Integer
i2: Integer
short: Integer
int32: Integer
i4: Integer
intc: Integer
int64: Integer
i8: Integer
int_: Integer
intp: Integer
long_: Integer
longlong: Integer
ssize_t: Integer
uint8: Integer
u1: Integer
uchar: Integer
byte: Integer
uint16: Integer
u2: Integer
ushort: Integer
uint32: Integer
u4: Integer
uintc: Integer
uint64: Integer
u8: Integer
uint: Integer
uintp: Integer
ulong: Integer
ulonglong: Integer
size_t: Integer
float32: Float
f4: Float
float64: Float
f8: Float
double: Float
float_: Float
complex64: Complex
c8: Complex
complex128: Complex
c16: Complex
none: NoneType
unicode_type: Opaque
string: Opaque
void: NoneType
integer_domain: frozenset[Integer]
signed_domain: frozenset[Integer]
unsigned_domain: frozenset[Integer]
real_domain: frozenset[Float]
complex_domain: frozenset[Complex]
number_domain: frozenset[Number]

class Union(Type):
    types: tuple[Type, ...]
    def __new__(cls, types: Iterable[Type]) -> Type: ...

class Optional(Union):
    def __new__(cls, type: Type) -> Type: ...
    @property
    def type(self) -> Type: ...
