"""Linear algebra on matrices and stacks of matrices: `np.linalg`.

As in NumPy everything is computed in float64 or complex128, whatever the elements are; the result of float32 is float32. Larger matrices are factored block by block, so that nearly all of
the work is products of matrices, which the runtime has fast code for. A factorisation crate would bring little more speed for a long build.
"""
import math
import numpy as np
import numpy.linalg
from numbra.intrinsics import dtype_kind, dtype_size, kind, known, multiply_matrices, promote, refuse
from numbra.lib import Static, implements
from numbra.lib.creation import copy_as
from numbra.lib.products import _inner
from numbra.lib.reshape import ravel
from numbra.lib.sequences import is_sequence
from numbra.lib.shapes import broadcast_shapes
from numbra.lib.views import broadcast_to

# Columns of a block.
BLOCK = 64


def _work_dtype(dtype):
    """The type in which LAPACK would compute for NumPy."""
    if dtype_kind(dtype) == "c":
        return np.complex128
    return np.float64


def _result_dtype(dtype):
    """The type of the result for elements of a type: integers count as float64."""
    if dtype_kind(dtype) == "c" or dtype_kind(dtype) == "f":
        return dtype
    return np.float64


def _real_dtype(dtype):
    if dtype_kind(dtype) == "c" and dtype_size(dtype) == 8:
        return np.float32
    if dtype_kind(dtype) == "c":
        return np.float64
    return _result_dtype(dtype)


def _array(a):
    if kind(a) == "array":
        if dtype_kind(a.dtype) != "b" and dtype_kind(a.dtype) != "i" and dtype_kind(a.dtype) != "u" and dtype_kind(a.dtype) != "f" and dtype_kind(a.dtype) != "c":
            refuse("array type is unsupported in linalg:", a)
        return a
    if is_sequence(a):
        return np.asarray(a)
    refuse("linalg takes arrays, not", a)


def _check_square(a):
    if a.ndim < 2:
        refuse("array must be at least two-dimensional, not", a)
    elif a.shape[a.ndim - 1] != a.shape[a.ndim - 2]:
        raise np.linalg.LinAlgError("Last 2 dimensions of the array must be square")


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


def _factor(a, rows):
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


def _solve_factored(lu, rows, b):
    """Solves in place for the columns of a matrix, with what `_factor` has made."""
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
def _solve_row(lu, rows, b):
    """The same for one right side."""
    n = lu.shape[0]
    for k in range(n):
        t = b[k]
        b[k] = b[rows[k]]
        b[rows[k]] = t
    for i in range(n):
        b[i] -= _inner(lu[i, :i], b[:i])
    for k in range(n):
        i = n - 1 - k
        b[i] = (b[i] - _inner(lu[i, i + 1:], b[i + 1:])) / lu[i, i]


def _solve_into(a, b):
    """Solves in place; the matrix is overwritten."""
    rows = np.empty(a.shape[0], np.int64)
    singular, _ = _factor(a, rows)
    if singular:
        raise np.linalg.LinAlgError("Singular matrix")
    if b.ndim == 1:
        _solve_row(a, rows, b)
    else:
        _solve_factored(a, rows, b)


def _solve_stacked(a, b):
    if b.ndim == 2:
        _solve_into(a, b)
    elif b.ndim > 2:
        for i in range(b.shape[0]):
            _solve_stacked(a[i], b[i])


def _converted(a, dtype):
    if a.dtype is dtype:
        return a
    return copy_as(a, dtype, "C")


@implements(np.linalg.solve)
def solve(a, b):
    """The x with a @ x == b: b is one right side, or a matrix (or a stack of those) with one in each column."""
    a, b = _array(a), _array(b)
    _check_square(a)
    if b.ndim == 0:
        raise ValueError("solve: Input operand 1 does not have enough dimensions")
    dtype = _result_dtype(promote(a.dtype, b.dtype))
    work = _work_dtype(dtype)
    if b.ndim == 1:
        if a.shape[a.ndim - 1] != b.shape[0]:
            raise ValueError("solve: Input operand 1 has a mismatch in its core dimension 0")
        if a.ndim > 2:
            return _solve_vectors(a, b, dtype, work)
        x = copy_as(b, work, "C")
        _solve_into(copy_as(a, work, "C"), x)
        return _converted(x, dtype)
    if a.shape[a.ndim - 1] != b.shape[b.ndim - 2]:
        raise ValueError("solve: Input operand 1 has a mismatch in its core dimension 0")
    stack = broadcast_shapes(a.shape[:-2], b.shape[:-2])
    x = copy_as(broadcast_to(b, stack + b.shape[-2:]), work, "C")
    _solve_stacked(copy_as(broadcast_to(a, stack + a.shape[-2:]), work, "C"), x)
    return _converted(x, dtype)


def _solve_vectors(a, b, dtype, work):
    """One right side for each matrix of a stack."""
    column = copy_as(broadcast_to(b[:, None], a.shape[:-2] + (b.shape[0], 1)), work, "C")
    _solve_stacked(copy_as(a, work, "C"), column)
    return _converted(column, dtype)[..., 0]


def _set_identity(a):
    if a.ndim == 2:
        for i in range(a.shape[0]):
            a[i, i] = 1
    elif a.ndim > 2:
        for i in range(a.shape[0]):
            _set_identity(a[i])


@implements(np.linalg.inv)
def inv(a):
    """The inverse of a matrix, or of each of a stack."""
    a = _array(a)
    _check_square(a)
    dtype = _result_dtype(a.dtype)
    work = _work_dtype(dtype)
    x = np.zeros(a.shape, work)
    _set_identity(x)
    _solve_stacked(copy_as(a, work, "C"), x)
    return _converted(x, dtype)


def inverse_times(a, b):
    """`np.linalg.inv(a) @ b` without the inverse: what array expressions with that may be rewritten to. It raises what these would, in their order."""
    _check_square(a)
    rows, work = np.empty(a.shape[0], np.int64), copy_as(a, _work_dtype(a.dtype), "C")
    singular, _ = _factor(work, rows)
    if singular:
        raise np.linalg.LinAlgError("Singular matrix")
    if a.shape[1] != b.shape[0]:
        raise ValueError("matmul: Input operand 1 has a mismatch in its core dimension 0")
    x = copy_as(b, work.dtype, "C")
    if b.ndim == 1:
        _solve_row(work, rows, x)
    else:
        _solve_factored(work, rows, x)
    return _converted(x, promote(a.dtype, b.dtype))


@implements(error_model="numpy")
def _determinant(a):
    """The sign, a number of size 1, and the logarithm of the size; and both as one number."""
    rows = np.empty(a.shape[0], np.int64)
    singular, swaps = _factor(a, rows)
    sign, size, value = a.dtype(-1 if swaps % 2 else 1), 0.0, a.dtype(-1 if swaps % 2 else 1)
    if singular:
        return a.dtype(0), -math.inf, a.dtype(0)
    for i in range(a.shape[0]):
        x = a[i, i]
        sign *= x / abs(x)
        size += np.log(abs(x))
        value *= x
    return sign, size, value


def _determinants(a, out):
    if a.ndim == 3:
        for i in range(a.shape[0]):
            out[i] = _determinant(a[i])[2]
    else:
        for i in range(a.shape[0]):
            _determinants(a[i], out[i])


@implements(np.linalg.det)
def det(a):
    """The determinant of a matrix, or of each of a stack."""
    a = _array(a)
    _check_square(a)
    dtype = _result_dtype(a.dtype)
    work = copy_as(a, _work_dtype(dtype), "C")
    if a.ndim == 2:
        return dtype(_determinant(work)[2])
    out = np.empty(a.shape[:-2], work.dtype)
    _determinants(work, out)
    return _converted(out, dtype)


@implements(np.linalg.slogdet)
def slogdet(a):
    """Sign and logarithm of the size of the determinant of a matrix, as a tuple."""
    a = _array(a)
    _check_square(a)
    if a.ndim > 2:
        refuse("slogdet takes one matrix, not", a)
    dtype = _result_dtype(a.dtype)
    sign, size, _ = _determinant(copy_as(a, _work_dtype(dtype), "C"))
    return dtype(sign), _real_dtype(dtype)(size)


@implements(np.linalg.cholesky)
def cholesky(a):
    """The lower triangle L with L @ L.conj().T equal to a matrix that is positive definite; only the lower triangle of that is read."""
    a = _array(a)
    _check_square(a)
    if a.ndim > 2:
        refuse("cholesky takes one matrix, not", a)
    dtype = _result_dtype(a.dtype)
    work = copy_as(a, _work_dtype(dtype), "C")
    _cholesky(work)
    return _converted(work, dtype)


@implements(boundscheck=False, error_model="numpy")
def _cholesky(a):
    for j in range(a.shape[0]):
        for i in range(j + 1):
            # Row j of the result, element by element; those before it are there.
            total = a[j, i] - _inner_conjugate(a[j, :i], a[i, :i])
            if i < j:
                a[j, i] = total / a[i, i]
            else:
                if not total.real > 0:
                    raise np.linalg.LinAlgError("Matrix is not positive definite")
                a[j, j] = np.sqrt(total.real)
        a[j, j + 1:] = 0


@implements(boundscheck=False, fastmath=("contract", "nsz", "reassoc"))
def _inner_conjugate(a, b):
    total = a.dtype(0)
    for i in range(a.shape[0]):
        total += a[i] * b[i].conjugate()
    return total


@implements(np.linalg.matrix_power)
def matrix_power(a, n: Static):
    """A square matrix times itself, n times; of a negative n its inverse."""
    a = _array(a)
    _check_square(a)
    if kind(n) != "int":
        refuse("exponent must be an integer, not", n)
    if known(n):
        if n < 0:
            return _power(inv(a), -n)
        return _power(a, n)
    if dtype_kind(a.dtype) != "f" and dtype_kind(a.dtype) != "c":
        if n < 0:
            # The elements would be floats, which only a constant can tell the compiler.
            raise TypeError("a negative power of a matrix of integers needs an exponent that is a constant")
        return _power(a, n)
    if n < 0:
        return _power(inv(a), -n)
    return _power(copy_as(a, a.dtype, "C"), n)


def _power(a, n):
    result = np.zeros(a.shape, a.dtype)
    _set_identity(result)
    if n == 1:
        return copy_as(a, a.dtype, "C")
    if n == 2:
        return np.matmul(a, a)
    if n == 3:
        return np.matmul(np.matmul(a, a), a)
    square, started = copy_as(a, a.dtype, "C"), False
    while n > 0:
        if n % 2:
            result = np.matmul(result, square) if started else square
            started = True
        n //= 2
        if n > 0:
            square = np.matmul(square, square)
    return result


def _magnitudes(a):
    """The sizes of elements, as floats."""
    if dtype_kind(a.dtype) == "f" or dtype_kind(a.dtype) == "c":
        return np.abs(a)
    return np.abs(a.astype(np.float64))


def _squares(a):
    """The squares of the sizes of elements."""
    if dtype_kind(a.dtype) == "c":
        return a.real * a.real + a.imag * a.imag
    if dtype_kind(a.dtype) == "f":
        return a * a
    x = a.astype(np.float64)
    return x * x


def _root(total, dtype):
    return dtype(np.sqrt(total))


def _vector_norm(a, ord: Static, axis: Static, keepdims: Static):
    if ord is None:
        return np.sqrt(np.sum(_squares(a), axis=axis, keepdims=keepdims))
    if kind(ord) != "int" and kind(ord) != "float":
        refuse("Invalid norm order for vectors:", ord)
    if not known(ord):
        refuse("the order of a norm must be a constant, not", ord)
    x = _magnitudes(a)
    if ord == 2:
        return np.sqrt(np.sum(_squares(a), axis=axis, keepdims=keepdims))
    if ord == 1:
        return np.sum(x, axis=axis, keepdims=keepdims)
    if ord == math.inf:
        return np.max(x, axis=axis, keepdims=keepdims)
    if ord == -math.inf:
        return np.min(x, axis=axis, keepdims=keepdims)
    if ord == 0:
        return np.sum((x != 0).astype(x.dtype), axis=axis, keepdims=keepdims)
    return np.sum(x ** ord, axis=axis, keepdims=keepdims) ** x.dtype(1 / ord)


def _matrix_norm(a, ord: Static):
    if kind(ord) == "str":
        if ord == "fro" or ord == "f":
            return np.sqrt(np.sum(_squares(a)))
        refuse("this norm of a matrix needs singular values, which are not supported:", ord)
    if not known(ord):
        refuse("the order of a norm must be a constant, not", ord)
    x = _magnitudes(a)
    if ord == 1:
        return np.max(np.sum(x, axis=0))
    if ord == -1:
        return np.min(np.sum(x, axis=0))
    if ord == math.inf:
        return np.max(np.sum(x, axis=1))
    if ord == -math.inf:
        return np.min(np.sum(x, axis=1))
    refuse("this norm of a matrix needs singular values, or does not exist:", ord)


@implements(np.linalg.norm)
def norm(x, ord: Static = None, axis: Static = None, keepdims: Static = False):
    """The norm of a vector or matrix, or of the vectors along an axis."""
    a = _array(x)
    if axis is None:
        if ord is None:
            if keepdims:
                return np.sqrt(np.sum(_squares(a), axis=None, keepdims=True))
            return np.sqrt(np.sum(_squares(ravel(a))))
        if a.ndim == 1:
            return _vector_norm(a, ord, 0, keepdims)
        if a.ndim == 2 and not keepdims:
            return _matrix_norm(a, ord)
        refuse("Improper number of dimensions to norm, or `keepdims` for a matrix:", x)
    if kind(axis) != "int":
        refuse("norm takes one axis, not", axis)
    return _vector_norm(a, ord, axis, keepdims)
