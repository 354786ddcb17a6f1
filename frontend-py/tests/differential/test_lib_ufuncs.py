"""NumPy's universal functions against NumPy: every function on every scalar type, and the ways of applying them on a few."""
import functools
import operator
import warnings

import numpy as np
import pytest

import numbra

from .sources import function

REAL = ["int8", "int32", "int64", "uint8", "uint64", "float32", "float64"]
DTYPES = ["bool", *REAL, "complex64", "complex128"]
# numbra has no float16: where NumPy computes small integers in it, numbra takes float32.
VALUES = {
    "b": [True, False, True, True, False],
    "i": [3, -7, 0, 2, 5, -1, 100],
    "u": [3, 7, 0, 2, 5, 1, 100],
    "f": [0.5, -1.25, 0.0, -0.0, 3.0, np.nan, np.inf, -np.inf, 0.75, 2.0],
    "c": [1 + 2j, -0.5 + 0.25j, 2 - 1j, 0.75 + 0j, -1 - 1j, 3 + 0.5j],
}
UNARY = (
    "absolute arccos arccosh arcsin arcsinh arctan arctanh bitwise_count cbrt ceil conjugate cos cosh deg2rad degrees exp exp2 expm1 fabs floor invert "
    "isfinite isinf isnan log log10 log1p log2 logical_not negative positive rad2deg radians reciprocal rint sign signbit sin sinh spacing sqrt square "
    "tan tanh trunc sinc fix isposinf isneginf isreal iscomplex angle real imag nan_to_num"
).split()
BINARY = (
    "add arctan2 bitwise_and bitwise_or bitwise_xor copysign divide equal float_power floor_divide fmax fmin fmod gcd greater greater_equal heaviside "
    "hypot lcm left_shift less less_equal logaddexp logaddexp2 logical_and logical_or logical_xor maximum minimum multiply nextafter not_equal power "
    "remainder right_shift subtract"
).split()
PAIRS = ["modf", "frexp"]


def sample(dtype, shift=0):
    values = VALUES[np.dtype(dtype).kind]
    return np.array(values[shift:] + values[:shift]).astype(dtype)


def reference(f, *args):
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            want = f(*args)
            half = [a.astype(np.float32) if a.dtype.itemsize == 1 and f is not np.ldexp else a for a in args]
            return f(*half) if any(w.dtype == np.float16 for w in (want if isinstance(want, tuple) else (want,))) else want
        except (TypeError, ValueError, OverflowError) as e:
            return e


def same(got, want, zeros=True):
    if isinstance(want, tuple):
        assert isinstance(got, tuple) and len(got) == len(want)
        for g, w in zip(got, want):
            same(g, w, zeros)
        return
    want = np.asarray(want)
    got = np.asarray(got)
    dtype = want.dtype
    assert got.dtype == dtype and got.shape == want.shape, (got.dtype, want.dtype, got.shape, want.shape)
    if dtype.kind in "fc":
        np.testing.assert_allclose(got, want, rtol=2e-6 if dtype.itemsize <= 8 and dtype != np.float64 else 1e-14, atol=1e-15 if dtype.kind == "c" else 0)
        if dtype.kind == "f" and zeros:
            zero = want == 0
            assert np.array_equal(np.signbit(got[zero]), np.signbit(want[zero]))
    else:
        assert np.array_equal(got, want)


def together(names, arity):
    """One compiled function with one loop that calls all, so that a scalar type costs one compilation. Functions of two results are called on arrays."""
    arrays = ", ".join("ab"[:arity])
    numbers = ", ".join(f"{x}[i]" for x in "ab"[:arity])
    first = ", ".join(f"{x}[0]" for x in "ab"[:arity])
    singles = [n for n in names if n not in PAIRS]
    lines = [f"o_{n} = np.empty(a.size, np.{n}({first}).dtype)" for n in singles] + ["for i in range(a.size):"]
    lines += [f"    o_{n}[i] = np.{n}({numbers})" for n in singles]
    results = ", ".join(f"np.{n}({arrays})" if n in PAIRS else f"o_{n}" for n in names)
    return define("\n".join([*lines, f"return ({results},)"]), arrays)


@functools.cache
def define(body, parameters):
    return function(body, parameters)[1]


def check(names, *args):
    want = {n: reference(getattr(np, n), *args) for n in names}
    supported = [n for n in names if not isinstance(want[n], Exception)]
    for n, got in zip(supported, together(supported, len(args))(*args)):
        try:
            # Which of two zeros of different sign is the larger one depends on NumPy's processor.
            same(got, want[n], zeros=not n.startswith(('f', 'm')))
        except AssertionError as e:
            raise AssertionError(f"np.{n} of {', '.join(str(np.asarray(a).dtype) for a in args)}: {e}") from None


def known(name, dtype):
    # The processor's result of a conversion that has none.
    return not (name == "reciprocal" and dtype in ("int8", "uint8", "uint64", "int64", "int32"))


@pytest.mark.parametrize("dtype", DTYPES)
def test_unary(dtype):
    a = sample(dtype)
    check([n for n in UNARY + (PAIRS if np.dtype(dtype).kind != "c" else []) if known(n, dtype)], a)


@pytest.mark.parametrize("left, right", [(d, d) for d in DTYPES] + [("int8", "uint8"), ("int32", "float32"), ("bool", "int8"), ("uint64", "int64"), ("float32", "complex64")])
def test_binary(left, right):
    a = sample(left)
    b = np.resize(sample(right, 1), a.shape)
    names = BINARY
    if np.dtype(left).kind in "iu" and np.dtype(right).kind in "iu":
        names = [n for n in names if n != "power"]
        check(["power"], a, np.abs(b) % np.array(4, b.dtype))
    if np.dtype(left).kind == "c":
        b = np.where(b == 0, b.dtype.type(1), b)
    check(names, a, b)


def layouts(dtype):
    """Two-dimensional arrays of one shape (4, 6) in different layouts, and what broadcasts to it."""
    rng = np.random.default_rng(1)
    make = lambda *shape: (rng.random(shape) * 9 + 1).astype(dtype)
    full = [make(4, 6), np.asfortranarray(make(4, 6)), make(8, 12)[::2, ::2], make(4, 6)[::-1, ::-1], make(12, 4)[::2].T]
    return full, [make(6), make(1, 6), make(4, 1), make(12)[::-2], make(1)[0], make(1).reshape(())]


@pytest.mark.parametrize("dtype", ["float64", "int32", "complex64"])
def test_layouts(dtype):
    f = numbra.njit(lambda a, b: np.add(a, b))
    g = numbra.njit(lambda a: a * 2 + 1)
    full, parts = layouts(dtype)
    some = dtype == "float64"
    for a in full if some else full[1:3]:
        same(g(a), a * 2 + 1)
        for b in full[:3] + parts[:5] if some else full[1:2] + parts[2:4]:
            same(f(a, b), np.add(a, b))
    assert f(parts[5], parts[5]) == np.add(parts[5], parts[5])
    same(f(full[0][:0], full[0][:0]), full[0][:0])
    same(f(full[0][:, :0], full[0][:1, :0]), full[0][:, :0])
    same(f(parts[2], parts[0]), np.add(parts[2], parts[0]))
    assert f(full[1], full[1]).flags.f_contiguous
    three = np.arange(24).reshape(2, 3, 4).astype(dtype)
    same(f(three, three[:, :1]), np.add(three, three[:, :1]))
    same(f(three.T, three.T), np.add(three.T, three.T))
    with pytest.raises(ValueError, match="could not be broadcast together"):
        f(full[0], np.ones(5, dtype))


def test_out():
    f = numbra.njit(lambda a, b, out: np.multiply(a, b, out))
    k = numbra.njit(lambda a, out: np.sqrt(a, out=out))
    for shape in [(7,), (3, 4)]:
        a, b, out = np.arange(12.0)[: np.prod(shape)].reshape(shape), np.arange(12)[: np.prod(shape)].reshape(shape), np.zeros(shape)
        assert f(a, b, out) is not None and np.array_equal(out, a * b)
        k(a, out)
        assert np.array_equal(out, np.sqrt(a))
    for make in (lambda: np.arange(10.0), lambda: np.arange(100.0).reshape(10, 10)):
        for cut in [(slice(1, None), slice(None, -1)), (slice(None, -1), slice(1, None)), (slice(None, None, -1), slice(None))]:
            x, y = make(), make()
            f(x[cut[0]], x[cut[0]], x[cut[1]])
            np.multiply(y[cut[0]], y[cut[0]], y[cut[1]])
            assert np.array_equal(x, y)
    x = np.arange(16.0).reshape(4, 4)
    y = x.copy()
    f(x.T, x, x)
    assert np.array_equal(x, y.T * y)
    wide = np.zeros((3, 4))
    f(np.arange(4.0), np.arange(4.0), wide)
    assert np.array_equal(wide, np.tile(np.arange(4.0) ** 2, (3, 1)))
    with pytest.raises(ValueError, match="non-broadcastable output"):
        f(np.ones((2, 3)), np.ones((2, 3)), np.ones(3))
    with pytest.raises(numbra.TypingError, match="same_kind"):
        f(np.ones(3), np.ones(3), np.ones(3, int))


def test_literals_are_weak():
    f = numbra.njit(lambda a: (a + 1, a * 2.5, 3 - a, a < 2, a ** 2, np.maximum(a, 1), np.logaddexp(a, 1.0), np.clip(a, 1, 2)))
    for dtype in REAL:
        a = np.array([1, 2, 3], dtype)
        if dtype in ("int8", "uint8"):
            f2 = numbra.njit(lambda a: (a + 1, a * 2.5, 3 - a, a < 2, a ** 2, np.maximum(a, 1), np.clip(a, 1, 2)))
            same(f2(a), f2.py_func(a))
        else:
            same(f(a), f.py_func(a))
    with pytest.raises(numbra.TypingError, match="out of bounds for int8"):
        numbra.njit(lambda a: a + 1000)(np.ones(3, np.int8))


def test_division_by_zero_does_not_raise():
    f = numbra.njit(lambda a, b: (a / b, a // b, a % b, np.divide(a[0], b[0]), np.floor_divide(a[0], b[0])))
    for a in (np.array([1.0, 0.0, -2.0]), np.array([1, 0, -2])):
        with np.errstate(all="ignore"):
            same(f(a, a * 0), f.py_func(a, a * 0))


def test_rounding():
    f = numbra.njit(lambda a: (np.round(a), np.round(a, 2), a.round(1), np.clip(a, -1, None), a.clip(-0.5, 0.5), np.divmod(a, 2), np.around(a, -1)))
    for a in (np.array([1.255, -2.5, 0.045, 123.5, np.nan]), np.array([[1.5, 2.5], [3.49, -0.5]], np.float32)):
        same(f(a), f.py_func(a))
    g = numbra.njit(lambda a: (np.round(a), np.round(a, 2), np.round(a, -1), np.divmod(a, 3)))
    a = np.array([15, 25, -14, 123])
    same(g(a), g.py_func(a))


def test_parts_are_views():
    def f(a):
        a.real[0] = 7
        a.imag[1] = -3
        return a.real, a.imag, np.conj(a), np.angle(a), a.conj()

    a = np.arange(4) * (1 + 2j)
    b = a.copy()
    same(numbra.njit(f)(a), f(b))
    assert np.array_equal(a, b)
    same(numbra.njit(lambda a: (a.real, a.imag, np.angle(a, True)))(np.array([1.0, -1.0])), (np.array([1.0, -1.0]), np.zeros(2), np.array([0.0, 180.0])))
