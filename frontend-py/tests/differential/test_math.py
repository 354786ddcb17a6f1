"""Mathematical functions of `math`, NumPy's scalar functions and rounding, against CPython and NumPy."""
import itertools
import math

import numpy as np
import pytest

from .reference import close
from .sources import function
from .test_operators import agree

NAN, INF = math.nan, math.inf
WIDE = [0.0, -0.0, 0.1, -0.1, 0.5, -0.5, 0.9999, 1.0, -1.0, 1.5, 2.0, -2.5, 3.0, 10.0, -10.0, 100.25, 700.0, -700.0, 1e-10, 1e-310, 1e10, 1e300, INF, -INF, NAN]
# Arguments so large that they are all rounding are left out for the periodic functions.
MODEST = [x for x in WIDE if not 1e6 < abs(x) < INF]
IEEE = ["sqrt", "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sinh", "cosh", "tanh", "cbrt", "fabs"]
PERIODIC = ["sin", "cos", "tan"]
INVERSE = {"asin": "arcsin", "acos": "arccos", "atan": "arctan", "asinh": "arcsinh", "acosh": "arccosh", "atanh": "arctanh"}
NUMPY_NAMES = ["sqrt", "exp", "log", "sin", "cos", "tan", "arctan", "arcsinh", "tanh", "floor", "ceil", "trunc", "rint", "fabs", "log1p", "expm1", "sign", "absolute", "square"]


def numpy_of(name):
    return lambda *a: float(getattr(np, name)(*map(np.float64, a)))


@pytest.mark.parametrize("name", IEEE + PERIODIC + list(INVERSE))
def test_functions_of_math_give_ieee_results(name):
    if not hasattr(math, name):
        pytest.skip(f"this Python has no math.{name}")
    values = MODEST if name in PERIODIC else WIDE
    agree(f"math.{name}(x)", "x", [(v,) for v in values], reference=numpy_of(INVERSE.get(name, name)), tolerance=1e-14)


@pytest.mark.parametrize("name", ["erf", "erfc", "gamma", "lgamma"])
def test_special_functions(name):
    values = [0.1, 0.5, 1.0, 1.5, 2.0, 3.7, 5.0, 10.0, 25.5, -0.5, -1.5]
    agree(f"math.{name}(x)", "x", [(v,) for v in values], tolerance=1e-12)


@pytest.mark.parametrize("name", ["atan2", "hypot", "fmod", "copysign", "pow", "nextafter"])
def test_functions_of_two(name):
    numpy = {"atan2": "arctan2", "pow": "power"}.get(name, name)
    values = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -3.5, 1e10, INF, NAN]
    agree(f"math.{name}(x, y)", "x, y", itertools.product(values, values), reference=numpy_of(numpy), tolerance=1e-14,
          skip=lambda x, y: name == "pow" and (x <= 0 or math.isinf(x)) and not float(y).is_integer())


@pytest.mark.parametrize("name", ["floor", "ceil", "trunc"])
def test_rounding_to_integers(name):
    agree(f"math.{name}(x)", "x", [(v,) for v in [0.0, -0.0, 0.5, -0.5, 1.5, -1.5, 2.999, -2.999, 1e15 + 0.5, -1e15]])


@pytest.mark.parametrize("name", ["isnan", "isinf", "isfinite"])
def test_classification(name):
    agree(f"math.{name}(x)", "x", [(v,) for v in WIDE])
    agree(f"math.{name}(x)", "x", [(3,), (-1,)])


def test_parts_and_scales():
    finite = [v for v in WIDE if math.isfinite(v)]
    agree("math.frexp(x)", "x", [(v,) for v in finite])
    agree("math.modf(x)", "x", [(v,) for v in finite])
    agree("math.ldexp(x, n)", "x, n", itertools.product([0.5, -1.25, 0.0], [0, 3, -3, 60]))
    agree("math.gcd(a, b)", "a, b", itertools.product([0, 1, 12, -18, 2**40], repeat=2))
    agree("math.degrees(x) + math.radians(x)", "x", [(v,) for v in [0.0, 1.0, -2.5, 180.0]], tolerance=1e-14)


def test_functions_of_math_take_integers_and_bools():
    for value in [1, 4, 10, 2**53]:
        agree("math.sqrt(x)", "x", [(value,)], tolerance=1e-15)
        agree("math.log(x)", "x", [(value,)], tolerance=1e-14)
    agree("math.sqrt(x)", "x", [(True,), (False,)])


def test_constants():
    agree("(math.pi, math.e, math.tau, math.inf, np.pi)", "", [()])
    agree("math.nan", "", [()])


@pytest.mark.parametrize("name", NUMPY_NAMES)
def test_numpy_functions_of_scalars(name):
    values = MODEST if name in PERIODIC else WIDE
    plain, compiled = function(f"np.{name}(x)", "x")
    for value in values:
        with np.errstate(all="ignore"):
            expected = float(plain(value))
        assert close(float(compiled(value)), expected, 1e-14), (name, value)


@pytest.mark.parametrize("name", ["minimum", "maximum", "fmin", "fmax"])
def test_numpy_extremes(name):
    plain, compiled = function(f"np.{name}(x, y)", "x, y")
    for x, y in itertools.product([0.0, 1.0, -2.0, INF, NAN], repeat=2):
        assert close(float(compiled(x, y)), float(plain(x, y)), 0.0), (x, y)


def test_functions_in_a_loop():
    """Loops over arrays may use vector versions: other code, same accuracy."""
    x = np.linspace(-5.0, 5.0, 1003)
    for name in ["exp", "sin", "cos", "tanh", "atan"]:
        _, compiled = function(f"for i in range(len(x)):\n    out[i] = math.{name}(x[i])\nreturn 0", "x, out")
        for view in (x, x[::-1], x[::3]):
            out = np.empty(len(view))
            compiled(view, out)
            np.testing.assert_allclose(out, [getattr(math, name)(v) for v in view], rtol=1e-14, atol=1e-16)


def test_float32_stays_float32():
    plain, compiled = function("for i in range(len(x)):\n    out[i] = np.exp(x[i])\nreturn 0", "x, out")
    x = np.linspace(-5, 5, 101).astype(np.float32)
    expected, found = np.empty_like(x), np.empty_like(x)
    plain(x, expected)
    compiled(x, found)
    np.testing.assert_allclose(found, expected, rtol=3e-7)


HALVES = [0.5, 1.5, 2.5, -0.5, -1.5, 2.675, 1e15 + 0.5, 0.1, -7.7, 123.456]


def test_round():
    agree("round(x)", "x", [(v,) for v in HALVES])
    agree("round(n)", "n", [(5,), (-3,)])
    agree("round(x, n)", "x, n", itertools.product(HALVES, [0, 1, 2, 3, -1, -2]))


def test_complex_functions():
    values = [1 + 1j, -1.5 + 0.5j, 2 - 3j, 0.25j, 1 + 0j]
    for form in ["z.real", "z.imag", "z.conjugate()", "abs(z)"]:
        agree(form, "z", [(v,) for v in values], tolerance=1e-15)
    plain, compiled = function("np.sqrt(z) + np.exp(z) + np.log(z) + np.sin(z) * np.cos(z)", "z")
    for z in values:
        assert close(complex(compiled(z)), complex(plain(z)), 1e-13), z
    agree("complex(x, y)", "x, y", [(1.5, -2.0), (0.0, INF)])
