"""Reductions, running sums and differences on every layout and along every axis: values, shapes and dtypes as NumPy's."""
import warnings

import numpy as np
import pytest

from .sources import function
from .test_indexing import layouts

pytestmark = pytest.mark.filterwarnings("ignore")
DTYPES = ["bool", "uint8", "float32"]
ROW = ["", "axis=-1, keepdims=True"]
TABLE = ["", "axis=0", "axis=-1, keepdims=True"]
TUPLES = [*TABLE, "axis=(0, 1)", "axis=(-1, 0), keepdims=True", "keepdims=True"]


def sample(shape, dtype):
    """Small numbers, with a NaN where there can be one."""
    generator = np.random.default_rng(7)
    values = generator.integers(0, 5, shape).astype(dtype)
    if values.dtype.kind == "c":
        values = values + 1j * generator.integers(0, 3, shape)
    if values.dtype.kind in "fc" and values.size > 2:
        values.flat[1] = np.nan
    return values


def outcome(f, *arguments):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            result = f(*arguments)
        except (ValueError, ZeroDivisionError, TypeError) as error:
            return error
    return result if isinstance(result, tuple) else (result,)


def same(found, expected, case):
    if isinstance(expected, Exception):
        assert type(found) in type(expected).__mro__, case
        return
    assert not isinstance(found, Exception), (case, found)
    for x, y in zip(found, expected, strict=True):
        if isinstance(x, np.ndarray):
            assert x.dtype == y.dtype and x.shape == y.shape, (case, x, y)
        else:
            assert np.shape(y) == () and {"u": "i"}.get(np.asarray(y).dtype.kind, np.asarray(y).dtype.kind) == np.asarray(x).dtype.kind, (case, x, y)
        np.testing.assert_allclose(x, y, rtol=1e-5, err_msg=str(case))


def check(name, forms, shape, dtypes):
    body = "return (" + ", ".join(f"np.{name}(a{', ' if form else ''}{form})" for form in forms) + ",)"
    plain, compiled = function(body, "a")
    for dtype in dtypes:
        for layout, array in layouts(sample(shape, dtype)).items():
            if layout in (("C",) if dtype == "bool" else ("C", "F", "all reversed") if array.ndim > 1 else ("C", "strided")):
                same(outcome(compiled, array), outcome(plain, array), (name, shape, dtype, layout))


@pytest.mark.parametrize("name", ["sum", "prod", "min", "max", "any", "all", "count_nonzero"])
def test_reductions(name):
    check(name, ROW, (5,), DTYPES)
    check(name, TUPLES, (3, 4), DTYPES)
    check(name, ["axis=1", "axis=(0, 2)"], (2, 3, 4), ["int32"])
    check(name, ["", "axis=0"], (3, 4), ["complex128"])
    check(name, [""], (), ["float64"])


@pytest.mark.parametrize("name", ["mean", "var", "std"])
def test_moments(name):
    check(name, TUPLES if name == "mean" else TABLE, (3, 4), ["int32", "complex64"])
    check(name, [""], (0,), ["float64"])
    if name != "mean":
        check(name, ["ddof=1", "axis=0, ddof=1"], (3, 4), ["int32"])


@pytest.mark.parametrize("name", ["argmin", "argmax"])
def test_positions(name):
    check(name, TABLE, (3, 4), DTYPES)
    check(name, [""], (3000,), ["float32", "int64"])


@pytest.mark.parametrize("name", ["nansum", "nanprod", "nanmean", "nanvar", "nanstd", "nanmin", "nanmax", "nanargmin", "nanargmax"])
def test_without_nan(name):
    check(name, TABLE, (3, 4), ["int32", "float32"])


@pytest.mark.parametrize("name", ["cumsum", "cumprod", "nancumsum"])
def test_running(name):
    check(name, ["", "axis=0", "axis=-1"], (3, 4), DTYPES)


def test_differences():
    check("diff", ["", "axis=0", "n=2"], (3, 4), DTYPES)
    check("ediff1d", [""], (5,), ["int32"])
    check("trapezoid", ["", "dx=2.0", "a, axis=0"], (3, 4), ["int32", "float32"])


@pytest.mark.parametrize("name", ["sum", "min", "argmax", "mean"])
@pytest.mark.parametrize("shape", [(0,), (3, 0), (0, 3)])
def test_empty(name, shape):
    for axis in ["", "axis=0", "axis=-1"]:
        check(name, [axis], shape, ["float64"])


def test_types_of_results():
    check("sum", ["dtype=np.float64", "axis=0, dtype=np.float32"], (3, 4), ["int32", "float64"])
    check("mean", ["dtype=np.float64"], (3, 4), ["int32", "float32"])


def test_axis_at_run_time():
    plain, compiled = function("return np.sum(a, axis=k), a.max(k)", "a, k")
    a = sample((3, 4), "int32")
    for k in (0, 1, -1, -2, 2):
        same(outcome(compiled, a, k), outcome(plain, a, k), k)


def test_accuracy():
    plain, compiled = function("return np.sum(a), np.mean(a), np.var(a)", "a")
    a = np.random.default_rng(3).random(300_000, dtype=np.float32)
    exact = a.astype(np.float64)
    for found, wanted in zip(compiled(a), (exact.sum(), exact.mean(), exact.var()), strict=True):
        assert abs(found - wanted) <= 1e-6 * wanted


def test_equality():
    for form in ["a", "a + 1", "a, equal_nan=True", "a * 1.0000001"]:
        check("isclose", [form], (3, 4), ["float64"])
        check("allclose", [form], (5,), ["int32", "float64"])
        check("array_equal", [form], (5,), ["int32", "float64"])
