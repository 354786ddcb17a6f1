"""Variables that hold one of several functions, and operations that every type of a union supports."""
import functools
import math
import operator

import numpy as np
import numbra
import pytest
from numbra import njit

from .check import same


@njit
def increment(x):
    return x + 1


@njit
def halve(x):
    return x / 2


PAIR = (increment, halve)


@pytest.mark.parametrize("c", [True, False])
@pytest.mark.parametrize("x", [3.0, 2.5])
def test_one_of_several_functions(c, x):
    def compiled(c, x):
        f = increment if c else halve
        return f(x), f(f(x))

    def nested(c, x):
        if c:
            f = lambda y: y + x
        else:
            f = lambda y, z=2: y * z
        return f(x)

    def mixed(c, x):
        f = math.sqrt
        if c:
            def f(y):
                return y + x
        return f(4.0)

    def partials(c, x):
        f = functools.partial(operator.add, x) if c else functools.partial(pow, 2.0)
        return f(1.5)

    def passed(c, x):
        def apply(f, y):
            return f(f(y))
        return apply(increment if c else halve, x)

    def recursive(c, x):
        def run(f, n):
            if n == 0:
                return f(x)
            return run(halve if c else f, n - 1)
        return run(increment, 3)

    def none_or_function(c, x):
        f = halve if c else None
        return -1.0 if f is None else f(x)

    for function in (compiled, nested, mixed, partials, passed, recursive, none_or_function):
        same(function, c, x)


@pytest.mark.parametrize("i", [0, 1, -1])
def test_functions_in_sequences(i):
    def of_tuple(i):
        return PAIR[i](3.0), (math.sin, math.cos, math.sqrt)[i](2.0), (lambda x: x, lambda x: x * i, increment)[i](5)

    def of_list(i):
        fs = [increment, halve]
        fs.append(lambda x: x * 1.0)
        return fs[i](3.0)

    def loops(i):
        total = 0.0
        for f in (math.sin, math.cos, np.tan, abs, lambda x: x + i, increment):
            total += f(1.5 + i)
        for k, f in enumerate([increment, halve]):
            total = f(total) + k
        return total, [f(2.0) for f in PAIR]

    def many(i):
        total = 0.0
        for f in (math.sin, math.cos, math.tan, math.exp, math.log, math.sqrt, math.floor, math.ceil, math.fabs, increment, halve):
            total += f(2.25)
        return total

    for function in (of_tuple, of_list, loops, many):
        same(function, i)


def test_functions_from_python():
    @njit
    def each(fs, x):
        total = 0.0
        for f in fs:
            total += f(x)
        return total

    @njit
    def one(fs, i, x):
        return fs[i](x)

    assert each((increment, halve), 3) == each.py_func((increment.py_func, halve.py_func), 3)
    assert one((increment, halve), 1, 3) == 1.5 and one((increment, halve), 0, 3) == 4


def array_or_none(a, c):
    x = None
    if c == 1:
        x = a
    elif c == 0:
        x = a.reshape(3, 2)
    return x.sum(), len(x)


@pytest.mark.parametrize("c", [0, 1])
def test_operations_on_unions(c):
    def arrays(a, c):
        x = a if c else a.reshape(2, 3)
        return x.sum(), len(x), x.ndim, x.size, x.mean(), (x + 1).sum(), x.max()

    def scalar_or_array(a, c):
        x = a if c else 3.5
        return x + 1, np.sum(x), -x, abs(x), 2 * x

    def called(a, c):
        def f(x, y):
            return x[0] + y
        x = a if c else (1.0, 2.0)
        return f(x, 2), len(x), x[-1]

    def stores(a, c):
        x = a if c else [1.0, 2.0, 3.0]
        x[0] = 7.0
        x[1] += 2
        return x[0], x[1]

    def both(a, c):
        x = a if c else 2
        y = 3.0 if c else a
        return np.sum(x * y)

    def unpacked(a, c):
        x = (1, 2.5) if c else (a, 3.0)
        p, q = x
        return len(x), q

    def itself(a, c):
        x = a if c else a.reshape(2, 3)
        x *= 2
        return a.sum()

    for function in (arrays, scalar_or_array, called, stores, both, unpacked, array_or_none, itself):
        same(function, np.arange(6.0), c)


def test_none_among_several():
    a = np.arange(6.0)
    for c in (0, 1):
        same(array_or_none, a, c)
    with pytest.raises(TypeError):
        njit(array_or_none)(a, 2)

    def library(c, x):
        f = math.sin if c else None
        return f(x)

    def compiled(c, x):
        f = increment if c else None
        return f(x)

    def partial(c, x):
        f = functools.partial(pow, 2.0) if c else None
        return f(x)

    for function in (library, compiled, partial):
        same(function, True, 1.5)
        same(function, False, 1.5)


def test_refusals():
    def unsupported(a, c):
        x = a if c else 3
        return len(x)

    def of_one(a, c):
        x = a if c else (1, 2)
        return x.mean()

    def argument(a, c):
        f = increment if c else 3
        return f(1)

    for function, word in ((unsupported, "len"), (of_one, "mean"), (argument, "cannot be called")):
        with pytest.raises(numbra.NumbaError, match="no common type") as error:
            njit(function)(np.arange(3.0), 1)
        assert word in str(error.value)
