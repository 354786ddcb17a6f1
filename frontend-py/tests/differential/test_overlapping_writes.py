"""Writes to an array of which operands are other parts: as if everything was computed first, whether by blocks of rows or by a copy."""
import numpy as np
import pytest

from numbra import njit


def smooth(a):
    a[1:-1] = 0.5 * (a[2:] + a[:-2])


def far(a):
    a[5000:] = a[:-5000] + a[5000:] * 0.5


def farther(a):
    a[10000:] = a[:-10000] * 0.5


def ahead(a):
    a[:-7] += a[7:]


def backwards(a):
    a[::-1][1:] = a[::-1][:-1] * 2.0


def turned(a):
    a[:] = a[::-1] - a


def stepped(a):
    a[2::2] = a[:-2:2] + a[1:-1:2]


def heat(m):
    m[1:-1, 1:-1] = 0.25 * (m[:-2, 1:-1] + m[2:, 1:-1] + m[1:-1, :-2] + m[1:-1, 2:])


def corner(m):
    m[1:, 1:] = m[:-1, :-1] - m[1:, :-1]


def below(m):
    m[3:] -= m[:-3]


def columns(m):
    m[:, 1:] = m[:, :-1] + 1.0


def upside_down(m):
    m[::-1][1:] = m[::-1][:-1] + m[::-1][1:]


def transposed(m):
    n = min(m.shape)
    m[:n, :n] = m[:n, :n].T + m[:n, :n]


def fortran(m):
    m.T[1:] = m.T[:-1] + 1.0


def first_row(m):
    m[1:] = m[0] + m[:-1]


def widened(m):
    m[:, :] = m[2:3] * 2.0


def cube(k):
    k[1:-1, 1:-1, 1:-1] = k[:-2, 1:-1, 1:-1] + k[1:-1, 2:, 1:-1] - k[1:-1, 1:-1, 2:]


@pytest.mark.parametrize(
    "function, shapes",
    [
        *((f, [(0,), (2,), (3,), (10,), (8193,), (20000,), (30011,)]) for f in (smooth, ahead, backwards, turned, stepped)),
        *((f, [(10001,), (30011,), (40000,)]) for f in (far, farther)),
        *((f, [(3, 3), (4, 0), (9, 40), (100, 300), (1000, 17), (5, 20000)]) for f in (heat, corner, below, columns, upside_down, transposed, fortran, first_row, widened)),
        (cube, [(3, 3, 3), (20, 30, 40), (60, 4, 400)]),
    ],
)
def test_overlapping(function, shapes):
    compiled = njit(function)
    for shape in shapes:
        for dtype in (np.float64, np.float32):
            start = np.random.default_rng(1).integers(-99, 99, shape).astype(dtype)
            found, expected = start.copy(), start.copy()
            with np.errstate(all="ignore"):
                function(expected)
            compiled(found)
            np.testing.assert_array_equal(found, expected, err_msg=f"{shape} {dtype}")


def test_views_of_one_buffer():
    """Rows in other steps, of other lengths of elements, and downwards."""
    @njit
    def into(a, b):
        a[:] = b + 1.0

    def check(make):
        found, expected = np.arange(60000.0), np.arange(60000.0)
        into(*make(found))
        into.py_func(*make(expected))
        np.testing.assert_array_equal(found, expected)

    check(lambda x: (x[1:], x[:-1]))
    check(lambda x: (x[9000:], x[:-9000]))
    check(lambda x: (x[::2], x[:30000]))
    check(lambda x: (x[:30000], x[::2]))
    check(lambda x: (x[::-1][5:], x[::-1][:-5]))
    check(lambda x: (x[::-1][:-5], x[::-1][5:]))
    check(lambda x: (x, x.view(np.float32)[: len(x)]))
    check(lambda x: (x.reshape(-1, 100)[1:], x.reshape(-1, 100)[:-1]))
    check(lambda x: (x[7 : 59907].reshape(-1, 100), x[:59900].reshape(-1, 100)))
    check(lambda x: (x[:59900].reshape(-1, 100), x[100:].reshape(-1, 100)))
    check(lambda x: (x[30000:].reshape(100, 300), x[29000:59000].reshape(300, 100).T))
