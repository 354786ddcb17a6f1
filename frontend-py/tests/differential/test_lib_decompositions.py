"""Singular values, eigenvalues of symmetric matrices and orthogonal factors, against NumPy: values directly, vectors by what they compose, as their signs are free."""
import numpy as np
import pytest

import numbra
from numbra import njit

RANDOM = np.random.default_rng(0)
SHAPES = [(1, 1), (3, 3), (5, 3), (3, 5), (8, 8), (4, 1), (1, 4)]


@njit
def decomposed(a):
    return (np.linalg.svd(a), np.linalg.svd(a, full_matrices=False), np.linalg.svd(a, compute_uv=False), np.linalg.qr(a), np.linalg.qr(a, "complete"), np.linalg.qr(a, mode="r"),
            np.linalg.pinv(a))


@njit
def numbers(a):
    return np.linalg.matrix_rank(a), np.linalg.norm(a, 2), np.linalg.norm(a, -2), np.linalg.norm(a, "nuc"), np.linalg.cond(a), np.linalg.cond(a, -2)


@njit
def fitted(a, b):
    return np.linalg.lstsq(a, b), np.linalg.lstsq(a, b, 1e-3)


@njit
def eigen(a):
    return np.linalg.eigh(a), np.linalg.eigh(a, UPLO="U"), np.linalg.eigvalsh(a)


def near(got, want, tolerance):
    got, want = np.asarray(got), np.asarray(want)
    assert got.shape == want.shape
    np.testing.assert_allclose(got, want, rtol=tolerance, atol=tolerance * (1 + np.max(np.abs(want), initial=0)))


def unitary(columns, tolerance):
    near(columns.conj().T @ columns, np.eye(columns.shape[1]), tolerance)


@pytest.mark.parametrize("dtype", ["f8", "c16", "f4", "i8"])
def test_against_numpy(dtype):
    near_to = 1e-4 if dtype == "f4" else 1e-11
    for shape in SHAPES:
        full = RANDOM.normal(size=shape) * 3
        full = (full + (1j * RANDOM.normal(size=shape) if dtype == "c16" else 0)).astype(dtype)
        for a in (full, np.outer(full[:, 0], full[0]), full * 0):
            (u, s, vh), (u2, s2, vh2), s3, (q, r), (q2, r2), r3, inverse = decomposed(a)
            values, length = np.linalg.svd(a, compute_uv=False), min(shape)
            for found in (s, s2, s3):
                near(found, values, near_to)
                assert found.dtype == values.dtype
            near(u[:, :length] * s @ vh[:length], a, near_to)
            near(u2 * s2 @ vh2, a, near_to)
            for m in (u, vh.conj().T, u2, vh2.conj().T, q, q2):
                unitary(m, near_to)
            want = np.linalg.qr(a)
            assert q.dtype == want[0].dtype and u.dtype == np.linalg.svd(a)[0].dtype
            near(q @ r, a, near_to)
            near(q2 @ r2, a, near_to)
            if a is full:
                for got, expected in ((q, want[0]), (r, want[1]), (r3, want[1]), *zip((q2, r2), np.linalg.qr(a, "complete"))):
                    near(got, expected, near_to)
                near(inverse, np.linalg.pinv(a), near_to * 10)
            if a is full or dtype != "f4":
                # Rounded to float32, a matrix of lower rank is none.
                near(a @ inverse @ a, a, near_to * 10)
            rank, *norms, first, last = numbers(a)
            assert rank == np.linalg.matrix_rank(a)
            near(norms, [np.linalg.norm(a, o) for o in (2, -2, "nuc")], near_to)
            if a is full and values[-1] > 1e-3:
                near((first, last), (np.linalg.cond(a), np.linalg.cond(a, -2)), near_to * 100)
        for b in (RANDOM.normal(size=shape[0]), RANDOM.normal(size=(shape[0], 2))):
            for got, want in zip(fitted(full, b), (np.linalg.lstsq(full, b), np.linalg.lstsq(full, b, 1e-3))):
                assert got[2] == want[2] and got[0].dtype == want[0].dtype
                for i in (0, 1, 3):
                    near(got[i], want[i], near_to * 100)
        if shape[0] == shape[1]:
            a = full + full.conj().T
            (w, v), (w2, v2), w3 = eigen(a)
            for found in (w, w2, w3):
                near(found, np.linalg.eigvalsh(a), near_to)
            for values, vectors in ((w, v), (w2, v2)):
                unitary(vectors, near_to)
                near(vectors * values @ vectors.conj().T, a, near_to)


def test_what_is_no_matrix_of_numbers():
    hole = np.array([[1.0, 0.0], [np.nan, 1.0]])
    for f in (njit(lambda a: np.linalg.svd(a)), njit(lambda a: np.linalg.eigh(a)), njit(lambda a: np.linalg.pinv(a))):
        with pytest.raises(np.linalg.LinAlgError):
            f(hole)
    with pytest.raises(np.linalg.LinAlgError, match="must be square"):
        njit(lambda a: np.linalg.eigvalsh(a))(np.ones((2, 3)))
    with pytest.raises(np.linalg.LinAlgError, match="Incompatible dimensions"):
        njit(lambda a, b: np.linalg.lstsq(a, b))(np.ones((2, 3)), np.ones(3))
    with pytest.raises(np.linalg.LinAlgError, match="cond is not defined on empty arrays"):
        njit(lambda a: np.linalg.cond(a))(np.ones((0, 3)))
    assert np.isinf(njit(lambda a: np.linalg.cond(a))(np.zeros((2, 2))))
    for f, says in ((lambda a: np.linalg.svd(a), "one matrix is taken"), (lambda a: np.linalg.qr(a, "raw"), "takes the modes"), (lambda a: np.linalg.eigh(a, "X"), "UPLO")):
        with pytest.raises(numbra.TypingError, match=says):
            njit(f)(np.ones(3) if says.startswith("one") else np.ones((2, 2)))
