"""Products of matrices in the order that costs least. Each remark has its line below; what has none stays as written."""
# RUN: numba-opt %s --specialize 'f([1.0, 2.0], [1.0, 2.0], [[1.0, 2.0], [3.0, 4.0]], [[1.0, 2.0], [3.0, 4.0]])' --py-infer-types --eqsat-rewrite=explain -o /dev/null 2>&1 | FileCheck %s --implicit-check-not=remark:
# RUN: numba-opt %s --specialize 'f([1.0, 2.0], [1.0, 2.0], [[1.0, 2.0], [3.0, 4.0]], [[1.0, 2.0], [3.0, 4.0]])' --py-infer-types --eqsat-rewrite | FileCheck %s --check-prefix=IR
import numpy as np
from numbra import njit


@njit(fastmath=True)
def grouped(a, x, y):
    return x @ y @ a
# CHECK: remark: x @ y @ a -> x @ (y @ a) [
# CHECK-NEXT: regroup-matmul: x @ (y @ a)
# IR-LABEL: py.func private @"grouped(
# IR-NEXT: %[[V:.*]] = py.invoke @"numbra.lib.products.matmul({{.*}}(%arg2, %arg0
# IR-NEXT: {{.*}} = py.invoke @"numbra.lib.products.matmul({{.*}}(%arg1, %[[V]]


# Sums are grouped anew, which exact results do not allow.
def as_written(a, x, y):
    return x @ y @ a


def transposed(x, y):
    return x.T @ y.T
# CHECK: remark: x.T @ y.T -> (y @ x).T [
# CHECK-NEXT: transpose-of-product-back: (y @ x).T


def one_transposed(x, y):
    return x.T @ y


@njit(fastmath=True)
def outer(a, b):
    return np.outer(a, b).sum()
# CHECK: remark: np.sum(np.outer(a, b)) -> np.sum(a) * np.sum(b) [
# CHECK-NEXT: sum-of-outer:


@njit(fastmath=True)
def trace(x):
    return np.trace(x.T)
# CHECK: remark: np.trace(x.T) -> np.trace(x) [
# CHECK-NEXT: trace-of-transposed: np.trace(x)


# Only a product that is square is the sum of the rule, and lengths are not known here.
@njit(fastmath=True)
def trace_of_product(x, y):
    return np.trace(x @ y)


def f(a, b, x, y):
    return (
        grouped(a, x, y), as_written(a, x, y), transposed(x, y), one_transposed(x, y), outer(a, b), trace(x), trace_of_product(x, y),
    )
