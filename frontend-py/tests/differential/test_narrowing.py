"""What a condition says of a variable holds behind it; and conditions on types are decided when a function is compiled."""
import numpy as np
import pytest

import numbra
from numbra import njit, types

from .test_optional import check


def early_return(x):
    y = x if x > 0 else None
    if y is None:
        return -1
    return y + 1


def not_none_and(x):
    y = x if x > 0 else None
    return 1 if y is not None and y > 5 else 2


def none_or(x):
    y = x if x > 0 else None
    if y is None or y < 3:
        return 0
    return y * 2


def negated(x):
    y = x if x > 0 else None
    if not (y is not None and not y == 4):
        return 0
    return y * 2


def equals_none(x):
    y = x if x > 0 else None
    if y != None:  # noqa: E711
        return y + 1
    if None == y:  # noqa: E711
        return 100
    return 200


def by_truth(x):
    y = x if x > 0 else None
    if y:
        return y * 10
    if not y:
        return 1
    return y


def asserted(x):
    y = x if x > 0 else None
    assert y is not None, "nothing"
    return y + 1


def raised(x):
    y = x if x > 0 else None
    if y is None:
        raise ValueError("nothing")
    return y - 1


def assigned(x):
    y = x if x > 0 else None
    if y is None:
        y = 7
    return y + 1


def in_a_loop(n):
    best = None
    for i in range(n):
        v = (i * 7) % 5
        if best is None or v > best:
            best = v
    return best


def while_there_is_one(n):
    y = n if n > 0 else None
    steps = 0
    while y is not None:
        steps += y
        y = y - 1 if y > 1 else None
    return steps, y


def walrus(x):
    if (y := x if x > 0 else None) is not None:
        return y + 1
    return y


def conditional_expression(x):
    y = x if x > 0 else None
    z = y + 1 if y is not None else 0.5
    return z, (y or 3) + 1, (y and y + 2) is None


def member_of_three(x):
    y = x if x > 2 else (x, 2.5) if x > 1 else None
    if isinstance(y, tuple):
        return y[0] + y[1]
    if isinstance(y, (int, float)):
        return y * 100
    return y


def the_rest_of_three(x):
    y = x if x > 2 else (x, 2.5) if x > 1 else None
    if y is None:
        return 0.0
    # A number or a tuple is left.
    if not isinstance(y, tuple):
        return y + 0.5
    return y[1]


@pytest.mark.parametrize("function", [
    early_return, not_none_and, none_or, negated, equals_none, by_truth, asserted, raised, assigned, walrus, conditional_expression, member_of_three, the_rest_of_three,
], ids=lambda f: f.__name__)
def test_branches(function):
    check(function, *((x,) for x in (-1, 0, 1, 2, 3, 4, 5, 6, 7)))


@pytest.mark.parametrize("function", [in_a_loop, while_there_is_one], ids=lambda f: f.__name__)
def test_loops(function):
    check(function, *((n,) for n in (0, 1, 2, 3, 10)))


VALUES = [
    1, 0, -1, 2.5, True, 1j, None, (1, 2), (1, 2.5), (), np.int8(3), np.uint16(4), np.int32(5), np.float32(1.5), np.complex64(1j), np.arange(3), np.ones((2, 2), "f4"),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda v: f"{type(v).__name__}-{v}".replace("\n", " "))
def test_isinstance(value):
    def classes(x):
        return (
            isinstance(x, int), isinstance(x, float), isinstance(x, bool), isinstance(x, complex), isinstance(x, str), isinstance(x, tuple), isinstance(x, list),
            isinstance(x, np.ndarray), isinstance(x, np.int8), isinstance(x, np.float32), isinstance(x, (np.ndarray, tuple)), isinstance(x, (int, (float, np.uint16))),
            isinstance(x, object), x is None, x is not None, callable(x),
        )

    check(classes, (value,))

    def numpy_classes(x):
        return isinstance(x, np.generic), isinstance(x, np.number), isinstance(x, np.integer), isinstance(x, np.signedinteger), isinstance(x, np.floating), isinstance(x, np.complexfloating)

    if isinstance(value, np.generic) or not isinstance(value, (int, float, complex)):
        check(numpy_classes, (value,))
    else:
        # An int is as good as an int64.
        as_numpy = np.asarray(value)[()]
        assert njit(numpy_classes)(value) == numpy_classes(as_numpy)


def test_types_as_classes():
    @njit
    def kind(x):
        if isinstance(x, types.Array):
            return 1
        if isinstance(x, types.Integer):
            return 2
        if isinstance(x, types.Float):
            return 3
        if isinstance(x, types.UniTuple):
            return 4
        if isinstance(x, types.Tuple):
            return 5
        if isinstance(x, (types.NoneType, types.Boolean)):
            return 6
        return 7

    assert [kind(v) for v in (np.ones(2), np.uint8(1), 2.5, (1, 2), (1, 2.5), None, True, 1j)] == [1, 2, 3, 4, 5, 6, 6, 7]


def test_pruned_branches_are_not_compiled():
    def shape_or_self(x):
        if isinstance(x, np.ndarray):
            return x.shape[0]
        elif hasattr(x, "imag") and not hasattr(x, "no_such"):
            return x.imag + 1
        return len(x)

    check(shape_or_self, (np.ones(4),), (2,), (1 + 2j,), ((1, 2, 3),))

    def by_type(x, y):
        if type(x) is int and type(x) == type(y):
            return x << y
        if type(x) == type(y):
            return type(x)(7.5) + y
        return x, y

    check(by_type, (3, 2), (1.5, 2.5), (1, 2.5), (1, (2, 3)))

    def by_property(a, t):
        if a.ndim == 1 and len(t) == 2:
            return a[0] + t[1]
        if a.dtype == np.float64:
            return a[0, 0] * 1.0
        return a[0, 0] + t[2]

    check(by_property, (np.arange(3), (1, 2)), (np.ones((2, 2)), ()), (np.ones((2, 2), "i4"), (1, 2, 3)))


def test_constant_questions():
    def questions(x):
        return issubclass(np.int32, np.integer), issubclass(int, float), issubclass(np.float64, float), issubclass(bool, (int, str)), callable(len), callable(3), hasattr(x, "T"), hasattr(x, "shape")

    check(questions, (np.ones(3),))


def test_wrong_questions():
    def no_class(x):
        return isinstance(x, 3)

    def no_name(x, name):
        return hasattr(x, name)

    with pytest.raises(numbra.TypingError, match="class or a tuple of classes"):
        njit(no_class)(1)
    with pytest.raises(numbra.TypingError, match="constant string"):
        njit(no_name)(1, 2)


def test_hasattr_knows_what_python_s_objects_have():
    @njit
    def f(x):
        return (hasattr(x, "__hash__"), hasattr(x, "__class__"), hasattr(x, "bit_length"), hasattr(x, "is_integer"), hasattr(x, "tobytes"), hasattr(x, "count"),
                hasattr(x, "__matmul__"), hasattr(x, "__no_such__"), hasattr(x, ""), hasattr(x, "conjugate"))

    for x in [1, 2.5, 1j, True, (1, 2), (1, 2.5), np.zeros(2), np.zeros((2, 2), "i1"), np.float32(1), np.int8(1), None]:
        assert f(x) == f.py_func(x), x


def test_a_bool_of_numpy_is_no_truth_value_of_a_container():
    @njit
    def f(x):
        return np.bool_(x)

    assert f(2.5) and not f(0)
    found = f((0.0, 2.5))
    assert found.dtype == np.bool_ and found.tolist() == [False, True]
    with pytest.raises(numbra.TypingError):
        f(range(2))
    assert njit(lambda x: bool(x))((1.0,))
