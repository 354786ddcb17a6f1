"""`np.linalg` against NumPy: types, orders in memory, sizes on both sides of a block, stacks, errors."""
import numpy as np
import pytest

from numbra import njit
from numbra.errors import NumbaError

RANDOM = np.random.default_rng(41)


@njit
def solved(a, b):
    return np.linalg.inv(a), np.linalg.solve(a, b), np.linalg.solve(a, b[..., 0])


@njit
def numbers(a):
    return np.linalg.det(a), np.linalg.slogdet(a)


@njit
def powers(a, n):
    return np.linalg.matrix_power(a, n), np.linalg.matrix_power(a, 3), np.linalg.matrix_power(a, -2)


@njit
def factor(a):
    return np.linalg.cholesky(a)


def near(found, expected, dtype=np.float64, scalars=False):
    if isinstance(expected, tuple):
        assert len(found) == len(expected)
        for one, other in zip(found, expected):
            near(one, other, dtype, scalars)
        return
    if not scalars:
        assert found.dtype == expected.dtype
    assert np.shape(found) == np.shape(expected)
    tolerance = 2e-4 if np.dtype(dtype).itemsize <= (8 if np.dtype(dtype).kind == "c" else 4) else 1e-9
    np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance)


def matrix(n, dtype, columns=None):
    a = RANDOM.normal(size=(n, columns or n)) * 3
    if np.dtype(dtype).kind == "c":
        a = a + 1j * RANDOM.normal(size=a.shape)
    return (a + ((2 * n + 9) * np.eye(n) if columns is None else 0)).astype(dtype)


@pytest.mark.parametrize("dtype", ["float64", "float32", "complex128", "complex64", "int64"])
def test_systems_of_equations(dtype):
    for n in (0, 1, 2, 5, 64, 65, 150):
        a, b = matrix(n, dtype), matrix(n, dtype, 3)
        for x, y in ((a, b), (a.T, b), (a[::-1, ::-1], b[::-1])):
            near(solved(x, y), solved.py_func(x, y), dtype)


@pytest.mark.parametrize("dtype", ["float64", "float32", "complex64", "int64"])
def test_determinants_and_powers(dtype):
    for n in (0, 1, 2, 3, 70):
        a = matrix(n, dtype)
        if n < 70:
            near(numbers(a), (np.linalg.det(a), tuple(np.linalg.slogdet(a))), dtype, scalars=True)
        else:
            near(numbers(a)[1], tuple(np.linalg.slogdet(a)), dtype, scalars=True)
    a = matrix(4, dtype)
    if dtype != "int64":
        a /= 8
    for n in (0, 1, 2, 3, 7):
        near(powers(a, n), powers.py_func(a, n), dtype)
    assert numbers(np.zeros((2, 2))) == (0.0, (0.0, -np.inf))
    assert np.isnan(numbers(np.array([[np.nan, 1.0], [1.0, 2.0]]))[0])


def test_mixed_types_and_stacks():
    stack, sides = RANDOM.normal(size=(4, 2, 3, 3)) + 3 * np.eye(3), RANDOM.normal(size=(2, 3, 2))

    @njit
    def f(a, b, v):
        return np.linalg.inv(a), np.linalg.solve(a, b), np.linalg.solve(a, v), np.linalg.det(a)

    near(f(stack, sides, np.ones(3)), f.py_func(stack, sides, np.ones(3)))
    a, b = matrix(3, "int32"), matrix(3, "float32", 2)
    near(solved(a, b), solved.py_func(a, b), "float32")
    wanted = a @ a.T + np.eye(3, dtype=a.dtype)
    near(factor(wanted), factor.py_func(wanted))
    complex_one = matrix(70, "complex128")
    wanted = complex_one @ complex_one.conj().T
    near(factor(wanted), factor.py_func(wanted))


def test_arguments_stay_as_they_are():
    a, b = matrix(70, "float64"), matrix(70, "float64", 2)
    before = a.copy(), b.copy()
    solved(a, b), numbers(a), powers(a, 1)[0][...].fill(0), factor(a @ a.T)
    assert np.array_equal(a, before[0]) and np.array_equal(b, before[1])


@pytest.mark.parametrize(
    "function, arguments, message",
    [
        (solved, (np.array([[1.0, 2.0], [2.0, 4.0]]), np.ones((2, 1))), "Singular matrix"),
        (solved, (np.zeros((80, 80)), np.ones((80, 1))), "Singular matrix"),
        (solved, (np.ones((2, 3)), np.ones((2, 1))), "Last 2 dimensions of the array must be square"),
        (numbers, (np.ones((2, 3)),), "Last 2 dimensions of the array must be square"),
        (factor, (-np.eye(2),), "Matrix is not positive definite"),
    ],
)
def test_errors(function, arguments, message):
    for f in (function, function.py_func):
        with pytest.raises(np.linalg.LinAlgError, match=message):
            f(*arguments)


def test_wrong_shapes_and_types():
    with pytest.raises(ValueError, match="mismatch in its core dimension 0"):
        solved(np.eye(2), np.ones((3, 1)))
    with pytest.raises(TypeError, match="a constant"):
        powers(np.array([[1, 2], [3, 5]]), -1)
    for f, arguments, message in [(lambda a: np.linalg.inv(a), (np.ones(3),), "at least two-dimensional"), (lambda a: np.linalg.norm(a, 3), (np.ones((2, 2)),), "Invalid norm order for matrices"), (lambda a: np.linalg.inv(a), ("text",), "linalg takes arrays")]:
        with pytest.raises(NumbaError, match=message):
            njit(f)(*arguments)


@njit
def norms(x):
    return np.linalg.norm(x), np.linalg.norm(x, axis=0), np.linalg.norm(x, 1, axis=-1), np.linalg.norm(x, np.inf, 0), np.linalg.norm(x, -np.inf, 0), np.linalg.norm(x, 0, 0), np.linalg.norm(x, 3, 0), np.linalg.norm(x, axis=0, keepdims=True)


@njit
def matrix_norms(x):
    return np.linalg.norm(x, "fro"), np.linalg.norm(x, 1), np.linalg.norm(x, -1), np.linalg.norm(x, np.inf), np.linalg.norm(x, -np.inf)


def test_norms():
    rows = RANDOM.normal(size=7)
    matrices = RANDOM.normal(size=(3, 4))
    for x in (rows, rows[::-2], rows.astype("float32"), np.arange(-3, 4), matrices, matrices.T, (matrices * 5).astype("int32"), matrices + 1j * matrices[::-1]):
        near(norms(x), norms.py_func(x), x.dtype, scalars=True)
        if x.ndim == 2:
            near(matrix_norms(x), matrix_norms.py_func(x), x.dtype, scalars=True)
    assert np.linalg.norm(np.empty(0)) == njit(lambda x: np.linalg.norm(x))(np.empty(0)) == 0.0
