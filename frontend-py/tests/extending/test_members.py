"""Methods and attributes that a program adds to values."""
import numpy as np
import pytest

from numbra import njit, types
from numbra.errors import TypingError
from numbra.extending import overload_attribute, overload_method


@overload_method(types.Array, "summed")
def array_summed(a, times=10, *, start=0):
    if a.ndim != 1:
        raise TypingError("only arrays of one dimension have `summed`")

    def implementation(a, times=10, *, start=0):
        return start + a.sum() * times

    return implementation


@overload_method(types.Integer, "halved")
def integer_halved(n):
    return lambda n: n // 2


@overload_method(types.Float, "halved")
def float_halved(x):
    return lambda x: x / 2


@overload_method(types.BaseTuple, "first_of")
def tuple_first_of(t, n):
    return lambda t, n: t[:2] if n == 2 else t[:1] + t[:1]


@overload_attribute(types.Array, "half_size")
def array_half_size(a):
    return lambda a: a.size / 2


def test_methods():
    @njit
    def f(a, n, x, t):
        return a.summed(), a.summed(2), a.summed(times=3, start=1), n.halved(), x.halved(), t.first_of(2)

    assert f(np.arange(4), 7, 7.0, (1, 2.5, 3)) == (60, 12, 19, 3, 3.5, (1, 2.5))


def test_methods_that_do_not_fit():
    @njit
    def f(a):
        return a.summed()

    @njit
    def g(a):
        return a.halved()

    with pytest.raises(TypingError, match="only arrays of one dimension have `summed`"):
        f(np.zeros((2, 2)))
    with pytest.raises(TypingError, match="no attribute `summed`"):
        f((1, 2))
    with pytest.raises(TypingError, match="no attribute `halved`"):
        g(np.zeros(3))
    assert g(9) == 4


def test_attributes():
    @njit
    def f(a):
        return a.half_size, a.T.half_size

    assert f(np.zeros((3, 3))) == (4.5, 4.5)


def test_wrong_uses_of_the_decorators():
    with pytest.raises(TypeError, match="takes a class of types"):
        overload_method(int, "x")
    with pytest.raises(TypeError, match="has no option"):
        overload_attribute(types.Array, "x", speed=1)
