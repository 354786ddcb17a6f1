"""Functions that a program overloads: which overload is taken, what its typing function sees, and what it says when none fits."""
import math

import numpy as np
import pytest

from numbra import njit, types
from numbra.errors import RequireLiteralValue, TypingError
from numbra.extending import is_jitted, overload, register_jitable


def choose(condition, x, y):
    return np.where(condition, x, y)


@overload(choose)
def choose_of_arrays(condition, x, y):
    if isinstance(condition, types.Array):
        if x.dtype != y.dtype:
            raise TypingError("x and y should have the same dtype")

        def implementation(condition, x, y):
            out = np.empty(x.shape, x.dtype)
            for i in range(len(x)):
                out[i] = x[i] if condition[i] else y[i]
            return out

        return implementation


@overload(choose)
def choose_of_numbers(condition, x, y):
    if isinstance(condition, (types.Boolean, types.Integer)):
        return lambda condition, x, y: x if condition else y


@njit
def call_choose(condition, x, y):
    return choose(condition, x, y)


def test_the_first_overload_that_fits_is_taken():
    condition, x, y = np.array([True, False, True]), np.int32([1, 2, 3]), np.int32([4, 5, 5])
    got = call_choose(condition, x, y)
    assert got.dtype == np.int32
    np.testing.assert_array_equal(got, choose(condition, x, y))
    assert call_choose(True, 3, 8) == 3
    assert call_choose(0, 3, 8.5) == 8.5


def test_what_no_overload_takes_is_an_error_at_the_call():
    with pytest.raises(TypingError, match=r"(?s)no overload of `.*choose` takes \(float64, int64, int64\).*return choose\(condition, x, y\)"):
        call_choose(1.5, 1, 2)


def test_typing_errors_are_told_at_the_call():
    with pytest.raises(TypingError, match=r"(?s)x and y should have the same dtype.*return choose\(condition, x, y\)"):
        call_choose(np.array([True]), np.array([1]), np.array([1.5]))


def test_calls_with_other_parameters():
    @njit
    def too_many(x):
        return choose(x, x, x, x)

    with pytest.raises(TypingError, match="too many positional arguments"):
        too_many(1)


def scale(x, factor=10, *, offset=0):
    return x * factor + offset


@overload(scale)
def overload_scale(x, factor=10, *, offset=0):
    given = 0 if isinstance(factor, int) else factor.bitwidth

    def implementation(x, factor=10, *, offset=0):
        return x * factor + offset, given

    return implementation


def total(*numbers):
    return sum(numbers)


@overload(total)
def overload_total(*numbers):
    n = len(numbers)
    if all(isinstance(t, types.Number) for t in numbers):

        def implementation(*numbers):
            result = n * 100
            for number in numbers:
                result += number
            return result

        return implementation


def test_defaults_keywords_and_star_arguments():
    @njit
    def calls(x):
        return scale(x), scale(x, 2), scale(factor=3.0, x=x), scale(x, offset=1)[0], total(), total(x, x), total(*(x, 1.5, 2))

    assert calls(5) == ((50, 0), (10, 64), (15.0, 64), 51, 0, 210, 308.5)


asked = []


def kind(x):
    raise NotImplementedError


@overload(kind)
def overload_kind(x):
    asked.append(type(x).__name__)
    return lambda x: 0


SEEN = [
    (1, "Integer"), (np.uint8(1), "Integer"), (True, "Boolean"), (1.5, "Float"), (1j, "Complex"), (None, "NoneType"), (np.zeros(2), "Array"),
    ((1, 2), "UniTuple"), ((1, 2.5), "Tuple"), ([1], "List"), (range(3), "RangeType"), (slice(1, 2, None), "SliceType"), (np.datetime64(1, "s"), "NPDatetime"),
    (call_choose, "Dispatcher"), (math.sin, "Function"), (np.float32, "_NumberClass"),
]


def test_typing_functions_get_types():
    @njit
    def f(x):
        return kind(x)

    for value, name in SEEN:
        assert f(value) == 0 and asked[-1] == name, value


def describe(x):
    raise NotImplementedError


@overload(describe)
def overload_describe(x):
    if isinstance(x, types.Array):
        text = f"{x.dtype} {x.ndim} {x.layout} {x.mutable}"
    elif isinstance(x, types.UniTuple):
        text = f"{x.count} {x.dtype} {x.types[0]}"
    elif isinstance(x, types.BaseTuple):
        text = f"{x.count} {x[1]}"
    elif isinstance(x, types.Integer):
        text = f"{x.bitwidth} {x.signed}"
    elif isinstance(x, types.DType):
        text = f"dtype {x.dtype}"
    elif isinstance(x, types.Optional):
        text = f"optional {x.type}"
    else:
        text = f"{x == types.none} {x.key}"
    asked.append(text)
    return lambda x: 0


def test_attributes_of_types():
    @njit
    def f(x):
        return describe(x)

    @njit
    def optional(n):
        return describe(1.5 if n else None)

    @njit
    def dtype(a):
        return describe(a.dtype)

    for function, value, text in [
        (f, np.zeros((2, 3), np.int16), "int16 2 C True"), (f, np.zeros((2, 3)).T, "float64 2 F True"), (f, (1, 2, 3), "3 int64 int64"), (f, (1, 2.5), "2 float64"),
        (f, np.uint16(1), "16 False"), (f, None, "True none"), (dtype, np.zeros(1, np.complex64), "dtype complex64"), (optional, 1, "optional float64"),
    ]:
        assert function(value) == 0 and asked[-1] == text


def power(x, n):
    return x**n


@overload(power)
def overload_power(x, n):
    if not isinstance(n, types.IntegerLiteral):
        raise RequireLiteralValue("the exponent must be a constant")
    times = n.literal_value

    def implementation(x, n):
        result = 1.0
        for _ in range(times):
            result *= x
        return result, n

    return implementation


def mode(x, how="up"):
    raise NotImplementedError


@overload(mode, prefer_literal=True)
def overload_mode(x, how="up"):
    text = how.literal_value if isinstance(how, types.StringLiteral) else how
    if text == "up":
        return lambda x, how="up": math.ceil(x)
    if text == "down":
        return lambda x, how="up": math.floor(x)
    raise TypingError(f"how is 'up' or 'down', not {text!r}")


def test_constants():
    @njit
    def f(x):
        return power(x, 3), mode(x), mode(x, "down"), mode(x, how="up")

    @njit
    def not_constant(x, n):
        return power(x, n)

    @njit
    def wrong(x):
        return mode(x, "sideways")

    assert f(1.5) == ((1.5**3, 3), 2, 1, 2)
    with pytest.raises(TypingError, match="the exponent must be a constant"):
        not_constant(1.5, 2)
    with pytest.raises(TypingError, match="how is 'up' or 'down', not 'sideways'"):
        wrong(1.5)


@njit
def double(x):
    return x * 2


def convert(values, by):
    raise NotImplementedError


@overload(convert, jit_options={"cache": True, "boundscheck": False}, inline="always")
def overload_convert(values, by):
    dtype = types.float32 if values.dtype == types.int8 else values.dtype
    table = np.array([1.0, 10.0, 100.0])
    factor = 2.5

    def implementation(values, by):
        out = np.empty(len(values), dtype)
        for i in range(len(values)):
            out[i] = by(values[i]) * factor + table[i]
        return out

    return implementation


def test_what_implementations_capture_and_take():
    @njit
    def f(values):
        return convert(values, double), convert(values, lambda x: x + 1)

    first, second = f(np.arange(3, dtype=np.int8))
    assert first.dtype == np.float32
    np.testing.assert_allclose(first, [1, 15, 110])
    np.testing.assert_allclose(f(np.arange(3.0))[1], [3.5, 15, 107.5])


def collatz(n):
    raise NotImplementedError


@overload(collatz)
def overload_collatz(n):
    def implementation(n):
        if n == 1:
            return 0
        return 1 + (collatz(n // 2) if n % 2 == 0 else steps(3 * n + 1))

    return implementation


@njit
def steps(n):
    return collatz(n)


def test_recursion_through_overloads_and_compiled_functions():
    assert steps(27) == 111


def late(x):
    raise NotImplementedError


def test_versions_that_are_compiled_stay():
    @njit
    def f(x):
        return late(x)

    overload(late)(lambda x: (lambda x: 1) if isinstance(x, types.Integer) else None)
    assert f(1) == 1
    overload(late)(lambda x: lambda x: 2)
    assert (f(1), f(1.5)) == (1, 2)
    f.recompile()
    assert f(1) == 1


def test_overloaded_functions_are_values():
    @njit
    def apply(f, x):
        return f(x)

    plus = register_jitable(lambda n: n + 100)

    @njit
    def g(x):
        return apply(plus, x), [plus(n) for n in range(3)]

    assert g(1) == (101, [100, 101, 102])
    assert apply(plus, 2) == 102


@register_jitable
def helper(x, n=2):
    return x**n


@register_jitable(boundscheck=False)
def factorial(n):
    return n * factorial(n - 1) if n > 1 else 1


def test_jitable_functions_stay_functions():
    @njit
    def f(x):
        return helper(x) + helper(x, n=3), factorial(5)

    assert helper(3) == 9 and not is_jitted(helper) and is_jitted(f)
    assert f(2.0) == (12.0, 120)
