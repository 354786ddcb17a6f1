"""Results of more than 32 MiB, which are written past the caches: rows that start anywhere in a cache line, short rows, elements of each size, operands that are stretched, threads."""
import numpy as np
import pytest

from numbra import njit, prange

N = (32 << 20) // 8
RANDOM = np.random.default_rng(41)


@njit
def expressions(a, b):
    return a * b + 1.0, (a > b) | (a < 0.25), a - np.abs(b)


@njit(parallel=True)
def on_threads(a, b):
    return a * b + 1.0, (a > b) | (a < 0.25), a - np.abs(b)


@njit
def stencil(a):
    return 0.25 * (a[:-2, 1:-1] + a[2:, 1:-1] + a[1:-1, :-2] + a[1:-1, 2:])


@njit
def shifted(a):
    return a[2:] - a[1:-1] + 0.5 * a[:-2]


@njit
def conversions(a):
    return a * np.float32(0.5), a.astype(np.int8) + np.int8(100)


@njit
def summed(a, b):
    c = a * 2.0 + b
    return c.sum(), c[-1], c[0]


def same(compiled, *arguments):
    ours, theirs = compiled(*arguments), compiled.py_func(*arguments)
    for x, y in zip(ours, theirs) if isinstance(ours, tuple) else [(ours, theirs)]:
        np.testing.assert_array_equal(x, y)
        assert np.shape(x) == np.shape(y)


@pytest.mark.parametrize("compiled", [expressions, on_threads])
def test_rows_of_memory_and_stretched_rows(compiled):
    a, b = RANDOM.random(N + 21), RANDOM.random(N + 21)
    same(compiled, a, b)
    same(compiled, a[1:], b[:-1])
    # Rows of one line more than others, of less than a line, and of a whole number of lines.
    for rows, columns in [(3000, 1401), (N // 7 + 1, 7), (2100, 2000)]:
        c, d = a[:rows * columns].reshape(rows, columns) if rows * columns <= a.size else np.resize(a, (rows, columns)), RANDOM.random((rows, columns))
        same(compiled, c, d)
        same(compiled, c, d[:1])
        same(compiled, c[:, :1], d)


def test_slices():
    a = RANDOM.random((2301, 2003))
    same(stencil, a)
    same(stencil, a[:, 3:])
    same(stencil, np.asfortranarray(a))
    same(shifted, np.ravel(a))
    same(shifted, np.ravel(a)[5:])
    same(shifted, np.repeat(np.ravel(a), 2)[::2])


@njit
def assigned(target, a, b):
    target[...] = a * 2.0 - b
    return target


@njit
def smoothed(target, a, b):
    target[1:-1, 1:-1] = 0.25 * (a[:-2, 1:-1] + a[2:, 1:-1] + a[1:-1, :-2] + a[1:-1, 2:]) + b
    return target


def test_arrays_that_are_there_already():
    a = RANDOM.random((2301, 2003))
    for compiled in (assigned, smoothed):
        for b in (a * 3.0 if compiled is assigned else 1.0, 0.5):
            field = np.zeros(a.shape, [("x", "f8"), ("y", "f8")])["y"]
            for target in (np.zeros(a.shape), np.zeros((2301, 2010))[:, 4:2007], np.zeros((2003, 2301)).T, field):
                expected = compiled.py_func(target.copy(), a, b)
                np.testing.assert_array_equal(compiled(target, a, b), expected)
    # What is written is what is read, in place and by a row.
    for offset in (0, 1):
        memory = np.concatenate([a, a[:3]])
        expected = assigned.py_func(memory.copy()[offset:offset + 2301], a, 0.0)
        np.testing.assert_array_equal(assigned(memory[offset:offset + 2301], memory[:2301], 0.0), expected)


def test_elements_of_other_sizes():
    a = np.resize(RANDOM.uniform(-20, 20, 100_003).astype(np.float32), (32 << 20) + 77)
    same(conversions, a[3:])


def test_what_was_written_is_read_again():
    a, b = RANDOM.random(N + 3), RANDOM.random(N + 3)
    total, last, first = summed(a, b)
    np.testing.assert_allclose(total, (a * 2.0 + b).sum(), rtol=1e-13)
    assert (last, first) == (a[-1] * 2.0 + b[-1], a[0] * 2.0 + b[0])


@njit(parallel=True)
def rows_of_threads(m):
    out = np.empty(len(m))
    for i in prange(len(m)):
        out[i] = (m[i] + 1.0)[-1]
    return out


def test_each_thread_writes_a_large_array():
    m = RANDOM.random((2, N + 9))
    same(rows_of_threads, m)


def test_vectors_of_large_arrays_go_past_the_caches():
    expressions(np.ones(3), np.ones(3))
    code = expressions.inspect_ir(stage="llvmir")
    assert "numbra.streamed" in code
    # Where the processor has such stores, which are vectors at multiples of their size.
    if "x86_64" in code and "store <4 x double>" in code:
        assert "align 64, !alias.scope" in code and "!nontemporal" in code
