"""Named tuples: passed, made, taken apart, compared, returned as instances of their class."""
import functools
from collections import namedtuple
from typing import NamedTuple

import numpy as np
import pytest

import numbra
from numbra import njit

from .test_optional import check

Point = namedtuple("Point", "x y")
Other = namedtuple("Other", ["x", "y"])
Defaults = namedtuple("Defaults", "a b c", defaults=(2.5, None))
Empty = namedtuple("Empty", "")


class Box(NamedTuple):
    """A box around points."""

    low: Point
    high: Point
    name: int = 7

    def area(self):
        return 0


def attributes(p):
    return p.x + p.y, p[0] - p[-1], len(p), p.x is None


def taken_apart(p):
    x, y = p
    total = 0
    for v in p:
        total += v
    return x, y, total, p[:1], p + (1,), sum(p), max(p), x in p, (y, x) == p


def made(x):
    return Point(x, 2), Point(y=x, x=1.5), Point(x=(x, x), y=Point(x, None))


def with_defaults(x):
    return Defaults(x), Defaults(x, 1), Defaults(x, c=3), Defaults(a=1, b=2, c=x)


def nested(box):
    return box.low.x * box.high.y + box.name, box.low, Box(box.high, box.low), box._replace(name=9)


def compared(p, q):
    return p == q, p != q, p < q, p <= q, p == (p.x, p.y), (q.x, 0) < q, p == None, p in (q, p), p == 3  # noqa: E711


def asked(p):
    return isinstance(p, Point), isinstance(p, tuple), isinstance(p, Other), isinstance(p, (int, Point)), hasattr(p, "x"), hasattr(p, "z"), bool(p), not p


def maybe(p):
    q = None
    if p.x > 1:
        q = p
    if q is None:
        return None
    return q._replace(x=q.x + 1)


def one_of_two(p):
    return p if p.x > 1 else Other(p.x, p.y)


def test_points():
    for function in (attributes, taken_apart, asked, maybe):
        check(function, (Point(1, 2),), (Point(2.5, 1),), (Point(np.float32(1.5), 2j),) if function is attributes else (Point(3, 3),))
    check(attributes, (Other(1, 2),), (Point(1, 2),))


def test_made():
    check(made, (3,), (0.5,))
    check(with_defaults, (3,), (np.uint8(3),))
    check(nested, (Box(Point(1, 2), Point(3, 4)),), (Box(Point(1.5, 2), Point(3, 4), 8),))
    result = njit(made)(1)
    assert type(result[0]) is Point and type(result[2].y) is Point
    assert type(njit(nested)(Box(Point(1, 2), Point(3, 4)))[2]) is Box
    check(lambda p: p, (Empty(),))


def test_comparisons():
    points = [Point(1, 2), Point(1, 3), Point(2, 0), Point(1.0, 2.0)]
    check(compared, *((p, q) for p in points for q in points))
    check(lambda p, q: (p == q, p is None), (Point(1, 2), Other(1, 2)))


def test_either_class_comes_back():
    compiled = njit(one_of_two)
    assert type(compiled(Point(1, 2))) is Other and type(compiled(Point(2, 2))) is Point
    check(one_of_two, (Point(1, 2),), (Point(2, 2),))


def test_arrays_in_fields():
    def scale(p):
        p.x[0] = 5
        return Point(p.x * p.y, p.x)

    a = np.arange(4.0)
    result = njit(scale)(Point(a, 2))
    assert isinstance(result, Point) and result.y is a and list(result.x) == [10.0, 2.0, 4.0, 6.0]


def test_calls_and_types():
    @njit
    def norm(p):
        return (p.x * p.x + p.y * p.y) ** 0.5

    @njit
    def longest(a, b):
        return a if norm(a) > norm(b) else b

    assert longest(Point(3.0, 4.0), Point(1.0, 1.0)) == Point(3.0, 4.0)
    assert "Point(x: float64, y: float64)" in str(longest.signatures[0][0])
    # Another class with the same fields is another type.
    norm(Other(3.0, 4.0))
    assert len(norm.signatures) == 1
    assert numbra.typeof(Point(1, 2)) == numbra.typeof(Point(3, 4)) != numbra.typeof(Other(1, 2))
    assert longest.get_overload(longest.signatures[0]) is not None


@pytest.mark.parametrize(("function", "text"), [
    (lambda p: p.z, "has no attribute `z`"), (lambda p: Point(1), "misses its field `y`"), (lambda p: Point(1, 2, 3), "has 2 fields"), (lambda p: Point(1, z=2), "no field `z`"),
    (lambda p: Point(1, x=2), "field `x` twice"), (lambda p: p._replace(z=1), "no field `z`"), (lambda p: p.area(), "has no attribute `area`"),
])
def test_errors(function, text):
    with pytest.raises(numbra.TypingError, match=text):
        njit(function)(Point(1, 2))


def test_tuple_methods():
    def methods(t, x):
        return t.count(x), t.index(2), (1, "a", None).count(None), t.count("a")

    check(methods, ((1, 2, 2), 2), ((2, 2.5), 2.5), ((1, 3), 1), ((2.0,), 5))


def lists_of_points(n):
    a = []
    a.append(Point(n, 2.5))
    a.append(Point(3, y=0.5))
    a.insert(0, Point(n, 5.0))
    a[0] = Point(7, 8.0)
    a[1:2] = [Point(3, 3.0), Point(4, 4.0)]
    a.extend([Point(9, 9.0)])
    a += [Point(1, 1.0)]
    a.remove(Point(3, 3.0))
    found = Point(9, 9.0) in a, (9, 9.0) in a, Point(9, 8.0) in a, a.index(Point(7, 8.0)), a.count(Point(1, 1.0))
    by_key = min(a, key=lambda p: p.y), sorted(a, key=lambda p: p.y), max(a), min(a), sorted(a, reverse=True)
    return a, a + [Point(0, 0.0)], a * 2, [Point(i, i * 0.5) for i in range(n)], [*a, Point(2, 2.0)], found, by_key, a[-1], a.pop().y, a == [Point(1, 1.0)], list((Point(1, 2.0), Point(3, 4.0)))


def test_lists_keep_the_class():
    for n in (0, 3):
        found, wanted = njit(lists_of_points)(n), lists_of_points(n)
        assert repr(found) == repr(wanted)


def test_partial_functions_of_named_tuples():
    @njit
    def scaled(k, p):
        return p.x * k + p.y

    assert njit(lambda p: functools.partial(scaled, 2)(p))(Point(3, 0.5)) == 6.5
