"""Single elements of array expressions, and expressions of which several ops use the elements: what is computed instead of arrays that would be made first."""
import numpy as np
import pytest

from numbra import njit

from .check import agrees

RANDOM = np.random.default_rng(11)


def same(f, *args):
    """A compiled function gives what the function that it was made of gives, or raises the same class."""
    try:
        expected = f.py_func(*[np.copy(a) if isinstance(a, np.ndarray) else a for a in args])
    except Exception as error:
        with pytest.raises(type(error)):
            f(*args)
        return
    got = f(*args)
    for g, e in zip(got, expected, strict=True):
        np.testing.assert_allclose(g, e, rtol=1e-13, atol=1e-13)


@njit
def elements(a, b, i, j):
    t = a * 2 + b
    u = np.exp(a - b)
    return t[i], t[i] - t[3], u[j], (a / b)[-1], t[np.uint8(1)]


@njit
def matrix_elements(a, b, i, j):
    t = a * 2 + b
    return t[i, j], t[-1, 0] + (a.T - b.T)[j, i], (np.sqrt(a) + t)[0][j]


@njit
def in_loop(a, b, c):
    total = 0.0
    for i in range(len(c)):
        c[i] = (a * c + b)[i] + (c - a)[i - 1]
        total += (a * c)[0]
    return total, c


def test_elements():
    a, b = RANDOM.normal(size=9), RANDOM.normal(size=9) + 3
    for i, j in ((0, 8), (-9, -1), (9, 0), (0, 9), (-10, 0), (3, -10)):
        same(elements, a, b, i, j)
        same(elements, a[::-1], b[::-1], i, j)
    for x, y in ((a[:1], b), (a, b[:1]), (a[:3], b[:4]), (a[:0], b[:0]), (a[:0], b[:1])):
        same(elements, x, y, 0, 0)
    same(in_loop, a, b, np.ones(9))
    same(in_loop, a, b, np.ones(0))
    same(in_loop, a[:4], b, np.ones(3))


def test_elements_of_matrices():
    a, b = np.abs(RANDOM.normal(size=(4, 5))), RANDOM.normal(size=(4, 5))
    for x, y in ((a, b), (np.asfortranarray(a), b), (a[::-1, ::-1], b), (np.asfortranarray(a), np.asfortranarray(b)), (a[:1], b), (a, b[:, :1]), (a[:, :1], b[:1]), (a[:2], b[:3])):
        for i, j in ((0, 0), (-1, -1), (3, 4), (4, 0), (0, 5), (-5, 2)):
            same(matrix_elements, x, y, i, j)


@njit
def whole_numbers(a, i):
    return (a + a)[i], (a > 3)[i], (a * 1j)[i], np.where(a > 2, a, -a)[i]


def test_types_of_elements():
    for dtype in (np.int8, np.uint64, np.float32):
        a = np.array([1, 127, 3], dtype)
        for i in range(-3, 4):
            agrees(whole_numbers, a, i)
    got = whole_numbers(np.array([np.nan, 1.0]), 0)
    assert np.isnan(got[0]) and not got[1]


@njit
def power(a, b, c):
    t = a ** b
    u = a + b
    x = c[5]
    return t[0], u[1], x


def test_elements_that_are_not_read_raise():
    a, b = np.array([2, 2]), np.array([3, -1])
    same(power, a, abs(b), np.ones(6))
    same(power, a * 1.0, b, np.ones(6))
    for c in (np.ones(6), np.ones(2)):
        with pytest.raises(ValueError):
            power(a, b, c)
    with pytest.raises(IndexError):
        power(a, abs(b), np.ones(2))


@njit
def shapes_first(a, b, i):
    t = a + b
    x = a[i]
    return t[0] + x


@njit
def shapes_first_of_two(a, b, c, i):
    t = a + b
    u = t * c
    x = a[i]
    return u.sum() + x


def test_errors_come_in_order():
    a, b = np.ones(3), np.ones(4)
    for f, more in ((shapes_first, ()), (shapes_first_of_two, (np.ones(1),))):
        with pytest.raises(ValueError):
            f(a, b, *more, 7)
        with pytest.raises(IndexError):
            f(a, a, *more, 7)
        same_value = f.py_func(a, a, *more, -1)
        assert f(a, a, *more, -1) == same_value
    with pytest.raises(ValueError):
        shapes_first_of_two(a, a, b, 7)


@njit
def written_meanwhile(a, b):
    t = a * 2
    x = t[0]
    a[0] = 5.0
    d = a - b
    s = d.sum()
    a[1] = 7.0
    return x, t[0], t[1], s, d.max(), d[0]


@njit
def stays_apart(a, c):
    t = np.exp(a)
    s = t.sum()
    c[:] = t * 2
    return s, c, t[1]


@njit
def several(a, b):
    d = a - b
    e = d * d + b
    return d.sum(), d.max(), e.sum(), e.min(axis=0), e[0, 0]


@njit
def several_maps(a, b):
    d = a - b
    u, v = d * 2, d + a
    w = d * a
    x = w.cumsum()
    return u, v, x, w.argmax()


@njit
def several_written(a, b, c):
    d = a - b
    s = d.sum()
    m = np.abs(d).max()
    c[1:] = d[1:]
    c += d
    return s, m, c


def test_several_users():
    a, b = RANDOM.normal(size=(6, 7)), RANDOM.normal(size=(6, 7))
    same(written_meanwhile, a[0].copy(), b[0])
    same(stays_apart, a[0], np.zeros(7))
    for x, y in ((a, b), (a.T, b.T), (a[::-1, ::2], b[:, ::2]), (a, b[:1]), (a[:, :1], b), (a, b[:3]), (a[:0], b[:0]), (a[:1, :1], b[:1, :1])):
        same(several, x, y)
    a[2, 3] = np.nan
    same(several, a, b)
    same(several_maps, a, b)
    same(several_maps, a, b[:, :1])
    same(several_maps, a, b[:3])
    same(several_written, a[0], b[0], np.ones(7))
    same(several_written, a[0], b[0, :1], np.ones(7))
    c = RANDOM.normal(size=8)
    same(several_written, c[1:], c[:-1], np.ones(7))


@njit
def many(a, b):
    d = a - b
    return d.sum(), d.max(), d.min(), d.mean(), d[0], d[-1]


@njit
def chain(a, b):
    t = a
    for_all = t + b
    u = for_all * a - b
    v = u + for_all
    w = v * u + for_all
    return w.sum(), w.max(), v.min(), u[1]


def test_more_users_than_are_copied():
    a, b = RANDOM.normal(size=100), RANDOM.normal(size=100)
    for f in (many, chain):
        same(f, a, b)
        same(f, a, b[:1])
        same(f, a[::-3], b[::-3])
        same(f, a[:0], b[:0])
        same(f, a[:2], b[:3])
