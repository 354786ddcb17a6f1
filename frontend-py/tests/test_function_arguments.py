"""Calls from Python with functions as arguments, and with `*args` and `**kwargs`."""
import math

import numbra
import numpy as np
import pytest
from numbra import njit


@njit
def apply(f, x):
    return f(x) + f(x + 1)


@njit
def square(x):
    return x * x


@njit
def half(x):
    return x / 2


def test_compiled_functions():
    assert apply(square, 3) == 25 and apply(half, 3) == 3.5 and apply(square, 0.5) == 2.5
    before = len(apply.signatures)
    assert apply(square, 4) == 41 and len(apply.signatures) == before
    local = njit(lambda x: x - 1)
    assert apply(local, 10) == 19 and apply(square, 3) == 25
    # Another function at the same place is another argument.
    for factor in range(3):
        assert apply(njit(lambda x: x * factor), 2) == 5 * factor


def test_recursion_through_an_argument():
    @njit
    def walk(f, n):
        return n if n <= 0 else f(n) + walk(f, n - 1)

    assert walk(square, 4) == 30 and walk(half, 4) == 5.0


def test_library_functions():
    assert apply(math.sqrt, 0) == 1.0 and apply(np.cos, 0.0) == np.cos(0.0) + np.cos(1.0) and apply(abs, -1) == 1 and apply(float, 1) == 3.0

    @njit
    def cast(x, kind):
        return kind(x)

    assert cast(2.75, int) == 2 and cast(-1, np.uint8) == 255 and type(cast(1, np.float32)) is type(njit(lambda x: np.float32(x))(1))


def test_functions_in_tuples():
    @njit
    def each(functions, x):
        return functions[0](x), functions[1](functions[2](x))

    assert each((square, half, math.sqrt), 16) == (256, 2.0)


def test_functions_that_cannot_be_passed():
    def plain(x):
        return x

    with pytest.raises(numbra.NumbaError, match="a Python function.*\n.*njit"):
        apply(plain, 1)

    @njit
    def broken(x):
        return x + undefined_name  # noqa: F821

    with pytest.raises(numbra.NumbaError, match="undefined_name"):
        apply(broken, 1)
    with pytest.raises(numbra.NumbaError, match="cannot be returned"):
        njit(lambda f: lambda x: f(x))(square)
    assert njit(lambda f: f)(square) is square


def test_variable_arguments():
    @njit
    def total(first, *rest, scale=1):
        s = first
        for r in rest:
            s += r
        return s * scale

    assert total(1) == 1 and total(1, 2, 3) == 6 and total(1, 2, 3, scale=2) == 12 and total(first=4) == 4 and total(0.5, *[1.5] * 20) == 30.5
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'first'"):
        total()
    with pytest.raises(TypeError, match="multiple values for argument 'first'"):
        total(1, 2, first=3)
    with pytest.raises(TypeError, match="unexpected keyword argument 'scales'"):
        total(1, scales=3)

    @njit
    def counts(*args):
        return len(args), args

    # A tuple as the only argument is not the tuple of all arguments.
    assert counts() == (0, ()) and counts((1, 2)) == (1, ((1, 2),)) and counts(1, (2.5,)) == (2, (1, (2.5,)))
    data = np.arange(3.0)
    assert counts(data, data)[1][1] is data


def test_variable_keywords():
    @njit
    def area(*, width, height=2):
        return width * height

    @njit
    def forward(*args, **kwargs):
        return area(**kwargs) + len(args)

    assert forward(width=3) == 6 and forward(1, 2, height=5, width=3) == 17 and forward(width=1.5, height=np.int8(2)) == 3.0
    with pytest.raises(numbra.NumbaError, match="misses its argument `width`"):
        forward(height=3)
    with pytest.raises(numbra.NumbaError, match="no parameter `depth`"):
        forward(width=3, depth=3)
    with pytest.raises(numbra.NumbaError, match="`width` is a list"):
        forward(width=[])

    @njit
    def kinds(a, /, **kwargs):
        return a, kwargs["a"] if "a" in kwargs else None, len(kwargs)

    assert kinds(1, a=2, b=3) == (1, 2, 2) and kinds(1, b=2) == (1, None, 1)
