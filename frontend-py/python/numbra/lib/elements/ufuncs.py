"""NumPy's functions of numbers for which the compiler has no row of its own; they are applied to arrays element by element.

`result_dtype` of a function that the compiler knows tells in which type two numbers meet: `np.arctan2` for floats, `np.multiply` for all.
"""
import math
import numpy as np
from numbra.intrinsics import dtype_kind, dtype_size, element, kind, refuse, result_dtype
from numbra.lib import Static, implements


@implements(np.logaddexp, elementwise=True, error_model="numpy")
def logaddexp(x1: Static, x2: Static):
    """log(exp(x1) + exp(x2)) without overflow."""
    dtype = result_dtype(np.arctan2, x1, x2)
    x, y = dtype(x1), dtype(x2)
    if x == y:
        return x + dtype(0.6931471805599453)
    d = x - y
    if d > 0:
        return x + np.log1p(np.exp(-d))
    if d <= 0:
        return y + np.log1p(np.exp(d))
    return d


@implements(np.logaddexp2, elementwise=True, error_model="numpy")
def logaddexp2(x1: Static, x2: Static):
    """log2(2**x1 + 2**x2) without overflow."""
    dtype = result_dtype(np.arctan2, x1, x2)
    x, y = dtype(x1), dtype(x2)
    if x == y:
        return x + dtype(1)
    d = x - y
    if d > 0:
        return x + dtype(1.4426950408889634) * np.log1p(np.exp2(-d))
    if d <= 0:
        return y + dtype(1.4426950408889634) * np.log1p(np.exp2(d))
    return d


@implements(np.heaviside, elementwise=True)
def heaviside(x1: Static, x2: Static):
    """0 below zero, x2 at zero, 1 above."""
    dtype = result_dtype(np.arctan2, x1, x2)
    x = dtype(x1)
    if x < 0:
        return dtype(0)
    if x > 0:
        return dtype(1)
    if x == 0:
        return dtype(x2)
    return x


@implements(np.float_power, elementwise=True, error_model="numpy")
def float_power(x1: Static, x2: Static):
    """A power computed in float64 or complex128."""
    if kind(x1) == "complex" or kind(x2) == "complex":
        return np.complex128(x1) ** np.complex128(x2)
    return np.float64(x1) ** np.float64(x2)


@implements(np.fmod, elementwise=True, error_model="numpy")
def fmod(x1: Static, x2: Static):
    """The remainder of the quotient that is rounded to zero: it has the sign of x1."""
    dtype = _number(result_dtype(np.remainder, x1, x2))
    x, y = dtype(x1), dtype(x2)
    if dtype_kind(dtype) == "f":
        return dtype(math.fmod(x, y))
    remainder = x % y
    if dtype_kind(dtype) == "i":
        if remainder != 0 and (x < 0) != (y < 0):
            return remainder - y
    return remainder


def _number(dtype):
    if dtype_kind(dtype) == "b":
        return np.int8
    return dtype


def _integers(x1: Static, x2: Static):
    if kind(x1) != "int" and kind(x1) != "bool" or kind(x2) != "int" and kind(x2) != "bool":
        refuse("a function of integers does not take", x1, "and", x2)
    dtype = result_dtype(np.bitwise_xor, x1, x2)
    if dtype_kind(dtype) == "b":
        refuse("a function of integers does not take", x1, "and", x2)
    return dtype


@implements(np.gcd, elementwise=True, error_model="numpy")
def gcd(x1: Static, x2: Static):
    """The greatest common divisor, not negative."""
    dtype = _integers(x1, x2)
    a, b = np.abs(dtype(x1)), np.abs(dtype(x2))
    while b != 0:
        a, b = b, dtype(a % b)
    return np.abs(a)


@implements(np.lcm, elementwise=True, error_model="numpy")
def lcm(x1: Static, x2: Static):
    """The least common multiple, not negative."""
    dtype = _integers(x1, x2)
    a, b = np.abs(dtype(x1)), np.abs(dtype(x2))
    return a // gcd(a, b) * b


@implements(np.ldexp, elementwise=True)
def ldexp(x1: Static, x2: Static):
    """x1 * 2**x2"""
    dtype = result_dtype(np.sqrt, x1)
    if kind(x1) == "complex" or kind(x2) != "int" and kind(x2) != "bool":
        refuse("ldexp takes a real number and an integer, not", x1, "and", x2)
    if dtype_kind(element(x2).dtype) == "u" and dtype_size(element(x2).dtype) == 8:
        refuse("ldexp takes no exponent of", x2)
    return dtype(math.ldexp(np.float64(x1), np.int64(x2)))


@implements(np.spacing, elementwise=True)
def spacing(x: Static):
    """The distance to the next number away from zero, with the sign of x."""
    dtype = result_dtype(np.sqrt, x)
    if dtype_kind(dtype) != "f":
        refuse("spacing takes a real number, not", x)
    value = dtype(x)
    if np.isinf(value):
        return dtype(np.nan)
    if value < 0:
        return np.nextafter(value, dtype(-np.inf)) - value
    return np.nextafter(value, dtype(np.inf)) - value


@implements(np.sinc, elementwise=True)
def sinc(x: Static):
    """sin(pi x) / (pi x), which is 1 at zero."""
    dtype = result_dtype(np.multiply, x, math.pi)
    y = dtype(math.pi) * dtype(x)
    if y == 0:
        y = dtype(math.pi) * dtype(1.0e-20)
    return np.sin(y) / y


@implements(np.bitwise_count, elementwise=True)
def bitwise_count(x):
    """How many bits of the absolute value are set."""
    if kind(x) != "int" and kind(x) != "bool":
        refuse("bitwise_count takes an integer, not", x)
    v = np.uint64(np.abs(x))
    if dtype_size(x.dtype) < 8:
        v = v & np.uint64(0xFFFFFFFF)
    v = v - ((v >> np.uint64(1)) & np.uint64(0x5555555555555555))
    v = (v & np.uint64(0x3333333333333333)) + ((v >> np.uint64(2)) & np.uint64(0x3333333333333333))
    v = (v + (v >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.uint8((v * np.uint64(0x0101010101010101)) >> np.uint64(56))


@implements(np.reciprocal, elementwise=True, error_model="numpy")
def reciprocal(x):
    """1 / x, rounded to zero for integers. Complex numbers are scaled by the larger part, as NumPy does: zeros have no reciprocal."""
    if kind(x) == "complex":
        if np.abs(x.imag) <= np.abs(x.real):
            ratio = x.imag / x.real
            size = x.real + x.imag * ratio
            return x.dtype(1 / size, -ratio / size)
        ratio = x.real / x.imag
        size = x.real * ratio + x.imag
        return x.dtype(ratio / size, -1 / size)
    if kind(x) == "bool":
        return np.int8(x)
    dtype = x.dtype
    if x == 1:
        return dtype(1)
    if dtype_kind(dtype) == "i":
        if x == -1:
            return dtype(-1)
    if x == 0 and dtype_size(dtype) >= 4:
        return dtype(1 << (dtype_size(dtype) * 8 - 1))
    return dtype(0)


@implements(np.isposinf, elementwise=True)
def isposinf(x):
    return np.isinf(x) and x > 0


@implements(np.isneginf, elementwise=True)
def isneginf(x):
    return np.isinf(x) and x < 0
