"""Elementary functions: within one unit in the last place, special values as IEEE 754 has them, and the same bits in a loop and alone."""
import math
import numpy as np
import pytest
from numbra import njit

EXP = [(-1, 1), (-80, 80), (-700, 700), (-745, -700), (700, 709.7)]
LOG = [(0.5, 2), (0.99, 1.01), (0, 1e-3), (1, 1e6), (1e300, 1.7e308), (0, 2e-308)]
NAMES = {
    "exp": EXP, "exp2": [(-1, 1), (-1000, 1000), (-1074, -1020)], "expm1": [(-1e-3, 1e-3), (-1, 1), (-50, 50), (-700, 709)],
    "log": LOG, "log2": LOG, "log10": LOG, "log1p": [(-1e-3, 1e-3), (-0.999, 1), (-0.4, -0.2), (0, 1e6), (1e15, 1e17), (1e300, 1.7e308)],
    "sinh": [(-1e-3, 1e-3), (-0.5, 0.5), (-2, 2), (-30, 30), (700, 710.4)], "cosh": [(-1, 1), (-30, 30), (700, 710.4)],
    "tanh": [(-1e-3, 1e-3), (-1, 1), (-25, 25)],
}
SPECIAL = [0.0, -0.0, 1.0, -1.0, 2.0, -2.0, 0.5, math.inf, -math.inf, math.nan, 5e-324, -5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, -1.7976931348623157e308,
           709.782712893384, 709.782712893385, -745.1332191019411, -745.1332191019412, 1024.0, 1023.9999999999999, -1074.0, -1075.0, -1076.0, 88.72284, 89.0, -103.97208, -104.0, 128.0,
           710.4758600739439, 710.475860073944, 1e-300, -1e-300, 1000.0, 1e-40, 1e-45, 3.4028234663852886e38, 1 / 3, 2.0 / 3]


@njit
def arrays(x):
    return np.exp(x), np.exp2(x), np.expm1(x), np.log(x), np.log2(x), np.log10(x), np.log1p(x), np.sinh(x), np.cosh(x), np.tanh(x)


@njit
def numbers(x):
    return np.exp(x), np.exp2(x), np.expm1(x), np.log(x), np.log2(x), np.log10(x), np.log1p(x), np.sinh(x), np.cosh(x), np.tanh(x)


def points(low, high, dtype):
    """Random and evenly spaced points, and some near to both ends by their bits."""
    random = np.random.default_rng(7)
    least, most = np.array([low, high], dtype)
    x = np.concatenate([random.uniform(least, most, 20000), np.linspace(least, most, 3001)]).astype(dtype)
    return x[(x >= least) & (x <= most)]


def units(got, exact, dtype):
    """How far results are from the exact ones, in units of the last place of these."""
    info = np.finfo(dtype)
    wide = np.asarray(exact)
    exponent = np.maximum(np.frexp(wide)[1], info.minexp + 1)
    return np.abs(got.astype(wide.dtype) - wide) / np.ldexp(np.ones_like(wide), exponent - info.nmant - 1)


@pytest.mark.parametrize("dtype, wide", [(np.float64, np.longdouble), (np.float32, np.float64)])
@pytest.mark.parametrize("name", NAMES)
def test_error_is_below_one_unit(name, dtype, wide):
    if np.finfo(np.longdouble).nmant <= 52:
        pytest.skip("no float type wider than float64 on this platform")
    k = list(NAMES).index(name)
    limit = float(np.finfo(dtype).max)
    for low, high in NAMES[name]:
        if dtype == np.float32 and max(abs(low), abs(high)) > 1e30:
            low, high = 1e30, limit
        x = points(low, high, dtype)
        with np.errstate(all="ignore"):
            exact = getattr(np, name)(x.astype(wide))
        fits = np.abs(exact) <= limit
        error = units(arrays(x)[k][fits], exact[fits], dtype)
        assert len(error) == 0 or error.max() < 1.0, (low, high, float(error.max()), x[fits][error.argmax()])


@njit
def error_function(x):
    out = np.empty_like(x)
    for i in range(len(x)):
        out[i] = math.erf(x[i])
    return out


@pytest.mark.parametrize("dtype, limit", [(np.float64, 2.0), (np.float32, 1.0)])
def test_error_function(dtype, limit):
    x = np.concatenate([points(*ends, dtype) for ends in [(-1e-3, 1e-3), (-1, 1), (-2, 2), (-7, 7)]])
    exact = np.array([math.erf(v) for v in x])
    # For float64 the results that it is compared with are rounded themselves, and may be one unit away.
    assert units(error_function(x), exact, dtype).max() < limit
    with np.errstate(over="ignore"):
        special = np.array([0.0, -0.0, math.inf, -math.inf, math.nan, 5e-324, 1e-310, 6.0, -6.0, 5.9, 1.0, -1.0, 1e300], dtype)
    want = np.array([math.erf(v) for v in special], dtype)
    np.testing.assert_allclose(error_function(special), want, rtol=2 * np.finfo(dtype).eps)
    np.testing.assert_array_equal(np.signbit(error_function(special)), np.signbit(want))


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_special_values(dtype):
    with np.errstate(all="ignore"):
        x = np.array(SPECIAL, dtype)
        for name, got in zip(NAMES, arrays(x)):
            want = getattr(np, name)(x)
            np.testing.assert_array_equal(np.isnan(got), np.isnan(want), name)
            finite = np.isfinite(want) & (want != 0)
            np.testing.assert_array_equal(got[~finite], want[~finite], name)
            np.testing.assert_array_equal(np.signbit(got[~np.isnan(want)]), np.signbit(want[~np.isnan(want)]), name)
            np.testing.assert_allclose(got[finite], want[finite], rtol=4 * np.finfo(dtype).eps, err_msg=name)


@njit(error_model="numpy")
def powers(x):
    return x**3, x**4, x**7, x**32, x**-1, x**-2, x**-5, x**-32, x**2.0, x**3.0


@pytest.mark.parametrize("dtype, wide", [(np.float64, np.longdouble), (np.float32, np.float64)])
def test_powers_with_constant_exponents(dtype, wide):
    if np.finfo(np.longdouble).nmant <= 52:
        pytest.skip("no float type wider than float64 on this platform")
    exponents = [3, 4, 7, 32, -1, -2, -5, -32, 2, 3]
    x = np.concatenate([points(-3, 3, dtype), points(0.9, 1.1, dtype), points(-1e6, 1e6, dtype)])
    x = x[x != 0]
    with np.errstate(all="ignore"):
        special = np.array(SPECIAL + [1e160, -1e160, 1e-160, 1e-155, 1e20, 1e-20], dtype)
        for n, got, at in zip(exponents, powers(x), powers(special)):
            exact = x.astype(wide) ** n
            # What products lack must be normal numbers too.
            fits = (np.abs(exact) <= np.finfo(dtype).max) & (np.abs(exact) >= np.finfo(dtype).tiny / np.finfo(dtype).eps)
            assert units(got[fits], exact[fits], dtype).max() < (0.51 if dtype == np.float64 else 0.505), n
            np.testing.assert_allclose(at, special ** dtype(n), rtol=4 * np.finfo(dtype).eps, atol=4 * np.finfo(dtype).smallest_subnormal, err_msg=str(n))
    assert [p for p in powers(dtype(2.0))] == [8.0, 16.0, 128.0, 2.0**32, 0.5, 0.25, 2.0**-5, 2.0**-32, 4.0, 8.0]


def test_powers_are_exact():
    np.testing.assert_array_equal(arrays(10.0 ** np.arange(-300, 300))[5], np.arange(-300.0, 300.0))
    powers = np.arange(-1074.0, 1024.0)
    np.testing.assert_array_equal(arrays(2.0 ** powers)[4], powers)
    np.testing.assert_array_equal(arrays(powers)[1], 2.0 ** powers)
    assert numbers(1000.0)[5] == 3.0 and numbers(8.0)[4] == 3.0 and numbers(0.0)[0] == 1.0


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_one_number_has_the_bits_of_a_loop(dtype):
    with np.errstate(all="ignore"):
        x = np.concatenate([points(-3, 3, dtype)[:40], np.array(SPECIAL, dtype)])
    whole = arrays(x)
    for i, v in enumerate(x):
        for name, many, one in zip(NAMES, whole, numbers(v)):
            np.testing.assert_array_equal(many[i], one, f"{name}({v!r})")
