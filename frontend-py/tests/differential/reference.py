"""Where compiled code differs from CPython on purpose, CPython is made to do the same here: 64-bit integers, floats of mixed comparisons.

Generated programs exist twice: as plain Python, which is compiled, and with the helpers of this module, which CPython runs.
"""
import math
import struct

import numpy as np

BITS = 1 << 64
HALF = 1 << 63


def W(value):
    """The value that 64 bits hold of an integer; anything else as it is."""
    if type(value) is int:
        return (value + HALF) % BITS - HALF
    return value


def div(a, b):
    """True division of two integers by way of floats, as compiled code does it."""
    return float(a) / float(b)


def total(values, start):
    """`sum` in order; newer CPythons add floats with compensation."""
    for value in values:
        start = W(start + value)
    return start


def run(function, arguments):
    """What a call does: ("value", result) or ("raise", type of the exception)."""
    try:
        return "value", function(*arguments)
    except (ArithmeticError, AssertionError, LookupError, NameError, ValueError, TypeError, RuntimeError) as error:
        return "raise", type(error)


def copy(argument):
    """A copy of an argument with the same memory layout."""
    if not isinstance(argument, np.ndarray):
        return argument
    if argument.size == 0:
        return argument.copy("K")
    low = sum((n - 1) * s for n, s in zip(argument.shape, argument.strides) if s < 0)
    high = sum((n - 1) * s for n, s in zip(argument.shape, argument.strides) if s > 0) + argument.itemsize
    memory = np.zeros(high - low, np.uint8)
    result = np.ndarray(argument.shape, argument.dtype, memory, -low, argument.strides)
    result[...] = argument
    return result


def bits(value):
    """Distinguishes what `==` does not: types, signs of zero; all NaNs are one."""
    if isinstance(value, tuple):
        return tuple, tuple(bits(v) for v in value)
    if isinstance(value, float):
        return float, "nan" if math.isnan(value) else struct.pack("d", value)
    if isinstance(value, complex):
        return complex, bits(value.real), bits(value.imag)
    if isinstance(value, np.ndarray):
        return np.ndarray, value.dtype, value.shape, tuple(bits(v) for v in value.ravel().tolist())
    return type(value), value


def close(a, b, tolerance):
    """Equal up to a relative tolerance, of equal types."""
    if isinstance(a, tuple):
        return isinstance(b, tuple) and len(a) == len(b) and all(close(x, y, tolerance) for x, y in zip(a, b))
    if type(a) is not type(b):
        return False
    if isinstance(a, complex):
        return close(a.real, b.real, tolerance) and close(a.imag, b.imag, tolerance)
    if isinstance(a, float):
        return a == b or (a != a and b != b) or math.isclose(a, b, rel_tol=tolerance, abs_tol=1e-300)
    return a == b
