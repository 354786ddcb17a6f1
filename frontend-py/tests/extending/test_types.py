"""Types of the program: their values cross between Python and compiled code, and its overloads say what can be done with them."""
import operator

import numpy as np
import pytest

from numbra import errors, njit, typeof, types
from numbra.errors import TypingError
from numbra.extending import NativeValue, box, make_attribute_wrapper, models, overload, overload_attribute, overload_method, register_model, type_callable, typeof_impl, unbox


class Interval:
    def __init__(self, lo, hi):
        self.lo, self.hi = lo, hi

    def __eq__(self, other):
        return (self.lo, self.hi) == (other.lo, other.hi)

    def __repr__(self):
        return f"Interval({self.lo}, {self.hi})"


class IntervalType(types.Type):
    def __init__(self):
        super().__init__(name="Interval")


interval_type = IntervalType()


@typeof_impl.register(Interval)
def typeof_interval(value, context):
    return interval_type


@register_model(IntervalType)
class IntervalModel(models.StructModel):
    def __init__(self, dmm, fe_type):
        super().__init__(dmm, fe_type, [("lo", types.float64), ("hi", types.float64)])


make_attribute_wrapper(IntervalType, "lo", "lo")
make_attribute_wrapper(IntervalType, "hi", "hi")


@type_callable(Interval)
def type_interval(context):
    def typer(lo, hi):
        if isinstance(lo, types.Number) and isinstance(hi, types.Number):
            return interval_type

    return typer


@unbox(IntervalType)
def unbox_interval(typ, interval):
    return interval.lo, interval.hi


@box(IntervalType)
def box_interval(typ, lo, hi):
    return Interval(lo, hi)


@overload_attribute(IntervalType, "width")
def interval_width(interval):
    return lambda interval: interval.hi - interval.lo


@overload_method(IntervalType, "shifted")
def interval_shifted(interval, by=1.0):
    return lambda interval, by=1.0: Interval(interval.lo + by, interval.hi + by)


@overload(operator.add)
def interval_add(a, b):
    if isinstance(a, IntervalType) and isinstance(b, IntervalType):
        return lambda a, b: Interval(a.lo + b.lo, a.hi + b.hi)
    if isinstance(a, IntervalType) and isinstance(b, types.Number):
        return lambda a, b: Interval(a.lo + b, a.hi + b)


@overload(operator.iadd)
def interval_iadd(a, b):
    if isinstance(a, IntervalType) and isinstance(b, types.Integer):
        return lambda a, b: Interval(a.lo, a.hi + b)


@overload(operator.neg)
def interval_neg(a):
    if isinstance(a, IntervalType):
        return lambda a: Interval(-a.hi, -a.lo)


@overload(operator.eq)
def interval_eq(a, b):
    if isinstance(a, IntervalType) and isinstance(b, IntervalType):
        return lambda a, b: a.lo == b.lo and a.hi == b.hi


@overload(operator.lt)
def interval_lt(a, b):
    if isinstance(a, IntervalType) and isinstance(b, IntervalType):
        return lambda a, b: a.hi < b.lo


@overload(operator.contains)
def interval_contains(interval, x):
    if isinstance(interval, IntervalType):
        return lambda interval, x: interval.lo <= x and x <= interval.hi


@overload(operator.getitem)
def interval_getitem(interval, i):
    if isinstance(interval, IntervalType):
        return lambda interval, i: interval.lo if i == 0 else interval.hi


@overload(len)
def interval_len(interval):
    if isinstance(interval, IntervalType):
        return lambda interval: 2


@overload(bool)
def interval_bool(interval):
    if isinstance(interval, IntervalType):
        return lambda interval: interval.lo != interval.hi


@overload(np.abs)
def interval_abs(interval):
    if isinstance(interval, IntervalType):
        return lambda interval: max(abs(interval.lo), abs(interval.hi))


A, B = Interval(1.0, 3.0), Interval(2.5, 7.0)


def test_values_cross():
    @njit
    def same(x):
        return x

    @njit
    def several(x, n):
        return n, (x, x), x

    assert same(A) == A and same(A) is not A
    assert same(Interval(1, 2)) == Interval(1.0, 2.0)
    assert several(A, 2) == (2, (A, A), A)
    assert typeof(A) == interval_type == IntervalType()
    assert same.signatures == [(interval_type,)]


def test_members_and_constructor():
    @njit
    def f(x):
        return x.lo, x.hi, x.width, x.shifted(), x.shifted(by=2.5), Interval(0, x.hi), Interval(hi=x.lo, lo=-1.0)

    assert f(A) == (1.0, 3.0, 2.0, Interval(2.0, 4.0), Interval(3.5, 5.5), Interval(0.0, 3.0), Interval(-1.0, 1.0))


def test_operators():
    @njit
    def f(a, b):
        c = a
        c += 1
        d = a
        d += b
        return a + b, a + 1, operator.add(a, 2), c, d, -a, a == b, a == a, a != b, a < b, 2.0 in a, 2.0 not in a, a[0], a[1], len(a), np.abs(-b)

    expected = (
        Interval(3.5, 10.0), Interval(2.0, 4.0), Interval(3.0, 5.0), Interval(1.0, 4.0), Interval(3.5, 10.0), Interval(-3.0, -1.0),
        False, True, True, False, True, False, 1.0, 3.0, 2, 7.0,
    )
    assert f(A, B) == expected


def test_truth_loops_and_optional_values():
    @njit
    def truth(x):
        return (1 if x else 2), not x, bool(x)

    @njit
    def grow(x, n):
        for i in range(n):
            x = x + Interval(0.0, float(i))
        return x

    @njit
    def maybe(x, n):
        y = None
        if n > 0:
            y = x
        return y

    @njit
    def width(x):
        return -1.0 if x is None else x.width

    assert truth(A) == (1, False, True)
    assert truth(Interval(2.0, 2.0)) == (2, True, False)
    assert grow(A, 4) == Interval(1.0, 9.0)
    assert maybe(A, 0) is None and maybe(A, 1) == A
    assert width(maybe(A, 1)) == 2.0 and width(None) == -1.0


def test_what_nothing_knows_is_refused():
    @njit
    def subtract(a):
        return a - a

    @njit
    def attribute(a):
        return a.middle

    @njit
    def constructor(a):
        return Interval(a, a)

    @njit
    def fields():
        return Interval(1j, 2.0)

    with pytest.raises(TypingError, match="operator `-` does not take .*Interval"):
        subtract(A)
    with pytest.raises(TypingError, match="no attribute `middle`"):
        attribute(A)
    with pytest.raises(TypingError, match="no overload of `.*Interval` takes"):
        constructor(A)
    with pytest.raises(TypingError, match="the field `lo` of .*Interval.* is float64, not complex128"):
        fields()


class Series:
    def __init__(self, index, values, name):
        self.index, self.values, self.name = index, values, name


class SeriesType(types.Type):
    def __init__(self, index, values):
        self.index, self.values = index, values
        super().__init__(name=f"series({index}, {values})")


@typeof_impl.register(Series)
def typeof_series(series, context):
    return SeriesType(typeof_impl(series.index), typeof_impl(series.values))


@register_model(SeriesType)
class SeriesModel(models.StructModel):
    def __init__(self, dmm, fe_type):
        models.StructModel.__init__(self, dmm, fe_type, [("index", fe_type.index), ("values", fe_type.values), ("code", types.int64)])


for name in ("index", "values", "code"):
    make_attribute_wrapper(SeriesType, name, name)

released = []


@unbox(SeriesType)
def unbox_series(typ, series):
    class Kept(np.ndarray):
        pass

    # A copy that only the call keeps.
    return NativeValue({"code": len(series.name), "values": series.values.copy(), "index": series.index})


@box(SeriesType)
def box_series(typ, index, values, code):
    return Series(index, values, "x" * code)


@overload(operator.setitem)
def series_setitem(s, i, x):
    if isinstance(s, SeriesType):

        def assign(s, i, x):
            s.values[i] = x

        return assign


@overload(operator.delitem)
def series_delitem(s, i):
    if isinstance(s, SeriesType):

        def forget(s, i):
            s.values[i] = np.nan

        return forget


@overload(operator.matmul)
def series_matmul(a, b):
    if isinstance(a, SeriesType) and isinstance(b, SeriesType):
        return lambda a, b: (a.values * b.values).sum()


@type_callable(Series)
def type_series(context):
    return lambda index, values, code: SeriesType(index, values)


@overload(np.clip)
def series_clip(a, a_min, a_max):
    if isinstance(a, SeriesType):

        def clip(a, a_min, a_max):
            return Series(a.index, np.minimum(np.maximum(a.values, a_min), a_max), a.code + 1)

        return clip


def test_types_with_parameters_and_arrays():
    @njit
    def clip(s, lo, hi):
        return np.clip(s, lo, hi)

    @njit
    def parts(s):
        return s.values.sum(), s.index, s.values[::-1], s.code

    s = Series(np.int32([42, 8, -5]), np.array([1.5, 4.0, 2.5]), "ab")
    got = clip(s, 1.6, 3.0)
    np.testing.assert_array_equal(got.values, [1.6, 3.0, 2.5])
    assert got.index is s.index and got.name == "xxx"
    total, index, backwards, code = parts(s)
    assert total == 8.0 and index is s.index and code == 2
    del s
    np.testing.assert_array_equal(backwards, [2.5, 4.0, 1.5])
    assert len(clip.signatures) == 1
    clip(Series(np.int64([1]), np.float32([1]), ""), 1, 2)
    assert len(clip.signatures) == 2


def test_assignment_deletion_and_containers():
    @njit
    def f(s):
        s[0] = 5
        total = 0.0
        for t in (s, s):
            total += t @ s
        listed = [s, s]
        del s[1]
        return total, listed[1].values, len(listed)

    @njit
    def delete(a):
        del a[0]

    total, values, n = f(Series(np.arange(3), np.array([1.0, 2.0, 3.0]), ""))
    assert total == 2 * (25 + 4 + 9) and n == 2
    np.testing.assert_array_equal(values, [5, np.nan, 3])
    with pytest.raises(TypingError):
        delete(np.arange(3))
    listed = [Series(np.arange(3), np.arange(3.0), "")]
    with pytest.raises(errors.UnsupportedError):
        njit(lambda x: len(x))(listed)


class Token:
    pass


class TokenType(types.Opaque):
    pass


register_model(TokenType)(models.OpaqueModel)
typeof_impl.register(Token)(lambda value, context: TokenType("token"))
unbox(TokenType)(lambda typ, value: ())


@overload(len)
def token_len(token):
    if isinstance(token, TokenType):
        return lambda token: 13


def test_opaque_types():
    @njit
    def f(token):
        return len(token), len((1, 2))

    @njit
    def back(token):
        return token

    assert f(Token()) == (13, 2)
    with pytest.raises(errors.NumbaTypeError, match=r"no function is decorated with `box\(TokenType\)`"):
        back(Token())


class Broken:
    def __init__(self, how):
        self.how = how


class BrokenType(types.Type):
    pass


@typeof_impl.register(Broken)
def typeof_broken(value, context):
    if value.how == "typeof":
        raise RuntimeError("typeof is broken")
    if value.how == "none":
        return None
    return types.Type("no model") if value.how == "model" else BrokenType("broken")


@register_model(BrokenType)
class BrokenModel(models.StructModel):
    def __init__(self, dmm, fe_type):
        super().__init__(dmm, fe_type, [("x", types.int64), ("a", types.float64[::1])])


@unbox(BrokenType)
def unbox_broken(typ, value):
    if value.how == "raise":
        raise KeyError("unbox is broken")
    return {"short": (1,), "number": 5, "type": (1, "text"), "good": (1, np.zeros(2)), "float": (1.5, np.zeros(2))}[value.how]


@box(BrokenType)
def box_broken(typ, x, a):
    raise ZeroDivisionError(f"box is broken {x}")


@pytest.mark.parametrize("how, error, says", [
    ("typeof", TypeError, "typeof is broken"), ("none", TypeError, "an object of type Broken"), ("model", TypeError, "has no model"), ("raise", KeyError, "unbox is broken"),
    ("short", TypingError, "returns a tuple or mapping of the fields"), ("number", TypingError, "returns a tuple or mapping"), ("type", TypeError, "for the field `a`, which is .*, an object of type str"),
    ("float", TypeError, "for the field `x`, which is int64, an object of type float"), ("good", ZeroDivisionError, "box is broken 1"),
])
def test_functions_of_the_program_that_fail(how, error, says):
    @njit
    def f(x):
        return x

    for _ in range(2):
        with pytest.raises(error, match=says):
            f(Broken(how))


def test_wrong_uses():
    with pytest.raises(TypeError, match="there is no context `c`"):

        @unbox(IntervalType)
        def unbox_as_for_c(typ, obj, c):
            pass

    with pytest.raises(TypeError, match="a model is a class derived from"):
        register_model(IntervalType)(Interval)
    with pytest.raises(TypeError, match="takes a class of types"):
        register_model(Interval)
    with pytest.raises(errors.NumbaNotImplementedError, match="use a StructModel with one field"):
        models.PrimitiveModel(None, None, None)
    with pytest.raises(TypeError, match="has a type such as float64"):
        models.StructModel(None, interval_type, [("x", float)])
