"""Values that have their class in their type, and dates, as text: `print`, `str`, `repr`, `format` and formatted strings against CPython."""
import enum
from collections import namedtuple
from typing import NamedTuple

import numpy as np
import numbra
import pytest
from numbra import njit

from .test_print import printed

Point = namedtuple("Point", "x y")


class Spoken(NamedTuple):
    a: int
    b: float = 2.0

    def __repr__(self):
        return "mine"


class Color(enum.Enum):
    RED = 1
    BLUE = 2.5


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 20


class Loud(enum.Enum):
    A = 1
    B = 2

    def __str__(self):
        return "" if self.value == 1 else f"loud {self.name}"


class Odd(enum.Enum):
    A = 1

    def __repr__(self):
        return "odd"


class Flags(enum.IntFlag):
    A = 1
    B = 2


UNITS = ["Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns", "ps", "fs", "as"]


def shown(x):
    print(x, (x, 1), [x, x])
    return str(x), repr(x), f"{x}", f"{x!s:>30}", f"{x!r}", format(x), f"{x=}", "{} {!r}".format(x, x)


def same(function, *arguments):
    compiled = njit(function)
    assert printed(compiled, *arguments) == printed(function, *arguments)
    assert compiled(*arguments) == function(*arguments)


@pytest.mark.parametrize(
    "x", [Point(1, 2.5), Point((1, Point(True, "it's")), np.float32(1.5)), Color.RED, Color.BLUE, Level.HIGH, Loud.B, slice(3), slice(None, 4, -1), (Point(1, 2), Color.RED), [Point(1, 2)], (slice(1, 2),)]
)
def test_as_python_shows_them(x):
    same(shown, x)


@pytest.mark.parametrize("unit", UNITS)
def test_dates_of_all_units(unit):
    texts = njit(lambda t, d: (str(t), repr(t), f"{t}", str(d), repr(d), f"{d}", repr((t, [d]))))
    for count in (0, 5, -5, 59, 86_399, -86_401, 800_000, -800_000, 12_345_678_901, -12_345_678_901, "NaT"):
        t, d = np.datetime64(count, unit), np.timedelta64(count, unit)
        assert texts(t, d) == (str(t), repr(t), f"{t}", str(d), repr(d), f"{d}", repr((t, [d])))


def test_arrays_of_dates():
    same(lambda a, d: (str(a), repr(a), str(a[0]), str(a - a[0]), repr(d)), np.array(["2020-02-29", "NaT"], "M8[D]"), np.array([3, -4], "m8[ms]"))


def test_printed_where_they_are_made():
    def report(n):
        for c in Loud:
            print(Point(n, c), c, Level.LOW)
        if n > 2:
            print(np.datetime64("2021-03-04") + np.timedelta64(n, "D"), slice(n), end="!\n")

    assert printed(njit(report), 3) == printed(report, 3)


def test_integers_of_an_enumeration_take_specifications():
    same(lambda x: (f"{x:5d}|{x:<8}|{x:.2e}", format(x, "x"), "{:04d}".format(x)), Level.HIGH)
    same(lambda x: f"{x!r:>30}|{x!s:*^20}", Color.RED)


@pytest.mark.parametrize(
    "function, argument, message",
    [
        (lambda x: f"{x:>20}", Point(1, 2), "takes no format specification"),
        (lambda x: str(x), Spoken(1), "cannot be formatted in compiled code"),
        (lambda x: str(x), Flags.A | Flags.B, "is not known when the function is compiled"),
        (lambda x: str(x), Odd.A, "is not known when the function is compiled"),
        (lambda x: f"{x!a}", Point(1, 2), "cannot be shown by `!a`"),
    ],
)
def test_what_is_refused(function, argument, message):
    with pytest.raises(numbra.NumbaError, match=message):
        njit(function)(argument)


def test_a_named_tuple_with_a_text_of_its_own_is_one_otherwise():
    f = njit(lambda p: (p, p.a + p[1], Spoken(3), p == (1, 2.0)))
    p, total, made, equal = f(Spoken(1))
    assert (type(p), total, tuple(made), equal) == (Spoken, 3.0, (3, 2.0), True)
