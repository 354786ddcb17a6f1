"""Attributes by name, enumerations by value, records from tuples, numbers' methods, `with`, functions returned to Python."""
import collections
import contextlib
import enum
import math

import numpy as np
import numbra
import pytest
from numbra import njit

from .check import same


class Color(enum.Enum):
    RED = 1
    GREEN = 2
    ALIAS = 1


class Level(enum.IntEnum):
    LOW = 3
    HIGH = 7


Point = collections.namedtuple("Point", "x y")
RECORD = np.dtype([("a", "i8"), ("b", "f8"), ("inner", [("c", "i4"), ("d", "f4")])])
PLAIN = np.dtype([("a", "i8"), ("b", "f8")])
NAME = "x"


@njit
def double(x):
    return 2 * x


@njit
def halve(x):
    return x / 2


def test_attributes_by_name():
    def named(p):
        return getattr(p, "x"), getattr(p, NAME), getattr(p, "z", 5), getattr(p, "y", None), getattr(math, "pi"), getattr(np, "sin")(0.5)

    def shape(a):
        return getattr(a, "shape", ())[0], getattr(1, "shape", ()), getattr(a, "sum")()

    def changed(a):
        setattr(a[1], "a", 7)
        return a[1].a, a

    same(named, Point(1, 2.5))
    same(shape, np.arange(3.0))
    a = np.zeros(2, PLAIN).view(np.recarray)
    assert njit(changed)(a)[0] == 7 and a[1].a == 7
    with pytest.raises(numbra.NumbaError, match="no attribute"):
        njit(lambda p: getattr(p, "z"))(Point(1, 2))


@pytest.mark.parametrize("n", [1, 2, 3, 7])
def test_enumerations(n):
    def by_value(n):
        return Color(n) is Color.RED, Color(n).value

    def level(n):
        return Level(n) + 1

    def by_name():
        return Color["RED"] is Color.RED, Color["ALIAS"] is Color.RED, Color["GREEN"].value

    def run_over(n):
        total = 0
        for c in Color:
            total = total * 10 + c.value
        return total, len(Color), [c.value for c in Level], sum(x * n for x in Level), [i for i, _ in enumerate(Color)], list(Level)[0] is Level.LOW

    same(by_value, n)
    same(level, n)
    same(by_name)
    same(run_over, n)


def test_records_from_tuples():
    def fills(a):
        a[0] = (1, 2.5, (3, 4.5))
        a[1:3] = (7, 8.0, (9, 0.5))
        a[3]["inner"] = (5, 6.0)
        r = a[2]
        r["a"] += 1
        return a["a"].sum(), a["b"].sum(), a["inner"]["c"].sum(), a["inner"]["d"].sum()

    def compares(a):
        a[0] = (1, 2.5)
        a[1] = a[0]
        before = a[0] == a[1], a[0] != a[1]
        a[1]["b"] = 3.0
        return before, a[0] == a[1], a[0] != a[1], a[2] == a[2]

    def lists(a):
        a["a"] = np.arange(len(a))
        chosen = [r for r in a if r["a"] % 2 == 1]
        chosen.append(a[0])
        chosen[0]["b"] = 9.0
        return len(chosen), chosen[0]["a"], chosen[-1]["a"], a["b"].sum()

    def wrong(a):
        a[0] = (1, 2)

    first, second = np.zeros(4, RECORD), np.zeros(4, RECORD)
    assert njit(fills)(first) == fills(second) and np.array_equal(first, second)
    first, second = np.zeros(3, PLAIN), np.zeros(3, PLAIN)
    assert njit(compares)(first) == compares(second)
    first, second = np.zeros(5, PLAIN), np.zeros(5, PLAIN)
    assert njit(lists)(first) == lists(second) and np.array_equal(first, second)
    returned = njit(lambda a: [a[1], a[0]])(first)
    assert returned[0] == first[1] and len(returned) == 2
    with pytest.raises(numbra.NumbaError, match="as many elements as it has fields"):
        njit(wrong)(np.zeros(4, RECORD))


def test_sequences_of_several_types():
    def joined(n):
        return np.concatenate([np.arange(n), np.arange(2.0)]), np.hstack([np.ones(n), np.zeros(1, np.int32)]), np.stack([np.arange(n), np.ones(n)])

    for mine, theirs in zip(njit(joined)(3), joined(3)):
        assert mine.dtype == theirs.dtype and np.array_equal(mine, theirs)


@pytest.mark.parametrize("n", [0, 1, 255, -256, 2**62, -2**63, 2**63 - 1])
def test_methods_of_integers(n):
    def integers(n):
        return n.bit_length(), n.bit_count(), n.conjugate(), n.numerator, n.denominator, n.real, n.imag, n.as_integer_ratio(), True.bit_length()
    same(integers, n)


@pytest.mark.parametrize("x", [0.0, -0.0, 1.5, -3.0, 0.1, 1e15, 2.0**-40, float("inf"), float("nan"), 1e300])
def test_methods_of_floats(x):
    def is_integer(x):
        return x.is_integer(), x.conjugate(), x.real, x.imag
    same(is_integer, x)
    if math.isfinite(x) and abs(x) < 1e18 and (x == 0 or abs(x) > 1e-3):
        same(lambda x: x.as_integer_ratio(), x)
    elif abs(x) != 2.0**-40:
        with pytest.raises((OverflowError, ValueError)):
            njit(lambda x: x.as_integer_ratio())(x)


def test_with():
    def silent(x, y):
        with np.errstate(divide="ignore", invalid="warn"):
            z = np.array([x]) / y
        with np.errstate(all="ignore"), contextlib.nullcontext(5) as k, contextlib.nullcontext():
            z = z + k
            if x > 100:
                return z[0], -1.0
        return z[0], x

    same(silent, 1.0, 2.0)
    same(silent, 101.0, 2.0)

    def raises(x):
        with np.errstate(all="raise"):
            return 1 / x

    def other(x):
        with open("file") as f:
            return x

    with pytest.raises(numbra.NumbaError, match="errstate.*ignore"):
        njit(raises)(1.0)
    with pytest.raises(numbra.NumbaError, match="`with` is not supported(.*\n)*.*contextlib.nullcontext"):
        njit(other)(1.0)

    def object_mode(x):
        with numbra.objmode(y="float64"):
            y = x + 1
        return y

    with pytest.raises(numbra.NumbaError, match="object mode is not supported(.*\n)*.*return the values that Python needs"):
        njit(object_mode)(1.0)


def test_patterns_of_named_tuples():
    def matched(p):
        match p:
            case Point(0, y):
                return y * 10
            case Point(x, y=2):
                return x
            case Point(x, y):
                return x + y

    for p in (Point(0, 3), Point(4, 2), Point(5, 6)):
        same(matched, p)


@pytest.mark.parametrize("a", [(1, 2), (1, 3), (0, 9)])
def test_order_of_tuples(a):
    def orders(a):
        b, c, d = (1, 2, 3), (1,), (1, (2, 0.5))
        return a < b, a <= b, a > b, a >= b, a < c, a <= c, a > c, a >= c, (a[0], (a[1], 1.5)) < d, (a[0], (a[1], 0.5, 1)) >= d, () < a, a <= ()

    same(orders, a)


def test_named_tuples_of_lists():
    def made(n):
        p = Point([n, 2], np.arange(n))
        p.x.append(7)
        return p.x, p.y.sum(), p

    found = njit(made)(3)
    assert found[0] == [3, 2, 7] and found[1] == 3 and type(found[2]) is Point and found[2].x == [3, 2, 7]


def test_functions_are_returned_to_python():
    def chosen(c):
        return double if c else halve

    def several(c):
        return (double, math.sin, c), [double, halve]

    def inner(c):
        def f(x):
            return x
        return f

    def captured(c):
        return lambda x: x + c

    @njit
    def itself(f):
        return f

    @njit
    def each(fs, x):
        return [f(x) for f in fs], fs[1]

    assert njit(chosen)(True) is double and njit(chosen)(False) is halve
    (a, b, c), d = njit(several)(3)
    assert a is double and b is math.sin and c == 3 and d == [double, halve] and d[1] is halve
    assert itself(double) is double and itself(math.cos) is math.cos
    values, second = each([halve, double, halve], 3.0)
    assert values == [1.5, 6.0, 1.5] and second is double
    for function in (inner, captured):
        with pytest.raises(numbra.NumbaError, match="cannot be returned to Python"):
            njit(function)(1)


def test_calls_without_what_they_usually_have():
    def nothing_zipped():
        count = 0
        for _ in zip():
            count += 1
        return list(zip()), [x for x in zip()], count

    def shown(x):
        return str(object=x), str()

    def hashed(x):
        return x.__hash__(), getattr((x, 1), "__hash__")()

    def raised_again(x):
        if x:
            raise
        return x

    same(nothing_zipped)
    for x in (3, 2.5, True):
        same(shown, x)
        same(hashed, x)
    assert njit(raised_again)(0) == 0
    with pytest.raises(RuntimeError, match="No active exception to reraise"):
        njit(raised_again)(1)
    with pytest.raises(ZeroDivisionError) as caught:
        try:
            1 // 0
        except ZeroDivisionError:
            njit(raised_again)(1)
    assert caught.value.args == ("integer division or modulo by zero",)

    # An exception of the program with the same class and text is that exception.
    def raised_alike(x):
        if x:
            raise RuntimeError("No active exception to reraise")
        return x

    with pytest.raises(RuntimeError, match="No active exception"):
        try:
            1 // 0
        except ZeroDivisionError:
            njit(raised_alike)(1)


@njit
def fails(x):
    raise ValueError("failed", x)


@njit
def fails_twice(x):
    if x > 1:
        fails(x)
    else:
        fails_with_text(x)


@njit
def fails_with_text(x):
    raise KeyError("key")


@njit
def spins():
    while True:
        fails(0)


def test_calls_that_never_return_have_no_value():
    """What is behind them has no types, and a variable has the type of the other paths."""
    def chosen(x):
        y = fails(x) if x > 5 else 3
        return y + x

    def other_type(x):
        y = 1.5
        if x > 5:
            y = fails_twice(x)
            y = y.nothing_like_that + "text"
        return y * 2

    def always(x):
        fails_twice(x)
        return "never"

    def without_end():
        spins()
        return 1

    def in_expression(x):
        return x + (fails(x) or 1) if x > 2 else x

    def in_loop(n):
        total = 0
        for i in range(n):
            total += i if i < 4 else fails_with_text(i)
        return total

    for x in (0, 1, 3, 6):
        for f in (chosen, other_type, always, in_expression, in_loop):
            same(f, x)
    same(without_end)
    assert type(njit(chosen)(1)) is int and type(njit(other_type)(1)) is float


def test_recursion_without_an_end_is_refused():
    @njit
    def forever(n):
        return forever(n + 1)

    with pytest.raises(numbra.TypingError, match="never returns: every path calls it again"):
        njit(lambda n: forever(n))(1)
