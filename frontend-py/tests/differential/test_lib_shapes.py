"""Functions that change shapes, join, split, repeat and select: values, dtypes and exceptions as NumPy's."""
import warnings

import numpy as np
import pytest

from .sources import function
from .test_lib_indexing import agree, layouts, sample
from .test_lib_sorting import compare

FORMS = [
    "np.array(a), np.array(a, dtype='f4'), a.astype(np.int32), np.asarray(a), np.ascontiguousarray(a), np.asfortranarray(a), np.copy(a), a.copy(), a.astype(bool)",
    "np.empty_like(a).shape, np.zeros_like(a), np.full_like(a, 3), np.ones_like(a, dtype=np.float32), np.zeros_like(a, shape=(2, 5))",
    "a.reshape(4, 6), a.reshape((-1, 2)), np.reshape(a, -1), np.reshape(a, (6, -1), order='F'), a.ravel(), a.flatten(), a.flatten('F'), np.ravel(a, 'F')",
    "a.reshape(5, 5)",
    "a.reshape(-1, 7)",
    "a.transpose(), np.transpose(a, (2, 0, 1)), a.transpose(1, 0, 2), a.swapaxes(0, 2), np.moveaxis(a, 0, -1), np.moveaxis(a, -1, 1)",
    "np.expand_dims(a, 1), np.expand_dims(a, -1), np.expand_dims(a, (0, -1)), a[None].squeeze(0), np.squeeze(a[:, None, :, None], (1, 3))",
    "np.squeeze(a, 0)",
    "np.atleast_1d(a), np.atleast_2d(a[0, 0]), np.atleast_3d(a[0]), np.atleast_3d(a[0, 0]), np.atleast_1d(3)",
    "a.real, a.imag, np.imag(a), a.item(3), a.item((1, 2, 3)), a.flat[4], a.view(np.uint64)",
    "np.take(a, (1, 2)), a.take(i, axis=1), np.take(a, 1, axis=2), np.take(a, i, mode='wrap'), np.take(a, i, axis=-1), np.take(a, i - 1, axis=0, mode='clip')",
    "np.take(a, i + 2, axis=0)",
    "np.where(a > 5, a, 0), np.where(a > 5), np.where(a > 5, 1.5, a), np.where(a > 5, a, a[:1]), np.where(a[0] > 5, a, True), np.where(a[0, 0, 0] > 5, a, 2)",
    "np.extract(a % 3 == 0, a), np.select((a > 9, a > 5), (a, -a), 7)",
    "np.take_along_axis(a, (a % 2).astype(np.int64), 1), np.take_along_axis(a, (a % 2).astype(np.int64) - 1, -1), np.take_along_axis(a, (a[:, :, :1] % 2).astype(np.int8), 0)",
    "np.take_along_axis(a, a.astype(np.int64), 1)",
    "np.rollaxis(a, 2), np.rollaxis(a, 0, 3), np.rollaxis(a, -1, 1), a.mT, np.isfortran(a), np.isfortran(a.T), np.iterable(a), np.iterable(3), np.iterable(a[0, 0, 0])",
    "a[0][np.ix_([0, 1], [True, False, False, True])], np.ix_(i, [3]), a[np.ix_([1], i, [0, 2])]",
    "np.vecdot(a, a[0]), np.vecdot(a * (1 + 2j), a * 1j), np.matvec(a, a[0, 0]), np.vecmat(a[0, :, 0], a), np.vecmat(a[0, :, 0] * 1j, a[1])",
    "np.cumulative_sum(a[0, 0]), np.cumulative_sum(a, axis=1, include_initial=True), np.cumulative_prod(a, axis=-1), np.cumulative_prod(a[0, 0], include_initial=True)",
    "np.cumulative_sum(a)",
    "np.concatenate((a, a)), np.concatenate((a, a.astype('c8')), axis=-1), np.concatenate((a, a[:1]), axis=None), np.concatenate(a), np.concatenate((a, a), dtype='f4')",
    "np.concatenate((a, a[:1]), axis=1)",
    "np.stack((a, a), axis=1), np.stack((a, a[::-1]), -1), np.stack(a, 1), np.hstack((a, a)), np.vstack((a, a)), np.dstack((a, a)), np.vstack((a[0, 0], a[0])), np.column_stack((a[0, 0], a[1, 0]))",
    "np.stack((a, a[:1]))",
    "np.tril(a), np.triu(a, 1), np.triu(a[0], -1), np.tril(a[0], 9), np.tril(a[0, 0]), np.diag(a[0]), np.diag(a[0], -1), np.diag(a[0, 0], 2), np.trace(a[0]), a[0].diagonal(1)",
    "np.flip(a), np.flip(a, 1), np.flip(a, (0, -1)), np.flipud(a), np.fliplr(a), np.rot90(a), np.rot90(a, 2), np.rot90(a, -1, (1, 2)), np.rot90(a, 4)",
    "np.roll(a, 1), np.roll(a, -5, axis=1), np.roll(a, (1, 2), axis=(0, 2)), np.roll(a, 100, 0), np.roll(a[:0], 2)",
    "np.repeat(a, 2), np.repeat(a, 3, axis=1), np.repeat(a, (1, 2, 0), axis=1), a.repeat(2, 0), np.repeat(a, i, axis=0)",
    "np.repeat(a, (-1, 2, 0), axis=1)",
    "np.tile(a, 2), np.tile(a, (2, 1, 3, 1)), np.tile(a, (2, 2)), np.tile(3, 4), np.tile(a, 0)",
    "np.append(a, a), np.append(a, a, axis=1), np.append(a, 7), np.delete(a, 1), np.delete(a, -1, axis=1), np.delete(a, (0, 2), axis=1), np.delete(a, slice_of, axis=2)",
    "np.delete(a, 9, 1)",
    "np.insert(a, 1, 7), np.insert(a, 1, 7, axis=1), np.insert(a, (1, 1, 3), 7, axis=1), np.insert(a, (2, 0, 2), (7, 8, 9)), np.insert(a, -1, a[:, 0], axis=1)",
    "np.resize(a, (3, 5)), np.resize(a, 50), np.resize([1, 2], 5), np.resize((0.5, 2), (3, 1)), np.resize(3, (2,)), np.meshgrid(a[0, 0], a[0, :, 0]), np.meshgrid(a[0, 0], i, a[0, :, 0], indexing='ij'), np.indices((2, 3))",
    "a @ a[0].T, a @ a[0, 0], a[0, 0] @ a[0, 0], a[0, :, 0] @ a, a @ a.transpose(0, 2, 1), np.dot(a[0], a[1].T), a[0].dot(2), np.vdot(a, a), np.outer(i, a[0]), np.inner(a[0], a[1])",
    "np.kron(a[0], a[1]), np.kron(a[0, 0], a[1, 0]), np.kron(a, a[0]), np.kron(a[0], a), np.kron(a[0, 0], 2), np.kron(a[:0], a[0, 0]), np.kron(2, 3.5), np.kron((1, 2), 3)",
    "a @ a",
]


@pytest.mark.parametrize("form", FORMS)
def test_shapes(form):
    plain, compiled = function(form.replace("slice_of", "(False, True, True, False)") if "slice_of" in form else form, "a, i")
    with warnings.catch_warnings(action="ignore"):
        for a in layouts(sample((2, 3, 4))):
            agree(plain, compiled, a, np.array([1, 0]))


NUMBERS = [
    "np.eye(3), np.eye(2, 3, 1, dtype='i4'), np.eye(3, k=-1), np.identity(n), np.tri(3, n, 1), np.tri(2)",
    "np.linspace(0, 1, 5), np.linspace(1, 2, 4, endpoint=False), np.linspace(0, 10, n, dtype=int), np.linspace(0, 1, 1), np.linspace(2, 2, n), np.linspace(-1.5, n, 50), np.linspace(0, 1, 5, retstep=True)",
    "np.array(((1, 2), (3, 4.5))), np.array((1, True)), np.array(n), np.array((n, 2), dtype=np.float32), np.array((1, 2), ndmin=3), np.array(()), np.array((1j, n)), np.asarray((True, False))",
    "np.array(((1, 2), (3, n, 5)))",
    "np.linspace(0, 1, -n)",
]


@pytest.mark.parametrize("form", NUMBERS)
def test_from_numbers(form):
    agree(*function(form, "n"), 4)


@pytest.mark.parametrize("dtype", ["bool", "int8", "float32", "complex128"])
def test_element_types(dtype):
    plain, compiled = function(
        "np.repeat(a, 2), np.roll(a, 1), np.where(a, a, 0), np.concatenate((a, b)), np.where(a[:1] != 0, a, b), np.tile(a, 2), a.reshape(4), np.tril(a), a.take((0, 1)), a @ a, a.ravel(), np.copy(a), "
        "a.astype('f8') if a.dtype != np.complex128 else a.astype('c8'), np.full_like(a, 1), a.real, a.imag, np.append(a, b), np.flip(a), a.astype('u1'), np.array((a, a))",
        "a, b",
    )
    with warnings.catch_warnings(action="ignore"):
        agree(plain, compiled, sample((2, 2), dtype), np.ones((2, 2), "int16"))


def test_empty_arrays():
    form = "a.reshape(0, 2), a.ravel(), np.concatenate((a, a)), np.repeat(a, 2, 1), np.tile(a, (2, 1)), np.roll(a, 1), np.flip(a), np.where(a > 0, a, 1), np.stack((a, a)), np.rot90(a), a @ a.T, a.T @ a, np.argwhere(a), np.tril(a)"
    plain, compiled = function(form, "a")
    for a in [np.zeros((0, 3)), np.zeros((3, 0)), np.zeros((0, 0))]:
        agree(plain, compiled, a)


def test_views_share_memory():
    """What NumPy gives as a view can be written through."""
    forms = [
        "a.reshape(4, 6)[1] = 0", "a.ravel()[3] = 7", "a.T[1] = 5", "np.transpose(a, (1, 0, 2))[0] = 3", "np.flip(a)[0] = 9", "np.rot90(a)[0] = 8", "a.swapaxes(0, 1)[2] = 1", "np.split(a, 2, axis=2)[1][:] = 4",
        "np.array_split(a, (1, 2), 1)[2][:] = 6", "np.expand_dims(a, 0)[0, 1] = 2", "a.flat[5] = 11", "np.hsplit(a, 3)[0][:] = 12", "np.fill_diagonal(a[0], 5)", "np.fill_diagonal(a[0].T, (1, 2), wrap=True)", "np.copyto(a, a[::-1])",
        "np.copyto(a, -1.0, where=a > 5)", "a.view('i8')[0] = 1", "np.diagonal(a[0]).sum()", "np.moveaxis(a, 0, 2)[:, 0] = 10", "a.reshape(-1)[::5] += 1",
    ]
    for form in forms:
        agree(*function(form + "\nreturn 0", "a"), sample((2, 3, 4)))


def test_reshaping_what_is_not_contiguous():
    """A view wherever strides can tell the place of each element, as in NumPy, with the same strides; otherwise a copy."""
    plain, compiled = function("a.reshape(s)", "a, s")
    a = sample((4, 3, 4))
    arrays = [np.asfortranarray(a), a[:, :, ::2], a[::2], a[:, ::-1], a.transpose(1, 0, 2), a[:, :1], a[:, :, :1], a[::-1, ::-1, ::-1], a[:, 1:2, ::2]]
    shapes = [(-1,), (4, -1), (-1, 2), (2, 2, -1), (4, 1, -1), (2, -1, 2)]
    for a in arrays:
        for shape in shapes:
            expected, found = plain(a, shape), compiled(a, shape)
            np.testing.assert_array_equal(found, expected)
            assert np.shares_memory(found, a) == np.shares_memory(expected, a), (a.strides, shape)
            assert not np.shares_memory(found, a) or all(f == e for f, e, n in zip(found.strides, expected.strides, expected.shape) if n > 1)


def test_parts_of_complex_arrays():
    body = "x, y = a.real, a.imag\nx[0] = 5\ny += 1\nz = np.imag(a)\nreturn x, y, z, a.conj() if False else 0"
    for a in [sample((3, 2), "complex64") * (1 + 2j), (sample((3, 2), "complex128") * (1 + 2j)).T]:
        agree(*function(body, "a"), a)


def test_all_indices():
    plain, compiled = function("s = 0.0\nfor i, j in np.ndindex(a.shape):\n    s = 2 * s + 3 * i - j * a[i, j]\nfor (i, j), x in np.ndenumerate(a):\n    s = s / 2 + i * x - j\nfor i, in np.ndindex(4):\n    s += i\nreturn s", "a")
    for a in [sample((3, 4)), np.asfortranarray(sample((3, 4))), sample((6, 4))[::-2], np.zeros((0, 2))]:
        agree(plain, compiled, a)


def test_refusals():
    for form, message in [("np.flip(a, 3)", "out of bounds"), ("np.transpose(a, (0, 0))", "repeated axis"), ("np.squeeze(a)", "needs an axis"), ("np.concatenate((a, a[0]))", "dimensions"), ("a.transpose(1)", "axes don't match")]:
        with pytest.raises(Exception, match=message):
            function(form, "a")[1](sample((2, 3)))


def test_values_are_put_along_an_axis():
    compare("b = a.copy()\nc = b[:, ::-1]\nnp.put_along_axis(b, i, v, 0)\nnp.put_along_axis(c, i[:1, :3].T, -1, 1)\nreturn b", "a, i, v", *[(a.copy(order), i, v) for a in (np.arange(12.0).reshape(3, 4), np.zeros((3, 4), np.int8)) for order in "CF"
            for i in (np.array([[2, 0, 1, -1], [0, 0, 0, 0]]),) for v in (7, np.array([1.0, 2, 3, 4]), np.array([[5], [6]]))])
    compare("b = a.copy()\nnp.put_along_axis(b, i, 5, None)\nreturn b", "a, i", (np.arange(5), np.array([1, -1])))
    _, compiled = function("np.put_along_axis(a, i, 5, 0)", "a, i")
    with pytest.raises(IndexError, match="index 5 is out of bounds for axis 0 with size 5"):
        compiled(np.arange(5), np.array([5]))
    with pytest.raises(ValueError, match="same number of dimensions"):
        compiled(np.arange(5), np.array([[1]]))


def test_choices():
    numbers = np.array([[0, 1, 2], [2, 0, 1]])
    compare("np.choose(a, (b, 7, b[0])), a.choose((b, -b, 2 * b)), np.choose(a * 2, (b, -b, 2 * b), mode='clip'), np.choose(a - 1, (b, 2.5), mode='wrap'), np.choose(a, c), np.choose(1, (3, 4))", "a, b, c",
            (numbers, np.arange(6).reshape(2, 3), np.arange(3.0)), (numbers.astype(np.uint8)[:, ::-1], np.arange(6.0).reshape(2, 3), np.arange(9.0).reshape(3, 1, 3)), (numbers[:, :0], np.zeros((2, 0)), np.zeros((3, 2, 1))))
    compare("np.choose(a, (b, b))", "a, b", (numbers, np.arange(3)), (-numbers, np.arange(3)), (numbers % 2, np.arange(4)))
