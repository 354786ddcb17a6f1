"""Reductions of maps, of views, and of each other. Each remark has its line below; what has none stays as written."""
# RUN: numba-opt %s --specialize 'f([1.0, 2.0], [1.0, 2.0], [[1.0, 2.0], [3.0, 4.0]], [1.0, 2.0])' --py-infer-types --eqsat-rewrite=explain -o /dev/null 2>&1 | FileCheck %s --implicit-check-not=remark:
# RUN: numba-opt %s --specialize 'f([1.0, 2.0], [1.0, 2.0], [[1.0, 2.0], [3.0, 4.0]], [1.0, 2.0])' --py-infer-types --eqsat-rewrite | FileCheck %s --check-prefix=IR
import numpy as np
from numbra import njit


def largest_negated(a):
    return np.max(-a)
# CHECK: remark: np.max(-a) -> -np.min(a) [
# CHECK-NEXT: max-of-negated: -np.min(a)
# IR-LABEL: py.func private @"largest_negated(
# IR-NEXT: %[[R:.*]] = py.builtin "array.reduce"(%arg0) {kind = "min"}
# IR-NEXT: %[[N:.*]] = py.unary neg %[[R]]


def position(a):
    return np.argmax(-a)
# CHECK: remark: np.argmax(-a) -> np.argmin(a) [
# CHECK-NEXT: argmax-of-negated: np.argmin(a)


def largest_floor(a):
    return np.max(np.floor(a))
# CHECK: remark: np.max(np.floor(a)) -> np.floor(np.max(a)) [
# CHECK-NEXT: extremum-of-floor[max]:


def largest_product(a, b):
    return np.max(a * b)


# What is largest becomes smallest.
def turned_round(a):
    return np.max(a * -2.0)


def any_not(m):
    return np.any(~m)
# CHECK: remark: np.any(~m) -> ~np.all(m) [
# CHECK-NEXT: any-not: ~np.all(m)


# A sum of products is rounded otherwise than a product of a sum.
def doubled(a):
    return np.sum(a * 2.0)


@njit(fastmath=True)
def doubled_fast(a):
    return np.sum(a * 2.0)
# CHECK: remark: np.sum(a * 2.0) -> {{.*}}np.sum(a){{.*}} [
# CHECK: sum-times-number: np.sum(a) * 2.0


def of_columns(x):
    return np.max(x, axis=0).max()
# CHECK: remark: np.max(np.max(x, axis=0)) -> np.max(x) [
# CHECK-NEXT: extremum-extremum[max]: np.max(x)


def sum_of_columns(x):
    return np.sum(x, axis=0).sum()


def columns(x):
    return np.max(x.T, axis=0)
# CHECK: remark: np.max(x.T, axis=0) -> np.max(x, axis=1) [
# CHECK: extremum-permuted[max]:
# CHECK: permute-none: np.max(x, axis=1)


def f(a, b, x, m):
    return (
        largest_negated(a), position(a), largest_floor(a), largest_product(a, b), turned_round(a), any_not(a > 0.5), doubled(a), doubled_fast(a),
        of_columns(x), sum_of_columns(x), columns(x),
    )
