"""Values that are None or something else, and unions of several types: made, passed on, compared, returned."""
import gc

import numpy as np
import pytest

import numbra
from numbra import njit, types

from .reference import bits


def same(a, b):
    """Equal, NumPy's scalars and Python's taken for one."""
    if isinstance(a, tuple):
        return isinstance(b, tuple) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        return bits(a) == bits(b)
    return a is b or type(a) is not type and a is not None and b is not None and isinstance(a, (bool, np.bool_)) == isinstance(b, bool) and a == b


def _outcome(function, arguments):
    try:
        return function(*arguments)
    except Exception as error:
        return type(error)


def check(function, *calls):
    """Compiled and interpreted give the same for each list of arguments: value, type, or class of exception."""
    compiled = njit(function)
    for arguments in calls:
        expected, got = _outcome(function, arguments), _outcome(compiled, arguments)
        assert same(expected, got), f"{arguments}: {got!r} instead of {expected!r}"


def positive(x):
    if x > 0:
        return x


def assigned_or_not(x, known):
    y = None
    if known:
        y = x
    return y


def tuple_or_number(x, kind):
    if kind == 0:
        return x
    if kind == 1:
        return (x, 0.5)
    if kind == 2:
        return x, x, x
    return None


def parts_may_be_none(x):
    pair = (None, x) if x > 0 else (x, None)
    return pair, pair[0] is None, pair[1] == x


def several(x):
    a = None if x > 0 else 1
    b = None if x > 1 else 2.5
    return (a, b), a == b, a != b, a is None and b is not None, a in (1, 2), (a, 1) == (None, 1), not a, bool(b)


def truth(x):
    y = 0 if x == 0 else None if x == 1 else x
    return (1 if y else 2), y and 5, y or 7, not y


def test_results():
    check(positive, (3,), (-3,), (2.5,), (-2.5,), (True,), (np.int8(4),), (np.int8(-4),))
    check(assigned_or_not, (1, True), (1, False), (1.5, True), ((1, 2.0), True), ((1, 2.0), False))
    check(tuple_or_number, *((7, kind) for kind in range(4)))
    check(parts_may_be_none, (4,), (-4,))
    check(several, (0,), (1,), (2,))
    check(truth, (0,), (1,), (2,))


def test_operations_raise_where_there_is_no_value():
    def arithmetic(x):
        y = None
        if x > 0:
            y = x
        return y * 2

    def subscript(a, known):
        b = a if known else None
        return b[1]

    def method(a, known):
        b = a if known else None
        return b.sum() + b.shape[0] + len(b)

    def loop(a, known):
        total = 0.0
        for v in a if known else None:
            total += v
        return total

    def ordered(x):
        y = x if x > 0 else None
        return y < 10

    def argument(x):
        y = x if x > 0 else None
        return abs(y)

    check(arithmetic, (3,), (-3,), (2.5,))
    array = np.arange(3.0)
    check(subscript, (array, True), (array, False))
    check(loop, (array, True), (array, False))
    check(ordered, (3,), (-3,))
    check(argument, (3,), (-3,))
    # Python says AttributeError.
    assert njit(method)(array, True) == 9.0
    with pytest.raises(TypeError, match="expected array.*, got None"):
        njit(method)(array, False)
    with pytest.raises(TypeError, match="expected int64, got None"):
        njit(arithmetic)(-1)


def test_a_check_is_made_also_where_its_result_is_known():
    @njit
    def length(x):
        t = (1, 2) if x else None
        return len(t)

    assert length(1) == 2
    with pytest.raises(TypeError):
        length(0)


@njit
def find(values, wanted):
    for i in range(len(values)):
        if values[i] == wanted:
            return i
    return None


def test_calls_pass_them_on():
    @njit
    def describe(position):
        return -1 if position is None else position

    @njit
    def both(values, wanted):
        return describe(find(values, wanted)), find(values, wanted), describe(None)

    values = np.array([1.0, 2.0, 4.0])
    assert both(values, 4.0) == (2, 2, -1)
    assert both(values, 3.0) == (-1, None, -1)


@njit
def depth(n):
    if n < 0:
        return None
    below = depth(n - 2)
    if below is None:
        return 0
    return below + 1


def test_recursion():
    assert [depth(n) for n in range(-2, 6)] == [None, None, 0, 0, 1, 1, 2, 2]


def test_arrays_keep_their_memory():
    @njit
    def maybe(n):
        if n > 0:
            return np.full(n, 1.5)
        return None

    @njit
    def churn(rounds):
        total = 0.0
        kept = None
        for i in range(rounds):
            a = maybe(i % 3)
            if a is not None:
                kept = a
                total += a.sum()
        return total, kept

    assert maybe(0) is None
    assert same(maybe(4), np.full(4, 1.5))
    for _ in range(50):
        total, kept = churn(1000)
    gc.collect()
    assert total == 333 * 1.5 + 333 * 3.0 and same(kept, np.full(2, 1.5))
    assert churn(1) == (0.0, None)

    @njit
    def choose(a, b, which):
        c = None
        if which == 1:
            c = a
        elif which == 2:
            c = b[1:]
        return c

    a, b = np.arange(3.0), np.arange(4.0)
    assert choose(a, b, 0) is None
    assert choose(a, b, 1) is a
    assert choose(a, b, 2).base is b and same(choose(a, b, 2), b[1:])


def test_none_or_a_pair_of_arrays():
    def split(a, n):
        if n > len(a):
            return None
        return a[:n], a[n:].copy()

    check(split, (np.arange(5), 2), (np.arange(5), 6), (np.arange(5), 5))


def test_defaults_specialise_by_type():
    def scale(x, factor=None):
        if factor is None:
            factor = 10
        return x * factor

    check(scale, (3,), (3, 2), (3, 0.5), (3, None))


def test_signatures():
    optional = types.Optional(types.int64)
    assert str(optional) == "Optional(int64)" and optional.type == types.int64
    assert types.Union((types.float64, types.none)) == types.Optional(types.float64)
    assert types.Union((types.int64,)) == types.int64

    @njit([types.int64(optional, types.Optional(types.float64[::1]))])
    def total(x, a):
        result = 0
        if x is not None:
            result += x
        if a is not None:
            result += int(a.sum())
        return result

    array = np.arange(4.0)
    assert [total(None, None), total(5, None), total(None, array), total(5, array), total(True, None)] == [0, 5, 6, 11, 1]
    with pytest.raises(TypeError):
        total("5", None)
    with pytest.raises(TypeError):
        total(None, np.arange(4))

    @njit("Optional(float64)(Optional(int64))")
    def half(x):
        if x is None:
            return None
        return x / 2

    assert half(None) is None and half(3) == 1.5
    assert str(half.nopython_signatures[0].return_type) == "Optional(float64)"


def test_unions_must_be_narrowed():
    def mixed(x):
        y = (x, x) if x > 0 else x
        return y + 1

    with pytest.raises(numbra.TypingError, match="no common type") as error:
        njit(mixed)(1)
    assert "isinstance" in str(error.value) and "Tuple(int64, int64)" in str(error.value)


def test_loops_over_tuples_of_several_types():
    def total(x):
        result, names = 0.0, 0
        for v in (1, 2.5, "name", None, x):
            if v is None:
                result += 100
            elif isinstance(v, str):
                names += 1
            else:
                result += v
        return result, names

    def pairs(x):
        result = 0.0
        for i, v in enumerate((1, None, x)):
            if v is not None:
                result += i * v
        for v, w in zip((1, None, x), (x, 2, None)):
            if v is None or w is None:
                result += 10
            else:
                result += v * w
        return result

    check(total, (4,), (0.5,))
    check(pairs, (4,), (0.5,))
