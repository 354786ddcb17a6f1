"""Lists where NumPy takes sequences: arrays of them, joining, indices, functions of arrays, and lists of arrays' elements."""
import numpy as np
import pytest

from .sources import function

FORMS = [
    "np.array(l), np.asarray(l, dtype=np.float32), np.array([1.5, 2]), np.array([True, False]), np.array([1j, 2]), np.array([]), np.array(range(3)), np.array([1, 2], ndmin=2)",
    "np.array([[1, 2], [3, 4]]), np.array([(1, 2.5), (3, 4.5)]), np.array(([1, 2], [3, 4.5])), np.array([[[1, 2], [3, 4]], [[5, 6], [7, 8]]]), np.array([a, a + 1]), np.array((l, a[:3]))",
    "np.array([x * 2.0 for x in l]), np.array([[x * y for x in l] for y in l]), np.array([np.datetime64('2020-01-01'), np.datetime64('2020-01-03')])",
    "np.array([l, l[1:]])",
    "np.array((l, l[1:]))",
    "np.array([a, a[1:]])",
    "np.array([[l, l], [l]])",
    "np.concatenate([a, a + 1]), np.concatenate([a[:i] for i in l]), np.concatenate([a[None], a[None]], axis=1), np.concatenate([a[None], a[None]], axis=None), np.concatenate([l, l]), np.concatenate((l, a)), np.concatenate([a, a], dtype='f4')",
    "np.stack([a, a]), np.stack([a, a], axis=1), np.stack([l, l], -1), np.hstack([a, a]), np.hstack([a[None], a[None]]), np.hstack([l, l]), np.vstack([a, a]), np.vstack([l, l]), np.dstack([a, a]), np.column_stack([a, a]), np.column_stack([l, l])",
    "np.concatenate([np.zeros((2, i)) for i in l])",
    "np.concatenate([a for i in l[:0]])",
    "np.stack([a[:i] for i in l])",
    "np.stack([a for i in l[:0]])",
    "a[[0, 2]], a[l], a.reshape(5, 1)[:, [0, 0]], np.outer(a, a)[[0, 1], [1, 2]], a[[True, False, True, False, True]], a[[]], np.outer(a, a)[[[0], [1]], [1, 2]], np.take(a, [0, 1])",
    "a[[0, 7]]",
    "a[[1.0, 2.0]]",
    "np.sin(l), np.add(l, 1), a[:3] + l, [1, 2, 3, 4, 5] * a, a == [0.0, 1.0, 5.0, 3.0, 4.0], np.maximum(l, (2, 2, 2)), np.where([True, False], [1, 2], [3, 4])",
    "a + l",
    "np.sum(l), np.mean(l), np.min(l), np.max([1.5, 2.5]), np.argmax(l), np.any(l), np.std(l), np.sum([[1, 2], [3, 4]], axis=0), np.cumsum(l), np.diff(l), np.array_equal(l, [1, 2, 3]), np.allclose(l, [1, 2, 3])",
    "np.repeat(l, 2), np.repeat(a[:2], [1, 2]), np.tile(l, 2), np.append(l, [1]), np.insert(a, [0, 1], [5.0, 6.0]), np.delete(a, [0, 1]), np.flip(l), np.roll(l, 1), np.reshape(l, (-1, 1)), np.nonzero(l), np.diag(l)",
    "np.zeros_like(l), np.full_like(l, 7), np.copy(l), np.transpose([[1, 2], [3, 4]]), np.ravel([[1, 2], [3, 4]]), np.atleast_2d(l), np.expand_dims(l, 0), np.meshgrid(l, [1, 2]), np.outer(l, l), np.dot(l, l), np.broadcast_to(l, (2, 3)).copy()",
    "np.shape([[1, 2], [3, 4]]), np.ndim([[1, 2], [3, 4]]), np.size([[1, 2], [3, 4]]), np.size(l), np.size(a, 0), np.shape(3), np.ndim(a), np.shape(a)",
    "(a.tolist(), np.outer(a, a).tolist(), a.astype(np.float32).tolist(), a.astype(np.int8).tolist(), (a > 1).tolist(), (a * 1j).tolist(), a[::-2].tolist(), a[:0].tolist(), np.array(3).tolist())",
    "[x for x in a], list(a), list(np.outer(a, a))[1]",
]


def equal(found, expected):
    """Types, values, and dtypes of arrays, inside of lists and tuples too."""
    if isinstance(expected, (list, tuple)):
        assert type(found) is type(expected) and len(found) == len(expected), (found, expected)
        for f, e in zip(found, expected):
            equal(f, e)
    elif isinstance(expected, np.ndarray):
        assert found.dtype == expected.dtype and found.shape == expected.shape, (found, expected)
        np.testing.assert_array_equal(found, expected)
    else:
        expected = expected.item() if isinstance(expected, np.generic) else expected
        assert type(found) is type(expected) and (found == expected or abs(found - expected) < 1e-12), (found, expected)


@pytest.mark.parametrize("form", FORMS)
def test_lists(form):
    plain, compiled = function(form, "l, a")
    try:
        expected = plain([1, 2, 3], np.arange(5.0))
    except (ValueError, IndexError) as error:
        with pytest.raises(type(error)):
            compiled([1, 2, 3], np.arange(5.0))
    else:
        equal(compiled([1, 2, 3], np.arange(5.0)), expected)


WRITES = [
    "a[1:3] = [7, 8]\na[0] = l[0]\nreturn a",
    "a[[0, 2]] = [7, 8]\na[[1, 3]] = 1\na[l] += 2\nreturn a",
    "a[[True, False, True, False, False]] = [5, 6]\na[:3] += l\na[:3] *= (1, 2, 3)\nreturn a",
    "b = np.zeros((3, 2))\nb[1] = [7, 8]\nb[[0, 2]] = [[1, 2], [3, 4]]\nb[:, 0] += [1, 2, 3]\nb[...] = b + [[1, 2]]\nreturn b",
    "a[1:3] = l\nreturn a",
    "a[[]] = 5\nreturn a",
]


@pytest.mark.parametrize("body", WRITES)
def test_writes(body):
    plain, compiled = function(body, "l, a")
    try:
        expected = plain([1, 2, 3], np.arange(5.0))
    except ValueError:
        with pytest.raises(ValueError):
            compiled([1, 2, 3], np.arange(5.0))
    else:
        equal(compiled([1, 2, 3], np.arange(5.0)), expected)
