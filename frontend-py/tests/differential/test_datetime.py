"""datetime64 and timedelta64 against NumPy: units by units, values with NaT and extremes, scalars and arrays."""
import functools
import itertools
import warnings

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import numbra
from numbra import errors, njit, types

from .sources import function

UNITS = ["Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns", "ps", "fs", "as", "generic"]
NAT = -2**63
COUNTS = [0, 1, -1, 7, -7, 12, -13, 365, 86400, -86401, 1999, 10**6, -10**6]
EXTREMES = [2**63 - 1, -2**63 + 1, 2**62, NAT]
ERRORS = (TypeError, OverflowError)


def delta(count, unit):
    return np.int64(count).view("m8" if unit == "generic" else f"m8[{unit}]")


def date(count, unit):
    return np.int64(count).view("M8" if unit == "generic" else f"M8[{unit}]")


def same(a, b):
    """Of one type, with one value; NaT is NaT, NaN is NaN."""
    a, b = np.asarray(a), np.asarray(b)
    if a.dtype.kind in "mM" or b.dtype.kind in "mM":
        return a.dtype == b.dtype and np.array_equal(a.view("i8"), b.view("i8"))
    return a.dtype.kind == b.dtype.kind and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")


def agree(function, *arguments):
    """Compiled as NumPy; where NumPy has no such operation, compilation fails with a message."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            expected = function.py_func(*arguments)
        except ERRORS as error:
            with pytest.raises(errors.NumbaError) as found:
                function(*arguments)
            assert "error[NB" in str(found.value), f"{function.__name__}{arguments}: NumPy {error!r}"
            return
    found = function(*arguments)
    assert same(found, expected), f"{function.__name__}{arguments}: NumPy {expected!r}, numbra {found!r}"


@njit
def add(a, b):
    return a + b


@njit
def sub(a, b):
    return a - b


@njit
def mul(a, b):
    return a * b


@njit
def truediv(a, b):
    return a / b


@njit
def floordiv(a, b):
    return a // b


@njit
def mod(a, b):
    return a % b


@njit
def lt(a, b):
    return a < b


@njit
def le(a, b):
    return a <= b


@njit
def eq(a, b):
    return a == b


@njit
def ne(a, b):
    return a != b


@njit
def gt(a, b):
    return a > b


@njit
def ge(a, b):
    return a >= b


@njit
def maximum(a, b):
    return np.maximum(a, b)


@njit
def minimum(a, b):
    return np.minimum(a, b)


@njit
def fmax(a, b):
    return np.fmax(a, b)


@njit
def fmin(a, b):
    return np.fmin(a, b)


COMPARISONS = [lt, le, eq, ne, gt, ge]
EXTREMA = [maximum, minimum, fmax, fmin]
CLOSE = [(a, b) for a, b in itertools.product(UNITS, UNITS) if a == b or abs(UNITS.index(a) - UNITS.index(b)) in (1, 2, 5)]


@pytest.mark.parametrize("units", list(itertools.product(UNITS, UNITS)), ids="-".join)
def test_units_meet_as_in_numpy(units):
    """Every pair of units; small counts, which no conversion overflows."""
    for x, y in [(1, 1), (-3, 2), (NAT, 1)]:
        agree(add, delta(x, units[0]), delta(y, units[1]))
        if units[0] != "generic" and units[1] != "generic":
            agree(sub, date(x, units[0]), date(y, units[1]))
            agree(add, date(x, units[0]), delta(y, units[1]))


@pytest.mark.parametrize("function", [add, sub, truediv, floordiv, mod, *COMPARISONS, *EXTREMA], ids=lambda f: f.__name__)
@pytest.mark.parametrize("units", [("s", "s"), ("D", "s"), ("ms", "us"), ("M", "Y"), ("D", "generic"), ("W", "h")], ids="-".join)
def test_two_lengths(function, units):
    values = COUNTS + EXTREMES if units[0] == units[1] else COUNTS + [NAT]
    for x, y in itertools.product(values, values):
        agree(function, delta(x, units[0]), delta(y, units[1]))


@pytest.mark.parametrize("function", [sub, *COMPARISONS, *EXTREMA], ids=lambda f: f.__name__)
@pytest.mark.parametrize("units", [("D", "D"), ("D", "s"), ("Y", "D"), ("ns", "M"), ("M", "Y"), ("W", "Y"), ("M", "W")], ids="-".join)
def test_two_dates(function, units):
    for x, y in itertools.product(COUNTS[:11] + [NAT], COUNTS[:11] + [NAT]):
        agree(function, date(x, units[0]), date(y, units[1]))


@pytest.mark.parametrize("function", [add, sub, mul, truediv, floordiv, mod, eq, ne, lt, *EXTREMA], ids=lambda f: f.__name__)
def test_dates_with_lengths_and_numbers(function):
    for x in [0, 18262, -1, NAT]:
        for other in [delta(3, "D"), delta(NAT, "s"), delta(2, "M"), delta(1, "Y"), delta(5, "generic"), 3, np.int8(-3), True]:
            for unit in ["D", "s", "Y"]:
                if function in EXTREMA and not isinstance(other, np.timedelta64):
                    continue
                if function in EXTREMA and isinstance(other, np.timedelta64):
                    with pytest.raises(errors.NumbaError):
                        function(date(x, unit), other)
                    continue
                agree(function, date(x, unit), other)
                if function in (add, sub, eq):
                    agree(function, other, date(x, unit))


@pytest.mark.parametrize("function", [add, sub, mul, truediv, floordiv], ids=lambda f: f.__name__)
def test_lengths_with_numbers(function):
    numbers = [0, 1, -1, 2, -3, 2**62, np.int8(-5), np.uint64(2**63 + 5), True]
    if function not in (add, sub):
        numbers += [0.0, 0.5, -2.5, 1e300, float("inf"), float("nan"), np.float32(2.5)]
    for x, n in itertools.product(COUNTS + EXTREMES, numbers):
        agree(function, delta(x, "s"), n)
        if function in (add, mul):
            agree(function, n, delta(x, "s"))


def test_refused_operations():
    for function, arguments in [(add, (delta(1, "s"), 1.0)), (mul, (delta(1, "s"), 1j)), (mul, (delta(1, "s"), delta(1, "s"))), (mod, (delta(1, "s"), 4)),
                                (sub, (delta(1, "D"), date(1, "D"))), (lt, (date(1, "D"), 5)), (add, (date(1, "D"), date(1, "D")))]:
        agree(function, *arguments)


def test_unary_operators_and_functions():
    @njit
    def unary(x):
        return -x, +x, abs(x), np.abs(x), np.sign(x), np.isnat(x), bool(x), not x, np.isnan(x), np.isfinite(x), np.isinf(x)

    for x in COUNTS + EXTREMES:
        value = delta(x, "s")
        for found, expected in zip(unary(value), unary.py_func(value)):
            assert same(found, expected), (value, found, expected)
    with pytest.raises(errors.TypingError, match="does not take datetime64"):
        njit(lambda x: -x)(date(1, "D"))
    with pytest.raises(errors.TypingError, match="a date or a length of time"):
        njit(lambda x: np.isnat(x))(1.5)


def test_divmod_and_python_extrema():
    @njit
    def pair(a, b):
        return divmod(a, b)

    @njit
    def ends(a, b, c):
        return min(a, b, c), max(a, b, c)

    for x, y in itertools.product(COUNTS + [NAT], COUNTS + [NAT]):
        a, b, c = delta(x, "m"), delta(y, "s"), delta(9, "m")
        with np.errstate(all="ignore"):
            assert all(map(same, pair(a, b), pair.py_func(a, b)))
        expected = [np.timedelta64(v, "s") for v in ends.py_func(a, b, c)]
        assert all(map(same, ends(a, b, c), expected))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["Y", "M"]), st.sampled_from(["W", "D", "h", "s"]), st.integers(-10_000, 10_000), st.integers(-10**9, 10**9))
def test_calendar(coarse, fine, months, count):
    """Years and months become days and come from them."""
    agree(sub, date(months, coarse), date(count, fine))
    agree(_convert(coarse), date(count, fine))
    agree(_convert(fine), date(months, coarse))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(UNITS[2:10]), st.sampled_from(UNITS[2:10]), st.integers(-2**63, 2**63 - 1), st.integers(-2**63, 2**63 - 1))
def test_any_counts(a, b, x, y):
    """All counts: what leaves 64 bits wraps as in NumPy."""
    for function in (add, lt, eq):
        agree(function, delta(x, a), delta(y, b))
    agree(sub, date(x, a), date(y, b))


@functools.cache
def _convert(unit):
    return function(f"np.datetime64(x, {unit!r})", "x")[1]


DAY = np.datetime64("2020-02-29")
WEEK = np.timedelta64(1, "W")
NEVER = np.datetime64("NaT")


@njit
def constants(x, step=np.timedelta64(90, "m")):
    a = np.datetime64("2020-02-29T12:34:56.789")
    b = np.datetime64("1969-12-31T23:59:59.123456", "ms")
    c = np.datetime64("2021")
    d = np.timedelta64(-3, "h")
    e = np.timedelta64("NaT", "s")
    f = np.datetime64("NaT")
    g = np.timedelta64(x, "us")
    h = np.timedelta64(g, "ns")
    i = np.timedelta64(h)
    return a, b, c, d, e, f, g, h, i, DAY, WEEK, NEVER, DAY + WEEK, step, np.datetime64(x, "D"), np.timedelta64(x), np.timedelta64()


def test_constants_and_constructors():
    for x in (5, -7):
        for found, expected in zip(constants(x), constants.py_func(x)):
            assert same(found, expected) and type(found) is type(expected), (found, expected)
    assert same(constants(1, np.timedelta64(1, "Y"))[13], np.timedelta64(1, "Y"))


def test_bad_constructors():
    for body, message in [("np.timedelta64(x, '10s')", "not a unit of time"), ("np.timedelta64(x, 'q')", "not a unit of time"), ("np.datetime64('2020-13-01')", "not a date"),
                          ("np.datetime64('today')", "not a constant"), ("np.datetime64(x)", "needs a unit"), ("np.timedelta64(1.5, 's')", "cannot become"),
                          ("np.timedelta64(np.timedelta64(1, 'Y'), 'D')", "cannot become"), ("np.datetime64('3000', 'ns')", "does not fit"),
                          ("np.timedelta64(1, 's').nope", "has no attribute")]:
        with pytest.raises(errors.NumbaError, match=message):
            function(body, "x")[1](1)


def test_conversions():
    @njit
    def convert(x):
        return x.astype(np.int64), x.astype("m8[ms]"), x.astype(np.float64), x.astype(np.bool_), x.astype("i4")

    for x in COUNTS:
        assert convert(delta(x, "s")) == tuple(v.item() if v.dtype.kind != "m" else v for v in convert.py_func(delta(x, "s")))
    assert np.isnat(convert(delta(NAT, "s"))[1])


def test_branches_meet_in_a_unit():
    @njit
    def either(flag, a, b):
        if flag:
            x = a
        else:
            x = b
        return x

    assert same(either(True, delta(2, "D"), delta(5, "s")), delta(2 * 86400, "s"))
    assert same(either(False, date(2, "Y"), date(5, "D")), date(5, "D"))
    # Lengths without a common unit stay what they are.
    assert same(either(True, delta(2, "D"), delta(5, "M")), delta(2, "D"))
    assert same(either(False, delta(2, "D"), delta(5, "M")), delta(5, "M"))


def test_arrays():
    @njit
    def walk(a, step):
        out = np.empty(len(a), dtype="datetime64[s]")
        gaps = np.zeros((len(a), 2), dtype=np.dtype("m8[ms]")) if False else np.zeros((len(a), 2), "timedelta64[ms]")
        for i, x in enumerate(a):
            out[i] = x + step
            gaps[i, 1] = x - a[0]
        return out, gaps

    days = np.array(["2020-01-01", "NaT", "1905-07-01"], "M8[D]")
    out, gaps = walk(days, np.timedelta64(30, "s"))
    assert same(out, days + np.timedelta64(30, "s"))
    assert same(gaps[:, 1], (days - days[0]).astype("m8[ms]")) and same(gaps[:, 0], np.zeros(3, "m8[ms]"))
    assert walk(days[:0], np.timedelta64(1, "s"))[0].shape == (0,)
    assert same(walk(days[::-1], np.timedelta64(1, "s"))[0], days[::-1] + np.timedelta64(1, "s"))


def test_array_stores_and_views():
    @njit
    def store(a, x):
        a[1:] = x
        a[0] = 5
        a.fill(a[1])
        b = np.full(2, x)
        c = np.full_like(a, x)
        d = a.copy()
        d[::2] = np.timedelta64(1, "D")
        return a, b, c, d, np.ones(2, "m8[s]"), a.dtype.type is not None

    found = store(np.zeros(4, "m8[s]"), delta(2, "m"))
    for value, expected in zip(found, [np.full(4, 120, "m8[s]"), np.full(2, 2, "m8[m]"), np.full(4, 120, "m8[s]"), np.array([86400, 120] * 2, "m8[s]"), np.ones(2, "m8[s]")]):
        assert same(value, expected)
    argument = np.zeros(3, "M8[us]")
    assert njit(lambda a: a)(argument) is argument
    assert same(njit(lambda a: a[::-1])(argument), argument)
    with pytest.raises(errors.TypingError, match="cannot become"):
        njit(lambda a: a.fill(np.timedelta64(1, "Y")))(np.zeros(2, "m8[s]"))

    @njit
    def put(a, x):
        a[0] = x

    for a, x in [(np.zeros(2, "m8[s]"), 1.5), (np.zeros(2, "m8[s]"), date(1, "D")), (np.zeros(2, "M8[s]"), delta(1, "D")), (np.zeros(2), delta(1, "D")), (np.zeros(2, "i8"), date(1, "D"))]:
        with pytest.raises(errors.TypingError):
            put(a, x)


def test_whole_arrays():
    @njit
    def whole(a, b, x):
        return a + b, a - x, b < b[::-1], b / x, b // x, -b, np.isnat(b), np.maximum(b, x)

    days = np.array(["2020-01-01", "NaT", "1905-07-01"], "M8[D]")
    gaps = np.array([5, -3, NAT], "i8").view("m8[s]")
    with np.errstate(all="ignore"):
        expected = days + gaps, days - delta(7, "m"), gaps < gaps[::-1], gaps / delta(7, "m"), gaps // delta(7, "m"), -gaps, np.isnat(gaps), np.maximum(gaps, delta(7, "m"))
        found = whole(days, gaps, delta(7, "m"))
    for a, b in zip(found, expected):
        assert same(a, b), (a, b)


def test_reductions():
    @njit
    def reduce(a):
        return a.sum(), sum(a), a.min(), a.max(), np.argmin(a), np.argmax(a), a.any(), a.all()

    @njit
    def ends(a):
        return np.min(a), np.max(a), a.argmin(), a.argmax()

    for values in ([3, -4, 5], [3, NAT, -1], [NAT], [0, 0], [0, 7, NAT, NAT]):
        a = np.array(values, "i8").view("m8[s]")
        for found, expected in zip(reduce(a), reduce.py_func(a)):
            assert same(found, expected), (a, found, expected)
        b = a.view("M8[s]")
        for found, expected in zip(ends(b), ends.py_func(b)):
            assert same(found, expected), (b, found, expected)
    for body in (lambda a: a.prod(), lambda a: a.std()):
        with pytest.raises(errors.TypingError, match="takes an array of real numbers"):
            njit(body)(np.zeros(2, "m8[s]"))
    with pytest.raises(errors.TypingError, match="takes an array of real numbers"):
        njit(lambda a: a.sum())(np.zeros(2, "M8[s]"))


def test_types_and_signatures():
    assert types.NPDatetime("ns") == numbra.typeof(np.datetime64(1, "ns")) and str(types.NPTimedelta("D")) == "timedelta64[D]"
    assert types.NPDatetime("ns")[:] == numbra.typeof(np.zeros(3, "M8[ns]")[::2])
    assert types.NPTimedelta("s").dtype == np.dtype("m8[s]") and types.NPTimedelta() == numbra.typeof(np.timedelta64(5))
    with pytest.raises(ValueError, match="not a unit"):
        types.NPTimedelta("10s")

    @njit(types.NPTimedelta("s")(types.NPDatetime("s"), types.NPDatetime("s")[::1]))
    def first(x, a):
        return x - a[0]

    assert same(first(date(9, "s"), np.zeros(2, "M8[s]")), delta(9, "s"))
    with pytest.raises(TypeError, match="datetime64"):
        first(date(9, "ms"), np.zeros(2, "M8[s]"))
    assert njit("NPTimedelta('D')(NPTimedelta('D'))")(lambda x: x)(delta(4, "D")) == delta(4, "D")


def test_refused_arguments():
    import datetime

    identity = njit(lambda x: x)
    for value, message in [(np.timedelta64(1, "10s"), "multiples of 10"), (np.zeros(2, "M8[2D]"), "multiples of 2"), (datetime.timedelta(1), "Python timedelta"),
                           (datetime.date(2020, 1, 1), "Python date"), (np.zeros(2, ">m8[s]"), "byte order")]:
        with pytest.raises(errors.NumbaError, match=message):
            identity(value)


def test_versions_by_unit():
    """A version takes times of its own unit only."""
    identity = njit(lambda x: x)
    for value in (delta(1, "s"), delta(1, "ms"), date(1, "s"), np.zeros(2, "m8[s]"), np.zeros(2, "m8[ms]"), delta(2, "s"), np.zeros(2, "m8[s]")):
        assert same(identity(value), value)
    assert len(identity.signatures) == 5
