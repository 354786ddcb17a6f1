"""Parameters and arguments: `*args`, `**kwargs`, starred values in calls, displays and targets."""
import functools
import math
import operator
from functools import partial, reduce

import numpy as np
import numbra
import pytest
from numbra import njit

from .check import same


@njit
def three(x, y=2, z=3):
    return x + 10 * y + 100 * z


@njit
def gather(*args):
    return args


@njit
def forward(*args, **kwargs):
    return three(*args, **kwargs)


@njit
def options(**kwargs):
    return kwargs["p"] if "p" in kwargs else len(kwargs)


@pytest.mark.parametrize("a", [0, 3, -1.5, 2j])
def test_variable_parameters(a):
    def positional(a):
        t = (1, 2.5)
        return gather(), gather(*t), gather(a, *t, 4), gather(*t, *t), gather(*(), a), len(gather(*(a, a)))

    def nested(a):
        def total(first, *rest, scale=2):
            s = first
            for r in rest:
                s += r * scale
            return s
        return total(a), total(a, a), total(a, a, a, scale=10), total(*(a, a, a))

    def keywords(a):
        return forward(1), forward(1, 5), forward(1, z=7), forward(x=a, y=2), forward(*(1, a, 3)), options(), options(q=2, r=a), options(p=9.5, q=1)

    def both(a):
        def f(x, *args, y=1, **kwargs):
            return x, args, y, len(kwargs), three(x, **kwargs)
        return f(a), f(a, 1, 2), f(a, 1, y=a), f(a, z=4), f(a, 5, 6, z=4, y=a)

    for function in (positional, nested, keywords, both):
        same(function, a)


@pytest.mark.parametrize("t", [(1, 2), (1, 2.5, 3j), (True, 1, 2, 3.5)])
def test_starred_values(t):
    def displays(t):
        return (*t,), (0, *t), (*t, 0), (*t, 5, *t), (*t[1:], *())

    def arguments(t):
        return len(gather(*t)), gather(*t)[0], three(*t[:2]), three(t[0], *t[1:2], z=1)

    def targets(t):
        a, *b = t
        *c, d = t
        e, *f, g = t
        return a, tuple(b), tuple(c), d, e, tuple(f), g, len(b)

    def nested_targets(t):
        (a, *b), c = (t, t)
        for first, *rest in ((t, t), (t, t)):
            a = first[0] + len(rest)
        return a, tuple(b), c

    for function in (displays, arguments, targets, nested_targets):
        same(function, t)


def test_starred_arguments_of_builtins():
    def f(a):
        t = (a, 2, 3)
        return max(*t), min(*t[1:], 9), max(*t, *t), divmod(*t[1:])

    def g(a):
        total = 0
        for i in range(*(a, 10, 2)):
            total += i
        for x, y in zip(*((1, 2), (a, 4))):
            total += x * y
        return total

    same(f, 7)
    same(g, 3)


def refusal(function, *arguments):
    with pytest.raises(numbra.NumbaError) as caught:
        njit(function)(*arguments)
    return str(caught.value)


def test_refusals():
    def array(a):
        return three(*a)

    def mapping(a):
        return three(**a)

    def too_many(a):
        return three(*(1, 2, 3, 4))

    def twice(a):
        return forward(1, x=2)

    def missing_key(a):
        def f(**kwargs):
            return kwargs["size"]
        return f(shape=1)

    def too_few(t):
        a, b, *c, d = t[:2]
        return a

    ones = np.ones(3)
    assert "how many elements it has is not known" in refusal(array, ones) and "`**` does not take" in refusal(mapping, (1, 2))
    assert "takes 3 arguments, but 4 are given" in refusal(too_many, 1) and "gets its parameter `x` twice" in refusal(twice, 1)
    assert "there is no keyword argument `size`" in refusal(missing_key, 1)
    assert "at least 3 variables" in refusal(too_few, (1, 2))


@pytest.mark.parametrize("a", [0, 3, -1.5])
def test_partial(a):
    def plain(x, y, z=3):
        return x + 10 * y + 100 * z

    def f(a):
        def g(x, y, z=3):
            return x + 10 * y + 100 * z
        p, q = partial(g, a), functools.partial(g, y=a, z=1)
        r = partial(p, 2)
        return p(1), p(1, 5), p(y=2, z=7), q(4), q(4, z=a), q(x=1, y=2), r(), r(9), partial(abs, a)(), partial(math.atan2, 1.0)(a)

    same(f, a)

    def in_place(a):
        b = np.arange(3.0)
        total = 0.0
        for x in map(partial(three, a), b):
            total += x
        return total + sum(map(partial(lambda p, q: p * q, a), b)) + functools.reduce(partial(lambda s, x, y: s * x + y, 2), b, a)

    def expected(a):
        b = np.arange(3.0)
        return sum(a + 10 * x + 300 for x in b) + sum(a * x for x in b) + functools.reduce(lambda x, y: 2 * x + y, b, a)

    assert njit(in_place)(a) == expected(a)


@pytest.mark.parametrize("a,b", [(7, 2), (-7, 3), (True, False), (5, -1)])
def test_operators_as_functions(a, b):
    def arithmetic(a, b):
        return operator.add(a, b), operator.sub(a, b), operator.mul(a, b), operator.lt(a, b), operator.eq(a, b), operator.ge(a, b), operator.ne(a, b), operator.neg(a), operator.not_(a)

    def integers(a, b):
        return operator.and_(a, b), operator.or_(a, b), operator.xor(a, b), operator.truth(a), operator.pos(b)

    def division(a, b):
        return operator.floordiv(a, b), operator.mod(a, b), operator.truediv(a, b), operator.pow(a, 2)

    def first_class(a, b):
        total = 0
        for f in ((operator.add, operator.sub)[0], operator.add):
            total += f(a, b)
        return reduce(operator.mul, (a, b, 3)), reduce(operator.add, (x * a for x in range(b + 5)), 0), operator.contains((a, 2), b), max(map(operator.neg, (a, b)))

    for function in (arithmetic, integers, division, first_class):
        same(function, a, b)


def test_operators_on_elements():
    def f(a, b):
        c = a.copy()
        operator.setitem(c, 1, b)
        return operator.getitem(a, 2), operator.getitem(a, slice(1, None)), operator.getitem((1, "b"), 1), operator.countOf(a, b), operator.indexOf(a, b), operator.indexOf([3, b], b), c

    for a in (np.array([4, 5, 7, 5]), [2, 5, 5]):
        np.testing.assert_equal(njit(f)(a, 5), f(a, 5))
    with pytest.raises(ValueError, match="x not in sequence"):
        njit(f)(np.arange(3), 9)


def test_operators_on_arrays():
    def f(a, b):
        return operator.add(a, b).sum() + reduce(operator.mul, (a, b, a)).sum()

    x, y = np.arange(4.0), np.linspace(1, 2, 4)
    assert np.isclose(njit(f)(x, y), f(x, y))
