"""Functions of complex numbers for which the compiler has no row of its own. Numbers are ordered by real part, then by imaginary part."""
import math
import numpy as np
from numbra.intrinsics import kind, refuse, result_dtype
from numbra.lib import Static, implements


def _complex(x):
    if kind(x) != "complex":
        refuse("the function does not take", x)


@implements(np.isnan, elementwise=True)
def isnan(x):
    _complex(x)
    return np.isnan(x.real) or np.isnan(x.imag)


@implements(np.isinf, elementwise=True)
def isinf(x):
    _complex(x)
    return np.isinf(x.real) or np.isinf(x.imag)


@implements(np.isfinite, elementwise=True)
def isfinite(x):
    _complex(x)
    return np.isfinite(x.real) and np.isfinite(x.imag)


@implements(np.sign, elementwise=True, error_model="numpy")
def sign(x):
    """x / |x|; 0 at zero."""
    _complex(x)
    size = np.abs(x)
    part = size.dtype
    if np.isnan(x):
        return x.dtype(part(np.nan), part(np.nan))
    if np.isinf(x):
        if np.isinf(x.real) and np.isinf(x.imag):
            return x.dtype(part(np.nan), part(np.nan))
        if np.isinf(x.real):
            return x.dtype(np.copysign(part(1), x.real), part(0))
        return x.dtype(part(0), np.copysign(part(1), x.imag))
    if size == 0:
        return x.dtype(part(0), part(0))
    return x.dtype(x.real / size, x.imag / size)


@implements(np.rint, elementwise=True)
def rint(x):
    _complex(x)
    return x.dtype(np.rint(x.real), np.rint(x.imag))


@implements(np.exp2, elementwise=True)
def exp2(x):
    _complex(x)
    return np.exp(x * x.dtype(math.log(2.0)))


@implements(np.expm1, elementwise=True)
def expm1(x):
    """exp(x) - 1, precise near zero."""
    _complex(x)
    half = np.sin(x.imag / 2)
    return x.dtype(np.expm1(x.real) * np.cos(x.imag) - 2 * half * half, np.exp(x.real) * np.sin(x.imag))


@implements(np.log1p, elementwise=True)
def log1p(x):
    """log(1 + x)"""
    _complex(x)
    return x.dtype(np.log(np.hypot(x.real + 1, x.imag)), np.arctan2(x.imag, x.real + 1))


@implements(np.log2, elementwise=True)
def log2(x):
    _complex(x)
    y = np.log(x)
    factor = y.real.dtype(1.4426950408889634)
    return x.dtype(y.real * factor, y.imag * factor)


@implements(np.log10, elementwise=True)
def log10(x):
    _complex(x)
    y = np.log(x)
    factor = y.real.dtype(0.4342944819032518)
    return x.dtype(y.real * factor, y.imag * factor)


def _meet(x1: Static, x2: Static):
    if kind(x1) != "complex" and kind(x2) != "complex":
        refuse("the function does not take", x1, "and", x2)
    return result_dtype(np.multiply, x1, x2)


def _below(x, y):
    return x.real < y.real or (x.real == y.real and x.imag < y.imag)


@implements(np.less, elementwise=True)
def less(x1: Static, x2: Static):
    dtype = _meet(x1, x2)
    return _below(dtype(x1), dtype(x2))


@implements(np.greater, elementwise=True)
def greater(x1: Static, x2: Static):
    dtype = _meet(x1, x2)
    return _below(dtype(x2), dtype(x1))


def _at_most(x, y):
    return x.real < y.real or (x.real == y.real and x.imag <= y.imag)


@implements(np.less_equal, elementwise=True)
def less_equal(x1: Static, x2: Static):
    dtype = _meet(x1, x2)
    return _at_most(dtype(x1), dtype(x2))


@implements(np.greater_equal, elementwise=True)
def greater_equal(x1: Static, x2: Static):
    dtype = _meet(x1, x2)
    return _at_most(dtype(x2), dtype(x1))


def _extreme(x1: Static, x2: Static, larger: Static, skip: Static):
    """The larger or smaller number. Of one that is not a number and another one: the first that is none, or the other one."""
    dtype = _meet(x1, x2)
    x, y = dtype(x1), dtype(x2)
    ahead = _at_most(y, x) if larger else _at_most(x, y)
    return x if ahead or np.isnan(y if skip else x) else y


@implements(np.maximum, elementwise=True)
def maximum(x1: Static, x2: Static):
    return _extreme(x1, x2, True, False)


@implements(np.minimum, elementwise=True)
def minimum(x1: Static, x2: Static):
    return _extreme(x1, x2, False, False)


@implements(np.fmax, elementwise=True)
def fmax(x1: Static, x2: Static):
    return _extreme(x1, x2, True, True)


@implements(np.fmin, elementwise=True)
def fmin(x1: Static, x2: Static):
    return _extreme(x1, x2, False, True)
