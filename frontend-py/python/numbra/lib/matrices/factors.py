"""Matrices factored into triangles, and equations solved with these: what `np.linalg` is made of.

Larger matrices are factored block by block, so that nearly all of the work is products of matrices, which the runtime has fast code for. A factorisation crate would bring little more speed
for a long build.
"""
import numpy as np
from numbra.intrinsics import kind, multiply_matrices
from numbra.lib import implements
from numbra.lib.matrices.products import inner_row

# Columns of a block.
BLOCK = 64


@implements(boundscheck=False)
def _subtract_row(target, x, row):
    for j in range(target.shape[0]):
        target[j] -= x * row[j]


@implements(boundscheck=False)
def _subtract(target, a):
    for i in range(target.shape[0]):
        for j in range(target.shape[1]):
            target[i, j] -= a[i, j]


def _subtract_product(target, a, b):
    """target -= a @ b"""
    if target.size > 0 and a.shape[1] > 0:
        product = np.empty(target.shape, target.dtype)
        multiply_matrices(product, a, b)
        _subtract(target, product)


@implements(boundscheck=False)
def _swap_rows(a, i, j):
    for k in range(a.shape[1]):
        t = a[i, k]
        a[i, k] = a[j, k]
        a[j, k] = t


@implements(boundscheck=False)
def _pivot(a, k):
    """The row from k on whose element in column k is largest, by the measure that LAPACK uses; NaN never wins."""
    best, row = -1.0, k
    for i in range(k, a.shape[0]):
        size = _size(a[i, k])
        if size > best:
            best, row = size, i
    return row


def _size(x):
    if kind(x) == "complex":
        return abs(x.real) + abs(x.imag)
    return abs(x)


@implements(boundscheck=False, error_model="numpy")
def _factor_columns(a, rows, start, stop):
    """Factors a block of columns; gives whether a pivot was zero and how many rows changed places."""
    singular, swaps = False, 0
    for k in range(start, stop):
        p = _pivot(a, k)
        rows[k] = p
        if a[p, k] == 0:
            singular = True
            continue
        if p != k:
            _swap_rows(a, p, k)
            swaps += 1
        scale = 1 / a[k, k]
        row = a[k, k + 1:stop]
        for i in range(k + 1, a.shape[0]):
            x = a[i, k] * scale
            a[i, k] = x
            _subtract_row(a[i, k + 1:stop], x, row)
    return singular, swaps


def _solve_lower(l, b):
    """Solves in place with the lower triangle of a small matrix whose diagonal counts as ones."""
    for i in range(b.shape[0]):
        for j in range(i):
            _subtract_row(b[i], l[i, j], b[j])


@implements(boundscheck=False, error_model="numpy")
def _solve_upper(u, b):
    """Solves in place with the upper triangle of a small matrix."""
    for k in range(b.shape[0]):
        i = b.shape[0] - 1 - k
        for j in range(i + 1, b.shape[0]):
            _subtract_row(b[i], u[i, j], b[j])
        row = b[i]
        for j in range(row.shape[0]):
            row[j] = row[j] / u[i, i]


def factor(a, rows):
    """Factors a square matrix in place into L and U, with the largest pivots; gives whether one was zero and how many rows changed places."""
    n = a.shape[0]
    singular, swaps = False, 0
    for start in range(0, n, BLOCK):
        stop = min(start + BLOCK, n)
        zero, more = _factor_columns(a, rows, start, stop)
        singular, swaps = singular or zero, swaps + more
        if stop < n:
            _solve_lower(a[start:stop, start:stop], a[start:stop, stop:])
            _subtract_product(a[stop:, stop:], a[stop:, start:stop], a[start:stop, stop:])
    return singular, swaps


def solve_factored(lu, rows, b):
    """Solves in place for the columns of a matrix, with what `factor` has made."""
    n = lu.shape[0]
    for k in range(n):
        if rows[k] != k:
            _swap_rows(b, k, rows[k])
    for start in range(0, n, BLOCK):
        stop = min(start + BLOCK, n)
        _subtract_product(b[start:stop], lu[start:stop, :start], b[:start])
        _solve_lower(lu[start:stop, start:stop], b[start:stop])
    blocks = (n + BLOCK - 1) // BLOCK
    for block in range(blocks):
        start = (blocks - 1 - block) * BLOCK
        stop = min(start + BLOCK, n)
        _subtract_product(b[start:stop], lu[start:stop, stop:], b[stop:])
        _solve_upper(lu[start:stop, start:stop], b[start:stop])


@implements(error_model="numpy")
def solve_row(lu, rows, b):
    """The same for one right side."""
    n = lu.shape[0]
    for k in range(n):
        t = b[k]
        b[k] = b[rows[k]]
        b[rows[k]] = t
    for i in range(n):
        b[i] -= inner_row(lu[i, :i], b[:i])
    for k in range(n):
        i = n - 1 - k
        b[i] = (b[i] - inner_row(lu[i, i + 1:], b[i + 1:])) / lu[i, i]
