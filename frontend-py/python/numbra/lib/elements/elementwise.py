"""Functions of numbers on arrays with an output, on sequences and on arrays without axes: what NumPy calls a universal function.

A function of numbers that gets arrays and nothing else is an `array.map` of the compiler, with an output an `array.map_into`. The rest comes here:
`elementwise(f, x, y, z, out)`, where so many of `x`, `y`, `z`
are there as `f` has parameters. Numbers written as literals keep their values (`Static`), since they are weak: they take the type of the arrays.
"""
import numpy as np
from numbra.intrinsics import dtype_kind, element, kind, known, map, map_into, promote, refuse, result_dtype
from numbra.lib import Static, implements
from numbra.lib.construction.sequences import is_sequence
from numbra.lib.layout.shapes import broadcast_shapes, shape_of


@implements("numbra.scalar", error_model="numpy")
def scalar(f, x: Static, y: Static = None):
    """A function of numbers where a quotient by zero is what the processor says."""
    if y is None:
        return f(x)
    return f(x, y)


@implements("numbra.elementwise")
def elementwise(f, x: Static = None, y: Static = None, z: Static = None, out=None, where: Static = True):
    if kind(where) != "bool" or not known(where):
        return _where(f, x, y, z, out, where)
    if not where:
        return _where(f, x, y, z, out, where)
    if is_sequence(x) or is_sequence(y) or is_sequence(z):
        return elementwise(f, _operand(x), _operand(y), _operand(z), out)
    check(x)
    check(y)
    check(z)
    dtype = _dtype(f, x, y, z)
    if out is None:
        if len(shape_of(x)) == 0 and len(shape_of(y)) == 0 and len(shape_of(z)) == 0:
            return _call(f, _item(x, ()), _item(y, ()), _item(z, ()))
        return map(f, x, y, z)
    shape = broadcast_shapes(broadcast_shapes(shape_of(x), shape_of(y)), shape_of(z))
    if kind(out) == "tuple":
        return elementwise(f, x, y, z, out[0])
    if kind(out) != "array":
        refuse("return arrays must be of ArrayType, not", out)
    if casting_rank(dtype) > casting_rank(out.dtype):
        refuse("Cannot cast the output from", dtype, "to", out.dtype, "with casting rule 'same_kind'")
    if broadcast_shapes(shape, out.shape) != out.shape:
        raise ValueError("non-broadcastable output operand doesn't match the broadcast shape")
    return map_into(f, out, x, y, z)


@implements("numbra.fits_loop")
def fits_loop(x, dtype: Static):
    if is_sequence(x):
        return fits_loop(np.asarray(x), dtype)
    own = result_dtype(_itself, element(x))
    if dtype_kind(own) == "M" or dtype_kind(own) == "m" or dtype_kind(dtype) == "M" or dtype_kind(dtype) == "m":
        return own is dtype
    return promote(own, dtype) is promote(dtype)


def _itself(x):
    return x


@implements("numbra.no_loop")
def no_loop(x, y=None, z=None):
    if y is None:
        refuse("no signature of the universal function takes", x)
    elif z is None:
        refuse("no signature of the universal function takes", x, "and", y)
    else:
        refuse("no signature of the universal function takes", x, ",", y, "and", z)


def _where(f, x: Static, y: Static, z: Static, out, where):
    """The results where a mask is true; elsewhere an output keeps what it has, and a new array has zeros, where NumPy leaves it open."""
    mask = np.asarray(where)
    if dtype_kind(mask.dtype) != "b":
        refuse("Cannot cast array data to bool for `where`:", where)
    found = np.asarray(elementwise(f, x, y, z))
    if kind(out) == "tuple":
        return _where(f, x, y, z, out[0], where)
    if out is None:
        result = np.zeros(broadcast_shapes(found.shape, mask.shape), found.dtype)
        np.copyto(result, found, where=mask)
        return result[()] if result.ndim == 0 else result
    if kind(out) != "array":
        refuse("return arrays must be of ArrayType, not", out)
    if casting_rank(found.dtype) > casting_rank(out.dtype):
        refuse("Cannot cast the output from", found.dtype, "to", out.dtype, "with casting rule 'same_kind'")
    if broadcast_shapes(broadcast_shapes(found.shape, mask.shape), out.shape) != out.shape:
        raise ValueError("non-broadcastable output operand doesn't match the broadcast shape")
    np.copyto(out, found, casting="unsafe", where=mask)
    return out


def _operand(x: Static):
    """A sequence as an array; other operands as they are."""
    if is_sequence(x):
        return np.asarray(x)
    return x


def check(x: Static):
    """Refuses what is neither a number nor an array."""
    if kind(x) == "tuple" or kind(x) == "str" or kind(x) == "list" or kind(x) == "entity" or kind(x) == "function" or kind(x) == "range" or kind(x) == "slice":
        refuse("a function of elements takes numbers and arrays, not", x)


def casting_rank(dtype):
    """The place of a scalar type's kind in the order in which NumPy casts by the rule 'same_kind'."""
    if dtype_kind(dtype) == "b":
        return 0
    if dtype_kind(dtype) == "u":
        return 1
    if dtype_kind(dtype) == "i":
        return 2
    if dtype_kind(dtype) == "f":
        return 3
    return 4


def _dtype(f, x: Static, y: Static, z: Static):
    if y is None:
        return result_dtype(f, element(x))
    if z is None:
        return result_dtype(f, element(x), element(y))
    return result_dtype(f, element(x), element(y), element(z))


@implements("numbra.element", error_model="numpy")
def _call(f, x: Static, y: Static, z: Static):
    if y is None:
        return f(x)
    if z is None:
        return f(x, y)
    return f(x, y, z)


def _item(x: Static, i):
    if kind(x) == "array":
        return x[i]
    return x
