"""Products of vectors and matrices: those of larger matrices of floats by kernels of the runtime, all others by loops."""
import numpy as np
from numbra.intrinsics import address, dtype_kind, kind, layout, multiply_matrices, promote, refuse, view
from numbra.lib import implements
from numbra.lib.construction.creation import copy_as
from numbra.lib.construction.reshape import contiguous, ravel, reshape
from numbra.lib.construction.sequences import is_sequence
from numbra.lib.layout.memory import fill
from numbra.lib.layout.shapes import broadcast_shapes, interleave, pad, times
from numbra.lib.layout.views import broadcast_to
from numbra.lib.reduction.reductions import as_array


def _as(a, dtype):
    """The array in C order with elements of a type."""
    if a.dtype is dtype:
        return contiguous(a)
    return copy_as(a, dtype, "C")


@implements(boundscheck=False, fastmath=("contract", "nsz", "reassoc"))
def inner_row(a, b):
    """The sum of products of two rows, added in any order, which lets it use vector instructions."""
    total = a.dtype(0)
    for i in range(a.shape[0]):
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
    return dtype(inner_row(_as(a, dtype), _as(b, dtype)))


@implements(boundscheck=False)
def _add_row(out, x, row):
    for j in range(out.shape[0]):
        out[j] += x * row[j]


@implements(boundscheck=False)
def _add_rows(out, x0, x1, x2, x3, r0, r1, r2, r3):
    for j in range(out.shape[0]):
        out[j] = out[j] + x0 * r0[j] + x1 * r1[j] + x2 * r2[j] + x3 * r3[j]


def _or_row(out, x, row):
    for j in range(out.shape[0]):
        out[j] |= x & row[j]


def _combine(target, weights, rows, start, stop):
    """Adds to a row those of a matrix, each times its weight."""
    if dtype_kind(target.dtype) == "b":
        for k in range(start, stop):
            _or_row(target, weights[k], rows[k])
    else:
        fours = start + (stop - start) // 4 * 4
        for k in range(start, fours, 4):
            _add_rows(target, weights[k], weights[k + 1], weights[k + 2], weights[k + 3], rows[k], rows[k + 1], rows[k + 2], rows[k + 3])
        for k in range(fours, stop):
            _add_row(target, weights[k], rows[k])


def _multiply(out, a, b):
    """The product of contiguous matrices, one block of rows of b after the other, so that it stays near."""
    inner = a.shape[1]
    fill(out, 0)
    for start in range(0, inner, 64):
        for i in range(a.shape[0]):
            _combine(out[i], a[i], b, start, min(start + 64, inner))


def _is_regular(a):
    """Whether addresses and steps are multiples of an element's size."""
    return address(a) % a.itemsize == 0 and a.strides[0] % a.itemsize == 0 and a.strides[1] % a.itemsize == 0


def _operand(a, dtype):
    """The matrix with elements of a type, as the kernels take it."""
    if a.dtype is not dtype:
        return copy_as(a, dtype, "C")
    if layout(a) == "A":
        if not _is_regular(a):
            new = a.copy()
            return view(new, 0, new.shape, new.strides)
    return a


def _few(out, a, b):
    """The product of small matrices."""
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            total = out.dtype(0)
            for k in range(a.shape[1]):
                total += a[i, k] * b[k, j]
            out[i, j] = total


def _product(out, a, b):
    """Writes the product of two matrices to a contiguous one."""
    if a.shape[1] != b.shape[0]:
        raise ValueError("matmul: Input operand 1 has a mismatch in its core dimension 0")
    dtype = out.dtype
    if dtype_kind(dtype) != "f" and dtype_kind(dtype) != "c":
        _multiply(out, _as(a, dtype), _as(b, dtype))
    elif a.shape[1] * out.size <= 256:
        _few(out, a, b)
    else:
        multiply_matrices(out, _operand(a, dtype), _operand(b, dtype))


def _matrices(a, b):
    out = np.empty((a.shape[0], b.shape[1]), promote(a.dtype, b.dtype))
    _product(out, a, b)
    return out


def _times_row(a, x):
    """A matrix times a row: products of rows, or sums of columns where these are what lies together in memory."""
    if a.shape[1] != x.shape[0]:
        raise ValueError("matmul: Input operand 1 has a mismatch in its core dimension 0")
    dtype = promote(a.dtype, x.dtype)
    out = np.empty(a.shape[0], dtype)
    if layout(a) == "F":
        fill(out, 0)
        _combine(out, _as(x, dtype), _as(a.T, dtype), 0, a.shape[1])
    else:
        row, rows = _as(x, dtype), _as(a, dtype)
        for i in range(out.shape[0]):
            out[i] = _any_both(rows[i], row) if dtype_kind(dtype) == "b" else inner_row(rows[i], row)
    return out


def _stacked(out, a, b):
    if out.ndim == 2:
        _product(out, a, b)
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
    if a.ndim == 1 and b.ndim == 2:
        return _times_row(b.T, a)
    if a.ndim == 2 and b.ndim == 1:
        return _times_row(a, b)
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


@implements(boundscheck=False, fastmath=("contract", "nsz", "reassoc"))
def trace_of_product(a, b):
    """`np.trace(a @ b)`, which needs only the diagonal of the product: what array expressions with that may be rewritten to."""
    if a.shape[1] != b.shape[0]:
        raise ValueError("matmul: Input operand 1 has a mismatch in its core dimension 0")
    n = min(a.shape[0], b.shape[1])
    total = promote(a.dtype, b.dtype)(0)
    # So few columns of the one stay in the cache while rows of the other are read.
    for start in range(0, n, 16):
        for k in range(a.shape[1]):
            for i in range(start, min(start + 16, n)):
                total += a[i, k] * b[k, i]
    return total


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
    """Kronecker's product: each element of one array times the whole of the other, in a block of its own."""
    if kind(a) != "array" or kind(b) != "array":
        if kind(a) == "array" or kind(b) == "array" or is_sequence(a) or is_sequence(b):
            return kron(np.asarray(a), np.asarray(b))
        return np.multiply(a, b)
    if a.ndim < b.ndim:
        return kron(reshape(a, pad(a.shape, b.ndim)), b)
    if b.ndim < a.ndim:
        return kron(a, reshape(b, pad(b.shape, a.ndim)))
    blocks = np.multiply(reshape(a, interleave(a.shape, pad((), a.ndim))), reshape(b, interleave(pad((), a.ndim), b.shape)))
    return reshape(blocks, times(a.shape, b.shape))


@implements(np.vecdot)
def vecdot(x1, x2):
    """The sums of products of rows, those of the first one conjugated."""
    a, b = as_array(x1), as_array(x2)
    if a.ndim == 0 or b.ndim == 0:
        refuse("vecdot takes rows, not numbers")
    if a.shape[-1] != b.shape[-1]:
        raise ValueError("vecdot: Input operand 1 has a mismatch in its core dimension 0")
    return np.sum(np.multiply(np.conjugate(a), b) if dtype_kind(a.dtype) == "c" else np.multiply(a, b), -1)


@implements(np.matvec)
def matvec(x1, x2):
    """The products of matrices and vectors."""
    b = as_array(x2)
    if b.ndim == 0:
        refuse("matvec takes vectors, not numbers")
    return np.matmul(x1, b[..., None])[..., 0]


@implements(np.vecmat)
def vecmat(x1, x2):
    """The products of vectors, conjugated, and matrices."""
    a = as_array(x1)
    if a.ndim == 0:
        refuse("vecmat takes vectors, not numbers")
    return np.matmul(np.conjugate(a)[..., None, :] if dtype_kind(a.dtype) == "c" else a[..., None, :], x2)[..., 0, :]
