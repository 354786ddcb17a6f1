"""The functions of `operator`, on numbers, tuples and arrays."""
import operator
from collections import namedtuple

import numpy as np
import pytest

import numbra

BINARY = ["add", "and_", "eq", "floordiv", "ge", "gt", "iadd", "iand", "ifloordiv", "ilshift", "imod", "imul", "ior", "ipow", "irshift", "is_not", "isub",
          "itruediv", "ixor", "le", "lshift", "lt", "mod", "mul", "ne", "or_", "pow", "rshift", "sub", "truediv", "xor"]
UNARY = ["abs", "inv", "invert", "neg", "not_", "pos", "truth"]


def compiled(name, arity):
    f = getattr(operator, name)
    return numbra.njit((lambda a: f(a)) if arity == 1 else (lambda a, b: f(a, b)))


@pytest.mark.parametrize("name", BINARY)
def test_two_integers(name):
    f = compiled(name, 2)
    if name == "is_not":
        assert f(1, None) is True and f(None, None) is False
        return
    for a, b in [(7, 2), (-7, 3), (0, 5)]:
        expected = getattr(operator, name)(a, b)
        assert f(a, b) == expected and type(f(a, b)) is type(expected)


@pytest.mark.parametrize("name", UNARY)
def test_one_integer(name):
    f = compiled(name, 1)
    for a in (0, 5, -3):
        assert f(a) == getattr(operator, name)(a)


@pytest.mark.parametrize("name", ["add", "sub", "mul", "truediv", "lt", "eq", "ne", "ge", "pow", "floordiv", "mod"])
def test_arrays(name):
    a, b = np.arange(6.0).reshape(2, 3), np.array([3.0, 1.0, 2.0])
    result, expected = compiled(name, 2)(a, b), getattr(operator, name)(a, b)
    assert result.dtype == expected.dtype
    np.testing.assert_array_equal(result, expected)


def test_tuples_and_membership():
    assert numbra.njit(lambda a, b: operator.concat(a, b))((1, 2), (3.5,)) == (1, 2, 3.5)
    assert numbra.njit(lambda a, b: operator.contains(a, b))((1, 2), 2) is True


Point = namedtuple("Point", "x y")
Pair = namedtuple("Pair", "first second")


def test_attributes_by_name():
    def attributes(p, q, a):
        one, several = operator.attrgetter("x"), operator.attrgetter("y", "x")
        return one(p), several(p), operator.attrgetter("first.y", "second.x")(q), operator.attrgetter("size")(a), operator.attrgetter("T")(a)[0, 0], callable(one)

    p, a = Point(1, 2.5), np.arange(6.0).reshape(2, 3)
    assert numbra.njit(attributes)(p, Pair(p, Point(3, 4)), a) == attributes(p, Pair(p, Point(3, 4)), a)

    def of_lists(points):
        return sorted(points, key=operator.attrgetter("y")), [y for y in map(operator.attrgetter("x"), points)], max(points, key=operator.attrgetter("x", "y"))

    points = [Point(i % 3, -i) for i in range(7)]
    assert numbra.njit(of_lists)(points) == of_lists(points)


def test_methods_by_name():
    def methods(s, a):
        parts = operator.methodcaller("split", ",", maxsplit=1)
        return parts(s), operator.methodcaller("upper")(s), operator.methodcaller("sum")(a), operator.methodcaller("reshape", (3, 2))(a)[2, 1], list(map(operator.methodcaller("strip"), parts(s)))

    a = np.arange(6.0).reshape(2, 3)
    assert numbra.njit(methods)(" a, b ,c", a) == methods(" a, b ,c", a)


@pytest.mark.parametrize("function, text", [
    (lambda x: operator.attrgetter("size")(3), "no attribute `size`"),
    (lambda x: operator.attrgetter("sum")(x), 'operator.methodcaller("sum")'),
    (lambda x: operator.attrgetter(1)(x), "a name is a constant string, not int64"),
    (lambda x: operator.attrgetter("T")(x, x), "takes 1 argument, but 2 are given"),
    (lambda x: operator.attrgetter()(x), "misses a name"),
    (lambda x: operator.methodcaller("summe")(x), "did you mean `sum`?"),
    (lambda x: operator.methodcaller("size")(x), "is no method"),
    (lambda x: operator.methodcaller(name="sum")(x), "misses a name"),
])
def test_names_that_do_not_fit(function, text):
    with pytest.raises(numbra.NumbaError) as error:
        numbra.njit(function)(np.arange(3.0))
    assert text in str(error.value)


def test_operators_as_arguments():
    @numbra.njit
    def fold(f, values, start):
        for value in values:
            start = f(start, value)
        return start

    assert numbra.njit(lambda a: fold(operator.add, a, 0))(np.arange(5)) == 10
    assert numbra.njit(lambda a: fold(operator.mul, a, 1))(np.arange(1, 5)) == 24


@pytest.mark.parametrize("a, b", [(np.uint64(2**63 + 5), np.int64(3)), (np.int64(-8), np.uint64(3))])
def test_bits_of_mixed_signedness(a, b):
    both = numbra.njit(lambda a, b: (a & b, a | b, a ^ b))
    bits = [int(a) % 2**64, int(b) % 2**64]
    expected = (bits[0] & bits[1], bits[0] | bits[1], bits[0] ^ bits[1])
    assert tuple(x % 2**64 for x in both(a, b)) == expected
    shifts = numbra.njit(lambda a, b: (a << b, a >> b))
    assert shifts(a, b) == (int(a << type(a)(int(b))), int(a >> type(a)(int(b))))
