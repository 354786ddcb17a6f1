"""`np.einsum` with constant subscripts, against NumPy: order of axes, sums, diagonals, ellipses, products of matrices, element types, and what is refused."""
import numpy as np
import pytest

import numbra

from .sources import load

RNG = np.random.default_rng(0)
X, Y, Z, V = RNG.random((3, 4)), RNG.random((4, 5)), RNG.random((5, 3)), RNG.random(4)
CUBE, BATCH, SQUARE, COLUMN = RNG.random((2, 3, 4)), RNG.random((2, 4, 5)), RNG.random((3, 3)), RNG.random((3, 1))
INTS = (X * 9).astype(np.int32)
CASES = [
    ("ij,jk->ik", X, Y), ("ij,jk", X, Y), ("ij,jk->ki", X, Y), (" i j , j k -> i k ", X[:, ::-1], np.asfortranarray(Y)), ("ij,jk->ik", X[:0], Y), ("ij,jk->ik", X[:, :0], Y[:0]),
    ("ij,jk->ik", X.astype(np.float32), Y), ("ij,jk->ik", INTS, (Y * 9).astype(np.int64)), ("ij,jk->ik", X * 1j, Y), ("ij,jk->ik", X.T[::-1], X),
    ("ij->ji", X), ("ji", X), ("ij->", X), ("ij->i", X), ("ij->j", INTS.astype(np.int8)), ("ii", SQUARE), ("ii->i", SQUARE), ("i,i", V, V), ("i,j", V, V), ("i,->i", V, 2.0),
    ("ij,j->i", X, V), ("ij,j->i", X > 0.5, V > 0.2), ("ij,ij->ij", COLUMN, X), ("ij,ji->", X, X.T), ("bij,bjk->bik", CUBE, BATCH), ("ijk,ilk->jl", CUBE, CUBE),
    ("...ij,...jk->...ik", CUBE, BATCH), ("...j,j->...", CUBE, V), ("i...->...", CUBE), ("...", X), ("ij,jk,kl->il", X, Y, Z), ("ij,ik,il->jkl", X, X, X), ("ij,kl->ijkl", X, Z),
]
REFUSED = [
    ("i,j", (X, V), "has 2 axes, but the subscripts 'i'"), ("ij->ij1", (X,), "'1' is no subscript"), ("ij->k", (X,), "'k' of the result is in no operand"),
    ("ij->ii", (X,), "more than once in the result"), ("i,j,k", (V, V), "name 3 operands, but 2 are given"), ("...i->i", (X,), "no ellipsis"),
]


def compiled(subscripts, count):
    names = ", ".join("abc"[:count])
    return load(f"import numpy as np\nfrom numbra import njit\n\n\n@njit\ndef f({names}):\n    return np.einsum({subscripts!r}, {names})\n").f


@pytest.mark.parametrize("case", CASES, ids=lambda c: c[0])
def test_einsum(case):
    subscripts, *operands = case
    got, want = compiled(subscripts, len(operands))(*operands), np.einsum(subscripts, *operands)
    np.testing.assert_allclose(got, want, rtol=1e-6)
    if isinstance(want, np.ndarray):
        assert got.dtype == want.dtype and got.shape == want.shape


def test_views_outputs_and_lengths():
    @numbra.njit
    def diagonal(a, out):
        np.einsum("ii->i", a)[:] = 7
        np.einsum("ij,j->i", a, a[0], out=out, optimize=True)
        return out

    a, b = SQUARE.copy(), SQUARE.copy()
    np.testing.assert_allclose(diagonal(a, np.empty(3)), diagonal.py_func(b, np.empty(3)))
    np.testing.assert_array_equal(a, b)
    with pytest.raises(ValueError, match="operands could not be broadcast together"):
        compiled("ij,jk->ik", 2)(X, Z)


@pytest.mark.parametrize("subscripts, operands, says", REFUSED)
def test_what_is_refused(subscripts, operands, says):
    with pytest.raises(numbra.TypingError, match=says):
        compiled(subscripts, len(operands))(*operands)


def test_subscripts_are_constants():
    with pytest.raises(numbra.TypingError, match="subscripts as a constant string"):
        numbra.njit(lambda s, a: np.einsum(s, a))("ij->i", X)
