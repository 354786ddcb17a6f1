"""Variables that functions share: `nonlocal`, and captured variables that are assigned to afterwards."""
import numpy as np
import numbra
import pytest
from numbra import njit

from .check import same

INTS = [0, 1, 4]


@pytest.mark.parametrize("n", INTS)
def test_nonlocal(n):
    def counter(n):
        count = 0

        def increment(by=1):
            nonlocal count
            count += by
            return count
        for i in range(n):
            increment()
            increment(by=i)
        return count, increment(), count

    def of_parameter(n):
        def double():
            nonlocal n
            n = n * 2
        double()
        double()
        return n

    def becomes_float(n):
        total = 0

        def add(x):
            nonlocal total
            total += x
        for i in range(n):
            add(i * 0.5)
        return total * 1.0

    def made_elsewhere(n):
        def make(start):
            value = start

            def get():
                return value

            def put(x):
                nonlocal value
                value = x
            return get, put
        get, put = make(n)
        other, change = make(10)
        put(get() + 5)
        change(7)
        return get(), other()

    def two_levels(n):
        total = 1

        def outer():
            step = n

            def inner():
                nonlocal total, step
                total += step
                step += 1
            inner()
            inner()
            return step
        return outer(), outer(), total

    def hidden(n):
        x = n

        def f():
            x = 5

            def g():
                nonlocal x
                x += 1
                return x
            return g() + x
        return f(), x

    for function in (counter, of_parameter, becomes_float, made_elsewhere, two_levels, hidden):
        same(function, n)


@pytest.mark.parametrize("n", INTS)
def test_functions_see_what_is_assigned_later(n):
    def later(n):
        k = 1
        get = lambda: k
        first = get()
        k = n
        second = get()
        k += 2
        return first, second, get()

    def in_a_loop(n):
        total = 0
        functions = []
        for i in range(3):
            functions.append(lambda x: x * 10 + i)
            total += functions[0](n)
        return total, functions[0](1), functions[2](2)

    def of_a_comprehension(n):
        functions = [lambda: i + n for i in range(4)]
        return functions[0](), functions[3](), [f() for f in functions]

    def changed_in_the_loop(a):
        for i in range(a):
            f = lambda y: a + y
            a += f(1)
        return a

    def kept_by_what_it_returns(a):
        g = (lambda k: lambda: k + a)(1)
        a = 5
        return g()

    def called_again(a):
        total = 0
        for i in range(3):
            f = (lambda k: k + a, 1)
            total += f[0](1)
            a = total
        return total

    def on_one_path(a):
        x = a
        g = lambda y: x + y
        if a:
            x = 2
        return g(1)

    def first_later(n):
        def g():
            return x
        x = n
        return g()

    def iterations(n):
        total = 0
        for i in range(n):
            f = lambda x: x * i
            for j in range(2):
                total += f(j)
        return total

    def arrays(n):
        a = np.arange(3.0)
        f = lambda i: a[i]
        before = f(1)
        a = a * 2 + n
        return before, f(1)

    for function in (later, in_a_loop, of_a_comprehension, changed_in_the_loop, kept_by_what_it_returns, called_again, on_one_path, first_later, iterations, arrays):
        same(function, n)


@pytest.mark.parametrize("flag", [True, False])
def test_unbound(flag):
    def not_yet(flag):
        def f():
            return x
        if flag:
            x = 1
        return f()

    def deleted(flag):
        x = 3

        def f():
            return x
        if flag:
            del x
        return f() + x

    def deleted_inside(flag):
        x = 3

        def f():
            nonlocal x
            if flag:
                del x
        f()
        return x

    def again(flag):
        x = 1

        def f():
            nonlocal x
            del x
            x = 7
        f()
        return x

    def by_another(flag):
        def f():
            nonlocal x
            x = 4
        if flag:
            f()
        g = lambda: x
        x = x + 1 if flag else 0
        return g()

    for function in (not_yet, deleted, deleted_inside, again, by_another):
        same(function, flag)


def test_kinds_of_values():
    def optional(n):
        best = None

        def see(x):
            nonlocal best
            if best is None or x > best:
                best = x
        for i in range(n):
            see((i * 7) % 5)
        return best

    def functions(n):
        f = lambda x: x + 1

        def use():
            return f(n)
        first = use()
        f = lambda x: x * 2
        return first, use()

    def tuples_and_lists(n):
        t = (n, 1.5)
        items = [n]

        def change():
            nonlocal t, items
            t = (t[0] + 1, t[1] * 2)
            items = items + [t[0]]
        change()
        change()
        return t, items

    def strings(n):
        s = "a"

        def change():
            nonlocal s
            s = "b"
        if n > 1:
            change()
        return s == "b"

    for n in INTS:
        for function in (optional, functions, tuples_and_lists, strings):
            same(function, n)


def test_refusals():
    count = 0

    def from_outside():
        nonlocal count
        count += 1

    def no_type():
        x = 1

        def f():
            nonlocal x
            x = np.zeros(2)
        f()
        return x + 1

    with pytest.raises(numbra.NumbaError, match="nonlocal count.*does not belong to a compiled function"):
        njit(from_outside)()
    assert njit(no_type)().tolist() == [1.0, 1.0]
