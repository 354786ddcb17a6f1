"""Rewriting where only the running program knows lengths: what vanishes from an expression still takes part in broadcasting, and is an error where it does not fit."""
import numpy as np
import pytest

from numbra import njit, vectorize

from .test_rewriting import outcome, plain, same_bits

ROW = np.array([0.0, -0.0, np.nan, np.inf, -2.5, 3.0])
ROWS = [ROW, ROW[::-1], ROW[:1].copy(), ROW[:3].copy(), np.empty(0), np.ones(12)[::2]]
MATRICES = [np.arange(12.0).reshape(3, 4), np.arange(12.0).reshape(4, 3).T, np.ones((1, 4)), np.ones((3, 1)), np.ones((2, 4)), np.empty((0, 4))]
# Of two arrays, for all pairs of them.
EXPRESSIONS = [
    "np.where(b > 0.0, a, a)", "np.where(a > 0.5, np.where(a > 0.5, b, a), b)", "(a * b)[1:] + 1.0", "(a + b)[:-1].sum()", "np.where(a > b, a, b)[1:] * 2.0", "((a - b) * a)[::-1] * 3.0", "(-(a * b) + b)[::2] - 1.0",
    "(a > b) & (a < b)", "(a > b) | (a >= b)", "np.where(a > b, b, b)[1:] + a[:1]",
]
INTEGERS = ["a - a + b", "(a ^ a) + (b & 0)", "np.where(a > b, a, b)[1:] * 2", "(a // 4) // 2 + b // 8 * 8", "b - b // 5 * 5", "(a % 12) % 4", "(a * 4) // 4 + (b << 2 << 3) - (b >> 1 >> 2)", "(a >> 3 << 3) | b"]


def check(expressions, arrays):
    for e in expressions:
        one = plain([f"return {e}"], ("a", "b"))
        compiled = njit(one)
        for a in arrays:
            for b in arrays:
                with np.errstate(all="ignore"):
                    found, expected = outcome(compiled, (a, b)), outcome(one, (a, b))
                assert same_bits(found[0], expected[0]), (e, a, b, found[0], expected[0])
                assert all(map(same_bits, found[1], expected[1])), (e, a, b)


def test_rows():
    check(EXPRESSIONS, ROWS)


def test_matrices():
    check(EXPRESSIONS, MATRICES)


@pytest.mark.parametrize("dtype", [np.int64, np.uint8, np.int32])
def test_integers(dtype):
    ends = np.iinfo(dtype)
    row = np.array([ends.min, ends.max, 0, 1, 7, 8, 100, 13], dtype)
    check(INTEGERS, [row, row[::-1], row[:1].copy(), row[:3].copy(), np.empty(0, dtype)])


def test_masks_that_do_not_fit():
    def total(a, m):
        return a[m].sum(), len(a[m]), (a[m] > 2).any(), (a[m] < 9).all()

    compiled = njit(total)
    for a in (np.arange(6), np.arange(0), np.arange(6)[::-1]):
        for m in (np.arange(6) % 2 == 0, np.ones(6, bool), np.zeros(6, bool), np.ones(1, bool), np.ones(2, bool)):
            found, expected = outcome(compiled, (a, m))[0], outcome(total, (a, m))[0]
            assert same_bits(found, expected), (a, m, found, expected)


def test_what_a_function_of_elements_makes_nothing_of():
    @vectorize
    def first(x, y):
        return x

    def f(a, b):
        return first(a, b) + 1.0

    compiled = njit(f)
    assert same_bits(compiled(np.arange(3.0), np.ones((2, 3))), np.arange(3.0) + np.ones((2, 3)))
    with pytest.raises(ValueError, match="broadcast"):
        compiled(np.arange(3.0), np.ones(4))


def test_a_known_length_stays_known(monkeypatch):
    # Sums of so few elements are grouped by how many they are.
    def f(a, b):
        return np.sum(np.diag(np.outer(np.ones(6) * a, b)))

    rewritten, as_written = njit(f), njit(f)
    draw = np.random.default_rng(3)
    rows = [(draw.normal(size=6), draw.normal(size=6)) for _ in range(40)]
    found = [rewritten(*row) for row in rows]
    monkeypatch.setenv("NUMBRA_REWRITE", "0")
    assert found == [as_written(*row) for row in rows]
