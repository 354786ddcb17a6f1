"""Orthogonal factors: qr by reflections, as LAPACK has them, and eigenvalues of symmetric matrices by Jacobi's rotations. As in NumPy all is computed in float64 or complex128."""
import math
import numpy as np
import numpy.linalg
from numbra.intrinsics import refuse
from numbra.lib import Static, implements
from numbra.lib.construction.creation import copy_as, identity
from numbra.lib.matrices.linalg import check_square, result_dtype, work_dtype
from numbra.lib.matrices.rotations import inner, rotate, rotation
from numbra.lib.matrices.singular import matrix
from numbra.lib.reduction.moments import real_dtype

# More rounds than matrices ever need: the angles shrink quadratically after a few, and what is left behind these is rounding.
ROUNDS = 40
# Elements up to this part of the matrix's norm count as zero.
SMALL = 1e-16


def _reflection(x):
    """The reflection that makes all but the first element of a row zero: the row becomes its vector, whose first element is one, and what is returned is its
    factor and the element that is left."""
    first = x[0]
    rest = inner(x[1:], x[1:]).real
    if rest == 0 and first.imag == 0:
        x[0] = 1
        return x.dtype(0), first
    length = math.sqrt(inner(x, x).real)
    left = -math.copysign(length, first.real)
    x[1:] /= first - left
    x[0] = 1
    return (left - first) / left, x.dtype(left)


def _reflect(x, vector, factor):
    x -= factor * inner(x, vector) * vector


@implements(np.linalg.qr)
def qr(a, mode: Static = "reduced"):
    """`q, r` with `q @ r == a`, the columns of q orthogonal and r a triangle, as a tuple; or r alone."""
    if mode != "reduced" and mode != "complete" and mode != "r":
        refuse("qr takes the modes 'reduced', 'complete' and 'r', not", mode)
    a = matrix(a)
    dtype = result_dtype(a.dtype)
    # The columns as rows, which are contiguous.
    columns = copy_as(a.T, work_dtype(dtype), "C")
    m, n = a.shape
    count = min(m, n)
    factors = np.empty(count, columns.dtype)
    triangle = np.zeros((m if mode == "complete" else count, n), dtype)
    for j in range(count):
        factors[j], left = _reflection(columns[j, j:])
        for i in range(j + 1, n):
            _reflect(columns[i, j:], columns[j, j:], factors[j].conjugate())
        triangle[j, j] = left
        for i in range(j + 1, n):
            triangle[j, i] = columns[i, j]
    if mode == "r":
        return triangle
    width = m if mode == "complete" else count
    q = np.zeros((width, m), columns.dtype)
    for i in range(width):
        q[i, i] = 1
        for back in range(count):
            j = count - 1 - back
            _reflect(q[i, j:], columns[j, j:], factors[j])
    return copy_as(q.T, dtype, "C"), triangle


def _diagonal(a, turned):
    """Rotates a matrix that equals its conjugate transpose until it is diagonal; the rows of another one are rotated with it."""
    n = a.shape[0]
    size = math.sqrt(np.sum(a.real * a.real + a.imag * a.imag))
    for turn in range(ROUNDS):
        again = False
        for p in range(n):
            for q in range(p + 1, n):
                if abs(a[p, q]) > SMALL * size:
                    again = True
                    c, s, phase = rotation(a[p, p].real, a[q, q].real, a[p, q])
                    rotate(a, p, q, c, s, phase)
                    rotate(a.T, p, q, c, s, phase.conjugate())
                    rotate(turned, p, q, c, s, phase)
        if not again:
            return


def _eigen(a, lower):
    """Eigenvalues in ascending order, and vectors as rows."""
    check_square(a)
    n = a.shape[0]
    dtype = work_dtype(result_dtype(a.dtype))
    whole = np.empty((n, n), dtype)
    for i in range(n):
        whole[i, i] = a[i, i].real
        for j in range(i):
            whole[i, j] = a[i, j] if lower else dtype(a[j, i]).conjugate()
            whole[j, i] = whole[i, j].conjugate()
    if not np.all(np.isfinite(whole)):
        raise np.linalg.LinAlgError("Eigenvalues did not converge")
    turned = identity(n, dtype)
    _diagonal(whole, turned)
    values = np.empty(n)
    for i in range(n):
        values[i] = whole[i, i].real
    order = np.argsort(values)
    return values[order], np.conj(turned[order])


def _is_lower(UPLO: Static):
    if UPLO != "L" and UPLO != "U" and UPLO != "l" and UPLO != "u":
        refuse("UPLO argument must be 'L' or 'U', not", UPLO)
    return UPLO == "L" or UPLO == "l"


@implements(np.linalg.eigh)
def eigh(a, UPLO: Static = "L"):
    """The eigenvalues of a matrix that equals its conjugate transpose, in ascending order, and the vectors as columns, as a tuple. One triangle is read."""
    a = matrix(a)
    dtype = result_dtype(a.dtype)
    values, vectors = _eigen(a, _is_lower(UPLO))
    return copy_as(values, real_dtype(dtype), "C"), copy_as(vectors.T, dtype, "C")


@implements(np.linalg.eigvalsh)
def eigvalsh(a, UPLO: Static = "L"):
    """The eigenvalues of a matrix that equals its conjugate transpose, in ascending order."""
    a = matrix(a)
    values, _ = _eigen(a, _is_lower(UPLO))
    return copy_as(values, real_dtype(result_dtype(a.dtype)), "C")
