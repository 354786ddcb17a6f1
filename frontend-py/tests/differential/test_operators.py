"""Every operator on every pair of operand types, at the values where semantics are decided."""
import itertools
import math

import numpy as np
import pytest

from numbra import njit

from .reference import W, bits, close, run
from .sources import function

TOP, BOTTOM = 2**63 - 1, -2**63
INTS = [0, 1, -1, 2, -2, 3, -3, 7, -7, 10, 2**31, -2**31 - 1, 2**53 + 1, TOP, TOP - 1, BOTTOM, BOTTOM + 1]
FLOATS = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, 3.0, -3.5, 7.25, 1e-310, 1e300, -1e300, math.inf, -math.inf, math.nan]
BOOLS = [False, True]
COMPLEX = [0j, 1 + 0j, -1j, 1.5 - 2j, -3 + 0.25j, 1e10 + 1j]
VALUES = {"int": INTS, "float": FLOATS, "bool": BOOLS, "complex": COMPLEX}
COMPARISONS = ["<", "<=", "==", "!=", ">", ">="]


def agree(body, parameters, calls, reference=None, tolerance=None, skip=None):
    """Compiled and plain give the same for all calls; `reference` replaces the plain function."""
    plain, compiled = function(body, parameters)
    plain = reference or plain
    for arguments in calls:
        if skip and skip(*arguments):
            continue
        with np.errstate(all="ignore"):
            expected = run(plain, arguments)
        found = run(compiled, arguments)
        equal = found[0] == expected[0] and (close(found[1], expected[1], tolerance) if tolerance else bits(found[1]) == bits(expected[1]))
        assert equal, f"{body} with {arguments}: CPython {expected}, numbra {found}"


def pairs(left, right):
    return itertools.product(VALUES[left], VALUES[right])


@pytest.mark.parametrize("operator", ["+", "-", "*", "//", "%", "&", "|", "^"])
@pytest.mark.parametrize("types", [("int", "int"), ("bool", "int"), ("int", "bool")])
def test_integer_operators(operator, types):
    plain, _ = function(f"a {operator} b", "a, b")
    agree(f"a {operator} b", "a, b", pairs(*types), reference=lambda a, b: W(plain(a, b)))


@pytest.mark.parametrize("operator", ["&", "|", "^", "+", "*"])
def test_boolean_operators(operator):
    agree(f"a {operator} b", "a, b", pairs("bool", "bool"))


@pytest.mark.parametrize("operator", ["<<", ">>"])
def test_shifts(operator):
    counts = [0, 1, 31, 62, 63]
    plain, _ = function(f"a {operator} b", "a, b")
    agree(f"a {operator} b", "a, b", itertools.product(INTS, counts), reference=lambda a, b: W(plain(a, b)))


@pytest.mark.parametrize("operator", ["<<", ">>"])
def test_shifts_by_odd_counts(operator):
    # As if there were more bits; a negative count is an error.
    plain, _ = function(f"a {operator} b", "a, b")
    agree(f"a {operator} b", "a, b", itertools.product([1, -1, 5, TOP, BOTTOM], [64, 65, 200, -1]), reference=lambda a, b: W(plain(a, b)))


def test_true_division_of_integers():
    agree("a / b", "a, b", pairs("int", "int"), reference=lambda a, b: float(a) / float(b))


@pytest.mark.parametrize("operator", ["+", "-", "*", "/", "//", "%"])
@pytest.mark.parametrize("types", [("float", "float"), ("int", "float"), ("float", "int"), ("bool", "float")])
def test_float_operators(operator, types):
    agree(f"a {operator} b", "a, b", pairs(*types))


@pytest.mark.parametrize("operator", ["+", "-", "*", "/"])
@pytest.mark.parametrize("types", [("complex", "complex"), ("int", "complex"), ("complex", "float")])
def test_complex_operators(operator, types):
    def unusual(a, b):
        return not all(math.isfinite(abs(complex(v))) and 1e-5 < abs(complex(v)) < 1e100 for v in (a, b) if v != 0)
    agree(f"a {operator} b", "a, b", pairs(*types), tolerance=1e-14, skip=unusual)


def test_integer_power():
    calls = itertools.product(INTS, [0, 1, 2, 3, 5, 62, 63, 64, 200])
    agree("a ** b", "a, b", calls, reference=lambda a, b: W(pow(a, b, 2**64)))


def test_integer_power_with_a_negative_exponent_raises():
    _, compiled = function("a ** b", "a, b")
    with pytest.raises(ValueError):
        compiled(2, -1)


def test_power_with_a_negative_literal_is_a_float():
    agree("a ** -2", "a", [(a,) for a in INTS if a], tolerance=1e-15)


def test_float_power():
    def domain(a, b):
        return a <= 0 and not float(b).is_integer() or a == 0 and b < 0 or math.isinf(a) or math.isnan(a) and b == 0
    agree("a ** b", "a, b", pairs("float", "float"), reference=lambda a, b: float(np.power(np.float64(a), np.float64(b))), tolerance=1e-14, skip=lambda a, b: domain(a, b))
    agree("a ** b", "a, b", itertools.product(FLOATS, [0, 1, 2, 3, -2, 10]), reference=lambda a, b: float(np.power(np.float64(a), np.float64(b))), tolerance=1e-14,
          skip=lambda a, b: a == 0 and b < 0)


@pytest.mark.parametrize("operator", COMPARISONS)
@pytest.mark.parametrize("types", [("int", "int"), ("float", "float"), ("bool", "bool"), ("bool", "int")])
def test_comparisons(operator, types):
    agree(f"a {operator} b", "a, b", pairs(*types))


@pytest.mark.parametrize("operator", COMPARISONS)
def test_comparisons_of_integers_with_floats(operator):
    plain, _ = function(f"a {operator} b", "a, b")
    agree(f"a {operator} b", "a, b", pairs("int", "float"), reference=lambda a, b: plain(float(a), b))


@pytest.mark.parametrize("operator", ["==", "!="])
def test_comparisons_of_complex_numbers(operator):
    agree(f"a {operator} b", "a, b", pairs("complex", "complex"))


@pytest.mark.parametrize("operator", COMPARISONS)
def test_comparisons_of_tuples(operator):
    values = [(0, 1.0), (0, 2.0), (1, -1.0), (1, math.nan), (0, math.nan)]
    agree(f"a {operator} b", "a, b", ((a, b) for a, b in itertools.product(values, values) if a is not b and not (a[0] == b[0] and (a[1] != a[1] or b[1] != b[1]))))


@pytest.mark.parametrize("operator", COMPARISONS)
def test_comparisons_of_signed_with_unsigned_are_exact(operator):
    _, compiled = function(f"a[0] {operator} b[0]", "a, b")
    plain, _ = function(f"a {operator} b", "a, b")
    for a, b in itertools.product([0, 1, -1, TOP, BOTTOM], [0, 1, 2**63, 2**64 - 1, TOP]):
        assert compiled(np.array([a]), np.array([b], np.uint64)) is plain(a, b), (a, operator, b)
        assert compiled(np.array([b], np.uint64), np.array([a])) is plain(b, a), (b, operator, a)


@pytest.mark.parametrize("form", ["a < b < c", "a == b != c", "a <= b > c", "not a < b", "a in (b, c)", "a not in (b, c, 3)", "a and b or c", "a or b and c", "a if b else c", "(a, b) == (b, c)"])
def test_comparison_chains_and_logic(form):
    agree(form, "a, b, c", itertools.product([0, 1, -3], repeat=3))
    # `in` and tuples look at the identity of objects first, so that CPython finds a NaN equal to itself.
    agree(form, "a, b, c", itertools.product([0.0, 1.5, -2.0 if "(" in form else math.nan], repeat=3))


@pytest.mark.parametrize("form", ["-a", "+a", "abs(a)"])
@pytest.mark.parametrize("type_", ["int", "float", "bool", "complex"])
def test_unary_operators(form, type_):
    plain, _ = function(form, "a")
    agree(form, "a", [(v,) for v in VALUES[type_]], reference=lambda a: W(plain(a)), tolerance=1e-15 if type_ == "complex" else None)


def test_not_and_invert():
    agree("~a", "a", [(v,) for v in INTS])
    for type_ in VALUES:
        agree("not a", "a", [(v,) for v in VALUES[type_]])
        agree("1 if a else 2", "a", [(v,) for v in VALUES[type_]])


@pytest.mark.parametrize("form", ["min(a, b)", "max(a, b)", "min(a, b, 2.5)", "divmod(a, b)"])
@pytest.mark.parametrize("type_", ["int", "float"])
def test_builtins_of_two(form, type_):
    if "2.5" in form and type_ == "int":
        pytest.skip("the type of the result would depend on values")
    plain, _ = function(form, "a, b")
    wrap = (lambda a, b: tuple(map(W, plain(a, b)))) if "divmod" in form and type_ == "int" else plain
    agree(form, "a, b", pairs(type_, type_), reference=wrap)


def test_three_argument_power():
    agree("pow(a, b, c)", "a, b, c", itertools.product([0, 1, 7, -5, TOP], [0, 1, 13, 10**9], [1, 7, -7, 10**9 + 7, 0]))


@pytest.mark.parametrize("operator", ["+", "-", "*", "//", "%", "&", "|", "^"])
def test_numpy_integers_promote_as_in_numpy(operator):
    plain, compiled = function(f"a[0] {operator} b[0]", "a, b")
    for types in itertools.combinations_with_replacement(["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32"], 2):
        values = [[np.array([v], t) for v in (1, 3, np.iinfo(t).max, np.iinfo(t).min or 7)] for t in types]
        for a, b in itertools.product(*values):
            with np.errstate(all="ignore"):
                assert int(compiled(a, b)) == int(plain(a, b)), (a, b)
        if operator in ("//", "%"):
            with pytest.raises(ZeroDivisionError):
                compiled(values[0][0], np.zeros(1, types[1]))


@pytest.mark.parametrize("types", [("float32", "float32"), ("float32", "float64"), ("int8", "float32"), ("int64", "float32"), ("bool", "float32"), ("complex64", "float32"), ("int32", "complex64")])
@pytest.mark.parametrize("operator", ["+", "-", "*", "/"])
def test_numpy_floats_promote_as_in_numpy(operator, types):
    plain, compiled = function(f"a[0] {operator} b[0]", "a, b")
    for a, b in itertools.product([1, 3], [1, 3, 7]):
        a_, b_ = np.array([a], types[0]), np.array([b], types[1])
        assert compiled(a_, b_) == pytest.approx(plain(a_, b_), rel=1e-6 if "complex64" in str(np.result_type(*types)) else 0.0), (types, a, b)


@pytest.mark.parametrize("target", ["np.int8", "np.int16", "np.int32", "np.int64", "np.uint8", "np.uint16", "np.uint32", "np.uint64", "np.float32", "np.float64", "int", "float", "bool"])
def test_casts(target):
    plain, compiled = function(f"{target}(a)", "a")
    wrap = (lambda a: int(np.array([a], np.int64).astype(getattr(np, target[3:]))[0])) if "int" in target and "." in target else plain
    for value in [0, 1, -1, 127, 128, 300, 2**31, -2**33 + 5, TOP]:
        assert compiled(value) == wrap(value), value
    for value in [0.0, 1.0, 2.75, 100.5]:
        assert compiled(value) == plain(value), value


def test_negative_literal_powers():
    @njit
    def f(x):
        return x ** -2

    assert f(4) == 0.0625 and f(2.0) == 0.25 and f(True) == 1.0
    for x in [np.int8(4), np.int32(-3)]:
        with pytest.raises(ValueError, match="negative integer powers"):
            f(x)


def test_powers_of_unsigned_numbers_by_negative_integers():
    """NumPy would have a Python integer in the type of the other operand."""
    @njit
    def f(x, n):
        return x ** n, x ** 2

    @njit
    def literal(x):
        return x ** -2

    for x in (np.uint8(3), np.uint16(0), np.uint32(9_000)):
        assert f(x, 2) == (int(x) ** 2,) * 2 and f(x, 0)[0] == 1
        for run in (lambda: f(x, -2), lambda: literal(x), lambda: x ** -2):
            with pytest.raises(OverflowError, match=f"Python integer -2 out of bounds for {x.dtype}"):
                run()


def test_empty_texts_and_nul_characters():
    @njit
    def f(message):
        if message == 0:
            raise ValueError("")
        if message == 1:
            raise ValueError("a\0")
        return "" == "", "a\0" == "a"

    assert f(2) == (True, False)
    for i in range(2):
        with pytest.raises(ValueError) as raised:
            f(i)
        assert raised.value.args == (["", "a\0"][i],)
