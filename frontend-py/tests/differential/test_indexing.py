"""Indexing, slicing and assignment on every layout: values, shapes, dtypes and shared memory as in NumPy."""
import itertools

import numbra
import numpy as np
import pytest

from .reference import bits, copy, run
from .sources import function

DTYPES = ["bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64", "complex64", "complex128"]


def sample(shape, dtype="float64"):
    return (np.arange(int(np.prod(shape))) % 120).astype(dtype).reshape(shape)


def layouts(array):
    """The same values in several layouts, by name."""
    result = {"C": array}
    if array.ndim:
        result["reversed"] = array[::-1].copy()[::-1]
        wide = np.zeros((array.shape[0], *array.shape[1:-1], array.shape[-1] * 3), array.dtype) if array.ndim > 1 else np.zeros(array.shape[0] * 3, array.dtype)
        result["strided"] = wide[..., ::3]
        result["strided"][...] = array
    if array.ndim > 1:
        result["F"] = np.asfortranarray(array)
        result["transposed"] = np.ascontiguousarray(array.T).T
        result["all reversed"] = array[::-1, ::-1].copy()[::-1, ::-1]
    return result


def same_view(found, expected, base):
    assert type(found) is type(expected), (found, expected)
    assert found.shape == expected.shape and found.dtype == expected.dtype
    np.testing.assert_array_equal(found, expected)
    if expected.size:
        assert np.shares_memory(found, base) == np.shares_memory(expected, base)
    if expected.size > 1:
        assert all(f == e for f, e, n in zip(found.strides, expected.strides, expected.shape) if n > 1)


ONE = ["a[1:3]", "a[:]", "a[::2]", "a[::-1]", "a[-3:]", "a[:-2]", "a[10:]", "a[-100:100]", "a[4:1]", "a[4:1:-1]", "a[::-3]", "a[...]", "a[None]", "a[:, None]", "a[1:][::2]", "a[2:5][1:]", "a.T",
       "a[i:j]", "a[i:j:-1]", "a[j::2]", "a[:i:3]"]
TWO = ["a[1]", "a[-1]", "a[:, 1]", "a[1:, ::2]", "a[::-1, ::-1]", "a[...]", "a[..., 0]", "a[0, ...]", "a[None, 1]", "a[1, None]", "a[:, None, 1:]", "a.T", "a.T[1]", "a[1][2:]", "a[1:3][:, 1]", "a[:, i]",
       "a[i:, j]", "a[i, ::-1]", "a[5:, 1:]"]
THREE = ["a[1]", "a[1, 2]", "a[..., 1]", "a[:, 1]", "a[0, :, ::2]", "a[::-1, 1, 1:]", "a.T", "a.T[0, 1]", "a[None, ..., None]", "a[i, ..., j]"]


@pytest.mark.parametrize("form", ONE)
def test_views_of_one_axis(form):
    views(form, sample(7))


@pytest.mark.parametrize("form", TWO)
def test_views_of_two_axes(form):
    views(form, sample((4, 5)))


@pytest.mark.parametrize("form", THREE)
def test_views_of_three_axes(form):
    views(form, sample((2, 3, 4)))


def views(form, array):
    plain, compiled = function(form, "a, i, j")
    for name, a in layouts(array).items():
        for i, j in [(0, 1), (1, 0), (-1, 2), (2, -2)]:
            expected, found = run(plain, (a, i, j)), run(compiled, (a, i, j))
            assert found[0] == expected[0], (name, found, expected)
            if expected[0] == "value":
                same_view(found[1], expected[1], a)
            else:
                assert found[1] is expected[1]


def test_elements_and_bounds():
    """Each index within three times the bounds: the element, or IndexError."""
    plain, compiled = function("a[i]", "a, i")
    for a in layouts(sample(5)).values():
        for i in [*range(-12, 12), 2**40, -2**63, 2**63 - 1]:
            expected, found = run(plain, (a, i)), run(compiled, (a, i))
            assert found[0] == expected[0] and found[1] == expected[1], (i, found, expected)
    plain, compiled = function("a[i, j]", "a, i, j")
    for a in layouts(sample((2, 3))).values():
        for i, j in itertools.product(range(-4, 5), range(-5, 6)):
            expected, found = run(plain, (a, i, j)), run(compiled, (a, i, j))
            assert found[0] == expected[0] and found[1] == expected[1], (i, j, found, expected)


@pytest.mark.parametrize("dtype", DTYPES)
def test_every_dtype_loads_and_stores(dtype):
    _, compiled = function("b[0] = a[1]\nb[1] = a[0]\nb[2] = a[-1]\nreturn a[2]", "a, b")
    for a in layouts(sample(4, dtype)).values():
        b = np.zeros(3, dtype)
        result = compiled(a, b)
        assert result == a[2]
        np.testing.assert_array_equal(b, a[[1, 0, -1]])


ASSIGNMENTS = {
    1: ["a[1] = 7", "a[-1] = v", "a[i] = v", "a[::2] = v", "a[:] = 1", "a[...] = v", "a[1:] = a[:-1]", "a[:-1] = a[1:]", "a[::-1] = a", "a[1:4] = a[2:5]", "a[i:j] = v", "a[2] += v", "a[i] *= 3",
        "a[1:1] = v", "a[0:3] = a[3:4]", "a[0:2] = a[0:3]", "a[-1], a[0] = a[0], a[-1]"],
    2: ["a[1, 2] = v", "a[0] = v", "a[:, 1] = v", "a[i, j] -= v", "a[1:, ::2] = v", "a[0] = a[1]", "a[:, 0] = a[:, 1]", "a[::-1] = a", "a[...] = a[0]", "a[:, ::-1] = a", "a[1:] = a[:-1]", "a[:] = a[:, 0:1]",
        "a[0, :] = a[:, 0]", "a.T[0] = v"],
}


@pytest.mark.parametrize("rank, statement", [(rank, s) for rank, table in ASSIGNMENTS.items() for s in table])
def test_assignment(rank, statement):
    plain, compiled = function(f"{statement}\nreturn 0", "a, i, j, v")
    for name, a in layouts(sample(7 if rank == 1 else (4, 5))).items():
        for i, j in [(0, 2), (-1, 1), (99, 0)]:
            mine, theirs = copy(a), copy(a)
            expected, found = run(plain, (theirs, i, j, 2.5)), run(compiled, (mine, i, j, 2.5))
            assert found == expected, (name, found, expected)
            assert bits(mine) == bits(theirs), (name, i, j)


def test_zero_dimensional_and_empty_arrays():
    plain, compiled = function("a[()] + a.ndim + a.size", "a")
    assert compiled(np.array(2.5)) == plain(np.array(2.5)) == 3.5
    _, compiled = function("t = 0.0\nfor x in a:\n    t += x\nreturn t, len(a)", "a")
    assert compiled(np.empty(0)) == (0.0, 0)
    plain, compiled = function("a[1:], a.shape, a.size", "a")
    found = compiled(np.empty((0, 3)))
    assert found[0].shape == (0, 3) and found[1:] == ((0, 3), 0)
    _, compiled = function("a[0]", "a")
    with pytest.raises(IndexError):
        compiled(np.empty(0))


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (2, 3, 4), (2, 1, 3, 2)])
def test_attributes(shape):
    plain, compiled = function("a.shape, a.strides, a.ndim, a.size, a.itemsize, a.nbytes", "a")
    for a in layouts(sample(shape, "int32")).values():
        assert compiled(a) == plain(a)


def test_iteration():
    plain, compiled = function("t = 0.0\nfor row in a:\n    for x in row:\n        t = t * 1.5 + x\nreturn t", "a")
    for a in layouts(sample((3, 4))).values():
        assert compiled(a) == plain(a)
    plain, compiled = function("t = 0.0\nfor i, x in enumerate(a, 2):\n    t += i * x\nfor x, y, k in zip(a, a[::-1], range(3)):\n    t += x * y * k\nreturn t", "a")
    for a in layouts(sample(6)).values():
        assert compiled(a) == plain(a)


RANGES = [(0,), (5,), (-3,), (2, 6), (6, 2), (0, 10, 3), (10, 0, -3), (0, 10, -1), (-5, 5, 4), (5, -6, -5), (2**63 - 4, 2**63 - 1), (-2**63, -2**63 + 3), (2**63 - 10, 2**63 - 1, 7), (0, 1, 2**62)]


def test_ranges():
    bodies = {n: "t = 7\nc = 0\nfor i in range({}):\n    t = t * 31 ^ i\n    c += 1\n    if c > 50:\n        break\nreturn t % 2**32, c, len(range({}))".format(*["a, b, c_"[:3 * n - 2] if n < 3 else "a, b, s"] * 2) for n in (1, 2, 3)}
    for arguments in RANGES:
        plain, compiled = function(bodies[len(arguments)].replace("t * 31 ^ i", "(t * 31 ^ i) % 2**32"), "a, b, s"[:3 * len(arguments) - 2])
        assert compiled(*arguments) == plain(*arguments), arguments
    _, compiled = function("t = 0\nfor i in range(a, b, s):\n    t += i\nreturn t", "a, b, s")
    with pytest.raises(ValueError):
        compiled(0, 1, 0)


def test_assigned_arrays_may_have_axes_of_length_1_in_front():
    plain, compiled = function("a[1] = v\nreturn None", "a, v")
    for dtype in ("f8", "i4", "c16"):
        for shape in ((), (2,), (1, 2), (1, 1, 2), (1, 1, 1), (2, 1, 2), (2, 2), (0, 2)):
            found, expected = np.zeros((3, 2), dtype), np.zeros((3, 2), dtype)
            v = np.full(shape, 2.5).astype(dtype)
            if shape in ((2, 1, 2), (2, 2), (0, 2)):
                for run, a in ((compiled, found), (plain, expected)):
                    with pytest.raises(ValueError, match="could not broadcast"):
                        run(a, v)
                continue
            compiled(found, v), plain(expected, v)
            np.testing.assert_array_equal(found, expected)
        row = np.zeros(3, dtype)
        compiled(row, np.array(2.5).astype(dtype))
        np.testing.assert_array_equal(row, np.array([0, 2.5, 0]).astype(dtype))


def test_sums_of_arrays():
    plain, compiled = function("sum(a, start)", "a, start")
    for a in (sample((3, 2)), sample((2, 3, 2)).T, sample((1, 2), "int64"), sample((2, 2), "int64").astype("i1"), [sample(2), sample(2)]):
        for start in (1.5, sample(2)):
            np.testing.assert_array_equal(compiled(a, start), plain(a, start))
    _, unstarted = function("sum(a)", "a")
    found, expected = unstarted(sample((3, 2), "int64").astype("i1")), sum(sample((3, 2), "int64").astype("i1"))
    assert found.dtype == expected.dtype and np.array_equal(found, expected)
    assert unstarted(np.zeros((0, 3))) == 0 and compiled([[1], [2, 3]], [0]) == [0, 1, 2, 3]
    with pytest.raises(numbra.NumbaError, match="`sum` takes"):
        unstarted(["a"])


CREATED = ["np.zeros(n)", "np.zeros((n, 2))", "np.ones(n, np.int32)", "np.ones((2, n), dtype=np.float32)", "np.full(n, 2.5)", "np.full((n, 2), 7)", "np.arange(n)", "np.arange(1, n)", "np.arange(n, 0, -2)",
           "np.arange(0.0, 1.0, 0.25)", "np.zeros_like(a)", "a.copy()", "a[::2].copy()", "a.T.copy()", "np.empty(0)", "np.zeros(n, np.bool_)", "np.zeros(n, np.complex128)"]


@pytest.mark.parametrize("form", CREATED)
def test_creation(form):
    plain, compiled = function(form, "n, a")
    for n in (0, 1, 5):
        expected, found = plain(n, sample((2, 3))), compiled(n, sample((2, 3)))
        assert found.dtype == expected.dtype and found.shape == expected.shape
        np.testing.assert_array_equal(found, expected)
        assert found.flags.c_contiguous


def test_creation_of_impossible_sizes_raises():
    _, compiled = function("np.zeros(n)", "n")
    with pytest.raises(ValueError):
        compiled(-1)
    with pytest.raises(MemoryError):
        compiled(2**58)


REDUCTIONS = ["sum(a)", "min(a)", "max(a)", "np.sum(a)", "np.min(a)", "np.max(a)", "np.prod(a)", "np.mean(a)", "np.argmin(a)", "np.argmax(a)", "a.sum()", "a.min()", "a.max()", "np.any(a)", "np.all(a)"]


@pytest.mark.parametrize("form", REDUCTIONS)
def test_reductions(form):
    plain, compiled = function(form, "a")
    for dtype in ("int64", "float64"):
        for a in layouts(sample(9, dtype) - 3).values():
            assert float(compiled(a)) == pytest.approx(float(plain(a)), rel=1e-15), dtype


@pytest.mark.parametrize("form", ["min(a)", "max(a)", "np.min(a)", "np.max(a)"])
def test_extremes_of_nothing_raise(form):
    with pytest.raises(ValueError):
        function(form, "a")[1](np.empty(0))


def test_read_only_arrays_can_be_read():
    a = sample(4)
    a.flags.writeable = False
    assert function("a[1] + a[2]", "a")[1](a) == 3.0


def test_tuples():
    plain, compiled = function("t[0] + t[1][1], (t[1], t[0]), len(t), t[1][0]", "t")
    assert compiled((1, (2.5, 3))) == plain((1, (2.5, 3)))
    plain, compiled = function("x, (y, z) = t\nx, y = y, x\nreturn x, y, z", "t")
    assert compiled((1, (2, 3.5))) == plain((1, (2, 3.5)))
    plain, compiled = function("s = 0\nfor i in range(len(t)):\n    s = s * 10 + t[i]\nreturn s", "t")
    assert compiled((1, 2, 3)) == plain((1, 2, 3)) == 123
