"""`with` on functions of `contextlib.contextmanager`, against CPython: what runs when, in which order, and what is refused."""
import contextlib
from contextlib import contextmanager

import numpy as np
import pytest

import numbra
from numbra import njit

from .check import same


@contextmanager
def scaled(a, by=2.0):
    a *= by
    factor = by
    yield a.sum()
    a /= factor


@contextmanager
def logged(log, n, *, step=1):
    log.append(n)
    count = 0
    for i in range(n):
        if i > 2:
            last = i
        count += step
    x = yield
    log.append(-n)
    count += 1
    if n > 3:
        log.append(last)
    if x is None:
        log.append(count)
    if n == 7:
        return
    log.append(100)


@contextlib.contextmanager
def checked(n):
    if n < 0:
        return
    if n == 0:
        raise ValueError("zero")
    yield n, n * 2


@contextmanager
def unbound(log, n):
    if n > 0:
        x = n
    yield n
    log.append(1)
    log.append(x)


def test_values_and_order():
    def arrays(a):
        with scaled(a) as s:
            a += 1
            t = a.sum()
        with scaled(a, by=4.0):
            u = a.copy()
        return s, t, u

    def several(n):
        log = [0]
        with logged(log, n), logged(log, n + 1, step=3):
            log.append(1000)
            if n == 4:
                return log
        for i in range(6):
            with logged(log, i):
                if i == 1:
                    continue
                with logged(log, 10 * i):
                    if i == 4:
                        break
                    log.append(50)
            log.append(60)
        else:
            log.append(70)
        return log

    def returning(n):
        with checked(n) as (x, y):
            return x + y

    same(arrays, np.arange(3.0))
    for n in (0, 1, 2, 3, 4, 5, 7):
        same(several, n)
    for n in (-1, 0, 3):
        same(returning, n)


def test_exceptions_leave_the_rest_out():
    log = np.zeros(4)

    @contextmanager
    def counted(a, i):
        a[i] += 1
        yield a
        a[i] += 10

    def raising(a, n):
        with counted(a, 0) as b, contextlib.nullcontext(5) as k, counted(b, 1):
            a[3] = k
            if n > 1:
                raise KeyError("k")
            a[2] = 1 // n
        return a[0]

    for n in (1, 0, 2):
        same(raising, log, n)

    def late(n):
        log = [0]
        with unbound(log, n) as m:
            log.append(m + 10)
        return log

    same(late, 2)
    with pytest.raises(UnboundLocalError):
        njit(late)(0)


def test_managers_of_compiled_functions():
    """The generator function may be one that `njit` takes, as it is never called."""
    @contextmanager
    @njit
    def doubled(a):
        a *= 2
        yield
        a += 1

    def plain(a):
        with doubled(a):
            a -= 3
        return a

    np.testing.assert_array_equal(njit(plain)(np.arange(3)), [-2, 0, 2])

    def in_loop(a, n):
        total = 0.0
        for i in range(n):
            with scaled(a[i:i + 2], i + 1.0) as s:
                total += s
        return total

    same(in_loop, np.arange(8.0), 6)


@contextmanager
def in_try(n):
    try:
        yield n
    finally:
        pass


@contextmanager
def twice(n):
    yield n
    yield n


@contextmanager
def in_branch(n):
    if n:
        yield n


@contextmanager
def with_function(n):
    yield (lambda: n)


@contextmanager
def undefined(n):
    yield nothing_of_this_name  # noqa: F821


def use_try(n):
    with in_try(n):
        return n


def use_twice(n):
    with twice(n):
        return n


def use_branch(n):
    with in_branch(n):
        return n


def use_function(n):
    with with_function(n):
        return n


def use_undefined(n):
    with undefined(n):
        return n


def use_value(n):
    manager = scaled
    return n


def use_uncalled(n):
    with scaled:
        return n


def use_arguments(n):
    with scaled(n, 1, 2):
        return n


@pytest.mark.parametrize("function, says", [
    (use_try, "the context manager `in_try` cannot be compiled(.*\n)*.*inside of another statement(.*\n)*.*write `yield` once, as a statement"),
    (use_twice, "`twice` cannot be compiled(.*\n)*.*a second `yield`"),
    (use_branch, "`in_branch` cannot be compiled(.*\n)*.*inside of another statement"),
    (use_function, "`with_function` cannot be compiled(.*\n)*.*a function inside"),
    (use_undefined, "name `nothing_of_this_name` is not defined"),
    (use_value, "the context manager `scaled` cannot be used as a value(.*\n)*.*call it in a `with` statement"),
    (use_uncalled, "`with` is not supported(.*\n)*.*contextlib.contextmanager"),
    (use_arguments, "`scaled` takes 2 arguments, but 3 are given"),
])
def test_what_is_refused(function, says):
    with pytest.raises(numbra.NumbaError, match=says):
        njit(function)(1)
