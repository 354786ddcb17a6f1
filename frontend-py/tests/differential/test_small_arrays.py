"""Small arrays of known size that stay inside of a function live on its stack: the results are those of NumPy, and no memory is allocated where it is not needed."""
import numpy as np
import pytest

from numbra import njit


def zeroed(n):
    total = 0.0
    for i in range(n):
        a = np.zeros(3)
        a[i % 3] += i
        total = total * 0.5 + a[0] - a[1] + a[2] * a[0]
    return total


def rotated(n):
    turn, v = np.empty((3, 3)), np.ones(3)
    for i in range(n):
        for j in range(3):
            for k in range(3):
                turn[j, k] = i + j - 2 * k
        w = turn @ v
        v[i % 3] = w.sum() % 7.0
    return v[0] + 10 * v[1] + 100 * v[2]


def crossed(n):
    u, v, total = np.arange(3.0), np.ones(3), 0.0
    for i in range(n):
        v[1] = i
        t = (np.cross(u, v) + u) * 2.0
        total += t[0] - t[1] + t[2]
    return total


def views(n):
    total = 0
    for i in range(n):
        a = np.arange(12).reshape(3, 4)
        a.T[1] = i
        total += a[::-1, 1:3].sum() + a[i % 3].max()
    return total


def displays(n):
    total = 0.0
    for i in range(n):
        v = np.array([1.0, i, 3.0])
        m = np.array([[1, i, 0], [0, 1, 0], [2, 0, i]], dtype=np.float64)
        c = np.array([i, 2.5j])
        total += (m @ v).sum() + c[0].real - c[1].imag
    return total


def branches(n):
    total = 0.0
    for i in range(n):
        a = np.zeros(4) if i % 2 else np.full(2, 3.0)
        total += a[-1] + len(a)
    return total


def swapped(n):
    a, b = np.zeros(3), np.ones(3)
    for i in range(n):
        a[i % 3] += b[0]
        a, b = b, a
    return a[0] + 2 * a[1] + 4 * b[0] + 8 * b[2]


def carried(n):
    x, step = np.zeros(3), np.array([1.0, 2.0, 3.0])
    for i in range(n):
        x = x + 0.5 * step
    return x[0] - x[2]


def last(n):
    a = np.zeros(2)
    for i in range(n):
        before = a
        a = np.zeros(2)
        a[0] = before[0] + i
    return a[0]


def kept(n):
    rows = [np.zeros(2)]
    for i in range(n):
        a = np.zeros(2)
        a[0] = i
        rows.append(a)
    return sum([r[0] for r in rows])


def raised(n):
    a = np.zeros(3)
    a[0] = n
    if n > 2:
        raise ValueError(a[0] + a[1])
    return a[0]


@pytest.mark.parametrize("f", [zeroed, rotated, crossed, views, displays, branches])
def test_on_the_stack(f):
    compiled = njit(f)
    for n in (0, 1, 7):
        assert compiled(n) == f(n), n
    assert "@nb_alloc" not in compiled.inspect_ir("llvmir")


@pytest.mark.parametrize("f", [swapped, carried, last, kept])
def test_longer_than_an_iteration(f):
    compiled = njit(f)
    for n in (0, 1, 2, 3, 8):
        assert compiled(n) == f(n), n


def test_exception():
    compiled = njit(raised)
    assert compiled(2) == 2.0
    for _ in range(3):
        with pytest.raises(ValueError, match="3.0"):
            compiled(3)


def test_returned():
    @njit
    def pair(x):
        a, b = np.zeros(2), np.zeros(2)
        a[0], b[1] = x, x
        return a, a[1:], b.sum()

    first, second = pair(1.0), pair(2.0)
    assert first[0].tolist() == [1.0, 0.0] and second[0].tolist() == [2.0, 0.0]
    assert first[1].tolist() == [0.0] and first[2] == 1.0


def test_recursion():
    @njit
    def down(n):
        a = np.zeros(8)
        a[n % 8] = n
        if n > 0:
            a[0] += down(n - 1)
        return a.sum()

    assert down(50) == sum(range(51))
    with pytest.raises(RecursionError):
        down(10**9)


def test_not_written():
    """An element that was never written is some number, whatever is decided by it."""
    @njit
    def peek(n):
        a, found = np.empty(4), 0
        for i in range(n):
            if a[i] > 0:
                found += 1
            else:
                found += 2
        return found

    assert 4 <= peek(4) <= 8


def test_threads():
    from numbra import prange

    @njit(parallel=True)
    def lengths(x):
        out = np.empty(len(x))
        for i in prange(len(x)):
            d = np.zeros(3)
            for k in range(3):
                d[k] = x[i, k] * x[i, k]
            out[i] = d.sum()
        return out

    x = np.random.default_rng(3).integers(-9, 9, (1000, 3)).astype(float)
    assert lengths(x).tolist() == (x * x).sum(axis=1).tolist()


def test_displays():
    """Arrays of list displays are NumPy's: their types, what is converted, and what is refused."""
    def make(x, i, z, b):
        return (
            np.array([x, i]), np.array([i, i + 1, -i]), np.array([i, x], np.float32), np.array([[x], [x + 1]]), np.array([[i, 1], [2, 3]], dtype=np.complex128), np.array([z, z * 2]), np.array([b, b]),
            np.array([i, 7], dtype=np.int16), np.array([x, 2.75], dtype=np.int64), np.array([b, b], dtype=np.float64), np.array([True, False]), np.array([[x, x]] * 2), np.array([np.float32(x), np.float32(2)]),
        )

    compiled = njit(make)
    for arguments in [(1.5, 3, 2j, True), (-0.0, -1, complex(0, float("inf")), False)]:
        for found, expected in zip(compiled(*arguments), make(*arguments)):
            assert found.dtype == expected.dtype and found.shape == expected.shape
            np.testing.assert_array_equal(found, expected)
    ragged = njit(lambda i: np.array([[i, i], [i]]))
    with pytest.raises(ValueError, match="inhomogeneous"):
        ragged(1)

    @njit
    def apart(x):
        row = [x, 2.0]
        a = np.array(row)
        row.append(a[0])
        return a, row

    a, row = apart(4.0)
    assert a.tolist() == [4.0, 2.0] and row == [4.0, 2.0, 4.0]
