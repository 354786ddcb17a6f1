"""Rounding, clipping and parts of numbers: functions with more parameters than inputs, or with two results."""
import math
import numpy as np
from numbra.intrinsics import dtype_kind, kind, refuse, result_dtype, view
from numbra.lib import Static, implements
from numbra.lib.construction.sequences import is_sequence
from numbra.lib.elements.elementwise import elementwise


@implements(np.clip, "array.clip")
def clip(a: Static, a_min: Static = None, a_max: Static = None, out=None, min: Static = None, max: Static = None):
    """Numbers moved to the nearest one between two bounds."""
    if min is not None or max is not None:
        if a_min is not None or a_max is not None:
            refuse("clip takes either a_min and a_max or min and max")
        return clip(a, min, max, out)
    if a_min is None and a_max is None:
        return elementwise(np.positive, a, None, None, out)
    if a_max is None:
        return np.maximum(a, a_min) if out is None else np.maximum(a, a_min, out)
    if a_min is None:
        return np.minimum(a, a_max) if out is None else np.minimum(a, a_max, out)
    if kind(a) != "array" and kind(a_min) != "array" and kind(a_max) != "array":
        return _clip(a, a_min, a_max)
    if out is None and kind(a) == "array" and kind(a_min) != "array" and kind(a_max) != "array" and not is_sequence(a_min) and not is_sequence(a_max):
        # Two functions of elements, which are one loop with those around them.
        return _clip(a, a_min, a_max)
    return elementwise(_clip, a, a_min, a_max, out)


def _clip(a: Static, a_min: Static, a_max: Static):
    return np.minimum(np.maximum(a, a_min), a_max)


@implements(np.round, np.around, "array.round")
def round(a: Static, decimals: Static = 0, out=None):
    """Numbers rounded to decimals, halves to even; integers to tens, hundreds, ... where decimals are negative."""
    if kind(a) == "array":
        if kind(decimals) == "array":
            refuse("round takes one number of decimals for all elements")
        if out is not None and dtype_kind(a.dtype) == "f" and decimals != 0:
            # Each step is rounded to the elements of the output, as NumPy takes them.
            factor = 10.0 ** abs(decimals)
            if decimals > 0:
                elementwise(np.multiply, a, a.dtype(factor), None, out)
                elementwise(np.rint, out, None, None, out)
                elementwise(np.divide, out, out.dtype(factor), None, out)
            else:
                elementwise(np.divide, a, a.dtype(factor), None, out)
                elementwise(np.rint, out, None, None, out)
                elementwise(np.multiply, out, out.dtype(factor), None, out)
            return out
        return elementwise(_round, a, decimals, None, out)
    return _round(a, decimals)


def _round(x, decimals: Static):
    if kind(x) == "complex":
        return x.dtype(_round(x.real, decimals), _round(x.imag, decimals))
    if kind(x) == "float":
        if decimals == 0:
            return np.rint(x)
        factor = x.dtype(10.0 ** abs(decimals))
        if decimals > 0:
            return np.rint(x * factor) / factor
        return np.rint(x / factor) * factor
    if kind(x) == "bool":
        return np.float32(x)
    if decimals < 0:
        factor = 10.0 ** -decimals
        return x.dtype(np.rint(x / factor) * factor)
    return x


@implements(np.fix, elementwise=True)
def fix(x):
    return np.trunc(x)


def _two(first, second, out1, out2, out):
    """Two results, written to the outputs that are given."""
    if kind(out) == "tuple":
        return _two(first, second, out[0], out[1], None)
    return _written(first, out1), _written(second, out2)


def _written(result, out):
    if out is None:
        return result
    return elementwise(np.positive, result, None, None, out)


@implements(np.modf)
def modf(x: Static, out1=None, out2=None, out=None):
    """Fractional and integral parts, both with the sign of x."""
    if kind(x) == "array":
        return _two(elementwise(_fraction, x), elementwise(_integral, x), out1, out2, out)
    return _fraction(x), _integral(x)


def _fraction(x):
    dtype = result_dtype(np.sqrt, x)
    value = dtype(x)
    if np.isinf(value):
        return np.copysign(dtype(0), value)
    return np.copysign(value - np.trunc(value), value)


def _integral(x):
    return np.trunc(result_dtype(np.sqrt, x)(x))


@implements(np.frexp)
def frexp(x: Static, out1=None, out2=None, out=None):
    """Mantissa, 0.5 at least and below 1, and exponent as int32."""
    if kind(x) == "array":
        return _two(elementwise(_mantissa, x), elementwise(_exponent, x), out1, out2, out)
    return _mantissa(x), _exponent(x)


def _mantissa(x):
    return result_dtype(np.sqrt, x)(math.frexp(np.float64(x))[0])


def _exponent(x):
    return np.int32(math.frexp(np.float64(x))[1])


@implements(np.divmod)
def divmod(x1: Static, x2: Static, out1=None, out2=None, out=None):
    """Quotient rounded down, and remainder."""
    return _two(np.floor_divide(x1, x2), np.remainder(x1, x2), out1, out2, out)


@implements("array.@real", np.real)
def real(val):
    """The real part; of an array, a view."""
    if kind(val) == "array":
        if dtype_kind(val.dtype) == "c":
            return view(val, 0, val.shape, val.strides, _part(val.dtype))
        return val
    if kind(val) == "bool":
        return val
    return val.real


@implements("array.@imag", np.imag)
def imag(val):
    """The imaginary part; of an array of complex numbers, a view."""
    if kind(val) == "array":
        if dtype_kind(val.dtype) == "c":
            return view(val, _bytes(val.dtype), val.shape, val.strides, _part(val.dtype))
        return np.zeros(val.shape, val.dtype)
    if kind(val) == "complex":
        return val.imag
    return val.dtype(0)


def _part(dtype):
    if dtype == np.complex64:
        return np.float32
    return np.float64


def _bytes(dtype):
    if dtype == np.complex64:
        return 4
    return 8


@implements("array.conj", "array.conjugate")
def conj(a):
    if dtype_kind(a.dtype) == "c":
        return np.conjugate(a)
    return a


@implements(np.angle)
def angle(z, deg: Static = False):
    """The angle of complex numbers, in radians or degrees."""
    if kind(z) == "array":
        result = elementwise(_angle, z)
    else:
        result = _angle(z)
    if deg:
        return result * (180 / math.pi)
    return result


def _angle(z):
    if kind(z) == "complex":
        return np.arctan2(z.imag, z.real)
    if kind(z) == "bool":
        return 0.0
    return np.arctan2(result_dtype(np.sqrt, z)(0), z)


@implements(np.isreal, elementwise=True)
def isreal(x):
    return x.imag == 0


@implements(np.iscomplex, elementwise=True)
def iscomplex(x):
    return x.imag != 0


@implements(np.nan_to_num)
def nan_to_num(x: Static, copy: Static = True, nan=0.0, posinf: Static = None, neginf: Static = None):
    """Numbers with those that are no finite ones replaced; without `copy` in the array itself."""
    if is_sequence(x):
        return nan_to_num(np.asarray(x), True, nan, posinf, neginf)
    if kind(x) != "array":
        return _finite(x, nan, posinf, neginf)

    def replaced(y):
        return _finite(y, nan, posinf, neginf)

    result = elementwise(replaced, x)
    if copy:
        return result
    x[...] = result
    return x


def _finite(x, nan, posinf: Static, neginf: Static):
    if kind(x) == "complex":
        return x.dtype(_finite(x.real, nan, posinf, neginf), _finite(x.imag, nan, posinf, neginf))
    if kind(x) == "float":
        if np.isnan(x):
            return x.dtype(nan)
        if np.isinf(x):
            if x > 0:
                return _largest(x.dtype) if posinf is None else x.dtype(posinf)
            return -_largest(x.dtype) if neginf is None else x.dtype(neginf)
    return x


def _largest(dtype):
    if dtype == np.float32:
        return np.float32(3.4028234663852886e38)
    return 1.7976931348623157e308
