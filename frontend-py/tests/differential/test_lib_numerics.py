"""Windows, correlation, slopes, polynomials, vectors, edges, positions and inspection against NumPy: values, shapes, dtypes, and what is raised."""
import numpy as np
import pytest

from numbra import errors

from .sources import function
from .test_lib_sorting import compare, patterns

pytestmark = pytest.mark.filterwarnings("ignore")
ROW = patterns(100, "float64")["random"]
HOLES = patterns(100, "float64")["NaN"]
GRID = ROW[:60].reshape(3, 4, 5)


def test_windows():
    compare("np.bartlett(n), np.blackman(n), np.hamming(n), np.hanning(n), np.kaiser(n, 8.5), np.kaiser(n, 0)", "n", *((n,) for n in (0, 1, 2, 5, 64, -1)))
    compare("np.i0(x), np.i0(x.astype(np.float32)), np.i0(2.5)", "x", (np.array([0.0, -0.0, 1e-9, -3.5, 39.9, 40, 41, -200, 700, np.nan]),))
    compare("np.i0(x), np.i0(7)", "x", (np.arange(5),))


def test_correlation():
    a, b = ROW.reshape(4, 25), np.sin(ROW).reshape(4, 25)
    compare("np.cov(a), np.cov(a, rowvar=False), np.cov(a, bias=True), np.cov(a, ddof=0), np.cov(a, b), np.cov(a[0]), np.cov(a[0], b[1]), np.cov(a, b, False)", "a, b",
            (a, b), (a.T.copy().T, b[:, ::-1]), (a.astype(np.int32), b), (a * 1j + b, b))
    compare("np.corrcoef(a), np.corrcoef(a, b), np.corrcoef(a[0]), np.corrcoef(a, rowvar=False)", "a, b", (a, b), (a * 0, b), (a + 1j * b, b))
    compare("np.correlate(a, b), np.correlate(a, b, 'same'), np.correlate(a, b, mode='full')", "a, b", *((ROW[:m], ROW[50:50 + n]) for m in (1, 4, 5, 9) for n in (1, 4, 5, 8)))
    compare("np.correlate(a, b, 'full')", "a, b", (ROW[:5] * 1j, ROW[:3] + 2j), (np.arange(4), np.arange(3)), (ROW[:0], ROW))


def test_slopes():
    compare("np.gradient(a), np.gradient(a, 0.5), np.gradient(a, x), np.gradient(a, 2, axis=0)", "a, x",
            (ROW, np.cumsum(ROW + 9)), (np.arange(5) ** 2, np.arange(5)), (ROW[:2], np.array([1.0, 3])), (ROW[:1], ROW[:1]), (ROW[::-2].astype(np.float32), np.arange(50.0) ** 2), (ROW[:9] * 1j, ROW))
    compare("np.gradient(a)[0], np.gradient(a, 2.0)[1], np.gradient(a, 1, 2, x)[2], np.gradient(a, axis=1), np.gradient(a, x, 3, axis=(2, 0))[0]", "a, x",
            (GRID, np.array([0.0, 1, 3, 4, 8])), (np.asfortranarray(GRID), np.arange(5.0)), (GRID[:, ::-1], np.arange(4.0)))
    compare("np.unwrap(a), np.unwrap(a, 5.0), np.unwrap(a, period=4), np.unwrap(a, axis=0)", "a", (ROW,), (ROW.reshape(20, 5) * 3,), (np.arange(10) * 3,), (ROW[:0],), (HOLES.astype(np.float32),))


def test_polynomials():
    compare("np.polyval(p, x), np.polyval(p, 2.5), np.polyadd(p, x), np.polysub(x, p), np.polymul(p, x), np.polyder(p), np.polyder(p, 2), np.polyint(p), np.polyint(p, 2)", "p, x",
            (ROW[:4], ROW[:7]), (np.array([0, 0, 3, 1]), np.arange(6)), (ROW[:1], np.arange(3) * 1j), (np.zeros(2), np.zeros(3)))
    compare("np.polyval(p, x)", "p, x", (np.arange(3.0), GRID), (ROW[:0], ROW))
    compare("(*np.polydiv(x, p), *np.polydiv(p, x), np.poly(x), np.poly(p))", "p, x", (np.array([3.0, 5, 2]), np.array([2.0, 1])), (np.arange(1, 4), np.arange(2, 9)), (ROW[:4], ROW[:7]), (np.float32([1, 2]), np.float32([3, 1, 4, 1])))
    compare("(*np.polydiv(np.polymul(p, x), p),)", "p, x", (np.array([1.0, 2, 3]), np.array([4.0, 5, 6, 7])), (np.array([1, 2j]), np.array([4.0, 5, 6, 7])))
    compare("np.vander(x), np.vander(x, 3), np.vander(x, N=4, increasing=True), np.vander(x, 0)", "x", (ROW[:5],), (np.arange(4, dtype=np.int8),), (ROW[:3] * 1j,), (ROW[:0],))


def test_vectors():
    a, b = ROW[:60].reshape(20, 3), np.cos(ROW[:60]).reshape(20, 3)
    compare("np.cross(a, b), np.cross(a, b[0]), np.cross(a[1], b[2]), np.cross(a[:, :2], b), np.cross(a, b[:, :2])", "a, b", (a, b), (a.astype(np.int64), a.astype(np.int64)), (np.asfortranarray(a), b[::-1]))
    compare("np.cross(a, b, axis=0), np.cross(a, b, 0, 0, 0)", "a, b", (a.T, b.T), (np.ones((4, 2)), np.ones((4, 2))))
    compare("np.tensordot(a, b, 1), np.tensordot(a, b, axes=((0, 1), (0, 1))), np.tensordot(a, b, ((1,), (-1,))), np.tensordot(a, b, 0)", "a, b", (a[:3], b[:3]))
    compare("np.tensordot(a, b), np.tensordot(a, b, ((2, 0), (0, 1)))", "a, b", (GRID, GRID.transpose(2, 0, 1)[:, :, :2]), (GRID, np.ones((4, 5, 2))))


def test_products_of_matrices():
    cases = [(ROW[:60].reshape(6, 10), ROW[:100].reshape(10, 10)), (ROW.reshape(10, 10).T, ROW.reshape(10, 10)[:, ::-1]), (np.asfortranarray(ROW.reshape(20, 5)), ROW.reshape(5, 20))]
    cases += [(a.astype(np.float32), b.astype(np.float32)) for a, b in cases[:2]] + [(a * 1j + 1, b - 2j) for a, b in cases[:2]] + [((a * 8).astype(np.int32), (b * 8).astype(np.int64)) for a, b in cases[1:2]]
    cases += [(HOLES.reshape(10, 10), ROW.reshape(10, 10)), (np.broadcast_to(ROW[:12], (12, 12)), np.eye(12) > 0), (np.ones((2, 3)), np.ones((2, 3)))]
    record = np.zeros((9, 9), np.dtype([("flag", "i1"), ("x", "f8"), ("y", "f4")]))
    record["x"], record["y"] = ROW[:81].reshape(9, 9), ROW[-81:].reshape(9, 9)
    compare("a @ b, np.dot(a, b), a @ b[:, 0], a[0] @ b, a[0] @ b[:, 0]", "a, b", *cases)
    compare("a @ b", "a, b", (np.zeros((3, 0)), np.zeros((0, 4))), (np.zeros((0, 3)), np.zeros((3, 30))), (np.zeros((30, 0)), np.zeros((0, 30))))
    compare("a['x'] @ a['x'].T, a['y'] @ a['y'], a['x'] @ a['x'][0], a['y'][:, 0] @ a['y']", "a", (record,))


def test_quantiles_along_axes():
    whole = HOLES.reshape(4, 5, 5)
    compare("np.percentile(a, 30, axis=0), np.quantile(a, q, axis=1), np.percentile(a, 50.0, axis=-1), np.quantile(a, q, 2)", "a, q", (GRID, np.array([0.0, 0.4, 1])), (whole, np.array([0.5])))
    compare("np.nanmedian(a), np.nanpercentile(a, 40), np.nanquantile(a, q), np.nanmedian(a, axis=1), np.nanpercentile(a, q * 100, axis=0)", "a, q",
            (whole, np.array([0.0, 0.5, 0.9])), (whole.astype(np.float32), np.array([0.25])), (whole * np.nan, np.array([0.25])), (GRID.astype(np.int64), np.array([0.7])))
    compare("np.partition(a, (2, 7))[[2, 7]], np.partition(a, np.array([-1, 0]))[[0, -1]], a[np.argpartition(a, [3, 5])][[3, 5]]", "a", (HOLES,), (ROW[::-3],))
    compare("b = np.partition(a, 2, axis=0)\na = a.copy()\na.partition(-1)\nreturn b[2], a[:, -1]", "a", (GRID[0],), (np.asfortranarray(GRID[1]),))


def test_edges():
    for widths in ("2", "(1, 2)", "((1, 0), (0, 2))", "((3, 4),)"):
        body = ", ".join([f"np.pad(a, {widths})", f"np.pad(a, {widths}, constant_values=7)"] + [f"np.pad(a, {widths}, {m!r})" for m in ("edge", "reflect", "symmetric", "wrap")])
        compare(body, "a", (np.arange(12).reshape(3, 4),), (ROW[:6].reshape(2, 3),), (GRID[0, ::-1],))
    compare("np.pad(a, 3, 'reflect'), np.pad(a, n), np.pad(a, (n, 1), 'wrap')", "a, n", (np.arange(1), 2), (np.arange(2.0), 9), (ROW[:5], -1), (ROW[:0], 1))
    compare("np.trim_zeros(a), np.trim_zeros(a, 'f'), np.trim_zeros(a, trim='b')", "a", (np.array([0, 0, 1, 0, 2, 0]),), (np.zeros(3),), (ROW[:0],))


def test_positions():
    body = "a, b, c = a.copy(), b.copy(), c.copy()\nnp.put(a, i, v)\nnp.place(b, b > 0, v)\nnp.putmask(c, c < 0, v)\na.put(0, 5)\nreturn np.compress(m, a), np.compress(m, b.reshape(4, 25), axis=0), c.compress(m)"
    for grid in (ROW.copy(), ROW[::-1].copy()):
        compare(body, "a, b, c, i, v, m", *((grid.copy(), grid.copy(), grid.copy(), i, v, np.array([True, False, True])) for i in (np.array([1, -1, 50]), np.array([99])) for v in (np.array([1.5]), ROW[:7], ROW[:0])))
    plain, compiled = function("np.put(a, [1, 7, 2], (8.0, 9.0))\nnp.put(a, 23, 1, mode='wrap')\nreturn None", "a")
    for array in (GRID[0].copy(), GRID[0].T.copy().T, GRID[0][:, ::-1].copy()[:, ::-1]):
        one, other = array.copy(order="K"), array.copy(order="K")
        plain(one)
        compiled(other)
        np.testing.assert_array_equal(one, other)
    with pytest.raises(IndexError, match="out of bounds"):
        compiled(ROW[:5])
    compare("np.unravel_index(i, (3, 4, 5))[0], np.unravel_index(i, (3, 4, 5))[2], np.unravel_index(7, (2, 5))[1], np.unravel_index(i, 60)[0]", "i", (np.array([0, 59, 17]),), (np.array([[1], [60]]),), (np.array([-1]),))
    compare("np.ravel_multi_index((i, j), (4, 5)), np.ravel_multi_index((i, j), (4, 5), mode='clip'), np.ravel_multi_index((i, j), (4, 5), mode='wrap'), np.ravel_multi_index((1, 2), (3, 4))", "i, j",
            (np.array([0, 3]), np.array([4, 1])))
    compare("np.ravel_multi_index((i, j), (4, 5))", "i, j", (np.array([0, 4]), np.array([4, 1])), (np.array([-1]), np.array([0])))
    compare("np.tril_indices(n)[1], np.tril_indices(n, 1, 3)[0], np.triu_indices(n, -1)[0], np.tril_indices_from(a)[1], np.triu_indices_from(a, k=1)[0], np.diag_indices(n, 3)[2], np.diag_indices_from(a)[1]", "n, a",
            (4, np.ones((3, 3))), (0, np.ones((2, 2))), (1, np.ones((2, 3))))
    compare("np.lexsort((a, b)), np.lexsort((b, a, b)), np.lexsort(np.stack((a, b)))", "a, b", (patterns(100, "int32")["random"], patterns(100, "int8")["random"] // 20))


def test_sets_and_sequences():
    compare("np.setxor1d(a, b), np.setxor1d(b, a)", "a, b", (patterns(100, "int32")["random"], np.arange(30)), (ROW, ROW[:5]), (ROW[:0], ROW[:0]))
    compare("np.logspace(0, 2, 7), np.logspace(a, 3.0, 5, base=2.0), np.logspace(1, 2, n, endpoint=False), np.geomspace(1, 1000, 4), np.geomspace(-a, -9.0, n), np.geomspace(2, 32, n, endpoint=False)", "a, n", (1.5, 6), (0.25, 1), (2.0, 0))
    compare("np.geomspace(a, 5.0)", "a", (0.0,))
    compare("np.dsplit(a, 2)[1], np.dsplit(a, (1, 3))[0], np.permute_dims(a, (2, 0, 1)), np.matrix_transpose(a)", "a", (GRID[:, :, :4],))
    times = np.array(["2020-01-05", "NaT", "1999-12-31", "2020-01-05"], "M8[D]")
    compare("np.sort(a).view(np.int64), np.argsort(a, kind='stable'), np.unique(a).view(np.int64), np.searchsorted(np.sort(a), a)", "a", (times,), (times - times[0],))


def test_inspection():
    compare("np.iscomplexobj(a), np.isrealobj(a), np.isscalar(a), np.isscalar(3), np.isscalar('x'), np.isscalar(a[0]), np.iscomplexobj(1j), np.may_share_memory(a, a[1:]), np.may_share_memory(a[:2], a[2:])", "a", (ROW,), (ROW * 1j,))
    compare("np.broadcast_shapes((3, 1), (4,), 1)[1], np.broadcast_arrays(a, b, 2)[2], np.broadcast_arrays(a, b)[0]", "a, b", (np.ones((3, 1)), np.arange(4)), (np.ones((2, 3)), np.arange(4)))
    compare("np.asarray_chkfinite(a)", "a", (ROW,), (HOLES,), (np.arange(3),))
    compare("np.frombuffer(a, np.uint8), np.frombuffer(a, dtype=np.int32, count=2, offset=4), np.frombuffer(a)", "a", (ROW[:4],), (np.arange(3, dtype=np.int32),))
    compare("np.array_equiv(a, b), np.array_equiv(b, a), np.array_equiv(a, 1)", "a, b", (np.ones((2, 3)), np.ones(3)), (np.ones((2, 3)), np.ones(2)), (ROW[:0], ROW[:0]))


@pytest.mark.parametrize("body, words", [
    ("np.pad(a, 1, 'mean')", "modes of pad"),
    ("np.gradient(a, edge_order=2)", "edge_order"),
    ("np.frombuffer(3)", "takes an array"),
    ("np.cov(a, fweights=a)", "weights"),
    ("np.unwrap(a * 1j)", "real numbers"),
    ("np.percentile(a, 50, method='none')", "one of NumPy's, as a constant"),
])
def test_refusals(body, words):
    _, compiled = function(f"return {body}", "a")
    with pytest.raises(errors.NumbaError, match=words):
        compiled(ROW)


def test_ufunc_methods():
    grid = GRID[0] * 8
    forms = ["np.add.reduce(a)", "np.add.reduce(a, axis=1)", "np.multiply.reduce(a, None)", "np.maximum.reduce(a, 1, keepdims=True)", "np.hypot.reduce(a, axis=0)", "np.subtract.reduce(a, axis=-1)",
             "np.logical_or.reduce(a)", "np.add.accumulate(a)", "np.maximum.accumulate(a, 1)", "np.subtract.outer(a[0], a)", "np.arctan2.outer(a, a[1])", "np.subtract.reduce(a[0])"]
    compare(", ".join(forms), "a", (grid,), (grid[::-1, ::2],), (np.asfortranarray(grid),))
    compare("np.bitwise_xor.reduce(a), np.add.reduce(a, dtype=np.int8), np.gcd.reduce(a), np.bitwise_or.accumulate(a), np.add.reduce([1, 2]), np.power.outer(a, 2)", "a", (np.arange(1, 9, dtype=np.int16),))
    compare("np.add.reduce(a), np.multiply.accumulate(a)", "a", (ROW[:0],))
    compare("np.subtract.reduce(a)", "a", (ROW[:0],))
    compare("b = a.copy()\nnp.add.at(b, i, v)\nnp.negative.at(b, i)\nnp.maximum.at(b, [0, 1], 3)\nreturn b, np.add.reduceat(a, i), np.maximum.reduceat(a, np.array([0, 4]))", "a, i, v",
            (ROW, np.array([1, 7, 1, 3]), np.array([1.0, 2, 3, 4])), (np.arange(9), np.array([2, 2]), np.array([5])))
    plain, compiled = function("np.add.reduceat(a, i)", "a, i")
    for case in ((ROW, np.array([100])), (ROW, np.array([-1]))):
        with pytest.raises(IndexError):
            plain(*case)
        with pytest.raises(IndexError):
            compiled(*case)


def test_floor_division_by_constants():
    body = ", ".join(f"a // {n}, a % {n}, np.divmod(a, {n})[0]" for n in (1, 2, 3, 7, 10, 64, 1000003, -3))
    for dtype in ("int8", "int32", "int64", "uint8", "uint64"):
        limits = np.iinfo(dtype)
        row = np.array([limits.min, limits.min + 1, limits.max, limits.max - 1, 0, 1, 2, 6, 7, 8, 99], dtype)
        text = body if dtype not in ("int8", "uint8", "uint64") else ", ".join(f"a // {n}, a % {n}" for n in (1, 2, 3, 7, 10, 64))
        compare(text, "a", (row,), (row[::-2],))
        if limits.min < 0:
            compare("a // -3, a % -3, a // 7", "a", (-row[4:],))


def test_extrema_of_zeros_and_nan():
    x = np.array([0.0, -0.0, np.nan, 1.0, np.nan, -np.inf, 5.0])
    plain, compiled = function("np.maximum(a, b), np.minimum(a, b), np.fmax(a, b), np.fmin(a, b)", "a, b")
    for dtype in (np.float32, np.float64):
        a, b = (g.ravel().astype(dtype) for g in np.meshgrid(x, x))
        for found, expected in zip(compiled(a, b), plain(a, b)):
            np.testing.assert_array_equal(found, expected)


def test_limits_of_types():
    floats = ", ".join(f"np.finfo({t}).{name}" for t in ("np.float64", "a.dtype", "a[0]", "np.complex64") for name in ("eps", "max", "min", "tiny", "smallest_subnormal", "resolution", "bits", "nmant"))
    compare(floats, "a", (ROW[:2],), (ROW[:2].astype(np.float32),))
    compare(", ".join(f"np.iinfo(np.{t}).{name}" for t in ("int8", "uint16", "int32", "int64") for name in ("min", "max", "bits")) + ", np.iinfo(a.dtype).max", "a", (np.arange(3, dtype=np.uint8),))
    assert function("np.iinfo(np.uint64).max", "")[1]() == 2**64 - 1
    with pytest.raises(errors.NumbaError, match="type of integers"):
        function("np.iinfo(np.float64).max", "")[1]()


def test_windows_of_arrays():
    body = "np.lib.stride_tricks.sliding_window_view(a, 3, axis=0), np.lib.stride_tricks.sliding_window_view(a, (2, 3)), np.lib.stride_tricks.sliding_window_view(a, (n, 2), axis=(1, -1))"
    compare(body, "a, n", (np.arange(20).reshape(4, 5), 1), (GRID[0].T, 2), (GRID[0][::-1, ::2], 1), (GRID[0], 9))
    compare("np.lib.stride_tricks.as_strided(a, (3, 3), (8, 16)), np.lib.stride_tricks.as_strided(a, shape=(2,))", "a", (ROW,), (np.arange(9),))
    with pytest.raises(ValueError, match="a window length for each of the axes"):
        function("np.lib.stride_tricks.sliding_window_view(a, (2, 2))", "a")[1](ROW)
    _, compiled = function("np.lib.stride_tricks.sliding_window_view(a, 2)", "a")
    assert not compiled(ROW).flags.writeable and np.shares_memory(compiled(ROW), ROW)


def test_modes_and_axes_that_are_known_at_run_time():
    for mode in ("full", "same", "valid", "", "Full"):
        compare("np.convolve(a, v, mode), np.correlate(v, a, mode)", "a, v, mode", (ROW, ROW[:3], mode), (ROW[:2], ROW.astype(np.complex128) * 1j, mode))
    for split in ("np.array_split(a, 3, axis)", "np.array_split(a, (1, 2), axis)", "np.split(a, 2, axis)"):
        plain, compiled = function(split, "a, axis")
        for a in (np.arange(24).reshape(4, 6), np.ones((2, 8)).T, ROW):
            for axis in range(-a.ndim, a.ndim):
                for found, expected in zip(compiled(a, axis), plain(a, axis), strict=True):
                    np.testing.assert_array_equal(found, expected)
            with pytest.raises(IndexError):
                compiled(a, a.ndim)
    with pytest.raises(ValueError, match="equal division"):
        compiled(np.ones((2, 3)), 1)


def test_differences_with_numbers_around_them():
    body = "np.ediff1d(a, end, begin), np.ediff1d(a, to_begin=begin), np.ediff1d(a, to_end=end)"
    integers = np.array([3, 9, 1, 20], np.int32)
    compare(body, "a, end, begin", (integers, np.array([7, 8], np.int64), np.array([200], np.uint8)), (integers, 5, (1, 2)), (integers[:0], 5, 6), (integers[:1], 5, None),
            (GRID[0], np.ones((2, 2)), [0.5, 2.0]))
    with pytest.raises(errors.NumbaError, match="same_kind"):
        function("np.ediff1d(a, to_end=0.5)", "a")[1](integers)
