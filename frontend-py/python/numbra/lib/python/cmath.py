"""The module `cmath`. Arguments become complex128; where Python raises, results are what IEEE 754 says, as those of `math` are."""
import math
import numpy as np
from numbra.intrinsics import kind, refuse
from numbra.lib import implements


def _complex(z):
    if kind(z) != "complex" and kind(z) != "float" and kind(z) != "int" and kind(z) != "bool":
        refuse("a number is needed, not", z)
    return np.complex128(z)


@implements("cmath.acos")
def acos(z):
    return np.arccos(_complex(z))


@implements("cmath.acosh")
def acosh(z):
    return np.arccosh(_complex(z))


@implements("cmath.asin")
def asin(z):
    return np.arcsin(_complex(z))


@implements("cmath.asinh")
def asinh(z):
    return np.arcsinh(_complex(z))


@implements("cmath.atan")
def atan(z):
    return np.arctan(_complex(z))


@implements("cmath.atanh")
def atanh(z):
    return np.arctanh(_complex(z))


@implements("cmath.cos")
def cos(z):
    return np.cos(_complex(z))


@implements("cmath.cosh")
def cosh(z):
    return np.cosh(_complex(z))


@implements("cmath.exp")
def exp(z):
    return np.exp(_complex(z))


@implements("cmath.sin")
def sin(z):
    return np.sin(_complex(z))


@implements("cmath.sinh")
def sinh(z):
    return np.sinh(_complex(z))


@implements("cmath.sqrt")
def sqrt(z):
    return np.sqrt(_complex(z))


@implements("cmath.tan")
def tan(z):
    return np.tan(_complex(z))


@implements("cmath.tanh")
def tanh(z):
    return np.tanh(_complex(z))


@implements("cmath.isfinite")
def isfinite(z):
    return np.isfinite(_complex(z))


@implements("cmath.isinf")
def isinf(z):
    return np.isinf(_complex(z))


@implements("cmath.isnan")
def isnan(z):
    return np.isnan(_complex(z))


@implements("cmath.log")
def log(z, base=None):
    """The natural logarithm, or that to a base."""
    if base is None:
        return np.log(_complex(z))
    return np.log(_complex(z)) / np.log(_complex(base))


@implements("cmath.log10")
def log10(z):
    return np.log10(_complex(z))


@implements("cmath.phase")
def phase(z):
    """The angle, from -pi to pi."""
    value = _complex(z)
    return math.atan2(value.imag, value.real)


@implements("cmath.polar")
def polar(z):
    """Absolute value and angle."""
    return abs(_complex(z)), phase(z)


@implements("cmath.rect")
def rect(r, phi):
    """The number of an absolute value and an angle."""
    size, angle = np.float64(r), np.float64(phi)
    if size == 0.0 and not math.isfinite(angle):
        return complex(0.0, 0.0)
    if math.isinf(size) and math.isnan(angle):
        return complex(math.inf, angle)
    if angle == 0.0:
        return complex(size, 0.0 if math.isnan(size) else math.copysign(0.0, size) * math.copysign(1.0, angle))
    return complex(size * math.cos(angle), size * math.sin(angle))


@implements("cmath.isclose")
def isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0):
    """Whether two numbers differ by no more than a tolerance, relative or absolute."""
    if rel_tol < 0.0 or abs_tol < 0.0:
        raise ValueError("tolerances must be non-negative")
    x, y = _complex(a), _complex(b)
    if x == y:
        return True
    if np.isinf(x) or np.isinf(y):
        return False
    difference = abs(x - y)
    return difference <= rel_tol * abs(y) or difference <= rel_tol * abs(x) or difference <= abs_tol
