"""Functions inside functions: captured values, calls, recursion, functions as values."""
import math

import numpy as np
import numbra
import pytest
from numbra import njit

from .check import same

INTS = [0, 1, 5, -3, 12]


@njit
def twice(f, x):
    return f(f(x))


@njit
def compose(f, g):
    return lambda x: f(g(x))


@pytest.mark.parametrize("x", [0, 3, -2.5, 1j, True])
def test_captured_values(x):
    def nested(x):
        def add(y):
            return x + y
        return add(2), add(x), (lambda y, z=2: x * y + z)(5)

    def transitive(x):
        def a():
            def b():
                def c():
                    return x
                return c()
            return b()
        return a()

    def hidden(x):
        def outer():
            return x

        def both(x):
            return outer() * 10 + x
        return both(5)

    for function in (nested, transitive, hidden):
        same(function, x)


@pytest.mark.parametrize("n", INTS)
def test_functions_are_returned_and_stored(n):
    def returned(n):
        def make(k):
            def add(v):
                return v + k * n
            return add
        f, g = make(n), make(n + 0.5)
        return f(1), g(1), make(2)(3)

    def stored(n):
        functions = (lambda x: x + n, lambda x: x * n, math.sqrt, abs)
        return functions[0](1), functions[1](2), functions[2](16.0), functions[3](-n), functions[-1](2)

    def arrays(n):
        def make(m):
            z = np.ones(m)

            def get(i):
                return z[i] * m
            return get
        f, g = make(n * n + 2), make(n * n + 3)
        return f(1) + g(2)

    for function in (returned, stored, arrays):
        same(function, n)


@pytest.mark.parametrize("n", INTS)
def test_recursion(n):
    def factorial(n):
        def f(k):
            return 1 if k <= 1 else k * f(k - 1)
        return f(n)

    def by_lambda(n):
        f = lambda k: 1 if k < 2 else k * f(k - 1)
        return f(n) + n

    def mutual(n, m):
        def even(k):
            return m if k <= 0 else odd(k - 1)

        def odd(k):
            if k <= 0:
                return n
            return even(k - 1)
        return even(n), odd(n), even(m)

    def captured_in_recursion(n):
        limit = n * 2

        def count(k, step=limit - n):
            if k > limit:
                return 0
            return 1 + count(k + abs(step) + 1)
        return count(0)

    def no_early_return(n):
        # The first return of each is a call of the other.
        def f(k):
            if k > 0:
                return g(k - 1)
            return 1.5

        def g(k):
            return f(k - 1)
        return f(n), g(n)

    for function in (factorial, by_lambda, captured_in_recursion, no_early_return):
        same(function, n)
    same(mutual, n, 7)


@pytest.mark.parametrize("x", [0.5, 4.0, 81.0])
def test_functions_as_arguments(x):
    def apply(x):
        def plus(y):
            return y + x
        return twice(plus, 1), twice(lambda v: v * x, x), twice(math.sqrt, x), twice(np.sqrt, x), compose(plus, math.sqrt)(x), compose(math.floor, plus)(x)

    def plain(x):
        return (1 + x) + x, x * x * x, math.sqrt(math.sqrt(x)), np.sqrt(np.sqrt(x)), math.sqrt(x) + x, math.floor(x + x)

    assert njit(apply)(x) == plain(x)


def test_defaults_are_evaluated_where_the_function_is_made():
    def f(a):
        def g(x, y=a + 1, *, z=a * 2, t=(1, -2.5), u=None):
            return x + 10 * y + 100 * z + t[1] + (0 if u is None else u)
        a = g(1)
        return g(1), g(1, 2), g(1, z=0), g(x=1, u=a), a

    def of_lambda(a):
        total = 0
        for i in range(4):
            f = lambda x, i=i, a=a: x * i + a
            total += f(2)
        return total

    def kept(a):
        functions = []
        for i in range(3):
            def f(x, i=i):
                return x * i + a
            functions.append(f)
        return [g(10) for g in functions], functions[0](1, i=5)

    for a in INTS:
        same(f, a)
        same(of_lambda, a)
        same(kept, a)


def test_stores_through_captured_arrays():
    def f(a, k):
        def at(i):
            return a[i] * k

        def put(i, v):
            a[i] = v
        put(0, 7.5)
        put(-1, at(1))
        total = 0.0
        for i in range(len(a)):
            total += at(i)
        return total

    same(f, np.arange(5.0), 2.0)
    same(f, np.arange(12.0)[::-2], -0.5)


def test_conditions():
    def chosen_by_type(x):
        if x is None:
            f = lambda y: y + 1
        else:
            f = lambda y: y + x
        return f(1)

    def both(a):
        if a > 3:
            x = 1
            f = lambda y: x + y
        else:
            x = 2
            f = lambda y: x * y
        return x

    same(chosen_by_type, None)
    same(chosen_by_type, 4)
    same(both, 1)
    same(both, 7)


def test_functions_called_where_they_are_made():
    def f(n):
        i, s = 0, 0
        while i < n:
            s += (lambda k: k * i + n)(2)
            i += 1
        return s

    for n in INTS:
        same(f, n)


def refusal(function, *arguments):
    with pytest.raises(numbra.NumbaError) as caught:
        njit(function)(*arguments)
    return str(caught.value)


def test_refusals():
    def decorated(a):
        @njit
        def f():
            return a
        return f()

    def returned(a):
        return lambda: a

    def wrong_call(a):
        def f(x):
            return x + a
        return f(1, 2)

    def wrong_keyword(a):
        def f(value):
            return value + a
        return f(a=2)

    assert "decorators of nested functions" in refusal(decorated, 1) and "cannot be returned to Python" in refusal(returned, 1)
    assert "takes 1 argument, but 2 are given" in refusal(wrong_call, 1) and "has no parameter `a`" in refusal(wrong_keyword, 1)
