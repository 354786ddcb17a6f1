"""What reductions can be given beside axes: an array for the result, a value to begin with, a mask of the elements that count."""
import numpy as np
from numbra.intrinsics import dtype_kind, kind, known, refuse
from numbra.lib import Static
from numbra.lib.elements.elementwise import casting_rank, elementwise
from numbra.lib.layout.memory import assign, convert
from numbra.lib.layout.shapes import broadcast_shapes


def is_all(where: Static):
    """Whether there is no mask, as far as is known when the function is compiled."""
    if where is None:
        return True
    if kind(where) == "bool" and known(where):
        return where
    return False


def _one_or_other(x, mask, other):
    return x if mask else other


def chosen(a, where, other):
    """The elements where a mask is true, and another value elsewhere."""
    mask = np.asarray(where)
    if dtype_kind(mask.dtype) != "b":
        refuse("Cannot cast array data to bool for `where`:", where)
    if mask.ndim > a.ndim:
        refuse("the mask `where` has more axes than the array:", where)
    if broadcast_shapes(a.shape, mask.shape) != a.shape:
        raise ValueError("non-broadcastable operand: the mask `where` does not have the shape of the array")
    return np.asarray(elementwise(_one_or_other, a, mask, convert(other, a.dtype)))


def begun(f, result, initial: Static):
    """A result to which an initial value is put."""
    if initial is None:
        return result
    if kind(result) == "array":
        return f(convert(initial, result.dtype), result)
    return f(type(result)(initial), result)


def delivered(result, out):
    """A result, written to the array that was given for it."""
    if out is None:
        return result
    if kind(out) == "tuple":
        return delivered(result, out[0])
    if kind(out) != "array":
        refuse("return arrays must be of ArrayType, not", out)
    found = np.asarray(result)
    if found.ndim != out.ndim:
        refuse("the output does not have as many axes as the result:", out)
    if casting_rank(found.dtype) > casting_rank(out.dtype):
        refuse("Cannot cast the output from", found.dtype, "to", out.dtype, "with casting rule 'same_kind'")
    if found.shape != out.shape:
        raise ValueError("the output does not have the shape of the result")
    if out.ndim == 0:
        out[()] = convert(found[()], out.dtype)
    else:
        assign(out, found)
    return out


def filled(shape, axis: Static, keepdims: Static, x):
    """What a reduction of an array with this shape gives that is `x` everywhere."""
    like = np.any(np.zeros(shape, np.bool_), axis, None, keepdims)
    if kind(like) == "array":
        return np.full(like.shape, x)
    return x
