"""Reductions with all their options, `out`, `initial`, `where`, `dtype`, `keepdims`, `ddof` and tuples of axes: values, shapes, dtypes and errors as NumPy's."""
import numpy as np
import pytest
from numbra import njit

from .sources import function
from .test_lib_reductions import outcome, same, sample

pytestmark = pytest.mark.filterwarnings("ignore")
MASKS = ["where=w", "axis=0, where=w", "axis=1, where=row, keepdims=True", "where=True"]
BEGUN = ["initial=2", "axis=-1, initial=3, where=w", "axis=(0, -1), initial=1, keepdims=True"]
MOMENTS = [*MASKS, "axis=()", "axis=1, ddof=1, where=w", "axis=0, correction=1", "axis=0, mean=center", "dtype=np.float32"]
FORMS = {
    "sum": MASKS + BEGUN + ["axis=()"],
    "prod": MASKS + BEGUN,
    "min": BEGUN + ["axis=()", "where=w"],
    "max": BEGUN,
    "any": MASKS + ["axis=()"],
    "all": MASKS,
    "mean": MASKS + ["axis=()"],
    "var": MOMENTS,
    "std": ["axis=1, ddof=1, where=w"],
    "nansum": MASKS + BEGUN,
    "nanprod": ["axis=0, where=w"],
    "nanmin": BEGUN,
    "nanmax": BEGUN + ["axis=0, initial=1, where=w"],
    "nanmean": MASKS,
    "nanvar": ["axis=0, where=w, correction=1", "mean=center"],
    "median": ["keepdims=True", "axis=0, keepdims=True"],
}


def check(name, forms, arrays):
    """All forms that raise nothing in one function, each of the others in one of its own."""
    whole = "return (" + ", ".join(f"np.{name}(a, {form})" for form in forms) + ",)"
    plain, compiled = function(whole, "a, w, row, center")
    for arguments in arrays:
        expected = outcome(plain, *arguments)
        if isinstance(expected, Exception) and len(forms) > 1:
            for form in forms:
                check(name, [form], [arguments])
        else:
            same(outcome(compiled, *arguments), expected, (name, forms, arguments[0].dtype, arguments[0].shape))


def arguments(shape, dtype):
    a = sample(shape, dtype)
    w = np.random.default_rng(1).integers(0, 2, shape).astype(bool)
    return a, w, w[(0,) * (a.ndim - 1)] if a.size else np.zeros(shape[-1:], bool), np.full((1,) * a.ndim, 1.5)


@pytest.mark.parametrize("name", FORMS)
def test_options(name):
    dtypes = ["float64"] if name.startswith("nan") or name in ("var", "std", "median") else ["float64", "int32", "bool"]
    check(name, FORMS[name], [arguments((3, 4, 2), dtype) for dtype in dtypes])


def test_options_of_complex_numbers():
    for name in ("sum", "mean", "var"):
        check(name, MASKS[:2], [arguments((3, 4), "complex128")])


@pytest.mark.parametrize("name", ["sum", "min", "mean"])
def test_nothing_to_reduce(name):
    """An initial value is what the reduction of no elements is; without one, extrema have none."""
    forms = ["axis=0", "axis=-1"] if name == "mean" else ["axis=0, initial=5", "initial=2", "axis=(0, 1), keepdims=True, initial=1"]
    for shape in [(0, 3), (2, 0, 3)]:
        check(name, forms, [arguments(shape, "float64")])
    check("max", ["axis=0"], [arguments((0, 3), "float64")])


def test_numbers_as_arrays():
    """An array without axes has those of a row of one, as far as NumPy lets it."""
    for name in ("sum", "max", "any", "cumsum"):
        forms = ["axis=0", "axis=1"] + (["axis=()", "keepdims=True", "axis=(0, 1)"] if name != "cumsum" else [])
        check(name, forms, [(np.array(-0.0), np.array(True), np.array([True]), np.array(1.0))])


def test_axes_that_are_not_there():
    """AxisError when the function runs, as in NumPy; axes that come twice are a ValueError."""
    for form in ["axis=3", "axis=-4", "axis=(0, 5)", "axis=(0, 0)", "axis=(1, -2)", "axis=(0, 0, 3)"]:
        check("sum", [form], [arguments((3, 4, 2), "float64")])
    for name in ("argmin", "cumsum", "median", "count_nonzero"):
        check(name, ["axis=3"], [arguments((3, 4, 2), "float64")])


OUTPUTS = """
    np.sum(a, axis=0, out=row)
    kept = np.max(a, axis=1, keepdims=True, out=column)
    np.cumsum(a, axis=1, out=table)
    a.mean(axis=0, out=single)
    np.std(a, axis=0, out=a[1])
    a.argmax(axis=0, out=places)
    np.any(a, out=some)
    np.add.reduce(a, axis=1, out=a[:, 0], initial=1)
    np.cumsum(a[0], out=a[0][::-1])
    np.median(a, axis=0, out=row2)
    return kept
"""


def test_outputs():
    """A result is written where it is asked for, over what it was made of too, and converted; what is returned is that array."""
    plain, compiled = function(OUTPUTS, "a, row, column, table, single, places, some, row2")
    for a in (sample((3, 4), "float64"), sample((3, 4), "float64")[::-1], np.asfortranarray(sample((3, 4), "float64"))):
        def given():
            return a.copy(order="K"), np.zeros(4), np.zeros((3, 1)), np.zeros((3, 4)), np.zeros(4, np.float32), np.zeros(4, np.int64), np.zeros((), bool), np.zeros(8)[::2]

        mine, theirs = given(), given()
        kept, expected = compiled(*mine), plain(*theirs)
        assert kept is mine[2] and expected is theirs[2]
        for x, y in zip(mine, theirs):
            np.testing.assert_allclose(x, y, rtol=1e-6)


def test_outputs_that_do_not_fit():
    @njit
    def total(a, out):
        return np.sum(a, axis=0, out=out)

    a = np.ones((3, 4))
    with pytest.raises(ValueError, match="the output does not have the shape of the result"):
        total(a, np.zeros(3))
    with pytest.raises(Exception, match="the output does not have as many axes as the result"):
        total(a, np.zeros((1, 4)))
    with pytest.raises(Exception, match="Cannot cast the output from `numpy.float64` to `numpy.int64`"):
        total(a, np.zeros(4, np.int64))

    @njit
    def some(a, w):
        return np.sum(a, where=w)

    with pytest.raises(ValueError, match="the mask `where` does not have the shape of the array"):
        some(a[:1], np.ones((3, 4), bool))
    with pytest.raises(Exception, match="the mask `where` has more axes than the array"):
        some(a[0], np.ones((3, 4), bool))
    with pytest.raises(Exception, match="array data to bool for `where`"):
        some(a, a)


def test_running_totals_with_their_beginning():
    check("cumulative_sum", ["axis=0, include_initial=True", "axis=1, dtype=np.float32"], [arguments((3, 4), dtype) for dtype in ("float64", "int32")])
    check("cumulative_prod", ["include_initial=True", ""][:1], [arguments((4,), "float64")])
    check("cumulative_sum", ["include_initial=True"], [arguments((2, 2), "float64")])


def test_weights():
    plain, compiled = function("return np.average(a, axis=1, weights=v, keepdims=True), np.average(a, axis=0, weights=a), np.average(a, keepdims=True)", "a, v")
    arguments = sample((3, 4), "int32") + 1, np.arange(1.0, 5.0)
    same(outcome(compiled, *arguments), outcome(plain, *arguments), "average")
