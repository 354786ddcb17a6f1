"""What arrays are, without looking at their elements, and what they share."""
import numpy as np
from numbra.intrinsics import dtype_kind, kind, known, promote, refuse, view
from numbra.lib import Static, implements
from numbra.lib.construction.reshape import contiguous
from numbra.lib.layout.overlap import may_share
from numbra.lib.layout.shapes import broadcast_shapes, shape_of
from numbra.lib.layout.views import broadcast_to
from numbra.lib.python.buffers import data_of, is_buffer
from numbra.lib.reduction.reductions import as_array


def _is_complex(x: Static):
    if kind(x) == "array":
        return dtype_kind(x.dtype) == "c"
    return kind(x) == "complex"


@implements(np.iscomplexobj)
def iscomplexobj(x: Static):
    if x is None:
        return False
    if kind(x) == "tuple" or kind(x) == "list":
        return _is_complex(np.asarray(x))
    return _is_complex(x)


@implements(np.isrealobj)
def isrealobj(x: Static):
    if x is None:
        return True
    return not iscomplexobj(x)


@implements(np.isscalar)
def isscalar(element: Static):
    """Whether something is a number or a string."""
    k = kind(element)
    return k == "int" or k == "float" or k == "bool" or k == "complex" or k == "str" or k == "time"


@implements(np.may_share_memory)
def may_share_memory(a, b, max_work=None):
    """Whether the memory of two arrays, from the first to the last byte of each, meets."""
    return may_share(a, b)


def _shape(shape: Static):
    if kind(shape) == "int":
        return (shape,)
    return shape


@implements(np.broadcast_shapes)
def common_shape(*args):
    """The shape to which several shapes broadcast."""
    if len(args) == 0:
        return ()
    return broadcast_shapes(_shape(args[0]), common_shape(*args[1:]))


def _common(arrays):
    if len(arrays) == 0:
        return ()
    return broadcast_shapes(shape_of(arrays[0]), _common(arrays[1:]))


def _broadcast(arrays, shape):
    if len(arrays) == 0:
        return ()
    return (broadcast_to(arrays[0], shape),) + _broadcast(arrays[1:], shape)


def _arrays(values):
    if len(values) == 0:
        return ()
    return (as_array(values[0]),) + _arrays(values[1:])


@implements(np.broadcast_arrays)
def broadcast_arrays(*args):
    """Views of several arrays that have one shape."""
    arrays = _arrays(args)
    return _broadcast(arrays, _common(arrays))


@implements(np.asarray_chkfinite)
def asarray_chkfinite(a, dtype=None):
    """The array, if it holds neither NaN nor infinities."""
    result = as_array(a)
    if dtype is not None:
        return asarray_chkfinite(result.astype(dtype))
    if dtype_kind(result.dtype) == "f" or dtype_kind(result.dtype) == "c":
        if not np.all(np.isfinite(result)):
            raise ValueError("array must not contain infs or NaNs")
    return result


@implements(np.frombuffer)
def frombuffer(buffer, dtype=np.float64, count=-1, offset=0):
    """The memory of a contiguous array, or of bytes, as a row of another type."""
    if is_buffer(buffer):
        return frombuffer(data_of(buffer), dtype, count, offset)
    if kind(buffer) != "array":
        refuse("frombuffer takes an array or bytes, not", buffer)
    if offset < 0 or offset > buffer.nbytes:
        raise ValueError("offset must be non-negative and no greater than buffer length (" + str(buffer.nbytes) + ")")
    row = view(contiguous(buffer), offset, (buffer.nbytes - offset,), None, np.uint8)
    size = np.empty(0, dtype).itemsize
    n = np.int64(count)
    if count < 0:
        if row.shape[0] % size != 0:
            raise ValueError("buffer size must be a multiple of element size")
        n = row.shape[0] // size
    if n * size > row.shape[0]:
        raise ValueError("buffer is smaller than requested size")
    return view(row, 0, (n,), None, dtype)


@implements(np.array_equiv)
def array_equiv(a1, a2):
    """Whether arrays are equal once one of them is broadcast to the other."""
    x, y = as_array(a1), as_array(a2)
    if not _fit(x.shape, y.shape):
        return False
    return np.all(np.equal(x, y))


def _fit(a, b):
    if len(a) == 0 or len(b) == 0:
        return True
    m, n = a[-1], b[-1]
    return (m == n or m == 1 or n == 1) and _fit(a[:-1], b[:-1])


@implements(np.isfortran)
def isfortran(a):
    """Whether the first index varies fastest in memory, and not the last one too."""
    flags = as_array(a).flags
    return flags.f_contiguous and not flags.c_contiguous


@implements(np.iterable)
def iterable(y: Static):
    """Whether there can be a loop over something."""
    k = kind(y)
    if k == "array":
        return y.ndim > 0
    return k == "tuple" or k == "list" or k == "str"


@implements(np.promote_types)
def promote_types(type1, type2):
    """The smallest type that holds the values of both."""
    return promote(type1, type2)


@implements(np.result_type)
def result_type(*arrays_and_dtypes: Static):
    """The type in which NumPy computes with arrays, scalars and types; literals are weak."""
    if len(arrays_and_dtypes) == 0:
        refuse("at least one array or dtype is required")
    strong = _strong_type(arrays_and_dtypes)
    if strong is None:
        return _type_of_all(arrays_and_dtypes)
    return _with_weak(strong, arrays_and_dtypes)


def _is_weak(x: Static):
    return known(x) and (kind(x) == "int" or kind(x) == "float" or kind(x) == "bool")


def _own_type(x: Static):
    if kind(x) == "entity" or kind(x) == "str":
        return promote(x)
    return promote(x.dtype)


def _type_of_all(parts: Static):
    if len(parts) == 1:
        return _own_type(parts[0])
    return promote(_own_type(parts[0]), _type_of_all(parts[1:]))


def _strong_type(parts: Static):
    if len(parts) == 0:
        return None
    rest = _strong_type(parts[1:])
    if _is_weak(parts[0]):
        return rest
    if rest is None:
        return _own_type(parts[0])
    return promote(_own_type(parts[0]), rest)


def _with_weak(dtype: Static, parts: Static):
    """A type, as large in kind as the literals."""
    if len(parts) == 0:
        return dtype
    if _is_weak(parts[0]):
        if kind(parts[0]) == "float" and (dtype_kind(dtype) == "b" or dtype_kind(dtype) == "i" or dtype_kind(dtype) == "u"):
            return _with_weak(np.float64, parts[1:])
        if kind(parts[0]) == "int" and dtype_kind(dtype) == "b":
            return _with_weak(np.int64, parts[1:])
    return _with_weak(dtype, parts[1:])
