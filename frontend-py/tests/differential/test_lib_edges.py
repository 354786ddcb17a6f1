"""Library functions at the edges of what they take, against NumPy: empty arrays, arrays without axes, NaN, and arguments of unusual types."""
import numpy as np
import pytest
from numbra import njit

from . import reference
from .sources import function

pytestmark = pytest.mark.filterwarnings("ignore")
NAN = [1.0, np.inf, -np.inf, np.nan]
SPLITS = "np.split(a, 2), np.array_split(a, 5), np.split(a, (3, 5)), np.array_split(a, [1, -1, 20]), np.array_split(a, n), np.split(a, at)"

CASES = [
    ("np.partition(a, k), np.argpartition(a, k)", "a, k", [(np.zeros(0), 0), (np.zeros((3, 2, 0)), 7)]),
    ("np.partition(a, k)", "a, k", [(np.array([3.0, 1, 2]), 5), (np.array([3.0, 1, 2]), -4), (np.array([3.0, 1, 2]), np.array([0, 3]))]),
    ("np.digitize(x, bins), np.digitize(x, bins, right=True), np.digitize(x, bins, right)", "x, bins, right", [
        (np.array([1, np.nan, 0.5, 99, -np.inf, np.inf]), np.array(bins), right)
        for bins in ([-np.inf, 1, 3, np.nan, np.nan], [np.nan, np.nan, np.inf, 8, 3], [1.0, 1, 1], [2.0, 2, 1], [1.0], [], [1.0, 2, 1], [2.0, 2, 3, 1]) for right in (True, False)]),
    ("np.searchsorted(np.array([1, 2, 2, 3]), x, side=side)", "x, side", [(np.array([2, 3]), "left"), (np.array([2, 3]), "right"), (np.array([2, 3]), "middle")]),
    ("np.isin(x, [1, 5]), np.isin(x, np.array([[1, 5]]), invert=True), 1 if np.isin(x, [5]) else 0", "x", [(5,), (6,)]),
    ("np.argwhere(x), np.argwhere('')", "x", [("",), ("x",), (0,), (2.5,)]),
    ("np.flip(x)", "x", [(np.array(3),), (3,), (np.zeros((2, 0)),)]),
    ("np.tri(n), np.tri(n, m, k), np.tri(n, None, k)", "n, m, k", [(-4, -5, -10), (3, -1, 0), (2, 3, 1)]),
    ("np.trim_zeros(a, trim), np.trim_zeros(a), np.trim_zeros([0, 1, 0], trim)", "a, trim", [(np.array([0, 1, 0]), t) for t in ("fb", "F", "B", "", "x")]),
    (SPLITS, "a, n, at", [(np.arange(8.0), 3, np.array([2, 4])), (np.zeros((4, 0)), 1, np.array([0])), (np.arange(4), 0, np.array([1])), (np.arange(7), 1, np.array([1]))]),
    ("np.vsplit(a, n), np.hsplit(a, n), np.hsplit(a, (1, 9))", "a, n", [(np.arange(16.0).reshape(4, 4), 2), (np.arange(16.0).reshape(4, 4), 3)]),
    ("np.nan_to_num(x), np.nan_to_num(x, True, 1.5, 3, -4.0), np.nan_to_num(x, nan=v, neginf=-1000.0)", "x, v", [
        (x, 2.5) for x in (complex(-np.inf, np.nan), np.float32(np.inf), -np.inf, 3, NAN, np.array(NAN, np.float32), np.array(NAN, np.complex64), np.array([1, 2]))]),
    ("np.nan_to_num(x, copy=False), x", "x", [(np.array(NAN),)]),
    ("np.fill_diagonal(a, v)", "a, v", [(np.zeros((2, 2), np.int32), v) for v in (np.nan, np.inf, 2.5, [3.5, np.inf], [1.5, 2.5])]),
    ("np.reciprocal(x)", "x", [(np.array([0j, -1j, complex(np.nan, np.nan), complex(np.inf, 0), complex(np.inf, np.inf), complex(1, np.inf), 3 + 4j]),), (np.array([0.0, -1, 2]),), (2 - 3j,)]),
    ("np.sum(x), np.mean(x)", "x", [(-0.0,), (np.array([-0.0, -0.0]),), (np.array(-0.0),)]),
    ("np.sqrt(a, out=np.ones(6), where=a > 0), np.add(a, 1, out=np.ones((2, 6)), where=False), np.divide(1, a, out=np.zeros(6), where=mask), np.negative(a, where=True)", "a, mask", [
        (np.arange(6.0) - 2, np.array([True, False] * 3))]),
    ("np.add(2.0, 1, out=np.full(3, 7.0), where=mask), np.multiply(b, b, b, where=mask), b", "b, mask", [(np.arange(3.0) + 2, np.array([True, False, True])), (np.arange(2.0), np.array([True] * 3))]),
    ("5 in a, 1 in a, 7 not in a, 2.5 in a, np.nan in a, np.arange(2) in a", "a", [(np.arange(4).reshape(2, 2),), (np.array([np.nan, 1]),), (np.zeros((0, 2)),)]),
    ("3 in a, 3 not in a", "a", [(np.array(3),), (np.array(2.0),)]),
    ("np.nanmin(a), np.nanmax(a), np.nanmin(a, axis=0), np.nanmax(a, axis=-1)", "a", [(np.array([1 + 2j, np.nan, 3j]),), (np.array([[1 + 2j, np.nan, 3j], [1, 1, 1]], np.complex64),), (np.zeros(0, complex),)]),
    ("np.mean(m), np.median(m), m.mean()", "m", [(np.array(m, "m8[s]"),) for m in ([1, 2, 4, 9], [5, -7, 100], [-1, -2], [1, 2, "NaT"], [])]),
    ("np.gcd(a, b), np.lcm(a, b), np.gcd(a, 6).sum(), np.lcm(a, b, c), c", "a, b, c", [(np.arange(-4, 4), np.arange(8), np.zeros(8, int)), (np.arange(5, dtype=np.uint8), np.arange(5, dtype=np.uint8)[::-1], np.zeros(5, np.uint8))]),
    ("np.mean(m, axis=0), np.median(m, axis=1)", "m", [(np.array([[1, 2, 4], [9, 4, 5]], "m8[ms]"),)]),
    ("np.row_stack((a, a[0])), np.apply_along_axis(np.sum, 0, a), np.apply_along_axis(lambda r, k: r[::2] * k, 1, a, 2.5), np.apply_along_axis(np.sort, 0, a), np.apply_along_axis(np.max, 0, a[0])", "a", [
        (np.array([[3, 1, 2], [1, 0, -1]]),), (np.zeros((2, 0)),)]),
    (", ".join(f"np.polynomial.polynomial.{f}(a, b)" for f in ("polyadd", "polysub", "polymul", "polydiv", "polyval")), "a, b", [
        (np.asarray(a), np.asarray(b)) for a, b in (([1.0, 2], [1, 2, 3]), ([1, 2], [-1, -2]), (np.float32([1, 2]), np.float32([1, 0, 2])), ([0], [1, 2, 0]), ([1, 2j], [1, 3j]), ([1, 2, 3, 4, 5], [2, 4]), ([1], [0]), ([], [1.0]))]),
    (", ".join(f"np.polynomial.polynomial.{f}" for f in ("polyint(c)", "polyint(c, 2)", "polyder(c)", "polyder(c, 2)", "polyder(c, 5)", "polymulx(c)", "polyfromroots(c)", "polyval(2, c)", "polyval(c, c)", "polyval([1, 2], np.ones((2, 3)))")), "c", [
        (np.asarray(c),) for c in ([1, 2, 3], np.float32([1, 2]), [1], [0], [1j, 2, 4])]),
    ("np.polynomial.polyutils.trimseq(s), np.polynomial.polyutils.as_series([s, s]), np.polynomial.polyutils.as_series((s, [1.0, 0.0]), trim=False)", "s", [(np.array([1, 2, 0, 0]),), ([0, 0],), ([1, 0, 1],), (np.zeros(0),)]),
    ("np.iscomplexobj(a if c else None), np.isrealobj(a if c else None)", "a, c", [(1, False), (1j, False), (1j, True), (np.array([1j]), False), ("text", False)]),
]


@pytest.mark.parametrize("body, parameters, calls", CASES, ids=[case[0][:40] for case in CASES])
def test_as_numpy(body, parameters, calls):
    plain, compiled = function(body, parameters)
    for arguments in calls:
        mine, theirs = [reference.copy(a) for a in arguments], [reference.copy(a) for a in arguments]
        with np.errstate(all="ignore"):
            expected, found = outcome(plain, theirs), outcome(compiled, mine)
        assert found == expected, (body, arguments)
        assert plainly(mine) == plainly(theirs)


def outcome(f, arguments):
    try:
        return plainly(f(*arguments))
    except Exception as error:
        return type(error), str(error).split(" (got")[0].split(" with shapes")[0]


def plainly(value):
    """Values that can be compared: arrays with type and shape, NaN equal to itself, the sign of zero."""
    if isinstance(value, (list, tuple)):
        return type(value).__name__, [plainly(v) for v in value]
    if isinstance(value, np.ndarray):
        return value.dtype, value.shape, repr(value.tolist())
    return repr(value.item() if isinstance(value, np.generic) else value)


def test_names_of_polynomials():
    from numpy.polynomial.polynomial import polyadd, polyval
    from numpy.polynomial.polyutils import trimseq

    f = njit(lambda x, c: (polyval(x, c), polyadd(c, c), trimseq(c)))
    assert plainly(f(2.0, np.array([1, 2, 0]))) == plainly((5.0, np.array([2.0, 4.0]), np.array([1, 2])))


@pytest.mark.parametrize("body, text", [
    ("np.partition(a, a2)", "kth must be an integer or a row of integers"), ("np.partition(a, a)", "Partition index must be integer"), ("np.hsplit(np.array(1), 1)", "hsplit only works"),
    ("np.vsplit(a, 1)", "vsplit only works"), ("np.add(a, 1, where=a)", "for `where`"), ("np.add(a, 1, out=i, where=a > 0)", "casting rule 'same_kind'"),
])
def test_refusals(body, text):
    _, compiled = function(body, "a, a2, i")
    with pytest.raises(Exception, match=text):
        compiled(np.zeros(2), np.zeros((2, 2), np.int64), np.zeros(2, np.int64))
