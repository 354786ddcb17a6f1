"""Elements that are written to arrays that are there already: assignments to parts, operators in place, outputs. Operands may share memory with what is written."""
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from numbra import njit

from .sources import function

RANDOM = np.random.default_rng(3)


@njit
def stencil(a, b):
    a[1:-1] = 0.5 * (b[2:] + b[:-2])
    return a


@njit
def smoothed(a):
    a[1:-1] = 0.25 * a[:-2] + 0.5 * a[1:-1] + 0.25 * a[2:]
    return a


@njit
def shifted(a, b):
    a[1:] = a[:-1] + b[1:]
    a[:-1] = a[1:] * 2 + b[:-1]
    a[::-1] = a * 2
    a[::2] = a[1::2] + 1
    a[:] = a[::-1] - b
    return a


def test_parts_of_rows():
    a, b = RANDOM.normal(size=20), RANDOM.normal(size=20)
    for f in (stencil, shifted):
        np.testing.assert_array_equal(f(a.copy(), b), f.py_func(a.copy(), b))
        x, y = a.copy(), a.copy()
        np.testing.assert_array_equal(f(x, x), f.py_func(y, y))
        np.testing.assert_array_equal(f(x[::-1], b), f.py_func(y[::-1], b))
    np.testing.assert_array_equal(smoothed(a.copy()), smoothed.py_func(a.copy()))
    for n in (0, 2):
        np.testing.assert_array_equal(stencil(a[:n].copy(), b[:n]), a[:n])


@njit
def matrices(a, b):
    a += a.T
    a[1:, :-1] -= a[:-1, 1:] * b[1:, 1:]
    a[:, 0] = a[0] * 2
    a[0] = a[:, 1] + b[2]
    a *= b[0]
    a[...] = b.T + a[::-1]
    a[1] = b[0, 0] + b[0] * 0.5
    a[None, 2:] = b[1] * 1.5 + a[1:2]
    return a


def test_matrices():
    a, b = RANDOM.normal(size=(6, 6)), RANDOM.normal(size=(6, 6))
    for make in (np.array, np.asfortranarray):
        np.testing.assert_array_equal(matrices(make(a), b), matrices.py_func(make(a), b))
        x, y = make(a), make(a)
        np.testing.assert_array_equal(matrices(x, x.T), matrices.py_func(y, y.T))
    wide = RANDOM.normal(size=(12, 12))
    x, y = wide.copy(), wide.copy()
    matrices(x[::2, ::-2], b), matrices.py_func(y[::2, ::-2], b)
    np.testing.assert_array_equal(x, y)


@njit
def in_other_orders(a, b):
    a[:, 1:] = a[:, :-1] * 2.0 + b[:, 1:]
    b[1:] = b[:-1].T[:, ::-1].T + 1.0
    a[::-1, ::2] += a[:, 1::2] - b[::-1, ::2]
    b.T[...] = a + b
    return a, b


def test_memory_in_other_orders():
    for n in (2, 4, 40):
        for a, b in [("C", "C"), ("F", "F"), ("C", "F")]:
            a, b = (np.array(np.arange(n * n).reshape(n, n) % 17, dtype=np.float64, order=o) for o in (a, b))
            theirs = in_other_orders.py_func(a.copy("K"), b.copy("K"))
            for ours, expected in zip(in_other_orders(a.copy("K"), b.copy("K")), theirs):
                np.testing.assert_array_equal(ours, expected)
            a, b = (np.repeat(np.repeat(m, 2, 0), 3, 1)[::2, ::3] for m in (a, b))
            for ours, expected in zip(in_other_orders(a, b), theirs):
                np.testing.assert_array_equal(ours, expected)


@njit
def outputs(a, b, c, d):
    np.add(a, b, out=c)
    np.multiply(c, 2.0, c)
    np.sqrt(np.abs(a * b), out=d)
    np.subtract(a, b + 1.0, out=a)
    return np.maximum(a, c, out=d)


def test_outputs():
    def cases():
        a, b = RANDOM.normal(size=(4, 5)), RANDOM.normal(size=(4, 5))
        yield a, b, np.empty((4, 5)), np.empty((4, 5))
        yield a, b[0], np.empty((4, 5)), np.empty((4, 5), "f4")
        yield a, b, a, b
        big = RANDOM.normal(size=(5, 6))
        yield big[1:, 1:], big[:-1, :-1], big[1:, :-1], big[:-1, 1:]
        yield a, b, np.empty((5, 4)).T, np.empty((8, 10))[::2, ::-2]
        yield a[:0], b[:0], np.empty((0, 5)), np.empty((0, 5))

    state = RANDOM.bit_generator.state
    compiled = list(cases())
    RANDOM.bit_generator.state = state
    for ours, theirs in zip(compiled, cases(), strict=True):
        found, expected = outputs(*ours), outputs.py_func(*theirs)
        assert found.dtype == expected.dtype
        np.testing.assert_array_equal(found, expected)
        for x, y in zip(ours, theirs, strict=True):
            np.testing.assert_array_equal(x, y)


@njit
def in_place(a, b, n, x):
    a += b * 2
    a -= n
    a *= b + 1
    a[::2] += b[1::2]
    a //= 3
    a *= x
    return a


@pytest.mark.parametrize("dtype", ["f8", "f4", "i8", "i4", "u1", "c8"])
def test_in_place(dtype):
    values = RANDOM.integers(1, 9, size=(2, 8)).astype(dtype)
    if dtype == "c8":
        f = njit(lambda a, b, n, x: a.__iadd__(b * 2) if False else np.multiply(np.add(a, b, out=a), x, out=a))
    else:
        f = in_place
    x = 1.5 if dtype[0] in "fc" else 2
    np.testing.assert_allclose(f(values[0].copy(), values[1], 1, x), f.py_func(values[0].copy(), values[1], 1, x), rtol=1e-6)


@njit
def converted(a, b):
    a[1:-1] = b[2:] * b[:-2]
    a[::2] = b[::2]
    a[:] = a + b[::-1]
    return a


def test_elements_of_another_type():
    values = RANDOM.integers(0, 9, size=12)
    for target, source in (("f8", "i8"), ("f4", "f8"), ("i4", "f8"), ("u1", "i8"), ("?", "i4"), ("c8", "f8")):
        a, b = np.zeros(12, target), values.astype(source)
        np.testing.assert_array_equal(converted(a.copy(), b), converted.py_func(a.copy(), b))
    a = np.arange(12.0)
    x, y = a.copy(), a.copy()
    np.testing.assert_array_equal(converted(x.view("f4"), np.arange(24)), converted.py_func(y.view("f4"), np.arange(24)))


def test_what_does_not_fit():
    @njit
    def assign(a, b):
        a[1:] = b * 2

    @njit
    def add(a, b):
        a += b * 2

    a = np.zeros((3, 4))
    for f in (assign, add):
        with pytest.raises(ValueError, match="broadcast"):
            f(a, np.zeros((3, 5)))
    with pytest.raises(ValueError, match="broadcast"):
        add(np.zeros((1, 4)), np.zeros((3, 4)))
    np.testing.assert_array_equal(a, 0)

    @njit
    def fraction(a):
        a += 0.5
        return a

    with pytest.raises(Exception, match="same_kind"):
        fraction(np.arange(3))


PARTS = st.sampled_from(["a", "a[::-1]", "a[1:]", "a[:-1]", "a[2:]", "a[::2]", "a[1::2]", "a[-2::-1]", "b", "b[1:]", "b[::-2]"])
WRITES = ["{0} = {1} * 0.5 + {2}", "{0} += {1}", "{0} *= {1} - {2}", "np.add({1}, {2}, out={0})", "{0} = np.cumsum({1} + {2})"]


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(WRITES), PARTS, PARTS, PARTS), min_size=4, max_size=6), st.integers(0, 9))
def test_overlapping_parts(statements, seed):
    def text(write, *parts):
        n = 4
        cut = [p if p.endswith("]") else p + "[:]" for p in parts]
        return write.format(*(f"{p}[:{n}]" for p in cut)) if write.startswith("np") else write.format(*(f"{p}[:{n}]" for p in cut))

    plain, f = function("\n".join([*(text(*s) for s in statements), "return a"]), "a, b")
    draw = np.random.default_rng(seed)
    a = draw.normal(size=12)
    ours, theirs = a.copy(), a.copy()
    f(ours, ours[3:]), plain(theirs, theirs[3:])
    np.testing.assert_allclose(ours, theirs, rtol=1e-10)


@njit
def scans(a, b):
    return np.cumsum(a * b), np.cumsum(a + b, axis=0), np.cumprod(a * 0.5, axis=-1), (a > b).cumsum(), np.cumsum(a, dtype=np.float32)


@pytest.mark.parametrize("dtype", ["f8", "f4", "i4", "c16"])
def test_running_totals(dtype):
    a, b = (RANDOM.integers(-5, 6, size=(2, 3, 4, 5)) * 0.7).astype(dtype)
    if dtype == "c16":
        f = njit(lambda a, b: (np.cumsum(a * b), np.cumsum(a + b, axis=0), np.cumprod(a, axis=-1)))
    else:
        f = scans
    for x, y in ((a, b), (a[0], b[0]), (a[0, 0], b[0, 0]), (a.T, b.T), (a[::2, ::-1, 1::2], b[0, 0, 1::2]), (a[:0], b[:0]), (a[:, :0], b[:, :0]), (a[0, :, :0], b[0, :, :0])):
        for found, expected in zip(f(x, y), f.py_func(x, y), strict=True):
            assert found.dtype == expected.dtype and found.shape == expected.shape
            np.testing.assert_allclose(found, expected, rtol=1e-4 if dtype == "f4" else 1e-6, atol=1e-4)


@njit
def reduced(a, b):
    d = a - b
    m = np.max(np.abs(a - b), axis=1)
    s = np.sum(np.exp(a) * b)
    near = np.sqrt(np.mean((a - b) ** 2))
    return (d > 0).any(), m, s, near, np.argmax(a * b), np.mean(a * b, axis=0), (a * b + a.sum()).min()


def test_reductions_of_expressions():
    a, b = RANDOM.normal(size=(30, 40)), RANDOM.normal(size=(30, 40))
    for x, y in ((a, b), (a, b[0]), (a, b[:, :1]), (a.T, b.T), (a[::2, ::-3], b[::2, ::-3]), (a[:1, :1], b[:1, :1])):
        for found, expected in zip(reduced(x, y), reduced.py_func(x, y), strict=True):
            np.testing.assert_allclose(found, expected, rtol=1e-12)
    with pytest.raises(ValueError, match="broadcast"):
        reduced(a, b[:3])
