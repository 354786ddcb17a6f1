"""Members of enumerations: constants, arguments, comparisons, results."""
import enum

import numpy as np
import pytest

import numbra
from numbra import njit

from .test_optional import check


class Color(enum.Enum):
    RED = 1
    GREEN = 2
    BLUE = 4
    ALIAS = 1


class Other(enum.Enum):
    RED = 1


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 10


class Weight(enum.Enum):
    LIGHT = 0.5
    HEAVY = 2.5


class Text(enum.Enum):
    A = "first"
    B = "second"


def constants(x):
    return Color.RED.value + x, Color.GREEN.name == "GREEN", Color.BLUE, Color.ALIAS, Text.A.value == "first", Weight.HEAVY.value


def members(c):
    return c, c.value, c is Color.RED, c is not Color.RED, c == Color.GREEN, c != Color.GREEN, c == Other.RED, c == 1, c is None, c in (Color.RED, Color.BLUE), bool(c)


def chosen(x):
    return Color.RED if x > 0 else Color.BLUE


def maybe(x):
    return Color.RED if x > 0 else None


def level(v):
    return v + 1, v * 2.5, v == 10, v == Level.HIGH, v is Level.LOW, v < Level.HIGH, v, -v, abs(v), v in (10, 11), max(v, 3), int(v), float(v), range(v), bool(v)


def indexed(a, v):
    return a[v], a[Level.LOW], a[Level.LOW:Level.HIGH].sum()


def text(x):
    return Text.A == Text.B, Text.A is Text.A, Text.B.name == "B"


def test_enumerations():
    check(constants, (3,))
    check(members, (Color.RED,), (Color.GREEN,), (Color.BLUE,))
    check(chosen, (1,), (-1,))
    check(maybe, (1,), (-1,))
    check(text, (1,))
    check(lambda w: (w.value * 2, w is Weight.LIGHT, w), (Weight.LIGHT,), (Weight.HEAVY,))
    assert njit(chosen)(1) is Color.RED


def test_integer_enumerations():
    check(level, (Level.LOW,), (Level.HIGH,))
    check(indexed, (np.arange(20), Level.HIGH))
    assert njit(lambda v: v)(Level.HIGH) is Level.HIGH
    check(lambda v: (isinstance(v, Level), isinstance(v, int), isinstance(v, Color)), (Level.LOW,), (Color.RED,), (3,))


def test_tuples_of_members():
    def count(t):
        n = 0
        for c in t:
            if c is Color.RED:
                n += 1
        return n, t[0], (c, 1)

    check(count, ((Color.RED, Color.BLUE, Color.RED),), ((Color.GREEN,),))


def test_names_at_run_time():
    @njit
    def names(c, level, weights):
        other = Color.GREEN if level.value > 1 else c
        return c.name, level.name + "!", [w.name for w in weights], other.name, f"{c.name:>6}", c.name == "RED"

    for c in Color:
        for level in Level:
            args = c, level, (Weight.HEAVY, Weight.LIGHT) if hasattr(Weight, "LIGHT") else tuple(Weight)
            assert names(*args) == names.py_func(*args)


def test_errors():
    with pytest.raises(numbra.TypingError, match="is an enumeration"):
        njit(lambda x: Color(x, x))(1)
    with pytest.raises(ValueError, match="^3 is not a valid Color$"):
        njit(lambda x: Color(x))(3)
    with pytest.raises(numbra.NumbaError, match="no attribute `PURPLE`"):
        njit(lambda x: Color.PURPLE)(1)
    with pytest.raises(numbra.TypingError, match="does not take"):
        njit(lambda c: c + 1)(Color.RED)
    with pytest.raises(TypeError, match="value is no number"):
        njit(lambda c: 1)(Text.A)
