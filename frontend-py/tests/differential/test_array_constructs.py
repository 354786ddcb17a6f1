"""What Python's own constructs do with arrays, ranges and tuples, against CPython and NumPy: truth, identity, unpacking, conversion by a
scalar type, flags, views, `hash`, comparison of tuples, slices as constants."""
import cmath
import collections
import enum
import operator
import warnings

import numpy as np
import pytest

import numbra
from numbra import njit

from . import reference, sources

CUBE = np.arange(24.0).reshape(2, 3, 4)


def plain(value):
    """NumPy's scalars as Python's: compiled code returns those."""
    if isinstance(value, tuple):
        return tuple(map(plain, value))
    return value.item() if isinstance(value, np.generic) else value


def agree(function, *cases):
    """The compiled function and the plain one do the same with each of the argument tuples, errors and their texts included."""
    compiled = njit(function)
    for case in cases:
        mine, theirs = [reference.copy(a) for a in case], [reference.copy(a) for a in case]
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            try:
                expected = reference.bits(plain(function(*theirs)))
            except Exception as error:
                expected = type(error), str(error)
            try:
                found = reference.bits(plain(compiled(*mine)))
            except Exception as error:
                found = type(error), str(error)
        assert found == expected, (case, found, expected)
        for a, b in zip(mine, theirs):
            assert reference.bits(a) == reference.bits(b), case


def test_truth_of_arrays():
    def f(a):
        if a:
            return 1
        return 2 if not a else 3

    agree(f, *[(np.array(x),) for x in (0, 1, [1], [0], [[0.0]], [1, 2], [], [np.nan])])


def test_identity_of_arrays():
    @njit
    def f(a, b):
        return a is b, a is not b

    a = np.arange(4)
    assert f(a, a) == (True, False)
    for other in (a.copy(), a[:2], a[::-1], a.astype(float), a.reshape(2, 2)):
        assert f(a, other) == (False, True)


def test_unpacking_of_arrays_and_ranges():
    def f(a):
        x, y, z = a
        return z, y, x

    agree(f, *[(a,) for a in (np.arange(3), np.arange(6).reshape(3, 2), np.arange(6)[::-2], np.arange(4), np.arange(2), np.arange(0.0))])
    agree(f, *[(r,) for r in (range(3), range(5, 1, -2), range(5, 0, -2), range(0), range(4))])

    def in_a_loop(pairs):
        total = 0
        for first, second in pairs:
            total += first * second
        return total

    agree(in_a_loop, (np.arange(8).reshape(4, 2),), (np.arange(8).reshape(4, 2)[:0],), (np.arange(9).reshape(3, 3),))


@pytest.mark.parametrize("scalar", [np.float64, np.int32, np.uint8, np.bool_, np.complex64])
def test_scalar_types_called_with_arrays_and_sequences(scalar):
    def f(x):
        return scalar(x)

    cases = [(1, 2), (1.0, 2), [1, 2, 3], ((1, 2), (3, 4)), [(1.5, 2.5)], np.array(3), np.array([1, 0, 2.5]), ()]
    agree(f, *[(case,) for case in cases])


def test_the_type_of_an_array_called_with_it():
    def f(x):
        return x.dtype.type(x)

    compiled = njit(f)
    for x in (np.array(2.5), np.array(True), np.array(2j, np.complex64), np.array(3, "m8[h]"), np.array("2016-01-01", "M8[D]")):
        assert compiled(x) == x[()]


def test_python_numbers_of_arrays():
    def f(x):
        return float(x), int(x), bool(x), complex(x)

    agree(f, (np.array(2.5),), (np.array(-7),), (np.array(True),))
    with pytest.raises(numbra.TypingError, match="only 0-dimensional arrays can be converted"):
        njit(f)(np.arange(3))


def test_flags():
    def f(a):
        return a.flags.c_contiguous, a.flags.f_contiguous, a.flags.contiguous, a.flags["C_CONTIGUOUS"], a.flags["F_CONTIGUOUS"], a.flags.forc, a.flags.fnc, a.flags.aligned, a.flags.writeable, a.flags["WRITEABLE"]

    compiled = njit(f)
    for a in (CUBE, CUBE.T, CUBE[:, ::2], CUBE[:, :, ::-1], CUBE[:1], CUBE[0, 0], CUBE[:, :1, :1], CUBE[:0], np.array(3.0), CUBE[:, 0, :], CUBE[:, :, :1].T):
        assert compiled(a) == f(a), (a.shape, a.strides)
    with pytest.raises(numbra.TypingError, match="owndata"):
        njit(lambda a: a.flags.owndata)(CUBE)


def test_bits_of_numbers():
    def f(x):
        return x.view(np.uint32), x.view(np.int32), x.view(np.float32)

    agree(f, (np.float32(1.0),), (np.float32(-0.0),), (np.int32(-7),), (np.uint32(2**31),))
    agree(lambda x: (x.view(np.uint64), x.view(np.float64)), (np.float64(1.5),), (np.int64(-1),), (np.uint64(2**63),))
    with pytest.raises(numbra.TypingError, match="of 8 bytes"):
        njit(lambda x: x.view(np.float32))(1.0)


def test_views_of_other_sizes():
    a = np.arange(8, dtype=np.int32)
    arrays = [a, np.array(5, np.int32), a[::2], a[::-1], a.reshape(4, 2)[::2], a.reshape(2, 4).T, a.reshape(4, 2), a[:3]]
    agree(lambda a: a.view(np.int16), *[(a,) for a in arrays])
    agree(lambda a: a.view(np.int64), *[(a,) for a in arrays])


def test_hash_of_numbers_and_tuples():
    integers = [0, 1, -1, -2, 2**61 - 1, 2**61, -2**61, -2**63, 2**63 - 1, True, np.uint64(2**64 - 1), np.int8(-1), np.uint8(200)]
    floats = [0.0, -0.0, 1.5, -1.0, -1.5, 1e300, -1e-300, 5e-324, 2.0**61, float("inf"), -float("inf"), np.float32(0.1), 1j, 1.5 - 2.5j, -1 + 0j, np.complex64(1 + 2j)]
    tuples = [(), (1,), (1, 2), (-1, -1), (1, (2.5, True)), (1.0, 1j)]
    agree(lambda x: hash(x), *[(x,) for x in integers + floats + tuples])
    with pytest.raises(numbra.TypingError, match="numbers, strings, and tuples"):
        njit(lambda a: hash(a))(CUBE)


def test_tuples_of_different_lengths():
    def f(a, b):
        return a < b, a <= b, a > b, a >= b, a == b, a != b

    agree(f, ((1, 2), (1, 2, 3)), ((2,), (1, 5)), ((1, 2, 3), (1, 2)), ((1, 3), (1, 2, 9)), ((), (1,)), ((1,), ()), ((1, 2.5), (1, 2.5, True)))


def test_numbers_in_ranges():
    def f(x, r):
        return x in r, x not in r

    agree(f, *[(x, range(0, 10, 2)) for x in (2.0, 2.5, 2 + 0j, 2 + 1j, float("nan"), float("inf"), -float("inf"), 1e300, 3, np.float32(4))])


def test_slices_as_constants():
    part, parts = slice(1, None, 2), (slice(None), Ellipsis, slice(0, 3))
    agree(lambda a: (a[part], a[parts], part.start, part.step), (CUBE,))
    with pytest.raises(numbra.TypingError, match="a slice is made of integers"):
        fraction = slice(0.5, 2)
        njit(lambda a: a[fraction])(CUBE)


def test_augmented_assignment_by_name():
    def ior(a, b):
        return operator.ior(a, b)

    def itruediv(a, b):
        a /= b
        return operator.itruediv(a, b)

    agree(ior, (np.array([1, 2, 4], np.int16), np.array([3, 3, 3], np.int16)), (np.array([True, False]), True), (6, 1))
    agree(itruediv, (np.array([-1, 1.5, 3], np.float32), np.float32(0)), (np.array([1.0, 2, 3]), np.array([0.0, 2, 0])))


def test_arange_of_a_dtype():
    def f(a, b, c):
        return np.arange(a, b, c, np.int32), np.arange(a, b, c, dtype=np.float32), np.arange(b, dtype=np.complex64), np.arange(a, b, dtype=np.uint8)

    agree(f, (0, 5, 1), (2.5, 10, 1.5), (0, 5, 0.5), (5, 0, -2), (0, 3, 0))
    agree(lambda z: np.arange(z), (5 + 0j,), (3.5 - 2j,), (2.5 + 9j,))
    narrow = lambda n: (np.arange(n), np.arange(0 * n, n), np.arange(0 * n, n, n // n), np.arange(0, n, 2), np.arange(0, 4, n // n))
    agree(narrow, *[(np.dtype(d).type(5),) for d in (np.int8, np.uint8, np.int32, np.uint64, np.float32)])


def test_lengths_of_arange_and_linspace():
    """Steps of zero, endless and tiny ones; a step of zero is an error of Python among Python's numbers, of NumPy where one of the three is NumPy's."""
    def f(a, b, c):
        return np.arange(a, b, c)

    def narrow(a, b, c):
        return np.arange(np.int16(a), b, c)

    def literal(a):
        return np.arange(1, np.int16(a), 0)

    def even(a, b, n):
        return np.linspace(a, b, n), np.linspace(a, b, n, endpoint=False)

    huge, inf, nan = 2**62, np.inf, np.nan
    agree(f, (0, 1, 0), (0, 0, 0), (3, 0, -1), (0, huge, huge // 2), (-huge, huge, huge), (huge, -huge, -huge), (-(2**63), 2**63 - 1, huge))
    agree(f, *[(a, b, c) for a in (0.0, -2.5) for b in (1.0, inf, -1e300, nan) for c in (0.0, 0.25, -0.25, inf, -inf, nan, 1e-300)], (0.0, 0.0, inf))
    agree(narrow, (1, 2, 0), (0, 0, 0), (0, 5, 2), (3, 1, 0), (5, 0, -2))
    agree(narrow, (1, 2.5, 0.0), (0, 5.0, 1.5), (0, 0.0, 0.0), (2, 4.0, inf))
    agree(literal, (2,))
    agree(even, (0.0, 1.0, 0), (0.0, 1.0, 1), (0.0, 1.0, -1), (0.0, inf, 3), (nan, 1.0, 2), (-1e308, 1e308, 3), (0.0, 1e-320, 3), (2.0, 2.0, 4), (1.0, 0.0, 3))


def test_indices_of_no_axes():
    def empty():
        count = 0
        for i in np.ndindex():
            count += len(i) + 1
        return list(np.ndindex()), list(np.ndindex(())), list(np.ndindex(0)), list(np.ndindex((2, 1))), count

    def numbered(a):
        found = []
        for i, x in np.ndenumerate(a):
            found.append((i, float(x)))
            a[i] = x + 1
        total = 0.0
        for i in np.ndindex(a.shape):
            total += a[i]
        return found, total

    agree(empty, ())
    agree(numbered, (np.array(3.5),), (np.ones((1, 2)),), (np.ones((2, 0)),), (np.arange(3),))


def test_an_int_beside_an_array_is_weak():
    """It takes the type of floating-point and complex arrays, as an `int` of Python does."""
    def f(a, n, out):
        out += n
        return (a + n, n - a, a * n, a / n, n / a, a ** n, np.power(a, n), np.power(n, a), np.maximum(a, n), np.equal(a, n), np.float_power(a, n),
                np.add(a, n, out=out.copy()), a[0] + n * a, np.multiply(a, [n]))

    def real(a, n):
        return a // n, a % n, np.hypot(a, n), np.arctan2(n, a), np.copysign(a, n), np.fmod(a, n), np.ldexp(a, n), np.where(a > n, a, n), np.clip(a, n, n + 1)

    compiled, divided = njit(f), njit(real)
    for dtype in (np.float32, np.float64, np.complex64, np.complex128):
        for a in (np.array([1.5, -2, 3], dtype), np.array([[0.25], [2]], dtype)[::-1]):
            for n in (2, -1, 0, 7) + (16777217,) * (a.dtype.kind == "f"):
                with np.errstate(all="ignore"):
                    for got, want in zip(compiled(a, n, a.copy()), f(a, n, a.copy())):
                        np.testing.assert_allclose(got, want, rtol=1e-5, atol=1e-6)
                        assert got.dtype == want.dtype
                    if a.dtype.kind == "f":
                        for got, want in zip(divided(a, n), real(a, n)):
                            np.testing.assert_allclose(got, want, rtol=1e-6)
                            assert got.dtype == want.dtype, (got, want)


def test_take_along_an_axis_of_run_time():
    def f(a, i, axis):
        return np.take(a, i, axis=axis)

    agree(f, *[(CUBE, np.array([1, 0]), axis) for axis in (0, 1, 2, -1, -3, 3, -4)])


def test_functions_with_two_outputs():
    def f(a, b, first, second):
        np.divmod(a, b, first, second)
        fraction, whole = np.modf(a / b, out=(np.empty(a.size), np.empty(a.size)))
        return fraction, whole

    agree(f, (np.array([5, -7, 3]), np.array([3, 2, -2]), np.zeros(3, int), np.zeros(3, int)))
    agree(f, (np.array([5.5, -7, 3]), np.array([3, 2, -2]), np.zeros(3), np.zeros(3)))


def test_rounding_into_wider_elements():
    agree(lambda a, out: np.around(a, 1, out), (np.array([-3, -2.5, -2.25, 1.5, 2.25, 2.75], np.float32), np.zeros(6)))
    agree(lambda a, out: np.around(a, -1, out), (np.array([-300.0, -250, -225, 150, 225, 275]), np.zeros(6)))


def test_the_class_of_a_named_tuple():
    Point = collections.namedtuple("Point", "x y")

    def f(p, *values):
        return type(p)(*values)

    found = njit(f)(Point(1, 2), 3.5, 4)
    assert found == Point(3.5, 4) and type(found) is Point


def test_dtypes_by_name():
    agree(lambda a: (a.dtype == np.dtype("int64"), a.dtype == np.dtype(np.float32), np.zeros(2, np.dtype("f4"))), (np.arange(3),), (np.zeros(2, np.float32),))


def test_sums_of_bools():
    def f(a):
        return a.sum(dtype=np.bool_), np.prod(a, axis=1, dtype=np.bool_), np.sum(a, axis=0, dtype=np.bool_)

    agree(f, (np.array([[True, False], [True, True]]),), (np.array([[2.5, 0.0], [256, 1]]),), (np.array([[256, 0]]),))


def test_truth_of_complex_elements():
    agree(lambda a: a.astype(np.bool_), (np.array([1j, 0, 1]),))


def test_axes_of_run_time():
    agree(lambda a, axis: np.argmax(a, axis), *[(CUBE % 5, axis) for axis in (0, 1, 2, -1, -3, 3)])
    agree(lambda a, axis: (np.concatenate((a, a + 1), axis), np.concatenate((a, a.astype(np.int8)), axis=axis)), *[(CUBE, axis) for axis in (0, 2, -2, 3, -4)])
    agree(lambda a, axis: (np.stack((a, a), axis), np.expand_dims(a, axis)), *[(CUBE, axis) for axis in (0, 1, 3, -1, -4, 4)])
    agree(lambda a, axes: (np.transpose(a, axes), a.transpose(axes)), (CUBE, (2, 0, 1)), (CUBE, (-1, 1, 0)), (CUBE, (0, 0, 1)), (CUBE, (0, 1, 3)))


def test_several_arrays_of_at_least_some_dimensions():
    agree(lambda a, b, c: (np.atleast_1d(a, b), np.atleast_2d(a, b, c), np.atleast_3d(a)), (np.array(2), CUBE[0, 0], CUBE))


def test_argwhere_of_what_is_no_array():
    agree(lambda x: np.argwhere(x), (((1.5, 0.0), (0.0, 2.0)),), ((0.0, 1.0, -6.0),), ([0, 3],), ((),), (None,), (True,), (0,), (CUBE > 20,))


def test_quantile_at_one_place():
    agree(lambda a, q: np.percentile(a, q), (np.arange(5.0), np.array(30)), (np.arange(5.0), 30), (np.arange(5.0), np.array([30])))


def test_lengths_that_overflow():
    agree(lambda n: np.zeros((n, n)), (2**40,), (-1,), (0,))


def test_times_as_instances_and_counts():
    def f(x):
        return isinstance(x, np.datetime64), isinstance(x, np.timedelta64), isinstance(x, (np.timedelta64, float))

    agree(f, (np.datetime64(1, "ns"),), (np.timedelta64(1, "D"),), (1.5,))
    agree(lambda x: int(x), (np.datetime64(-7, "ns"),), (np.timedelta64(5, "ns"),), (np.timedelta64(5, "Y"),))
    with pytest.raises(numbra.TypingError, match="takes a number"):
        njit(lambda x: int(x))(np.timedelta64(5, "s"))


def test_searching_among_times():
    def f(a, v):
        return np.searchsorted(a, v), np.searchsorted(a, v, side="right")

    days = np.array(["1970-01-02", "1971-02-02", "2004-12-07", "NaT"], "M8[D]")
    agree(f, (days, days), (days, days[3]), (days[:3], days), (days - days[0], (days - days[0])[::-1]))
    assert njit(lambda a: np.sort(a))(days[::-1].copy()).view(np.int64).tolist() == np.sort(days[::-1]).view(np.int64).tolist()


def test_members_of_enumerations_as_lengths():
    class Size(enum.IntEnum):
        TWO = 2
        THREE = 3

    agree(lambda: (np.empty((Size.TWO, Size.THREE)).shape, np.zeros((Size.THREE, 4)), np.ones(Size.TWO)), ())


def test_the_dtype_of_a_record():
    dtype = np.dtype([("a", "i2"), ("b", "f4")])
    a = np.array([(1, 2.5), (3, 4.5)], dtype)
    found = njit(lambda r: np.zeros(2, r.dtype))(a[1])
    assert found.dtype == dtype and found.tolist() == [(0, 0.0)] * 2


def test_record_arrays_as_constants():
    named = np.array([(1, 2.5), (3, 4.5)], [("a", "i2"), ("b", "f4")]).view(np.recarray)
    assert njit(lambda i: named[i].a + named.b[0])(1) == 5.5


def test_dtypes_by_other_names():
    agree(lambda n: (np.zeros(n, "bool_"), np.identity(n, "bool_"), np.ones(n, "intp"), np.full(n, 2, "single")), (2,))


def test_a_diagonal_from_a_list():
    def f(a):
        np.fill_diagonal(a, [1, 2, 3])

    agree(f, (np.zeros((3, 3)),), (np.zeros((2, 5), np.int8),))


def test_nditer():
    def one(a):
        found = []
        for u in np.nditer(a):
            found.append(u.item())
        return np.array(found)

    def two(a, b):
        found = [0j]
        for u, v in np.nditer((a, b)):
            found.append(u.item() + 1j * v.item())
        return np.array(found)

    grid = np.arange(12.0).reshape(3, 4)
    arrays = [np.array(102.0), np.arange(8.0)[::2], grid, grid.copy("F"), grid[::-1], grid[:, ::-1], grid[::-1, ::-1], grid[:1], grid[:, :1], CUBE[:, ::-1, :4],
              CUBE.transpose(1, 0, 2)[:, :1], np.arange(36.0).reshape(3, 4, 3).transpose(2, 0, 1), CUBE[:0]]
    agree(one, *[(a,) for a in arrays], (5.0,))
    agree(two, *[(a, b) for a in arrays[:8] for b in arrays])

    @njit
    def doubled(a):
        for u in np.nditer(a):
            u[()] = u.item() * 2
        return a

    assert doubled(grid.copy()).tolist() == (grid * 2).tolist()


def test_rounding_of_integers():
    def rounded(x, n):
        return round(x, n), round(x, -1), round(x, -2)

    agree(rounded, *[(x, n) for x in (15, 25, -15, -25, 12345, 5, 0, 49, 50, 51, -50, -51, 150, 250, 2**62) for n in (2, 0, -1, -3, -18, -20)], (True, -1), (5 * 10**17, -19))
    agree(rounded, (np.int8(15), -1), (np.int16(-25), -2), (np.uint8(44), -1))


def test_result_type():
    def f(a, b):
        return (np.result_type(a, b), np.result_type(a, 2), np.result_type(a, 2.5, b), np.result_type(np.float32, b), np.result_type("i4", a), np.result_type(a),
                np.result_type(2), np.result_type(True, a, 1), np.result_type(1, 2.5))

    compiled = njit(f)
    for a in (np.ones(2, np.float32), np.ones(2, np.int8), np.ones(2, bool), np.int16(2)):
        for b in (np.ones(2), np.ones((2, 1), np.uint8), np.ones(2, np.complex64)):
            assert compiled(a, b) == f(a, b), (a.dtype, b.dtype)


def test_orders_and_copies_of_run_time():
    def norms(a, order):
        return np.linalg.norm(a, order), np.linalg.norm(a, order, 0), np.linalg.norm(a, order, axis=-1, keepdims=True)

    compiled = njit(norms)
    for order in (1, 2, 3, 0, -1, 2.5, np.inf, -np.inf):
        for a in (np.array([1.0, -2, 3]), np.array([3, 4])):
            for got, want in zip(compiled(a, order), norms(a, order)):
                np.testing.assert_allclose(got, want, rtol=1e-14)

    def numbers(a, copy):
        b = np.nan_to_num(a, copy)
        return a, b

    for a in (np.array([1.0, np.nan, np.inf]), np.array([[1, 2]]), np.array([[1, np.nan], [2, -np.inf]]).T):
        agree(numbers, (a, True), (a, False))


def test_rectangular_coordinates_without_an_angle():
    def f(r, phi):
        return cmath.rect(r, phi)

    agree(f, *[(r, phi) for r in (0.0, -0.0, 1.0, np.inf, -np.inf, np.nan, -1.0) for phi in (np.nan, 0.0, -0.0)], (0.0, np.inf), (-0.0, -np.inf))


METHODS = ("inverted_cdf averaged_inverted_cdf closest_observation interpolated_inverted_cdf hazen weibull linear median_unbiased normal_unbiased "
           "lower higher midpoint nearest").split()


@pytest.mark.parametrize("method", METHODS)
def test_methods_of_quantiles(method):
    body = f"np.quantile(a, q, method={method!r}), np.percentile(a, 100 * r, axis=-1, method={method!r}), np.nanquantile(a, 0.4, method={method!r})"
    plain, compiled = sources.function(body, "a, q, r")
    rng = np.random.default_rng(1)
    for dtype in ("f8", "i8"):
        for shape in ((1,), (2,), (10,), (3, 8)):
            a = rng.integers(0, 9, shape).astype(dtype)
            special = a.copy()
            if dtype == "f8":
                special.flat[0], special.flat[-1] = np.nan, np.inf
            for case in (a, special):
                for q in (0.0, 0.1, 0.25, 0.5, 0.7, 1.0):
                    with warnings.catch_warnings():
                        warnings.simplefilter("ignore")
                        r = np.array([0.0, 0.2, 0.5, q])
                        for got, want in zip(compiled(case, q, r), plain(case, q, r)):
                            np.testing.assert_allclose(got, want, rtol=1e-14)
                            assert not isinstance(want, np.ndarray) or got.dtype == want.dtype
