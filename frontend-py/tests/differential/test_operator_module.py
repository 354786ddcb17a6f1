"""The functions of `operator`, on numbers, tuples and arrays."""
import operator

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
