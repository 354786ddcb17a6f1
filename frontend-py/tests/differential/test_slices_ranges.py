"""`slice`, `range` and `...` as values: arguments, results, attributes, indices."""
import itertools

import numpy as np
import pytest

import numbra
from numbra import njit

from .test_optional import check

BOUNDS = [None, 0, 2, 7, -1, -3, -9, 2**62]
STEPS = [None, 1, 3, -1, -2]


def attributes(s):
    return s.start, s.stop, s.step, s


def indices(s, n):
    return s.indices(n)


def applied(a, s):
    return a[s], a[::-1][s]


@pytest.mark.parametrize("step", STEPS)
def test_slices(step):
    slices = [slice(a, b, step) for a, b in itertools.product(BOUNDS, BOUNDS)]
    check(attributes, *((s,) for s in slices))
    check(indices, *((s, n) for s in slices for n in (0, 1, 5)))
    check(applied, *((np.arange(6), s) for s in slices))


def test_slices_made_here():
    def made(a, i, j):
        s = slice(i, j)
        b = a[slice(j)].copy()
        b[slice(None, None, 2)] = -1
        return a[s], b, slice(i, j, 2), slice(None), s.step, s.stop

    check(made, (np.arange(6), 1, 4), (np.arange(6), -3, -1))
    check(lambda a, s: (a[s, 1], a[..., s], a[1, s]), (np.arange(12).reshape(3, 4), slice(1, 3)))
    check(lambda s, n: s.indices(n), (slice(1, 2), -1), (slice(1, 2, 0), 3))
    with pytest.raises(numbra.TypingError, match="made of integers"):
        njit(lambda x: slice(x))(1.5)
    with pytest.raises(TypeError, match="slice"):
        njit(lambda s: 1)(slice(1.5))


RANGES = [range(5), range(0), range(2, 9), range(9, 2), range(1, 10, 3), range(10, 0, -3), range(0, 10, -1), range(-5, 5, 2), range(2**62, 2**63 - 1, 2**61), range(-2**63, 2**63 - 1, 2**62)]


def about(r):
    return r.start, r.stop, r.step, len(r), r, bool(r)


def item(r, i):
    return r[i]


def holds(r, x):
    return x in r, x not in r


def test_ranges():
    check(about, *((r,) for r in RANGES))
    check(item, *((r, i) for r in RANGES for i in (0, 1, 2, -1, -2, 4, 100, -100)))
    check(holds, *((r, x) for r in RANGES for x in (*range(-6, 12), 2**62, 2**62 + 2**61, -2**63, 2**63 - 1, 0 - 2**62)))

    def total(r):
        result = 0
        for x in r:
            result += x
        return result

    check(total, *((r,) for r in RANGES[:8]))
    check(lambda n: (range(n), range(1, n, 2)), (5,), (-1,))
    with pytest.raises(TypeError, match="range"):
        njit(about)(range(2**64))


def test_ellipsis():
    def through(e, a):
        return a[e, 0], e is ..., e

    check(through, (..., np.arange(6).reshape(2, 3)))
