"""Generator expressions, `map`, `filter` and `reduce`, consumed where they stand."""
import functools
import math
from functools import reduce

import numbra
import numpy as np
import pytest
from numbra import njit

from .check import same

ARRAYS = [np.array([]), np.array([3.0]), np.array([2.0, -1.5, 4.0, 4.0, 0.0]), np.array([1.0, np.nan, -2.0]), np.arange(12.0)[::-3]]
INTS = [np.array([], np.int64), np.array([5]), np.array([3, -7, 0, 8, 3, 12])]


@njit
def square(x):
    return x * x


def sums(a):
    return sum(x * 2 for x in a), sum(x for x in a if x > 0), sum((x + i for i, x in enumerate(a)), 1.5), sum([x * x for x in a], start=2.0), math.prod(x + 1 for x in a)


def quantifiers(a):
    return any(x > 3 for x in a), all(x > -5 for x in a), any(x for x in a), all(not x < 0 for x in a if x == x)


def extrema(a):
    return min(x * x for x in a), max(x - 1 for x in a if x == x), min((abs(x) for x in a), default=0.5), max([-x for x in a], default=1.0)


def extrema_by_key(a):
    return max((x for x in a), key=lambda x: -abs(x - 2)), min((x + 1 for x in a), key=abs, default=7.0)


def early_exit(a):
    count = np.zeros(1)

    def seen(x):
        count[0] += 1
        return x > 1
    return any(seen(x) for x in a), count[0], all(seen(x) for x in a), count[0]


def nested(n):
    return sum(i * j for i in range(n) for j in range(i) if (i + j) % 2), sum(sum(j for j in range(i)) for i in range(n)), any(i == j * j for i in range(2, n) for j in range(i))


def scopes(n):
    i = 100
    total = sum(i for i in range(n))
    largest = max((last := i * i) for i in range(-n, n + 1)) + last
    f = sum((lambda k: k + i)(1) for i in range(n))
    return i, total, largest, f


def loops(a):
    total = 0.0
    for x in (y * 2 for y in a if y > 0):
        if x > 100:
            break
        if x == 8:
            continue
        total += x
    else:
        total += 1000
    for x in map(square, a):
        total += x
    for x in filter(lambda v: v > 1, a):
        total -= x
    for x in map(lambda p, q: p * q, a, a[::-1]):
        total += x
    for x in map(square, filter(None, a)):
        total += 3 * x
    return total


def reduced(a):
    return reduce(lambda x, y: x * 2 + y, a), functools.reduce(lambda x, y: x + y, (x * x for x in a), 10.0), reduce(max, a, -1.0)


@pytest.mark.parametrize("a", ARRAYS)
def test_arrays(a):
    for function in (sums, quantifiers, extrema, extrema_by_key, early_exit, loops, reduced):
        # Python starts from an integer 0; compiled, a sum has one type.
        if len(a) or function not in (sums, loops):
            same(function, a)


@pytest.mark.parametrize("a", INTS)
def test_integers(a):
    def f(a):
        return sum(int(x) for x in a), sum(map(int, a)), int(max(map(abs, a), default=-1)), any(map(lambda x: x == 8, a)), int(sum(filter(lambda x: x % 2 == 1, a), 0))

    def empty(a):
        return int(max(x for x in a))

    def empty_reduce(a):
        return int(reduce(lambda x, y: x - y, a))

    for function in (f, empty, empty_reduce):
        same(function, a)


@pytest.mark.parametrize("n", [0, 1, 2, 5, 9])
def test_scopes(n):
    same(nested, n)
    if n:
        same(scopes, n)


def test_tuples_and_zip():
    def f(t):
        a, b = 0, 0
        for x, y in zip(*(t, t[::-1])):
            a += x * y
        return sum(x * x for x in t), max(t), any(x == 3 for x in t), reduce(lambda p, q: p * q, t), a

    same(f, (1, 2, 3, 4))


def refusal(function, *arguments):
    with pytest.raises(numbra.NumbaError) as caught:
        njit(function)(*arguments)
    return str(caught.value)


def test_refusals():
    def kept(a):
        g = (x for x in a)
        return sum(g)

    def passed(a):
        return square(x for x in a)

    assert "a generator cannot be kept" in refusal(kept, ARRAYS[1]) and "consume it on the spot" in refusal(passed, ARRAYS[1])
