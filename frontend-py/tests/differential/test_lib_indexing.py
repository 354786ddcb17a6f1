"""Indexing by arrays and masks, assignment with conversion, and augmented assignment: values, dtypes and exceptions as NumPy's."""
import warnings

import numpy as np
import pytest

from numbra import njit

from .reference import copy, run
from .sources import function


def sample(shape, dtype="float64"):
    return (np.arange(int(np.prod(shape))) % 120).astype(dtype).reshape(shape)


def layouts(a):
    """The same values in several orders of memory, none of them contiguous, so that one compiled version serves all."""
    wide = np.zeros((*a.shape[:-1], a.shape[-1] * 2), a.dtype)
    wide[..., ::2] = a
    return [wide[..., ::2], np.asfortranarray(wide)[..., ::2], wide[..., ::-2].copy()[..., ::-1]]


def same(found, expected, what):
    expected, found = (x.item() if isinstance(x, np.generic) else x for x in (expected, found))
    assert type(found) is type(expected), (what, found, expected)
    if isinstance(expected, tuple):
        assert len(found) == len(expected), what
        for f, e in zip(found, expected):
            same(f, e, what)
    elif isinstance(expected, np.ndarray):
        assert found.dtype == expected.dtype and found.shape == expected.shape, (what, found, expected)
        np.testing.assert_array_equal(found, expected, str(what))
    else:
        assert found == expected or found != found and expected != expected, (what, found, expected)


def agree(plain, compiled, *arguments):
    """Results, or classes of exceptions, and the arguments afterwards."""
    theirs, mine = [copy(a) for a in arguments], [copy(a) for a in arguments]
    expected, found = run(plain, theirs), run(compiled, mine)
    assert found[0] == expected[0], (arguments, found, expected)
    if expected[0] == "value":
        same(found[1], expected[1], arguments)
    else:
        assert found[1] is expected[1], (arguments, found, expected)
    same(tuple(mine), tuple(theirs), arguments)


READS = [
    "a[i]", "a[i, j]", "a[i, :, j]", "a[:, i, j]", "a[:, :, i]", "a[..., i]", "a[0, :, i]", "a[i, ..., 1]", "a[:, i, None, 1]", "a[None, i, :, j]", "a[::-1, 1:, i]", "a[i, i, i]", "a[1:, j]", "a[:, 1, i]",
    "a[i[0]]", "a[(0, 1), :, i]", "a[((1,), (0,)), 1]", "a[i, ..., j]", "a[k]", "a[np.array(1)], a[np.array(-1), i]",
]


@pytest.mark.parametrize("form", READS)
def test_reading_by_integers(form):
    """Ranks of index arrays, positions beside slices, ints, None and `...`, and indices out of bounds."""
    plain, compiled = function(form, "a, i, j, k")
    k = np.array([[[1, 0]]], np.uint8)
    for a in layouts(sample((2, 3, 4))):
        for i, j in [(np.array([0, -1]), np.array([1, 1])), (np.array([1, 1]), np.array([0, -2])), (np.array([0, 3]), np.array([0, 1])), (np.array([-3, 0]), np.array([1, 2]))]:
            agree(plain, compiled, a, i, j, k)


def test_index_arrays_broadcast():
    plain, compiled = function("a[i, j]", "a, i, j")
    a = sample((4, 5, 2))
    for shapes in [((3,), (3,)), ((3, 1), (1, 2)), ((2, 1), (3,)), ((), (3,)), ((1,), (3,)), ((0,), (1,)), ((2,), (3,)), ((2, 3), (2, 1))]:
        i, j = (np.arange(int(np.prod(s)), dtype=np.int32).reshape(s) % 4 for s in shapes)
        agree(plain, compiled, a, i, j)


MASKS = ["a[m]", "a[n]", "a[o]", "a[1, o[0]]", "a[:, n[0]]", "a[..., m[0, 0]]", "a[i, n[0]]", "a[n, 1]", "a[t]", "a[n.T]", "a[t, i]", "(a > 3)[m]", "a[m & (a > 5)]"]


@pytest.mark.parametrize("form", MASKS)
def test_reading_by_masks(form):
    """Masks of all axes, of the first ones, and of those in between; masks of other lengths; no and all elements."""
    plain, compiled = function(form, "a, m, n, o, i, t")
    for a in layouts(sample((2, 3, 4))):
        for step in (1, 2, 5, 99):
            m, n = np.arange(24).reshape(2, 3, 4) % step == 1, np.arange(6).reshape(2, 3) % step == 0
            agree(plain, compiled, a, m, n, np.array([[True, False, step == 1], [False, False, True]]), np.array([0]), step == 2)


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint64", "float32", "complex128"])
def test_element_types(dtype):
    read, write = function("a[i], a[m], a[:, i], a[i, j]", "a, i, j, m"), function("a[i] = b\na[m] = b[0, 0]\na[:, j] = b[:, :1]\na[:1] = b[:1]\nreturn a", "a, i, j, m, b")
    for a in layouts(sample((3, 4), dtype)):
        agree(*read, np.ascontiguousarray(a), np.array([2, 0, 2]), np.array([1, 1, 0]), a != 3)
        for other in ["float32"] if dtype != "complex128" else ["complex64"]:
            agree(*write, a, np.array([2, 0]), np.array([3]), a != 3, (sample((2, 4), other) + 1)[::-1].repeat(2, 0)[1:3])


def test_complex_source_of_real_elements():
    plain, compiled = function("a[i] = b\nreturn a", "a, i, b")
    with warnings.catch_warnings(action="ignore"):
        agree(plain, compiled, sample(4), np.array([1, 2]), np.array([1 + 2j, 3 - 1j]))


WRITES = [
    "a[i] = v", "a[i] = b", "a[i, j] = v", "a[:, :, i] = b[0, 0, :1]", "a[..., j] = b[:, :, :2]", "a[i, :, j] = 7", "a[m] = v", "a[m] = b[m]", "a[m] = b[0, 0, :1]", "a[m] = b[0, 0]", "a[m[:, 0, 0]] = b[:1]",
    "a[m] = b", "a[i] = b[0]", "a[i] = a[j]", "a[:] = a[i]", "a[i, 0] = (1, 2, 3, 4)", "a[0, 0] = (1, 2, 3, 4)", "a[0, 0, 1:3] = (1.5, 2)", "a[i] += v", "a[m] *= 2", "a[i, j] -= b[i, j]", "a[i] = b[i, :, :3]", "a[1:1] = b[1:1]",
    "a[m] = 0 * a[m] + v", "a[t] = v",
]


@pytest.mark.parametrize("statement", WRITES)
def test_writing(statement):
    plain, compiled = function(f"{statement}\nreturn 0", "a, i, j, m, b, v, t")
    for a in layouts(sample((2, 3, 4))):
        for i, j in [(np.array([0, 1]), np.array([1, 0])), (np.array([-1, -1]), np.array([1, -2])), (np.array([0, 3]), np.array([0, 1]))]:
            agree(plain, compiled, a, i, j, a % 3 == 1, (sample((2, 3, 4)) * 3).astype("int16"), 2.5, i[0] == 0)


def test_overlapping_operands():
    """Sources and indices that share memory with what is written act as if they were copied first."""
    forms = ["a[i] = a", "a[1:][a[1:] > 2] = a[:-1][a[1:] > 2]", "a[a] = a[::-1]", "a[:] = a[a]", "a[a[::-1]] = 7", "a[1:] += a[:-1]", "a[:-1] *= a[1:]", "a += a", "a -= a[::-1]", "a[::2] += a[:3]", "a += a[:1]"]
    plain, compiled = function("\n".join(f"if k == {k}:\n    {form}" for k, form in enumerate(forms)) + "\nreturn a", "a, i, k")
    for k in range(len(forms)):
        agree(plain, compiled, np.array([2, 0, 1, 4, 3]), np.array([4, 3, 2, 1, 0]), k)
    agree(*function("a += a.T\nreturn a", "a"), np.arange(16).reshape(4, 4))
    agree(*function("a.T[...] = a\nreturn a", "a"), np.arange(16).reshape(4, 4))


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int64", "complex128"])
def test_augmented_assignment_of_arrays(dtype):
    statements = ["a += 1", "a *= b", "a -= b[0]", "a += b[0, 0]", "a //= 2", "a **= 2", "a += c"]
    if dtype == "complex128":
        statements.remove("a //= 2")
    plain, compiled = function("\n".join(statements) + "\nreturn a", "a, b, c")
    for a in layouts(sample((2, 3), dtype)):
        agree(plain, compiled, a, a[::-1] + a.dtype.type(1), np.ones((1, 3), bool if dtype[0] == "u" else "int8"))
        agree(plain, compiled, a, a[:, :2], np.ones((1, 3), bool if dtype[0] == "u" else "int8"))


def test_augmented_assignment_keeps_the_type():
    """What NumPy's rule 'same_kind' does not cast is refused before anything runs."""
    for statement, a in [("a /= 2", np.arange(3)), ("a += 1.5", np.arange(3)), ("a *= 1j", np.ones(3))]:
        _, compiled = function(f"{statement}\nreturn a", "a")
        with pytest.raises(Exception, match="same_kind"):
            compiled(a)
    agree(*function("a += b\nreturn a", "a, b"), np.ones(3), np.ones((2, 3)))
    agree(*function("a += b\nreturn a", "a, b"), np.ones((2, 3), "f4"), np.ones((2, 1)))


def test_positions_of_true_elements():
    plain, compiled = function("np.nonzero(a), np.flatnonzero(a), np.argwhere(a), np.count_nonzero(a), a.nonzero(), np.where(a)", "a")
    for dtype in ["bool", "uint8", "float64", "complex128"]:
        for a in [sample((3, 4), dtype), layouts(sample((3, 4), dtype))[1], sample((0, 4), dtype), np.array([0, np.nan, -0.0, 1]).astype("f8"), sample(5, dtype)[::-2]]:
            agree(plain, compiled, a)


def test_refusals():
    for form, arguments, message in [("a[i]", (sample(3), np.ones(2)), "must be of integer"), ("a[i, i]", (sample(3), np.array([1])), "too many indices")]:
        _, compiled = function(form, "a, i")
        with pytest.raises(Exception, match=message):
            compiled(*arguments)


def test_bounds_are_told_as_numpy_tells_them():
    for form, index in [("a[i]", [1, 9]), ("a[:, i]", [-4]), ("a[0, i]", [7]), ("a[i, ..., i]", [0, 2, -8])]:
        plain, compiled = function(form, "a, i")
        a, i = sample((2, 3, 4)), np.array(index)
        with pytest.raises(IndexError) as expected:
            plain(a, i)
        with pytest.raises(IndexError) as found:
            compiled(a, i)
        assert str(found.value) == str(expected.value)


@njit
def chosen(a, mask):
    return a[mask]


@pytest.mark.parametrize("dtype", ["f8", "f4", "i2", "u1", "c16", "c8", "?", "m8[s]"])
def test_masks_choose_elements_of_each_size(dtype):
    """Lengths around those of registers, none, some and all chosen; rows that are not contiguous."""
    r = np.random.default_rng(5)
    for n in (0, 1, 63, 64, 65, 1000):
        a = r.integers(0, 100, n).astype(dtype)
        for share in (0.0, 0.3, 1.0):
            mask = r.random(n) < share
            np.testing.assert_array_equal(chosen(a, mask), a[mask])
            assert chosen(a, mask).dtype == a.dtype
            np.testing.assert_array_equal(chosen(a[::-1], mask), a[::-1][mask])
    a, mask = a.reshape(40, 25), mask.reshape(40, 25) & (r.random((40, 25)) < 0.5)
    np.testing.assert_array_equal(chosen(a, mask), a[mask])
    np.testing.assert_array_equal(chosen(a[::2, ::-1], mask[1::2]), a[::2, ::-1][mask[1::2]])
