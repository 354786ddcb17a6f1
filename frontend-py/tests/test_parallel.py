"""Loops over `prange` on several threads: the same results as in order, and errors where there is no order to choose."""
import os
import subprocess
import sys
import threading

import numpy as np
import pytest

import numbra
from numbra import get_parallel_chunksize, njit, parallel_chunksize, prange, set_parallel_chunksize

from .in_order import agrees_with_the_loop_in_order, compiled, name_of, parallel, same


def elements(a, n):
    out = np.zeros(n)
    for i in prange(n):
        x = a[i] * 2.0
        out[i] = x if x > 1.0 else -x
    return out


def sums(a):
    total, odd, product, quotient, difference = 0.0, 0, 1.0, 1.0, 100
    for i in prange(len(a)):
        total += a[i]
        if i % 2:
            odd += i
        product *= 1.0 + a[i] / 1000
        quotient /= 1.0 + a[i] / 1000
        difference -= i
    return total, odd, product, quotient, difference


def extremes(a):
    low, high, first, last = np.inf, -np.inf, 5.0, np.float64(0.5)
    for i in prange(len(a)):
        low = min(low, a[i])
        high = max(high, a[i])
        first = np.minimum(first, a[i])
        last = np.fmax(a[i], last)
    return low, high, first, last


def bits(a):
    every, some, odd = -1, 0, 0
    flag = False
    for i in prange(len(a)):
        every &= a[i]
        some |= a[i]
        odd ^= a[i]
        flag |= a[i] > 50
    return every, some, odd, flag


def inner_loops(a):
    total = 0.0
    rows = np.zeros(a.shape[0])
    for i in prange(a.shape[0]):
        for j in range(a.shape[1]):
            if a[i, j] < 0.0:
                continue
            total += a[i, j]
            rows[i] += a[i, j]
    return total, rows


def nested(n, m):
    out = np.zeros((n, m))
    for i in prange(n):
        for j in prange(m):
            out[i, j] = i * 10 + j
    return out


def ranges(n, start, step):
    out = np.zeros(60)
    last, count = -1, 0
    for i in prange(start, n, step):
        out[i + 25] = i
        last = i
        count += 1
    return out, last, count


def scratch(n):
    out = np.zeros(n)
    for i in prange(n):
        row = np.full(i + 1, 2.0)
        pair = (row, i)
        out[i] = pair[0].sum() + pair[1]
    return out


def rows(a):
    for i in prange(a.shape[0]):
        row = a[i]
        row[:] = row - row.mean()
        a[i, 0] += 1.0
    return a


def complexes(a):
    total = 0j
    for i in prange(a.shape[0]):
        total += a[i] * 1j
    return total


def float32s(a):
    total = np.float32(0)
    for i in prange(a.shape[0]):
        total += a[i]
    return total


def scatter(a, places):
    out = np.zeros_like(a)
    for i in prange(len(a)):
        out[places[i]] = a[i]
    return out


def escapes(h, w, n):
    out = np.zeros((h, w), np.int64)
    for i in prange(h):
        for j in range(w):
            c, z = complex(j / w * 3 - 2, i / h * 2 - 1), 0j
            for k in range(n):
                z = z * z + c
                if abs(z) > 2:
                    break
            out[i, j] = k
    return out


RANDOM = np.random.default_rng(7)
CASES = [
    (elements, RANDOM.random(1000), 1000),
    (elements, np.empty(0), 0),
    (elements, RANDOM.random(6)[::-1], 6),
    (sums, RANDOM.random(1000)),
    (sums, np.empty(0)),
    (sums, RANDOM.random(3)),
    (extremes, RANDOM.normal(size=999)),
    (extremes, np.array([1.0, np.nan, 3.0])),
    (extremes, np.empty(0)),
    (bits, RANDOM.integers(0, 60, 500)),
    (bits, np.array([6, 4], np.int64)),
    (inner_loops, RANDOM.normal(size=(50, 7))),
    (inner_loops, np.asfortranarray(RANDOM.normal(size=(50, 7)))),
    (inner_loops, np.empty((0, 3))),
    (nested, 13, 5),
    (ranges, 20, 0, 3),
    (ranges, 20, -20, 7),
    (ranges, -5, 20, -1),
    (ranges, 20, 19, 1),
    (ranges, 20, 30, 2),
    (scratch, 100),
    (rows, RANDOM.random((40, 3))),
    (complexes, RANDOM.random(100) + 2j),
    (float32s, RANDOM.random(100).astype(np.float32)),
    (escapes, 20, 30, 50),
    (scatter, RANDOM.random(100), RANDOM.permutation(100)),
]


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_results_are_those_of_the_loop_in_order(case):
    agrees_with_the_loop_in_order(*case)


def test_without_the_option_prange_is_range():
    @njit
    def order(n):
        out = [0]
        for i in prange(n):
            out.append(i + out[-1])
        return out

    assert order(5) == [0, 0, 1, 3, 6, 10] and list(prange(2, 5)) == [2, 3, 4]


def test_a_variable_that_an_iteration_does_not_set_is_unbound():
    assert compiled(escapes)(2, 0, 0).shape == (2, 0)
    with pytest.raises(UnboundLocalError, match="'k'"):
        compiled(escapes)(2, 2, 0)


def test_sums_are_the_same_each_time_and_with_any_chunks():
    a = RANDOM.normal(size=10001)
    first = compiled(sums)(a)
    assert all(compiled(sums)(a) == first for _ in range(20))
    before = numbra.set_parallel_chunksize(17)
    try:
        assert numbra.get_parallel_chunksize() == 17
        assert same(compiled(sums)(a), first)
        assert same(compiled(elements)(a, 10001), elements(a, 10001))
    finally:
        numbra.set_parallel_chunksize(before)


def test_the_exception_is_that_of_the_first_iteration_that_raises():
    @parallel
    def check(a, limit):
        total = 0.0
        for i in prange(len(a)):
            scratch = np.empty(10)
            scratch[:] = a[i]
            if a[i] > limit:
                raise ValueError("too large", i)
            total += scratch[3]
        return total

    a = np.arange(1000.0)
    for limit in (10.5, 700.5, 998.5):
        with pytest.raises(ValueError) as caught:
            check(a, limit)
        assert caught.value.args == ("too large", int(limit + 0.5))
    assert check(a, 1e9) == a.sum()


def test_bounds_are_checked():
    @parallel
    def read(a, n):
        out = np.zeros(n)
        for i in prange(n):
            out[i] = a[i]
        return out

    with pytest.raises(IndexError, match="index 7 is out of bounds for axis 0 with size 7"):
        read(np.zeros(7), 100)


def test_calls_of_other_parallel_functions_and_recursion():
    @parallel
    def total(a):
        s = 0.0
        for i in prange(len(a)):
            s += a[i]
        return s

    @njit
    def fib(n):
        return n if n < 2 else fib(n - 1) + fib(n - 2)

    @parallel
    def all_totals(a, out):
        for i in prange(a.shape[0]):
            out[i] = total(a[i]) + fib(i % 12)

    a, out = RANDOM.random((100, 30)), np.zeros(100)
    all_totals(a, out)
    np.testing.assert_allclose(out, a.sum(axis=1) + [fib.py_func(i % 12) for i in range(100)])


def test_number_of_threads():
    @parallel
    def numbers(n):
        out = np.zeros(n, np.int64)
        for i in prange(n):
            out[i] = numbra.get_thread_id()
        return out, numbra.get_num_threads()

    most = numbra.get_num_threads()
    seen, n = numbers(1000)
    assert n == most and 0 <= seen.min() and seen.max() < most
    numbra.set_num_threads(1)
    try:
        seen, n = numbers(1000)
        assert n == 1 and not seen.any()
    finally:
        numbra.set_num_threads(most)
    for wrong in (0, -1, most + 1):
        with pytest.raises(ValueError, match="number of threads"):
            numbra.set_num_threads(wrong)
    with pytest.raises(TypeError, match="must be an integer"):
        numbra.set_num_threads(1.5)


def test_settings_in_compiled_code():
    @parallel
    def settings(n, size):
        before = numbra.set_parallel_chunksize(size)
        most = numbra.get_num_threads()
        numbra.set_num_threads(1)
        seen = 0
        for i in prange(n):
            seen = max(seen, numbra.get_thread_id())
        numbra.set_num_threads(most)
        inside = numbra.get_parallel_chunksize()
        numbra.set_parallel_chunksize(before)
        return before, inside, seen

    assert settings(100, 7) == (0, 7, 0) and numbra.get_parallel_chunksize() == 0
    with pytest.raises(ValueError, match="at least one iteration"):
        settings(1, -1)

    @njit
    def threads(n):
        numbra.set_num_threads(n)

    with pytest.raises(ValueError, match="number of threads"):
        threads(0)
    with numbra.parallel_chunksize(3) as outer:
        with pytest.raises(KeyError), numbra.parallel_chunksize(5):
            assert numbra.get_parallel_chunksize() == 5
            raise KeyError
        assert outer == 0 and numbra.get_parallel_chunksize() == 3
    assert numbra.get_parallel_chunksize() == 0


def test_from_many_python_threads_at_once():
    a = RANDOM.random(5000)
    expected, found = compiled(sums)(a), []
    threads = [threading.Thread(target=lambda: found.extend(compiled(sums)(a) for _ in range(20))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 120 and all(f == expected for f in found)


def test_print_from_other_threads(capsys):
    @parallel
    def show(n):
        for i in prange(n):
            print("number", i)

    show(40)
    assert sorted(capsys.readouterr().out.split("\n")) == sorted([*(f"number {i}" for i in range(40)), ""])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_a_forked_child_has_threads_of_its_own():
    program = """
import os, sys, numpy as np, numbra
@numbra.njit(parallel=True)
def total(a):
    s = 0.0
    for i in numbra.prange(len(a)):
        s += a[i]
    return s
a = np.arange(1000.0)
assert total(a) == a.sum()
child = os.fork()
if child == 0:
    os._exit(0 if total(a) == a.sum() else 1)
if os.waitpid(child, 0)[1]:
    sys.exit("idle")

# While other threads keep the pool busy.
import threading, time
large, stop = np.ones(2_000_000), False
def work():
    while not stop:
        assert total(large) == large.sum()
workers = [threading.Thread(target=work) for _ in range(2)]
for worker in workers:
    worker.start()
codes = []
for _ in range(8):
    child = os.fork()
    if child == 0:
        os._exit(0 if total(large) == large.sum() else 1)
    codes.append(os.waitpid(child, 0)[1])
stop = True
for worker in workers:
    worker.join()
sys.exit(0 if codes == [0] * 8 else str(codes))
"""
    path = os.environ.get("TMPDIR", "/tmp") + f"/numbra-fork-{os.getpid()}.py"
    with open(path, "w", encoding="utf-8") as file:
        file.write(program)
    try:
        ran = subprocess.run([sys.executable, path], env={**os.environ, "NUMBRA_NUM_THREADS": "4"}, capture_output=True, text=True, timeout=60)
    finally:
        os.unlink(path)
    assert ran.returncode == 0, ran.stderr


def test_chunk_size_of_a_with_statement():
    """It is put back wherever control leaves the statement: at its end, by break, continue and return, and by an exception."""
    @njit(parallel=True)
    def sizes(a, leave):
        seen = [get_parallel_chunksize()]
        with parallel_chunksize(3) as before, np.errstate(all="ignore"):
            seen.append(get_parallel_chunksize() + 10 * before)
            for i in prange(len(a)):
                a[i] += i
                if a[i] < 0:
                    raise ValueError("negative", i)
            for k in range(4):
                with parallel_chunksize(4 + k):
                    seen.append(get_parallel_chunksize())
                    if k == leave:
                        break
                    if k == leave - 1:
                        continue
                    seen.append(-get_parallel_chunksize())
                seen.append(get_parallel_chunksize())
            if leave == 9:
                return seen
            seen.append(get_parallel_chunksize())
        seen.append(get_parallel_chunksize())
        return seen

    before = set_parallel_chunksize(7)
    try:
        for leave in (2, 9):
            a, b = np.zeros(50), np.zeros(50)
            assert sizes(a, leave) == sizes.py_func(b, leave) and (a == b).all()
            assert get_parallel_chunksize() == 7
        with pytest.raises(ValueError) as error:
            sizes(np.full(50, -20.0), 2)
        assert error.value.args == ("negative", 0) and get_parallel_chunksize() == 7
        with pytest.raises(ValueError, match="a chunk has at least one iteration"):
            njit(lambda n: entered(n))(-1)
        assert get_parallel_chunksize() == 7
    finally:
        set_parallel_chunksize(before)


@njit
def entered(n):
    with parallel_chunksize(n):
        return get_parallel_chunksize()
