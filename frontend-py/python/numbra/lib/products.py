"""Products of vectors and matrices by plain loops."""
import numpy as np
from numbra.intrinsics import dtype_kind, kind, promote, refuse, view
from numbra.lib import Static, implements
from numbra.lib.creation import copy_as
from numbra.lib.memory import fill
from numbra.lib.reshape import contiguous, ravel
from numbra.lib.sequences import is_sequence
from numbra.lib.shapes import broadcast_shapes
from numbra.lib.views import broadcast_to


def _as(a, dtype):
    """The array in C order with elements of a type."""
    if a.dtype is dtype:
        return contiguous(a)
    return copy_as(a, dtype, "C")


def _inner(a, b):
    """The sum of products of two contiguous rows. Eight sums are kept apart, so that they can be computed together."""
    n = a.shape[0]
    zero = a.dtype(0)
    s0, s1, s2, s3, s4, s5, s6, s7 = zero, zero, zero, zero, zero, zero, zero, zero
    m = n - n % 8
    for i in range(0, m, 8):
        s0 += a[i] * b[i]
        s1 += a[i + 1] * b[i + 1]
        s2 += a[i + 2] * b[i + 2]
        s3 += a[i + 3] * b[i + 3]
        s4 += a[i + 4] * b[i + 4]
        s5 += a[i + 5] * b[i + 5]
        s6 += a[i + 6] * b[i + 6]
        s7 += a[i + 7] * b[i + 7]
    total = ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7))
    for i in range(m, n):
        total += a[i] * b[i]
    return total


def _any_both(a, b):
    found = False
    for i in range(a.shape[0]):
        found |= a[i] & b[i]
    return found


def inner_rows(a, b):
    """The sum of products of two rows, as an element of their common type."""
    dtype = promote(a.dtype, b.dtype)
    if a.shape[0] != b.shape[0]:
        raise ValueError("shapes not aligned")
    if dtype_kind(dtype) == "b":
        return _any_both(a, b)
    return dtype(_inner(_as(a, dtype), _as(b, dtype)))


def _add_row(out, x, row):
    for j in range(out.shape[0]):
        out[j] += x * row[j]


def _add_rows(out, x0, x1, x2, x3, r0, r1, r2, r3):
    for j in range(out.shape[0]):
        out[j] = out[j] + x0 * r0[j] + x1 * r1[j] + x2 * r2[j] + x3 * r3[j]


def _or_row(out, x, row):
    for j in range(out.shape[0]):
        out[j] |= x & row[j]


def _multiply(out, a, b):
    """Adds the product of contiguous matrices, one block of rows of b after the other, so that it stays near."""
    n, inner = a.shape
    step = 64
    for start in range(0, inner, step):
        stop = min(start + step, inner)
        fours = start + (stop - start) // 4 * 4
        for i in range(n):
            target, row = out[i], a[i]
            if dtype_kind(out.dtype) == "b":
                for k in range(start, stop):
                    _or_row(target, row[k], b[k])
            else:
                for k in range(start, fours, 4):
                    _add_rows(target, row[k], row[k + 1], row[k + 2], row[k + 3], b[k], b[k + 1], b[k + 2], b[k + 3])
                for k in range(fours, stop):
                    _add_row(target, row[k], b[k])


def _matrices(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("matmul: Input operand 1 has a mismatch in its core dimension 0")
    dtype = promote(a.dtype, b.dtype)
    out = np.zeros((a.shape[0], b.shape[1]), dtype)
    if b.shape[1] < 8 and dtype_kind(dtype) != "b":
        x, columns = _as(a, dtype), _as(b.T, dtype)
        for i in range(out.shape[0]):
            for j in range(out.shape[1]):
                out[i, j] = _inner(x[i], columns[j])
    else:
        _multiply(out, _as(a, dtype), _as(b, dtype))
    return out


def _stacked(out, a, b):
    if out.ndim == 2:
        out[...] = _matrices(a, b)
    else:
        for i in range(out.shape[0]):
            _stacked(out[i], a[i], b[i])


@implements(np.matmul)
def matmul(a, b):
    """`a @ b`: of rows and matrices, and of stacks of matrices."""
    if is_sequence(a) or is_sequence(b):
        return matmul(np.asarray(a), np.asarray(b))
    if kind(a) != "array" or kind(b) != "array":
        refuse("matmul: Input operand does not have enough dimensions: a scalar")
    if a.ndim == 0 or b.ndim == 0:
        refuse("matmul: Input operand does not have enough dimensions: a scalar")
    if a.ndim == 1 and b.ndim == 1:
        return inner_rows(a, b)
    if a.ndim == 1:
        return matmul(a[None], b)[..., 0, :]
    if b.ndim == 1:
        return matmul(a, b[:, None])[..., 0]
    if a.ndim == 2 and b.ndim == 2:
        return _matrices(a, b)
    if a.shape[a.ndim - 1] != b.shape[b.ndim - 2]:
        raise ValueError("matmul: Input operand 1 has a mismatch in its core dimension 0")
    stack = broadcast_shapes(a.shape[:-2], b.shape[:-2])
    out = np.empty(stack + a.shape[-2:-1] + b.shape[-1:], promote(a.dtype, b.dtype))
    _stacked(out, broadcast_to(a, stack + a.shape[-2:]), broadcast_to(b, stack + b.shape[-2:]))
    return out


@implements(np.dot, "array.dot")
def dot(a, b, out=None):
    """The product of two rows, of matrices, or of a number with anything."""
    if kind(out) == "array":
        out[...] = dot(a, b)
        return out
    if is_sequence(a) or is_sequence(b):
        return dot(np.asarray(a), np.asarray(b))
    if kind(a) != "array" or kind(b) != "array":
        return np.multiply(a, b)
    if a.ndim == 0 or b.ndim == 0:
        return np.multiply(a, b)
    if a.ndim > 2 or b.ndim > 2:
        refuse("dot of more than two dimensions is not supported: use matmul for stacks of matrices")
    return matmul(a, b)


@implements(np.vdot)
def vdot(a, b):
    """The sum of products of the flattened arrays, the first one conjugated."""
    x, y = ravel(a), ravel(b)
    if dtype_kind(x.dtype) == "c":
        conjugated = np.empty(x.shape, x.dtype)
        for i in range(x.size):
            conjugated[i] = x[i].conjugate()
        return inner_rows(conjugated, y)
    return inner_rows(x, y)


@implements(np.inner)
def inner(a, b):
    """Sums of products along the last axes."""
    if is_sequence(a) or is_sequence(b):
        return inner(np.asarray(a), np.asarray(b))
    if kind(a) != "array" or kind(b) != "array":
        return np.multiply(a, b)
    if b.ndim == 1:
        return matmul(a, b)
    return matmul(a, np.swapaxes(b, b.ndim - 1, b.ndim - 2))


@implements(np.outer)
def outer(a, b, out=None):
    """The products of all elements of one flattened array with all of another, of shape (a.size, b.size)."""
    x, y = ravel(np.asarray(a)), ravel(np.asarray(b))
    result = np.multiply(x[:, None], y[None])
    if out is None:
        return result
    out[...] = result
    return out


@implements(np.kron)
def kron(a, b):
    """Kronecker's product of two matrices."""
    if kind(a) != "array" or kind(b) != "array":
        return kron(np.asarray(a), np.asarray(b))
    if a.ndim != 2 or b.ndim != 2:
        refuse("kron takes two matrices")
    result = np.multiply(a[:, None, :, None], b[None, :, None, :])
    return np.reshape(result, (a.shape[0] * b.shape[0], a.shape[1] * b.shape[1]))
