"""What fast-math flags allow, and what stays without them. Each remark has its line below; what has none stays as written."""
# RUN: numba-opt %s --specialize 'f([1.0, 2.0], [1.0, 2.0], 2.5)' --py-infer-types --eqsat-rewrite=explain -o /dev/null 2>&1 | FileCheck %s --implicit-check-not=remark:
import numpy as np
from numbra import njit


@njit(fastmath=True)
def zero(a):
    return a + 0.0
# CHECK: remark: a + 0.0 -> a [
# CHECK-NEXT: add-zero: a


def zero_as_written(a):
    return a + 0.0


@njit(fastmath=True)
def factored(a, b, x):
    return a * b + a * x
# CHECK: remark: a * b + a * x -> a * (b + x) [
# CHECK-NEXT: factor:


def products(a, b, x):
    return a * b + a * x


@njit(fastmath=True)
def quotient(a, x):
    return a / x
# CHECK: remark: a / x -> a * np.reciprocal(x) [
# CHECK-NEXT: divide-by-number:


# A division each, with or without a reciprocal.
@njit(fastmath=True)
def quotient_of_arrays(a, b):
    return a / b


@njit(fastmath=True)
def roots(a, b):
    return np.sqrt(a) * np.sqrt(b)
# CHECK: remark: np.sqrt(a) * np.sqrt(b) -> np.sqrt(a * b) [
# CHECK-NEXT: sqrt-of-product:


# Of two rules the one whose flag is there.
@njit(fastmath={'nsz'})
def one_flag(a, b, x):
    return a + 0.0 + a * b + a * x
# CHECK: remark: a + 0.0 + a * b + a * x -> a + a * b + a * x [
# CHECK-NEXT: add-zero:


def f(a, b, x):
    return (
        zero(a), zero_as_written(a), factored(a, b, x), products(a, b, x), quotient(a, x), quotient_of_arrays(a, b), roots(a, b), one_flag(a, b, x),
    )
