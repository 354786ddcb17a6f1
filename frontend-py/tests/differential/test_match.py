"""`match` statements: every kind of pattern that has a static meaning."""
import numbra
import numpy as np
import pytest
from numbra import njit

from .check import same

LIMIT = 7


def literals(x):
    match x:
        case 0:
            return 10
        case 1 | 2 | -3:
            return 20
        case True:
            return 25
        case None:
            return 30
        case 2.5:
            return 40
        case "text":
            return 50
        case _:
            return 60


def captures(x):
    match x:
        case 3 as three:
            return three * 2
        case n if n > 5:
            return n
        case other:
            return other - 1


def no_match(x):
    y = 0
    match x:
        case 1:
            y = 1
        case 2 if y:
            y = 2
    return y


def sequences(t):
    match t:
        case ():
            return (0, 0)
        case (x,):
            return (1, x)
        case (1, y) | (y, 1):
            return (2, y)
        case [x, y]:
            return (3, x + y)
        case (x, (y, *_), *rest):
            return (4, x + y + len(rest))
        case (x, *middle, y):
            return (5, x * 100 + len(middle) * 10 + y)
        case _:
            return (6, 0)


def several_subjects(a, b):
    match a, b:
        case 0, 0:
            return 0
        case 0, n:
            return n
        case n, 0:
            return -n
        case n, m if n == m:
            return 2 * n
        case (n, m):
            return n * m


def in_a_loop(n):
    total = 0
    for i in range(n):
        match i % 5:
            case 0:
                continue
            case 1 | 3:
                total += 1
            case 4 if total > 3:
                break
            case k:
                total += k
    return total


@pytest.mark.parametrize("x", [0, 1, 2, -3, 5, 9, 2.5, 7.0, np.inf])
def test_literals_and_captures(x):
    for function in (literals, captures, no_match):
        same(function, x)


@pytest.mark.parametrize("x", [None, True, False, (), (1,)])
def test_other_subjects(x):
    same(literals, x)


@pytest.mark.parametrize("t", [(), (5,), (1, 2), (2, 1), (1, 1), (4, 6), (1, (2, 3), 4, 5), (1, (2,), 3), (1, 2, 3), (9, 8, 7, 6, 5), 3, None])
def test_sequences(t):
    same(sequences, t)


def ranges(n):
    r = range(1, n)
    match r:
        case []:
            return 0
        case [x]:
            return x
        case [x, *rest, y] if len(rest) > 1:
            return x * 100 + rest[0] * 10 + sum(rest) + y
        case [x, *_]:
            return -x


def test_ranges():
    for n in (0, 2, 3, 4, 5, 8):
        same(ranges, n)


@pytest.mark.parametrize("a", [0, 3, -2])
@pytest.mark.parametrize("b", [0, 3, 5])
def test_several_subjects(a, b):
    same(several_subjects, a, b)


def test_in_a_loop():
    for n in (0, 1, 7, 23, 40):
        same(in_a_loop, n)


def test_constants_of_modules():
    def f(x):
        match x:
            case np.pi:
                return 1
            case np.inf:
                return 2
        return 3

    for x in (np.pi, np.inf, 1.5):
        same(f, float(x))


def test_classes():
    def f(x):
        match x:
            case bool():
                return 1
            case int(n) if n > 3:
                return n
            case int():
                return 3
            case float(v):
                return v
            case complex():
                return 5
            case _:
                return 6

    for x in (True, 2, 7, 2.5, 1j, None, (1, 2)):
        same(f, x)


def test_refusals():
    def mapping(x):
        match x:
            case {"a": 1}:
                return 1
        return 2

    with pytest.raises(numbra.UnsupportedError, match="mapping patterns"):
        njit(mapping)(1)
