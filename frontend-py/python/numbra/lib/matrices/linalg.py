"""Linear algebra on matrices and stacks of matrices: `np.linalg`.

As in NumPy everything is computed in float64 or complex128, whatever the elements are; the result of float32 is float32.
"""
import math
import numpy as np
import numpy.linalg
from numbra.intrinsics import dtype_kind, kind, known, promote, refuse
from numbra.lib import Static, implements
from numbra.lib.construction.creation import copy_as
from numbra.lib.construction.sequences import is_sequence
from numbra.lib.layout.shapes import broadcast_shapes
from numbra.lib.layout.views import broadcast_to
from numbra.lib.matrices.factors import factor, solve_factored, solve_row
from numbra.lib.matrices.rotations import inner
from numbra.lib.reduction.moments import real_dtype


def work_dtype(dtype):
    """The type in which LAPACK would compute for NumPy."""
    if dtype_kind(dtype) == "c":
        return np.complex128
    return np.float64


def result_dtype(dtype):
    """The type of the result for elements of a type: integers count as float64."""
    if dtype_kind(dtype) == "c" or dtype_kind(dtype) == "f":
        return dtype
    return np.float64


def numeric_array(a):
    if kind(a) == "array":
        if dtype_kind(a.dtype) != "b" and dtype_kind(a.dtype) != "i" and dtype_kind(a.dtype) != "u" and dtype_kind(a.dtype) != "f" and dtype_kind(a.dtype) != "c":
            refuse("array type is unsupported in linalg:", a)
        return a
    if is_sequence(a):
        return np.asarray(a)
    refuse("linalg takes arrays, not", a)


def check_square(a):
    if a.ndim < 2:
        refuse("array must be at least two-dimensional, not", a)
    elif a.shape[a.ndim - 1] != a.shape[a.ndim - 2]:
        raise np.linalg.LinAlgError("Last 2 dimensions of the array must be square")


def _solve_into(a, b):
    """Solves in place; the matrix is overwritten."""
    rows = np.empty(a.shape[0], np.int64)
    singular, _ = factor(a, rows)
    if singular:
        raise np.linalg.LinAlgError("Singular matrix")
    if b.ndim == 1:
        solve_row(a, rows, b)
    else:
        solve_factored(a, rows, b)


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
    a, b = numeric_array(a), numeric_array(b)
    check_square(a)
    if b.ndim == 0:
        raise ValueError("solve: Input operand 1 does not have enough dimensions")
    dtype = result_dtype(promote(a.dtype, b.dtype))
    work = work_dtype(dtype)
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
    a = numeric_array(a)
    check_square(a)
    dtype = result_dtype(a.dtype)
    work = work_dtype(dtype)
    x = np.zeros(a.shape, work)
    _set_identity(x)
    _solve_stacked(copy_as(a, work, "C"), x)
    return _converted(x, dtype)


def inverse_times(a, b):
    """`np.linalg.inv(a) @ b` without the inverse: what array expressions with that may be rewritten to. It raises what these would, in their order."""
    check_square(a)
    rows, work = np.empty(a.shape[0], np.int64), copy_as(a, work_dtype(a.dtype), "C")
    singular, _ = factor(work, rows)
    if singular:
        raise np.linalg.LinAlgError("Singular matrix")
    if a.shape[1] != b.shape[0]:
        raise ValueError("matmul: Input operand 1 has a mismatch in its core dimension 0")
    x = copy_as(b, work.dtype, "C")
    if b.ndim == 1:
        solve_row(work, rows, x)
    else:
        solve_factored(work, rows, x)
    return _converted(x, promote(a.dtype, b.dtype))


@implements(error_model="numpy")
def _determinant(a):
    """The sign, a number of size 1, and the logarithm of the size; and both as one number."""
    rows = np.empty(a.shape[0], np.int64)
    singular, swaps = factor(a, rows)
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
    a = numeric_array(a)
    check_square(a)
    dtype = result_dtype(a.dtype)
    work = copy_as(a, work_dtype(dtype), "C")
    if a.ndim == 2:
        return dtype(_determinant(work)[2])
    out = np.empty(a.shape[:-2], work.dtype)
    _determinants(work, out)
    return _converted(out, dtype)


def _one_matrix(a):
    """A square matrix, and no stack of those."""
    a = numeric_array(a)
    check_square(a)
    if a.ndim > 2:
        refuse("the function takes one matrix, not", a)
    return a


@implements(np.linalg.slogdet)
def slogdet(a):
    """Sign and logarithm of the size of the determinant of a matrix, as a tuple."""
    a = _one_matrix(a)
    dtype = result_dtype(a.dtype)
    sign, size, _ = _determinant(copy_as(a, work_dtype(dtype), "C"))
    return dtype(sign), real_dtype(dtype)(size)


@implements(np.linalg.cholesky)
def cholesky(a):
    """The lower triangle L with L @ L.conj().T equal to a matrix that is positive definite; only the lower triangle of that is read."""
    a = _one_matrix(a)
    dtype = result_dtype(a.dtype)
    work = copy_as(a, work_dtype(dtype), "C")
    _cholesky(work)
    return _converted(work, dtype)


@implements(boundscheck=False, error_model="numpy")
def _cholesky(a):
    for j in range(a.shape[0]):
        for i in range(j + 1):
            # Row j of the result, element by element; those before it are there.
            total = a[j, i] - inner(a[j, :i], a[i, :i])
            if i < j:
                a[j, i] = total / a[i, i]
            else:
                if not total.real > 0:
                    raise np.linalg.LinAlgError("Matrix is not positive definite")
                a[j, j] = np.sqrt(total.real)
        a[j, j + 1:] = 0


@implements(np.linalg.matrix_power)
def matrix_power(a, n: Static):
    """A square matrix times itself, n times; of a negative n its inverse."""
    a = numeric_array(a)
    check_square(a)
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
