"""Products of matrices in the order that costs least. Each remark has its line below; what has none stays as written."""
# RUN: numba-opt %s --specialize 'f([1.0, 2.0], [1.0, 2.0], [[1.0, 2.0], [3.0, 4.0]], [[1.0, 2.0], [3.0, 4.0]])' --py-infer-types --array-inline --eqsat-rewrite=explain -o /dev/null 2>&1 | FileCheck %s --implicit-check-not=remark:
# RUN: numba-opt %s --specialize 'f([1.0, 2.0], [1.0, 2.0], [[1.0, 2.0], [3.0, 4.0]], [[1.0, 2.0], [3.0, 4.0]])' --py-infer-types --array-inline --eqsat-rewrite | FileCheck %s --check-prefix=IR
import numpy as np
import numpy.linalg
from numbra import njit


@njit(fastmath=True)
def grouped(a, x, y):
    return x @ y @ a
# CHECK: remark: x @ y @ a -> x @ (y @ a) [
# CHECK-NEXT: regroup-matmul: x @ (y @ a)
# IR-LABEL: py.func private @"grouped(
# IR-NEXT: %[[V:.*]] = py.invoke @"numbra.lib.matrices.products.matmul({{.*}}(%arg2, %arg0
# IR-NEXT: {{.*}} = py.invoke @"numbra.lib.matrices.products.matmul({{.*}}(%arg1, %[[V]]


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


@njit(fastmath=True)
def trace_of_product(x, y):
    return np.trace(x @ y)
# CHECK: remark: np.trace(x @ y) -> np.sum(x * y.T) [
# CHECK-NEXT: trace-of-product-at-once:
# IR-LABEL: py.func private @"trace_of_product(
# IR-NEXT: py.invoke @"numbra.lib.matrices.products.trace_of_product({{.*}}(%arg0, %arg1)


def exact_trace_of_product(x, y):
    return np.trace(x @ y)


@njit(fastmath=True)
def inverse_times(x, y):
    return np.linalg.inv(x) @ y
# CHECK: remark: np.linalg.inv(x) @ y -> np.linalg.solve(x, y) [
# CHECK-NEXT: inverse-times:


@njit(fastmath=True)
def inverse_times_vector(x, a):
    return np.linalg.inv(x) @ a
# CHECK: remark: np.linalg.inv(x) @ a -> np.linalg.solve(x, a) [
# CHECK-NEXT: inverse-times:


def exact_inverse_times(x, y):
    return np.linalg.inv(x) @ y


# The inverse is needed anyway.
@njit(fastmath=True)
def inverse_used_twice(x, a):
    t = np.linalg.inv(x)
    return t, t @ a


# Which of them is the narrow one only the program knows.
@njit(fastmath=True)
def three(x, y):
    return x @ y @ x
# CHECK: remark: x @ y @ x -> np.linalg.multi_dot((x, y, x)) [
# CHECK-NEXT: chain-of-three: np.linalg.multi_dot((x, y, x))
# IR-LABEL: py.func private @"three(
# IR-NEXT: py.invoke @"numbra.lib.matrices.chains.product_of_three({{.*}}(%arg0, %arg1, %arg0)


@njit(fastmath=True)
def four(x, y):
    return (x @ y) @ (x @ y.T)
# CHECK: remark: x @ y @ (x @ y.T) -> {{.*multi_dot.*}} [


def exact_three(x, y):
    return x @ y @ x


def f(a, b, x, y):
    return (
        grouped(a, x, y), as_written(a, x, y), transposed(x, y), one_transposed(x, y), outer(a, b), trace(x), trace_of_product(x, y), exact_trace_of_product(x, y),
        inverse_times(x, y), inverse_times_vector(x, a), exact_inverse_times(x, y), inverse_used_twice(x, a),
        three(x, y), four(x, y), exact_three(x, y),
    )
