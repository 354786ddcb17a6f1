"""Complex numbers: what holds of them as of floats, their parts, and what does not hold. Each remark has its line below; what has none stays as written."""
# RUN: numba-opt %s --specialize 'f([1.0, 2.0], [3.0, 4.0])' --py-infer-types --array-inline --eqsat-rewrite=explain -o /dev/null 2>&1 | FileCheck %s --implicit-check-not=remark:
# RUN: numba-opt %s --specialize 'f([1.0, 2.0], [3.0, 4.0])' --py-infer-types --array-inline --eqsat-rewrite | FileCheck %s --check-prefix=IR
import numpy as np
from numbra import njit


def difference(z, w):
    return z - (-w)
# CHECK: remark: z - -w -> w + z [
# CHECK-NEXT: sub-negated: z + w


def conjugate(z):
    return np.conj(np.conj(z)) * z
# CHECK: remark: np.conj(np.conj(z)) * z -> z * z [


# Two multiplications instead of four, and no complex array.
def power(z):
    return (z * np.conj(z)).real + 0.0
# CHECK: remark: np.real(z * np.conj(z)) + 0.0 -> np.square(np.real(z)) + np.square(np.imag(z)) + 0.0 [
# CHECK: square-of-length:
# IR-LABEL: py.func private @"power(
# IR-NOT: numpy.multiply
# IR: @"numbra.element.real(complex128)"


def part(z, w):
    return np.abs((z + np.conj(w)).imag)
# CHECK: remark: abs(np.imag(z + np.conj(w))) -> abs(np.imag(z - w)) [


def length(z):
    return np.abs(np.conj(-z))
# CHECK: remark: abs(np.conj(-z)) -> abs(z) [


# An infinity times 1.0 + 0.0j has NaN in it.
def times_one(z):
    return z * 1.0


@njit(fastmath=True)
def times_one_fast(z):
    return z * 1.0
# CHECK: remark: z * (1.0+0.0j) -> z [
# CHECK-NEXT: complex-times-one: z


def total(z):
    return np.sum(z).real


@njit(fastmath=True)
def total_fast(z):
    return np.sum(z * np.conj(z)).real
# CHECK: remark: np.real(np.sum(z * np.conj(z))) -> np.sum(np.square(np.real(z)) + np.square(np.imag(z))) [


def f(a, b):
    z, w = a + 1j * b, b - 1j * a
    return (
        difference(z, w), conjugate(z), power(z), part(z, w), length(z), times_one(z), times_one_fast(z), total(z), total_fast(z),
    )
