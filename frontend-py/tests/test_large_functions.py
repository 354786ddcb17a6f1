"""Functions of more than a thousand blocks, whose loops go another way through the optimiser, and loops of every kind of iterator."""
import random

import numpy as np
import pytest

from numbra import njit

from .differential.sources import function

STEPS = (
    "for i{k} in range({n}):\n    s = s * 0.5 + i{k}\n",
    "for i{k} in range({n}, 0, -2):\n    if i{k} == {m}:\n        break\n    s += a[i{k} - 1]\n",
    "for i{k} in range(0, n, {m}):\n    if s > 100.0:\n        continue\n    s = s + i{k}\nelse:\n    s -= 1.0\n",
    "j{k} = 0\nwhile j{k} < {n}:\n    j{k} += 1\n    if j{k} % 2 == 0:\n        continue\n    s += a[j{k} - 1]\n",
    "for i{k}, x{k} in enumerate(a, {m}):\n    s = s - x{k} / i{k}\n",
    "for x{k}, y{k} in zip(a, range({m}, 50)):\n    s += x{k} * y{k}\n",
    "for i{k} in range({m}):\n    for j{k} in range(i{k}, {n}, {m}):\n        if j{k} == {n} - 1:\n            break\n        s = s * 0.25 + a[j{k}]\n",
    "for x{k} in a[::-{m}]:\n    s = s * 0.5 if s > x{k} else s + x{k}\n",
    "for x{k} in (1.0, s, 2.5):\n    s = s * 0.125 + x{k}\n",
)


def function_with_loops(count, seed):
    rng = random.Random(seed)
    steps = "".join(STEPS[k % len(STEPS)].format(k=k, n=rng.randint(2, 9), m=rng.randint(1, 3)) for k in range(count))
    return function(f"s = 1.0\n{steps}return s", "a, n")


@pytest.mark.parametrize("count", [9, 260])
def test_many_loops(count):
    python, compiled = function_with_loops(count, count)
    for n in (0, 1, 7):
        a = np.linspace(-1.0, 2.0, 12)
        assert compiled(a, n) == pytest.approx(python(a, n), rel=1e-12)
    block_count = compiled.inspect_ir("llvm").count("llvm.br") + compiled.inspect_ir("llvm").count("llvm.cond_br")
    assert (block_count > 1000) == (count > 100)


def test_a_loop_starts_anew_in_each_round_around_it():
    @njit
    def f(n):
        total = 0
        for i in range(n):
            for j in range(i):
                if j > 2:
                    break
                total += 10 * i + j
            while total % 3:
                for k in range(total, total + 5, 2):
                    total += k - total + 1
                    if k > 10:
                        break
        return total

    for n in range(8):
        assert f(n) == f.py_func(n)


def test_lists_that_grow_while_they_are_read():
    @njit
    def f(n):
        values, seen = [1, 2], 0
        for v in values:
            if len(values) < n:
                values.append(v + 2)
            seen += v
        return seen, len(values)

    for n in (0, 2, 9):
        assert f(n) == f.py_func(n)


def test_ranges_of_all_integer_types_to_their_ends():
    @njit
    def f(start, stop, step):
        total, rounds = 0, 0
        for i in range(start, stop, step):
            total ^= i
            rounds += 1
        return total, rounds

    top = 2**63 - 1
    for arguments in [(top - 3, top, 1), (top - 3, top, 2), (-top - 1, -top + 5, 3), (-top + 3, -top - 1, -2), (5, 5, -1), (0, -1, 1), (-top, top, top)]:
        assert f(*arguments) == f.py_func(*arguments)

    @njit
    def ones(start, stop):
        total = 0
        for i in range(start, stop):
            total ^= i
        for i in range(stop, start, -1):
            total ^= i
        return total

    for arguments in [(top - 3, top), (-top - 1, -top + 4), (3, 3), (4, 3)]:
        assert ones(*arguments) == ones.py_func(*arguments)


def test_iterators_that_meet_in_a_variable():
    @njit
    def f(flag, n):
        it = iter(range(n)) if flag else iter(range(n, 2 * n))
        total, first = 0, next(it, -1)
        for i in it:
            total += i
            if total > 20:
                break
        for i in it:
            total = total * 2 + i
        return first, total

    for flag in (True, False):
        for n in (0, 1, 3, 9):
            assert f(flag, n) == f.py_func(flag, n)
