"""`a op= b` on arrays."""
import numpy as np
from numbra.intrinsics import address, dtype_kind, element, kind, layout, refuse, result_dtype
from numbra.lib import Static, implements
from numbra.lib.memory import assign, convert, may_overlap
from numbra.lib.shapes import broadcast_shapes
from numbra.lib.views import broadcast_to, flat_view


def _rank(dtype):
    """Place of a scalar type's kind in the order in which NumPy casts by the rule 'same_kind'."""
    if dtype_kind(dtype) == "b":
        return 0
    if dtype_kind(dtype) == "u":
        return 1
    if dtype_kind(dtype) == "i":
        return 2
    if dtype_kind(dtype) == "f":
        return 3
    return 4


def _operand(b, dtype):
    """A number in the element type of the array where that keeps its kind, as NumPy treats Python's numbers; other operands as they are."""
    if kind(b) != "array" and kind(b) != "bool":
        if _rank(b.dtype) <= _rank(dtype) or (kind(b) == "int" and dtype_kind(dtype) == "u"):
            return convert(b, dtype)
    return b


def _item(b, i):
    if kind(b) == "array":
        return b[i]
    return b


@implements(error_model="numpy")
def _update(f, a, b):
    if a.ndim == 0:
        a[()] = convert(f(a[()], _item(b, ())), a.dtype)
    elif a.ndim == 1:
        for i in range(a.shape[0]):
            a[i] = convert(f(a[i], _item(b, i)), a.dtype)
    else:
        for i in range(a.shape[0]):
            _update(f, a[i], _item(b, i))


def _is_flat(b, a):
    if kind(b) == "array":
        if layout(b) == "C" and b.ndim == a.ndim:
            return b.shape == a.shape
        return False
    return True


def _flat(b):
    if kind(b) == "array":
        return flat_view(b)
    return b


def _same_elements(a, b):
    """Whether each element of one is the same one of the other, so that nothing is read after it was written."""
    if a.ndim == b.ndim:
        return address(a) == address(b) and a.shape == b.shape and a.strides == b.strides
    return False


def _check(a, b):
    if b.ndim > a.ndim:
        raise ValueError("non-broadcastable output operand doesn't match the broadcast shape")
    elif broadcast_shapes(a.shape, b.shape) != a.shape:
        raise ValueError("non-broadcastable output operand doesn't match the broadcast shape")


def _apart(a, b):
    if kind(b) == "array":
        if may_overlap(a, b) and not _same_elements(a, b):
            return b.copy()
    return b


@implements("numbra.inplace")
def inplace(f, a, b: Static):
    """`a op= b`, f being the function of the operator: the result is cast by the rule 'same_kind' and written to the elements of `a`."""
    if kind(b) == "list" or kind(b) == "tuple":
        return inplace(f, a, np.asarray(b))
    if f is np.matmul:
        assign(a, np.matmul(a, b))
        return a
    x = _operand(b, a.dtype)
    dtype = result_dtype(f, element(a), element(x))
    if _rank(dtype) > _rank(a.dtype):
        refuse("Cannot cast the result of the operator with casting rule 'same_kind' to the elements of", a)
    y = _apart(a, x)
    if layout(a) == "C" and a.ndim > 0 and _is_flat(y, a):
        _update(f, flat_view(a), _flat(y))
    elif kind(y) != "array":
        _update(f, a, y)
    elif y.ndim == 0:
        _update(f, a, y[()])
    else:
        _check(a, y)
        if y.ndim <= a.ndim:
            _update(f, a, broadcast_to(y, a.shape))
    return a
