"""Whole-array expressions, which become one pass over memory: generated ones against NumPy, and the places where that could be seen."""
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .sources import function

RANDOM = np.random.default_rng(11)
NAMES = ("a", "b", "c", "s")


def compiled(body, parameters=NAMES):
    """A compiled function of these parameters from the lines of its body."""
    return function("\n".join(body), ", ".join(parameters))[1]


LEAVES = st.sampled_from([*NAMES, "2.0", "0.5", "a[::-1]", "b.T.copy().T"])
UNARY = st.sampled_from(["-({0})", "np.sqrt(np.abs({0}))", "np.exp(-np.abs({0}))", "np.floor({0})", "np.abs({0})", "({0})**2", "np.where({0} > 0.0, {0}, 1.0)"])
BINARY = st.sampled_from(["({0} + {1})", "({0} - {1})", "({0} * {1})", "np.maximum({0}, {1})", "({0} / (np.abs({1}) + 1.0))", "np.hypot({0}, {1})", "np.arctan2({0}, {1})"])
EXPRESSIONS = st.recursive(
    LEAVES,
    lambda inner: st.builds(lambda f, x: f.format(x), UNARY, inner) | st.builds(lambda f, x, y: f.format(x, y), BINARY, inner, inner),
    max_leaves=8,
)

MATRIX = RANDOM.normal(size=(6, 5))
SHAPES = [
    (MATRIX, MATRIX + 1.0, MATRIX * 2.0),
    (MATRIX, RANDOM.normal(size=(1, 5)), RANDOM.normal(size=(6, 1))),
    (np.asfortranarray(MATRIX), np.asfortranarray(MATRIX + 1.0), np.asfortranarray(MATRIX - 1.0)),
    (RANDOM.normal(size=(12, 10))[::2, ::-2], MATRIX, RANDOM.normal(size=(6, 1))),
    (np.empty((0, 5)), np.empty((1, 5)), np.empty((0, 1))),
]


def agree(found, expected):
    assert np.shape(found) == np.shape(expected) and np.asarray(found).dtype == np.asarray(expected).dtype
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-300)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(EXPRESSIONS, st.sampled_from(range(len(SHAPES))))
def test_expressions(expression, shapes):
    f = compiled([f"return {expression}"])
    arguments = (*SHAPES[shapes], 1.5)
    agree(f(*arguments), f.py_func(*arguments))


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(EXPRESSIONS, EXPRESSIONS)
def test_statements_and_values_that_are_used_twice(first, second):
    f = compiled([f"t = a + ({first})", f"u = t * t - ({second})", "return u + t, t"])
    arguments = (*SHAPES[0], 1.5)
    for found, expected in zip(f(*arguments), f.py_func(*arguments)):
        agree(found, expected)


@pytest.mark.parametrize(
    "body",
    [
        ["t = a * 2.0", "a[0] = 100.0", "return t + 1.0"],
        ["t = a * 2.0", "a += 1.0", "return t + a"],
        ["t = a * 2.0", "b[:] = 7.0", "return t + b"],
        ["t = a[1:] * 2.0", "a[:-1] = t", "return t + b"],
        ["v = a[::-1]", "t = v + 1.0", "v[0] = -5.0", "return t * v"],
    ],
    ids=lambda body: body[1],
)
def test_values_are_those_of_the_time_when_they_were_written(body):
    f = compiled(body, ("a", "b"))
    arrays = [RANDOM.normal(size=9), RANDOM.normal(size=9)]
    if "a[1:]" in body[0]:
        arrays[1] = arrays[1][1:]
    agree(f(*map(np.copy, arrays)), f.py_func(*map(np.copy, arrays)))


@pytest.mark.parametrize("expression", ["a + b", "a * 2.0 + b", "a + (b + 1.0) * 2.0", "np.exp(a) + np.exp(b)", "(a + a) * (b + a)"])
def test_shapes_that_do_not_fit_raise(expression):
    f = compiled([f"return {expression}"], ("a", "b"))
    for shapes in ((3, 4), ((2, 3), (2, 4)), ((4, 3), (4,)), (0, 2)):
        with pytest.raises(ValueError, match="could not be broadcast"):
            f(*map(np.ones, shapes))


def test_the_first_error_is_raised():
    f = compiled(["t = a + b", "x = a[10]", "return t * x"], ("a", "b"))
    with pytest.raises(ValueError, match="broadcast"):
        f(np.ones(3), np.ones(4))
    with pytest.raises(IndexError):
        f(np.ones(3), np.ones(3))


@pytest.mark.parametrize("dtypes", [("int8", "int16"), ("uint8", "int64"), ("float32", "float32"), ("bool", "int32"), ("complex64", "float32"), ("int64", "complex128"), ("uint64", "uint8")])
def test_types_are_numpys(dtypes):
    f = compiled(["return (a + b) * 2 - a, (a * b) + 1, (a == b) | (a != b)"], ("a", "b"))
    a, b = RANDOM.integers(0, 2, 7).astype(dtypes[0]), RANDOM.integers(1, 100, 7).astype(dtypes[1])
    for found, expected in zip(f(a, b), f.py_func(a, b)):
        agree(found, expected)


def test_results_of_fortran_arrays_are_in_fortran_order():
    f = compiled(["return (a + b) * 2.0, a + c"], ("a", "b", "c"))
    a = np.asfortranarray(MATRIX)
    first, second = f(a, a, MATRIX)
    assert first.flags.f_contiguous and not first.flags.c_contiguous and second.flags.c_contiguous


def test_divisions_are_numpys():
    f = compiled(["return (a / b) + 1.0, a // b"], ("a", "b"))
    with np.errstate(all="ignore"):
        for found, expected in zip(f(np.array([1.0, 0.0, -1.0]), np.zeros(3)), f.py_func(np.array([1.0, 0.0, -1.0]), np.zeros(3))):
            np.testing.assert_array_equal(found, expected)


def test_temporaries_are_not_made():
    f = compiled(["return a * 2.0 + b * 3.0 - np.sqrt(c) / 2.0"], ("a", "b", "c"))
    arguments = [np.ones(10)] * 3
    f(*arguments)
    assert f.inspect_ir("std").count("call @nb_alloc") == 1
