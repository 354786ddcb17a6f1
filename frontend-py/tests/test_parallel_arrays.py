"""Expressions of whole arrays in functions with `parallel=True`: parts of them are computed on several threads where there are many elements."""
import numpy as np
import pytest

import numbra
from numbra import njit, prange

parallel = njit(parallel=True)
RANDOM = np.random.default_rng(11)
TALL, WIDE = RANDOM.random((400, 300)), RANDOM.random((3, 60000))
LONG = RANDOM.random(200_000)


def arithmetic(a, b):
    return a * 2.5 + b, -a, a ** 2.0, a > b, np.sqrt(a) + 1


def transcendental(a, b):
    return np.exp(a) * np.sin(b) + np.log1p(a), np.hypot(a, b)


def broadcasts(a, b):
    return a + b[0], a[:, 1:2] * b[1:2], a[0] - b


def fused(a, b):
    c = a * 2
    d = c + b
    return np.where(d > 1, d, c), d * d - c


def of_other_types(a, b):
    n = (a * 100).astype(np.int32)
    return n // 7, n * np.int8(3) + b, n & 3, (a + 1j * b) * 2, a.astype(np.float32) + np.float32(1)


def whole(a, b):
    return a.sum(), np.mean(a * b), (a - b).max(), np.min(a), np.argmax(a), (a + b).argmin(), a.prod(), (a > 0.5).sum(), (a > 2).any(), np.var(a), a.astype(np.float32).sum(), (a * 100).astype(np.int16).sum()


def along_axes(a, b):
    return a.sum(axis=0), a.max(axis=1), np.mean(a * b, axis=0), (a + b).argmin(axis=1), a.argmax(axis=0), (a > 0.5).any(axis=0), np.std(a, axis=1)


def in_place(a, b):
    c = a.copy()
    c += b
    c *= c
    c[1:] = c[:-1] - 1
    return c


@pytest.mark.parametrize("function", [arithmetic, transcendental, broadcasts, fused, of_other_types, in_place, whole, along_axes], ids=lambda f: f.__name__)
def test_results_are_those_of_numpy(function):
    compiled = parallel(function)
    pairs = [(TALL, TALL[::-1]), (WIDE, WIDE[:, ::-1]), (TALL[:2], TALL[2:4]), (TALL[:, 1:1], TALL[:, :1])]
    if function in (whole, along_axes):
        pairs.pop()
    if function is along_axes:
        pairs += [(np.asfortranarray(TALL), np.asfortranarray(TALL)), (TALL.T, TALL.T)]
    elif function is not broadcasts:
        pairs += [(LONG, LONG[::-1]), (LONG[::2], LONG[:100_000]), (np.asfortranarray(TALL), np.asfortranarray(TALL)), (TALL, TALL.T.copy().T), (RANDOM.random((70, 80, 20)),) * 2]
    for a, b in pairs:
        found, expected = compiled(a, b), function(a, b)
        for x, y in zip(*((r,) if isinstance(r, np.ndarray) else r for r in (found, expected)), strict=True):
            if isinstance(x, np.ndarray):
                assert x.dtype == y.dtype
            np.testing.assert_allclose(x, y, rtol=1e-5 if y.dtype == np.float32 else 1e-12)


def test_sums_are_the_same_each_time_and_positions_are_those_of_the_first():
    compiled, total = parallel(lambda a: (a.argmax(), a.argmin(), a.max())), parallel(lambda a: a.sum())
    a = RANDOM.normal(size=300_001)
    first = total(a)
    assert all(total(a) == first for _ in range(10)) and abs(first - a.sum()) < 1e-9
    a[[1000, 170_000, 290_000]] = 9.0
    a[[160_000, 299_999]] = -9.0
    assert compiled(a) == (1000, 160_000, 9.0)
    a[[200_000, 250_000]] = np.nan
    assert compiled(a)[:2] == (200_000, 200_000) and np.isnan(compiled(a)[2])
    assert compiled(np.full(200_000, np.inf)) == (0, 0, np.inf) and compiled(np.full(200_000, -np.inf)) == (0, 0, -np.inf)


def test_an_exception_of_an_element_reaches_the_caller():
    @parallel
    def power(a, b):
        return a ** b

    a, b = np.full(200_000, 2), np.full(200_000, 3)
    assert (power(a, b) == 8).all()
    b[150_000] = -1
    with pytest.raises(ValueError, match="negative"):
        power(a, b)
    with pytest.raises(ValueError, match="broadcast"):
        power(a, b[1:])


def test_inside_of_a_parallel_loop():
    @parallel
    def rows(n, m):
        out = np.zeros(n)
        for i in prange(n):
            out[i] = (np.arange(m) * 2.0 + i)[-1]
        return out

    for m in (10, 100_000):
        np.testing.assert_array_equal(rows(6, m), (m - 1) * 2.0 + np.arange(6))


def test_the_number_of_threads_and_chunks_does_not_change_elements():
    compiled = parallel(arithmetic)
    expected = arithmetic(LONG, LONG[::-1])
    before = numbra.get_num_threads()
    for threads in (1, before):
        numbra.set_num_threads(threads)
        with numbra.parallel_chunksize(3):
            for x, y in zip(compiled(LONG, LONG[::-1]), expected, strict=True):
                np.testing.assert_array_equal(x, y)
    numbra.set_num_threads(before)


def test_code_for_several_threads_is_made_for_functions_that_ask_for_it():
    def add(a):
        return a + 1

    for options, wanted in (({}, False), ({"parallel": True}, True)):
        compiled = njit(**options)(add)
        compiled(LONG)
        assert ("nb_parallel_for" in next(iter(compiled.inspect_llvm().values()))) == wanted


def test_diagnostics_tell_what_runs_on_several_threads(capsys):
    @parallel
    def work(a, k):
        b = a * 2 + np.sqrt(a) - 1
        counts, total, last = np.zeros(9), 0.0, 0
        for i in prange(len(a)):
            counts[k[i]] += 1
            total += b[i]
            last = i
            for j in prange(3):
                last = j
        return b.sum(), counts, total, last

    work(LONG, np.zeros(len(LONG), np.int64))
    work.parallel_diagnostics()
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]

    def under(text):
        at = next(i for i, line in enumerate(lines) if line.endswith(text))
        end = next((i for i in range(at + 1, len(lines)) if not lines[i].startswith(("fused", "hoisted", "parallel", "serial"))), len(lines))
        return " ".join(lines[at + 1:end])

    assert "fused: one loop of 4 array operations" in under("b = a * 2 + np.sqrt(a) - 1") and "in parts" in under("b = a * 2 + np.sqrt(a) - 1")
    outer = under("for i in prange(len(a)):")
    assert "a variable (+)" in outer and "a variable (of the last iteration)" in outer and "an array of copies (+)" in outer and "serial" not in outer
    assert "hoisted: indices are checked once, in front of the loop" in outer
    assert under("for j in prange(3):").startswith("serial: a loop over `prange` inside of another one")
    assert "put together in parts" in under("return b.sum(), counts, total, last")
    with pytest.raises(ValueError, match="level"):
        work.parallel_diagnostics(level=0)

    serial = njit(lambda a: a + 1)
    serial(LONG)
    serial.parallel_diagnostics()
    assert "compiled without parallel=True" in capsys.readouterr().out


def test_products_of_matrices():
    """Blocks of rows or columns, whichever are more, give what one thread gives, also where rows do not lie together; in a parallel loop too."""
    def products(a, b, c):
        parts = np.zeros((3, a.shape[0], b.shape[1]))
        for k in prange(3):
            parts[k] = (a * (k + 1.0)) @ b
        return a @ b, b.T @ a.T, a[::-1] @ b, np.dot(a, b[:, ::-1]), a[:, :7] @ b[:7, :3], c @ c, parts

    generator = np.random.default_rng(3)
    for m, k, n in [(203, 151, 167), (33, 360, 411), (1, 2100, 2100), (0, 5, 9)]:
        a, b = generator.standard_normal((m, k)), generator.standard_normal((k, n))
        c = (generator.standard_normal((170, 170)) + 1j).astype(np.complex64)
        for x, y, plain in zip(njit(parallel=True)(products)(a, b, c), njit(products)(a, b, c), products(a, b, c)):
            assert x.shape == y.shape and (x == y).all()
            np.testing.assert_allclose(x, plain, rtol=1e-4 if x.dtype == np.complex64 else 1e-9, atol=1e-9)


def test_functions_that_take_long_run_in_parts_with_fewer_elements(capsys):
    compiled = parallel(lambda a: (np.exp(a) * 2 + a, np.sum(np.tan(a) - 1), a * 2 + np.sqrt(a)))
    for n in (16_000, 17_000, 70_000):
        a = LONG[:n]
        for got, expected in zip(compiled(a), (np.exp(a) * 2 + a, np.sum(np.tan(a) - 1), a * 2 + np.sqrt(a))):
            np.testing.assert_allclose(got, expected, rtol=1e-12)
    compiled.parallel_diagnostics()
    text = capsys.readouterr().out
    assert text.count("16384") == 2 and text.count("65536") == 1
