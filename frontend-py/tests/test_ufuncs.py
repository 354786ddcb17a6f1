"""`vectorize`, `guvectorize` and `stencil`, against what NumPy makes of the same."""
import warnings

import numpy as np
import pytest

import numbra
from numbra import float64, guvectorize, int64, njit, stencil, vectorize
from numbra.errors import TypingError, UnsupportedError

GRID = np.arange(12.0).reshape(3, 4)
CUBE = np.arange(24.0).reshape(2, 3, 4)


def same(found, expected):
    assert type(found) is type(expected) and np.asarray(found).dtype == np.asarray(expected).dtype, (found, expected)
    np.testing.assert_array_equal(found, expected)


@vectorize
def apart(x, y):
    """Documented."""
    if x > y:
        return x / y
    return x - 2 * y


def expected_apart(x, y):
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return np.where(x > y, np.divide(x, y), np.subtract(x, np.multiply(2, y)))


@pytest.mark.parametrize("x, y", [
    (GRID, np.arange(4.0)[::-1]), (GRID.T, GRID.T + 1), (GRID[::-1, ::2], 1.5), (GRID, np.float32(3)), (GRID[:0], 2.0), (GRID[:, :1], np.arange(5.0)),
    (CUBE, GRID), (np.float64(3), np.arange(6.0).reshape(2, 3).T),
])
def test_elements_and_broadcasting(x, y):
    same(apart(x, y), expected_apart(x, y))


def test_numbers_and_quotients_by_zero():
    same(apart(3.0, 4.0), np.float64(-5.0))
    same(apart(3.0, 0.0), np.float64(np.inf))
    same(apart(np.array(1.0), np.array(2.0)), np.float64(-3.0))
    assert (apart.nin, apart.nout, apart.nargs, apart.__name__, apart.__doc__) == (2, 1, 3, "apart", "Documented.") and apart.py_func(3, 4) == -5


def test_outputs():
    out = np.zeros((3, 4), np.float32)
    assert apart(GRID, 1.0, out) is out
    same(out, expected_apart(GRID, 1.0).astype(np.float32))
    row = np.arange(5.0)
    apart(row[:-1], 1.0, out=row[1:])
    same(row, np.concatenate(([0.0], expected_apart(np.arange(4.0), 1.0))))
    wide = np.zeros((2, 3, 4))
    same(apart(GRID, 2.0, out=(wide,)), np.broadcast_to(expected_apart(GRID, 2.0), (2, 3, 4)).copy())
    masked = np.full((3, 4), -1.0)
    apart(GRID, 1.0, out=masked, where=GRID > 5)
    same(masked, np.where(GRID > 5, expected_apart(GRID, 1.0), -1))
    with pytest.raises(TypeError, match="with casting rule 'same_kind'"):
        apart(GRID, 1.0, out=np.zeros((3, 4), int))
    with pytest.raises(ValueError, match="non-broadcastable output"):
        apart(GRID, 1.0, out=np.zeros(4))
    with pytest.raises(ValueError, match="shape mismatch|broadcast"):
        apart(GRID, np.zeros(3))
    with pytest.raises(TypeError, match="positional arguments"):
        apart(1.0)


def test_signatures_are_tried_in_order():
    @vectorize(["float32(complex64)", "float64(complex128)"], nopython=True, cache=True, identity=0)
    def squares(z):
        return z.real ** 2 + z.imag ** 2

    same(squares(np.array([1 + 2j, 3j], np.complex64)), np.array([5, 9], np.float32))
    same(squares(np.array([1 + 2j])), np.array([5.0]))
    same(squares(np.array([2], np.float64)), np.array([4.0]))
    same(squares(np.array([2], np.int8)), np.array([4], np.float32))
    with pytest.raises(TypeError, match="not supported for the input types"):
        squares(np.array(["a"]))
    assert squares.types == ["F->f", "D->d"] and squares.ntypes == 2


@pytest.mark.parametrize("signature", ["float64(int64)", float64(int64), [float64(int64)], ["float64(int64)"]])
def test_ways_to_write_a_signature(signature):
    same(vectorize(signature, nopython=True)(lambda x: x / 2)(np.arange(3)), np.arange(3) / 2)


def test_options_alone():
    same(vectorize(nopython=True)(lambda x: x + 1)(np.arange(3)), np.arange(1, 4))
    same(vectorize([], target="parallel", fastmath=True)(lambda x: x + 1.0)(np.arange(3.0)), np.arange(1.0, 4))


def test_reduce_accumulate_outer():
    @vectorize([int64(int64, int64), float64(float64, float64)], identity=1)
    def product(a, b):
        return a * b

    same(product.reduce(np.arange(1, 6)), np.int64(120))
    same(product.reduce(GRID, axis=1, keepdims=True), GRID.prod(axis=1, keepdims=True))
    same(product.reduce(GRID, axis=None, initial=2.0), np.float64(0))
    same(product.reduce(np.ones((0, 2))), np.ones(2))
    same(product.accumulate(GRID + 1, axis=1), np.multiply.accumulate(GRID + 1, axis=1))
    same(product.outer(np.arange(3), np.arange(2)), np.multiply.outer(np.arange(3), np.arange(2)))
    same(product(np.int8([1, 2]), 3), np.array([3, 6]))
    with pytest.raises(ValueError, match="has no identity"):
        apart.reduce(np.zeros(0))


def test_what_vectorize_refuses():
    with pytest.raises(TypeError, match="has a result"):
        vectorize([(float64,)])(lambda x: x)
    with pytest.raises(TypeError, match="must have 1 arguments"):
        vectorize(["float64(float64, float64)"])(lambda x: x)
    with pytest.raises(numbra.UnsupportedError, match="target 'cuda'"):
        vectorize(["float64(float64)"], target="cuda")(lambda x: x)
    with pytest.raises(numbra.TypingError):
        vectorize(lambda x: x.nothing)(1.0)


@guvectorize(["void(int64[:], int64, int64[:])", "void(float64[:], float64, float64[:])"], "(n),()->(n)")
def shifted(x, k, y):
    for i in range(x.shape[0]):
        y[i] = x[i] + k


@guvectorize(["void(float64[:,:], float64[:], float64[:])"], "(m,n),(n)->(m)")
def times_vector(a, x, y):
    for i in range(a.shape[0]):
        y[i] = 0
        for j in range(a.shape[1]):
            y[i] += a[i, j] * x[j]


def test_leading_axes():
    same(shifted(GRID, 2.0), GRID + 2)
    same(shifted(GRID.T, np.arange(4.0)), GRID.T + np.arange(4.0)[:, None])
    same(shifted(np.arange(3), 2), np.arange(3) + 2)
    same(shifted(np.arange(3), np.ones((2, 1))), np.arange(3) + np.ones((2, 1, 1)))
    same(times_vector(CUBE, np.ones(4)), CUBE.sum(-1))
    same(times_vector(CUBE, np.ones((5, 1, 4))), np.broadcast_to(CUBE.sum(-1), (5, 2, 3)).copy())
    same(times_vector(CUBE[:0], np.ones(4)), np.zeros((0, 3)))


def test_outputs_of_one_element_and_several():
    @guvectorize(["void(float64[:], float64[:], int64[:])"], "(n)->(),()")
    def summary(x, total, count):
        total[0] = x.sum()
        count[0] = x.shape[0]

    for found, expected in zip(summary(CUBE), (CUBE.sum(-1), np.full((2, 3), 4))):
        same(found, expected)
    for found, expected in zip(summary(np.arange(4.0)), (np.float64(6), np.int64(4))):
        same(found, expected)


def test_types_of_the_arguments():
    @guvectorize("(n),()->(n)")
    def added(x, k, y):
        for i in range(len(x)):
            y[i] += x[i] * k

    y = np.ones((2, 3))
    assert added(np.arange(6.0).reshape(2, 3), 3, y) is y
    same(y, 1 + 3 * np.arange(6.0).reshape(2, 3))
    backwards = np.zeros((3, 2))
    added(np.arange(6).reshape(2, 3), 1.5, backwards[:, ::-1].T)
    same(backwards, (1.5 * np.arange(6).reshape(2, 3)).T[:, ::-1].copy())
    with pytest.raises(TypeError, match="needs its outputs"):
        added(np.arange(3), 1)


def test_what_guvectorize_refuses():
    with pytest.raises(ValueError, match="core dimension 0"):
        times_vector(CUBE, np.ones(3))
    with pytest.raises(ValueError, match="does not have enough dimensions"):
        times_vector(np.ones(3), np.ones(3))
    with pytest.raises(ValueError, match="not a layout"):
        guvectorize(["void(float64[:], float64[:])"], "n->n")(lambda x, y: None)
    with pytest.raises(TypeError, match="has 2 operands"):
        guvectorize(["void(float64[:], float64[:])"], "(n)->(n)")(lambda x: None)
    with pytest.raises(ValueError, match="that of no input"):
        guvectorize(["void(float64[:], float64[:])"], "(n)->(m)")(lambda x, y: None)(np.ones(3))
    with pytest.raises(TypeError, match="needs a layout"):
        guvectorize(lambda x, y: None)


@stencil
def peaks(x):
    return (x[0] > x[-1]) & (x[0] >= x[1])


@pytest.mark.parametrize("n", [0, 1, 2, 3, 9])
def test_stencil_of_one_dimension(n):
    x = np.array([0, 1.0, 0, 3, 3, 2, 5, 4, 1])[:n]
    expected = np.zeros(n, bool)
    for i in range(1, n - 1):
        expected[i] = x[i] > x[i - 1] and x[i] >= x[i + 1]
    same(peaks(x), expected)
    assert njit(lambda x: peaks(x).sum())(x) == expected.sum()


def test_stencil_of_two_dimensions_with_options():
    @stencil(cval=9, standard_indexing=("weights",))
    def cross(a, weights):
        near = a[0, -1] + a[0, 1]
        return weights[0] * near + weights[1] * (a[-1, 0] + a[1, 0])

    weights = np.array([0.25, 0.5])
    expected = np.full(GRID.shape, 9.0)
    expected[1:-1, 1:-1] = 0.25 * (GRID[1:-1, :-2] + GRID[1:-1, 2:]) + 0.5 * (GRID[:-2, 1:-1] + GRID[2:, 1:-1])
    same(cross(GRID, weights), expected)

    @stencil(neighborhood=((-2, 0),))
    def trailing(a):
        total = 0.0
        for k in range(-2, 1):
            total += a[k]
        return total

    x = np.arange(6.0)
    same(trailing(x), np.concatenate(([0.0, 0.0], np.convolve(x, np.ones(3), "valid"))))


def test_what_stencil_refuses():
    def moving(a):
        total = 0
        for k in range(3):
            total += a[k]
        return total

    def assigning(a):
        a[0] = 1

    with pytest.raises(numbra.UnsupportedError, match="give the option neighborhood"):
        stencil(moving)
    with pytest.raises(numbra.UnsupportedError, match="does not assign"):
        stencil(assigning)
    with pytest.raises(ValueError, match="mode of a stencil"):
        stencil("wrap")
    with pytest.raises(TypeError, match="unknown option"):
        stencil(mode="wrap")


@vectorize([float64(float64, float64), "complex128(complex128, complex128)"])
def signed(x, y):
    return x * y - 1


negated = vectorize(lambda x: -x)
four = vectorize(lambda a, b, c, d: a + b + c + d)


@njit
def in_compiled_code(x, y, scale):
    written = np.empty(x.shape)
    apart(x, y, written)
    return apart(x, y) * scale + negated(x), written, apart(2.0, 0.0), signed(x, 3), signed(1, 2), signed([1, 2], (3.0, 4.0))


@pytest.mark.parametrize("x, y", [(GRID, np.arange(4.0)[::-1]), (GRID[::-1, ::2], 1.5), (GRID.T, GRID.T + 1), (GRID[:0], np.zeros(4))])
def test_calls_in_compiled_code(x, y):
    one, written, infinite, three, number, pairs = in_compiled_code(x, y, 2.0)
    same(one, expected_apart(x, y) * 2.0 - x)
    same(written, expected_apart(x, y))
    assert infinite == np.inf and type(infinite) is float
    same(three, x * 3.0 - 1)
    assert number == 1.0
    same(pairs, np.array([2.0, 7.0]))


def test_signatures_in_compiled_code():
    compiled = njit(lambda x, y: signed(x, y))
    for x, y in [(np.arange(3), 2), (np.arange(3, dtype=np.float32), np.arange(3.0)), (GRID + 1j, 2.0), (np.uint64(3), np.int64(4))]:
        found, expected = compiled(x, y), signed(x, y)
        assert np.asarray(found).dtype == expected.dtype
        np.testing.assert_array_equal(found, expected)
    with pytest.raises(TypingError, match="no signature of the universal function takes"):
        compiled(np.zeros(2, "M8[s]"), 1.0)
    with pytest.raises(UnsupportedError, match="UFunc"):
        njit(lambda x: four(x, x, x, x))(GRID)


def test_expressions_around_are_one_loop():
    @njit
    def around(x, y):
        return apart(x + 1.0, y) * 2.0 - apart(x, 3.0)

    x, y = np.linspace(-4.0, 4.0, 37), np.linspace(3.0, -3.0, 37)
    same(around(x, y), expected_apart(x + 1.0, y) * 2.0 - expected_apart(x, 3.0))
    text = around.inspect_ir(stage="fused")
    assert text.count('"array.map"') == 1 and "@ufunc" not in text.replace(" ", "").replace('"', "")
    same(around(x[:1], y), expected_apart(x[:1] + 1.0, y) * 2.0 - expected_apart(x[:1], 3.0))
    with pytest.raises(ValueError, match="could not be broadcast together") as raised:
        around(x, y[:5])
    assert raised.traceback[-1].lineno + 1 == around.py_func.__code__.co_firstlineno + 2


def test_what_a_kernel_raises_keeps_its_order():
    @vectorize
    def refuses(x):
        if x > 3.0:
            raise ValueError("too large")
        return x

    @njit
    def both(x, y):
        return refuses(x) + refuses(y) // 1.0

    same(both(np.arange(4.0), np.arange(4.0)), np.arange(4.0) * 2)
    for x, y in ((np.arange(5.0), np.arange(5.0)), (np.arange(4.0), np.arange(5.0)[1:])):
        with pytest.raises(ValueError, match="too large"):
            both(x, y)
