from collections.abc import Callable, Iterable
from typing import Any, Generic, Literal, ParamSpec, TextIO, TypeVar, overload, type_check_only

from . import core as core, errors as errors, types as types
from .errors import (
    NumbaError as NumbaError, TypingError as TypingError, UnsupportedError as UnsupportedError, LoweringError as LoweringError,
    InternalError as InternalError, InternalCompilerError as InternalCompilerError, NumbaTypeError as NumbaTypeError,
    NumbaValueError as NumbaValueError, NumbaIndexError as NumbaIndexError, NumbaAttributeError as NumbaAttributeError,
    NumbaAssertionError as NumbaAssertionError, NumbaKeyError as NumbaKeyError,
    NumbaNotImplementedError as NumbaNotImplementedError, NumbaRuntimeError as NumbaRuntimeError, NumbaWarning as NumbaWarning,
    NumbaPerformanceWarning as NumbaPerformanceWarning, NumbaDeprecationWarning as NumbaDeprecationWarning,
    NumbaPendingDeprecationWarning as NumbaPendingDeprecationWarning, NumbaTypeSafetyWarning as NumbaTypeSafetyWarning,
    NumbaExperimentalFeatureWarning as NumbaExperimentalFeatureWarning,
)
from .types import (
    int8 as int8, int16 as int16, int32 as int32, int64 as int64, intp as intp, intc as intc, int_ as int_, long_ as long_,
    longlong as longlong, short as short, char as char, ssize_t as ssize_t, uint8 as uint8, uint16 as uint16, uint32 as uint32,
    uint64 as uint64, uintp as uintp, uintc as uintc, uint as uint, ulong as ulong, ulonglong as ulonglong, ushort as ushort,
    uchar as uchar, byte as byte, size_t as size_t, float32 as float32, float64 as float64, double as double,
    complex64 as complex64, complex128 as complex128, boolean as boolean, bool_ as bool_, none as none, void as void, b1 as b1,
    i1 as i1, i2 as i2, i4 as i4, i8 as i8, u1 as u1, u2 as u2, u4 as u4, u8 as u8, f4 as f4, f8 as f8, c8 as c8, c16 as c16,
)

from numpy import ndindex as pndindex

from ._gufunc import guvectorize as guvectorize
from ._stencil import stencil as stencil
from ._ufunc import vectorize as vectorize
__version__: str
version_info: tuple[int, ...]

_P = ParamSpec("_P")
_R = TypeVar("_R", covariant=True)
_T = TypeVar("_T")
_Signature = str | types.Signature | tuple[types.Type, ...]
_Flag = Literal["fast", "nnan", "ninf", "nsz", "arcp", "contract", "afn", "reassoc"]
_Stage = Literal["untyped", "typed", "std", "llvm", "llvmir", "asm"]

@type_check_only
class Overload:
    signature: types.Signature
    def inspect(self, stage: _Stage = "typed") -> str: ...

@type_check_only
class Dispatcher(Generic[_P, _R]):
    __name__: str
    __qualname__: str
    def __call__(self, *args: _P.args, **kwargs: _P.kwargs) -> _R: ...
    @overload
    def __get__(self, instance: None, owner: type, /) -> Dispatcher[_P, _R]: ...
    @overload
    def __get__(self, instance: object, owner: type | None = None, /) -> Callable[..., _R]: ...
    @property
    def __wrapped__(self) -> Callable[_P, _R]: ...
    @property
    def py_func(self) -> Callable[_P, _R]: ...
    @property
    def targetoptions(self) -> dict[str, Any]: ...
    @property
    def signatures(self) -> list[tuple[types.Type, ...]]: ...
    @property
    def nopython_signatures(self) -> list[types.Signature]: ...
    @property
    def overloads(self) -> dict[tuple[types.Type, ...], Overload]: ...
    def compile(self, sig: _Signature) -> Overload: ...
    def recompile(self) -> None: ...
    def disable_compile(self, val: bool = True) -> None: ...
    def get_overload(self, sig: _Signature) -> Overload: ...
    def inspect_types(self, file: TextIO | None = None, signature: _Signature | None = None) -> None: ...
    def inspect_ir(self, stage: _Stage = "typed", signature: _Signature | None = None) -> str: ...
    @overload
    def inspect_llvm(self, signature: None = None) -> dict[tuple[types.Type, ...], str]: ...
    @overload
    def inspect_llvm(self, signature: _Signature) -> str: ...
    @overload
    def inspect_asm(self, signature: None = None) -> dict[tuple[types.Type, ...], str]: ...
    @overload
    def inspect_asm(self, signature: _Signature) -> str: ...

@overload
def njit(signature_or_function: Callable[_P, _R], /) -> Dispatcher[_P, _R]: ...
@overload
def njit(
    signature_or_function: _Signature | list[_Signature] | None = None,
    *,
    boundscheck: bool | None = None,
    error_model: Literal["python", "numpy"] = "python",
    fastmath: bool | _Flag | Iterable[_Flag] = False,
    nogil: bool = False,
    inline: Literal["never", "always"] = "never",
    locals: dict[str, types.Type] = ...,
    debug: bool = False,
    cache: bool = False,
    nopython: bool = True,
    forceobj: bool = False,
    looplift: bool = False,
    parallel: bool = False,
) -> Callable[[Callable[_P, _R]], Dispatcher[_P, _R]]: ...

jit = njit

def typeof(value: Any) -> types.Type: ...
def from_dtype(dtype: Any) -> types.Type: ...
class prange(range): ...

def get_num_threads() -> int: ...
def set_num_threads(n: int) -> None: ...
def get_thread_id() -> int: ...
def get_parallel_chunksize() -> int: ...
def set_parallel_chunksize(n: int) -> int: ...
def threading_layer() -> str: ...
def literal_unroll(container: _T) -> _T: ...
def literally(obj: _T) -> _T: ...
def explain(function: Callable[..., Any], *args: Any, file: TextIO | None = None) -> None: ...
