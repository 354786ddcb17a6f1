"""`math` on integers, exact sums, and `cmath`, against Python."""
import cmath
import math
import random

import numpy as np
import pytest

import numbra

from .sources import function

CMATH = "acos acosh asin asinh atan atanh cos cosh exp sin sinh sqrt tan tanh log log10 phase polar isfinite isinf isnan".split()


def test_integers():
    f = numbra.njit(lambda n, k: (math.comb(n, k), math.perm(n, k), math.isqrt(n)))
    for n in (0, 1, 2, 5, 10, 15):
        for k in (0, 1, 2, 7, 16):
            assert f(n, k) == f.py_func(n, k)
    isqrt = numbra.njit(lambda n: math.isqrt(n))
    for n in [*range(40), 2**52, 2**53 + 1, 2**62 - 1, 2**62, 2**63 - 1, 3037000499**2, 3037000499**2 - 1]:
        assert isqrt(n) == math.isqrt(n)
    comb = numbra.njit(lambda n, k: math.comb(n, k))
    assert [comb(66, k) for k in range(67)] == [math.comb(66, k) for k in range(67)]
    factorial = numbra.njit(lambda n: math.factorial(n))
    assert [factorial(n) for n in range(21)] == [math.factorial(n) for n in range(21)]
    for call in (lambda: factorial(21), lambda: comb(70, 35)):
        with pytest.raises(OverflowError):
            call()
    for call, text in [(lambda: factorial(-1), "factorial"), (lambda: isqrt(-1), "nonnegative"), (lambda: comb(-1, 2), "non-negative")]:
        with pytest.raises(ValueError, match=text):
            call()


def test_floats():
    ulp = numbra.njit(lambda x: math.ulp(x))
    for x in (0.0, 1.0, -1.5, 1e300, 5e-324, math.inf, 1.7976931348623157e308):
        assert ulp(x) == math.ulp(x)
    fsum = numbra.njit(lambda a: math.fsum(a))
    rng = random.Random(3)
    for n in (0, 1, 2, 10, 200):
        for _ in range(20):
            a = np.array([rng.choice((-1, 1)) * rng.random() * 10.0 ** rng.randint(-30, 30) for _ in range(n)] + [1e16, 1.0, -1e16][: n % 4], float)
            assert fsum(a) == math.fsum(a)
    assert fsum((0.1,) * 10) == 1.0
    assert fsum(np.array([1e16, 1.0, 1e-16])) == math.fsum([1e16, 1.0, 1e-16])
    assert math.isnan(fsum(np.array([np.nan, 1.0]))) and fsum(np.array([np.inf, 1.0])) == math.inf


def test_cmath():
    plain, f = function(", ".join(f"cmath.{n}(z)" for n in CMATH), "z")
    for z in (1 + 2j, -0.5 + 0.25j, 0.75 - 3j, -2 - 0.5j, 2.5, 3):
        for name, got, want in zip(CMATH, f(z), plain(z)):
            assert np.allclose(got, want, rtol=1e-13, atol=1e-15), (name, z, got, want)
    g = numbra.njit(lambda r, p: (cmath.rect(r, p), cmath.isclose(r + 0j, r + 1e-12j), cmath.isclose(r + 0j, p + 0j, rel_tol=0.5), cmath.log(r, 3)))
    for got, want in zip(g(2.0, 1.0), g.py_func(2.0, 1.0)):
        assert np.allclose(got, want, rtol=1e-14)


def test_builtins_on_arrays():
    f = numbra.njit(lambda a: (abs(a), divmod(a, 2), pow(a, 2)))
    a = np.array([1.25, -3.5, 2.0])
    got, want = f(a), f.py_func(a)
    for g, w in zip((got[0], *got[1], *got[2:]), (want[0], *want[1], *want[2:])):
        assert np.array_equal(g, w)
