"""Singular values, and what follows from them: svd, norms, cond, matrix_rank, pinv, lstsq.

By one-sided Jacobi rotations: pairs of rows are rotated until all are orthogonal; their lengths are the singular values, accurate also where they are small. As in NumPy
all is computed in float64 or complex128. Vectors may differ from LAPACK's by a sign.
"""
import math
import numpy as np
import numpy.linalg
from numbra.intrinsics import kind, refuse
from numbra.lib import Static, implements
from numbra.lib.construction.creation import copy_as, identity
from numbra.lib.matrices.linalg import inv, numeric_array, result_dtype, work_dtype
from numbra.lib.matrices.rotations import inner, rotate, rotation
from numbra.lib.reduction.moments import real_dtype

# More rounds than matrices ever need: the angles shrink quadratically after a few, and what is left behind these is rounding.
ROUNDS = 40
# From 1 to the next number.
EPSILON = 2.220446049250313e-16


def matrix(a):
    """The argument as a matrix of numbers."""
    a = numeric_array(a)
    if a.ndim != 2:
        refuse("one matrix is taken, of two dimensions, not", a)
    return a


def _orthogonal(rows, turned):
    """Rotates pairs of rows until all are orthogonal; the rows of another matrix are rotated with them."""
    n = rows.shape[0]
    smallest = (EPSILON * math.sqrt(np.sum(rows.real * rows.real + rows.imag * rows.imag))) ** 2
    near = 2 * EPSILON * math.sqrt(rows.shape[1])
    for turn in range(ROUNDS):
        again = False
        for p in range(n):
            if inner(rows[p], rows[p]).real <= smallest:
                # What rounding has left of a row that depends on others has no direction.
                rows[p] = 0
            for q in range(p + 1, n):
                both = inner(rows[p], rows[q])
                first, second = inner(rows[p], rows[p]).real, inner(rows[q], rows[q]).real
                if abs(both) > near * math.sqrt(first) * math.sqrt(second):
                    again = True
                    c, s, phase = rotation(first, second, both)
                    rotate(rows, p, q, c, s, phase)
                    rotate(turned, p, q, c, s, phase)
        if not again:
            return


def _sort_by_length(rows, turned):
    """Lengths of the rows, the largest first; the rows, which become of length one, and those of another matrix are put in their order."""
    n = rows.shape[0]
    lengths = np.empty(n)
    for i in range(n):
        lengths[i] = math.sqrt(inner(rows[i], rows[i]).real)
    for i in range(n):
        largest = i
        for j in range(i + 1, n):
            if lengths[j] > lengths[largest]:
                largest = j
        if largest != i:
            lengths[i], lengths[largest] = lengths[largest], lengths[i]
            for k in range(rows.shape[1]):
                rows[i, k], rows[largest, k] = rows[largest, k], rows[i, k]
            for k in range(n):
                turned[i, k], turned[largest, k] = turned[largest, k], turned[i, k]
        if lengths[i] > 0:
            rows[i] /= lengths[i]
    return lengths


def _complete(rows, first):
    """Makes the rows from one on orthogonal to those before, and of length one."""
    n = rows.shape[1]
    tried = 0
    for i in range(first, rows.shape[0]):
        length = 0.0
        # Of the unit vectors one always has such a part that is orthogonal to fewer rows than there are axes.
        while length * length * 2 * n < 1:
            rows[i] = 0
            rows[i, tried] = 1
            tried += 1
            for again in range(2):
                for j in range(i):
                    rows[i] -= inner(rows[i], rows[j]) * rows[j]
            length = math.sqrt(inner(rows[i], rows[i]).real)
        rows[i] /= length


def _decomposed(a):
    """`(left, values, right)` in work type: the rows of left and right belong to the values, of which there are as many as the shorter side has."""
    dtype = work_dtype(result_dtype(a.dtype))
    tall = a.shape[0] >= a.shape[1]
    rows = copy_as(a.T if tall else a, dtype, "C")
    if not np.all(np.isfinite(rows)):
        raise np.linalg.LinAlgError("SVD did not converge")
    turned = identity(rows.shape[0], dtype)
    _orthogonal(rows, turned)
    values = _sort_by_length(rows, turned)
    zeros = values.size
    while zeros > 0 and values[zeros - 1] == 0:
        zeros -= 1
    _complete(rows, zeros)
    if tall:
        return rows, values, np.conj(turned)
    return np.conj(turned), values, rows


def _filled(rows, full):
    """As many rows as they are long, if all are asked for."""
    if not full:
        return rows
    out = np.empty((rows.shape[1], rows.shape[1]), rows.dtype)
    out[:rows.shape[0]] = rows
    _complete(out, rows.shape[0])
    return out


@implements(np.linalg.svd)
def svd(a, full_matrices=True, compute_uv: Static = True, hermitian: Static = False):
    """`u, s, vh` with `u @ diag(s) @ vh == a`, as a tuple; or s alone."""
    a = matrix(a)
    if not compute_uv:
        return svdvals(a)
    dtype = result_dtype(a.dtype)
    left, values, right = _decomposed(a)
    u, vh = _filled(left, full_matrices), _filled(right, full_matrices)
    return copy_as(u.T, dtype, "C"), copy_as(values, real_dtype(dtype), "C"), copy_as(vh, dtype, "C")


@implements(np.linalg.svdvals)
def svdvals(x):
    """The singular values of a matrix, the largest first."""
    x = matrix(x)
    _, values, _ = _decomposed(x)
    return copy_as(values, real_dtype(result_dtype(x.dtype)), "C")


@implements(np.linalg.cond)
def cond(x, p: Static = None):
    """How much errors of a right side grow: by singular values, or by another norm."""
    x = matrix(x)
    if p is None:
        return _quotient(svdvals(x), False)
    if kind(p) == "int":
        if p == 2 or p == -2:
            return _quotient(svdvals(x), p == -2)
    return _product_of_norms(x, p)


@implements(error_model="numpy")
def _quotient(values, inverse):
    if values.size == 0:
        raise np.linalg.LinAlgError("cond is not defined on empty arrays")
    first, last = values[0], values[values.size - 1]
    found = last / first if inverse else first / last
    # Of a matrix of zeros, as NumPy has it.
    return found.dtype(math.inf) if np.isnan(found) else found


def _product_of_norms(x, p: Static):
    return np.linalg.norm(x, p) * np.linalg.norm(inv(x), p)


@implements(np.linalg.matrix_rank)
def matrix_rank(A, tol=None):
    """How many singular values exceed a tolerance."""
    a = numeric_array(A)
    if a.ndim < 2:
        return 1 if np.any(a != 0) else 0
    values = svdvals(a)
    if tol is None:
        limit = np.max(values, initial=0) * max(a.shape[0], a.shape[1]) * np.finfo(values.dtype).eps
    else:
        limit = tol
    return np.count_nonzero(values > limit)


def _solved(a, b, limit):
    """The shortest x for which a @ x is next to b, both in work type, and how many singular values count: those above a part of the largest one."""
    left, values, right = _decomposed(a)
    parts = np.conj(left) @ b
    rank = 0
    for i in range(values.size):
        if values[i] > limit * values[0]:
            parts[i] /= values[i]
            rank += 1
        else:
            parts[i] = 0
    return np.conj(right).T @ parts, rank, values


@implements(np.linalg.pinv)
def pinv(a, rcond=1e-15):
    """The inverse by singular values, of any matrix; those up to a part of the largest one count as zero."""
    a = matrix(a)
    dtype = result_dtype(a.dtype)
    found, _, _ = _solved(a, identity(a.shape[0], work_dtype(dtype)), rcond)
    return copy_as(found, dtype, "C")


@implements(np.linalg.lstsq)
def lstsq(a, b, rcond=None):
    """The x for which a @ x is next to b, the sums of squares that are left, the rank, and the singular values."""
    a, b = matrix(a), numeric_array(b)
    if b.ndim == 1:
        x, left, rank, values = lstsq(a, b.reshape((b.size, 1)), rcond)
        return x[:, 0].copy(), left, rank, values
    if b.ndim != 2:
        refuse("lstsq takes one or two dimensions as right sides, not", b)
    m, n = a.shape
    if b.shape[0] != m:
        raise np.linalg.LinAlgError("Incompatible dimensions")
    dtype = result_dtype((a[:0, :0] @ b[:0, :0]).dtype)
    work = work_dtype(dtype)
    right = copy_as(b, work, "C")
    if rcond is None:
        limit = max(m, n) * np.float64(np.finfo(real_dtype(dtype)).eps)
    else:
        limit = np.float64(rcond)
    x, rank, values = _solved(copy_as(a, work, "C"), right, limit)
    left = np.empty(b.shape[1] if rank == n and m > n else 0, real_dtype(dtype))
    if left.size > 0:
        rest = right - a @ x
        left[:] = np.sum(rest.real * rest.real + rest.imag * rest.imag, axis=0)
    return copy_as(x, dtype, "C"), left, rank, copy_as(values, real_dtype(dtype), "C")
