"""Random whole-array programs, compiled with and without rewriting, and run by NumPy: no flag is given, so every bit of the first two is the same, and NumPy's up to rounding.

Expressions know their shapes, so that most programs run to their end; those that raise have to raise the same."""
import random

import numpy as np
import pytest

from numbra import njit

from .sources import function
from ..test_rewriting import outcome, same_bits

N, M = 6, 4
# Programs of one function: few functions are compiled, and each has many expressions.
TOGETHER = 8


class Writer:
    """Draws expressions: `v(d)` a row of N, `m(d)` an N x M matrix, `s(d)` a number, `k(d)` a row of masks; d is how deep they may be."""

    def __init__(self, seed, kind):
        self.draw = random.Random(seed)
        self.kind = kind

    def one(self, forms, deep):
        form = self.draw.choice(forms)
        parts = {"v": self.v, "m": self.m, "s": self.s, "k": self.k, "w": self.w}
        out = ""
        for piece in form.split("`"):
            out += parts[piece](deep - 1) if piece in parts else piece
        return out

    def constant(self):
        return self.draw.choice({"f": ["1.0", "2.0", "-1.0", "0.5", "0.0", "3.0"], "i": ["1", "2", "0", "-1", "8", "3"], "c": ["1.0", "2.0", "(1.0-2.0j)", "1j"]}[self.kind])

    def v(self, deep):
        if deep <= 0:
            return self.draw.choice(["a", "b", "a[::-1]", "P[:, 1]", "Q[2]", "P.T[0]"])
        forms = ["(`v` + `v`)", "(`v` - `v`)", "(`v` * `v`)", "(-`v`)", "(`v` * `s`)", "(`v` + `s`)", "np.where(`k`, `v`, `v`)", "`v`[::-1]", "(`m`)[:, 2]", "np.cumsum(`v`)", "np.sum(`m`, axis=1)",
                 "(`m`).T[1]", "np.diag(np.outer(`v`, `v`))", "np.concatenate((`v`[:2], `v`[2:]))", "np.transpose(`m`)[3]", f"(`v`)[None, :].reshape({N})", "`m`.reshape(-1)[::4]", "np.ravel(`m`)[:6]", "(`v` + np.zeros_like(`v`))", "(np.ones(6) * `v`)"]
        if self.kind == "c":
            forms += ["np.conj(`v`)", "(`w` + 1j * `w`)", "np.conj(np.conj(`v`))"]
        else:
            forms += ["np.maximum(`v`, `v`)", "np.minimum(`v`, `s`)", "np.abs(`v`)", "np.maximum.accumulate(`v`)", "np.max(`m`, axis=1)"]
        return self.one(forms, deep)

    def m(self, deep):
        if deep <= 0:
            return self.draw.choice(["P", "Q.T", "P[::-1]"])
        forms = ["(`m` + `m`)", "(`m` * `s`)", "(`m` - `v`[:, None])", "np.outer(`v`, `v`)[:, :4]", "(-`m`)", "(np.expand_dims(`v`, 1) * P)", "np.reshape(`m`, (4, 6)).T", "np.concatenate((`m`, `m`), axis=1)[:, ::2]",
                 "`m`[::-1, :]", "np.swapaxes(`m`.T, 0, 1)", "np.transpose(np.transpose(`m`))", "np.where(`k`[:, None], `m`, `m`)"]
        return self.one(forms, deep)

    def s(self, deep):
        if deep <= 0:
            return self.constant()
        forms = ["np.sum(`v`)", "np.sum(`m`)", "`v`[0]", "`v`[-1]", "np.cumsum(`v`)[-1]", "(`v` * `v`).sum()", "`v`.reshape(2, 3).sum()", "`v`.reshape(2, 3)[1, 2]", "np.concatenate((`v`, `v`)).sum()", "np.trace(np.outer(`v`, `v`))",
                 "`v`[`k`].sum()", "(`v`.size + 0)", "len(`m`.T)", "`m`.shape[1]", "(np.sum(`k`) + 0)", "len(`v`[`k`])", "(3 in range(len(`v`)))", "range(1, 9, 2)[len(`m`) - 6]", "len(range(2, 11, 3))", "`v`[::-1][1]"]
        if self.kind != "c":
            forms += ["np.max(`v`)", "np.max(np.concatenate((`v`, `v`)))", "np.maximum.accumulate(`v`)[-1]", "np.argmax(-(`v`))", "np.min(`m`.reshape(-1))", "np.max(`v`.reshape(3, 2))"]
        return self.one(forms, deep)

    def k(self, deep):
        if deep <= 0 or self.kind == "c":
            return self.draw.choice(["k", "~k", "(k & j)"])
        return self.one(["(`v` > `v`)", "~(`v` == `v`)", "(`k` & ~`k`)", "(`k` | `k`)", "(`v` <= `s`)", "~`k`"], deep)

    def w(self, deep):
        """A row of floats made of complex numbers."""
        return self.one(["(`v`).real", "(`v`).imag", "np.abs(`v`)", "(`v` * np.conj(`v`)).real", "np.conj(`v`).imag", "np.imag(`v` + `v`)"], deep)

    def program(self):
        return [self.draw.choice([self.v, self.m, self.s, self.s] + [self.w] * (self.kind == "c"))(3) for _ in range(TOGETHER)]


SPECIAL = [0.0, -0.0, 1.0, np.inf, -np.inf, np.nan]


def arguments(kind, seed, special):
    draw = np.random.default_rng(seed)
    if kind == "i":
        make = lambda *shape: draw.integers(-2**62, 2**62, shape)
    else:
        # Sums of small integers are exact in any order.
        part = lambda *shape: draw.choice(SPECIAL, shape) if special else draw.integers(-4, 5, shape).astype(float)
        make = part if kind == "f" else lambda *shape: np.stack((part(*shape), part(*shape)), axis=-1).view(complex)[..., 0]
    return make(N), make(N), make(N, M), make(M, N), draw.random(N) > 0.4, draw.random(N) > 0.4


def bits(x):
    """Complex numbers as pairs of floats, for which NaN in one part leaves the other."""
    if isinstance(x, tuple):
        return tuple(map(bits, x))
    x = np.asarray(x)
    return np.stack((x.real, x.imag)) if x.dtype.kind == "c" else x


def agrees_with_numpy(found, expected):
    found, expected = np.asarray(found), np.asarray(expected)
    assert found.shape == expected.shape and found.dtype.kind == expected.dtype.kind
    if found.dtype.kind in "fc":
        scale = max(1.0, float(np.max(np.abs(expected), initial=0.0)))
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9 * scale)
    else:
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("kind", ["f", "i", "c"])
@pytest.mark.parametrize("seed", range(5))
def test_random_programs(kind, seed):
    program = Writer(seed, kind).program()
    f = function("return " + ", ".join(program), "a, b, P, Q, k, j")[0]
    rewritten, as_written = njit(f), njit(f)
    for trial, special in enumerate([False, kind != "i"]):
        given = arguments(kind, 10 * seed + trial, special)
        with pytest.MonkeyPatch.context() as patch, np.errstate(all="ignore"):
            patch.delenv("NUMBRA_REWRITE", raising=False)
            found = outcome(rewritten, given)[0]
            patch.setenv("NUMBRA_REWRITE", "0")
            expected = outcome(as_written, given)[0]
            reference = outcome(f, given)[0]
        assert not isinstance(expected, str), (expected, program)
        for text, x, y in zip(program, found, expected):
            assert same_bits(bits(x), bits(y)), (text, x, y)
        if not special:
            for x, y in zip(found, reference):
                agrees_with_numpy(x, y)
