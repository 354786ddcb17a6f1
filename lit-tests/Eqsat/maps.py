"""Views go through element-wise operators, which leaves less to compute. Each remark has its line below; what has none stays as written."""
# RUN: numba-opt %s --specialize 'f([1.0, 2.0], [1.0, 2.0], [[1.0, 2.0], [3.0, 4.0]], 1)' --py-infer-types --eqsat-rewrite=explain -o /dev/null 2>&1 | FileCheck %s --implicit-check-not=remark:
# RUN: numba-opt %s --specialize 'f([1.0, 2.0], [1.0, 2.0], [[1.0, 2.0], [3.0, 4.0]], 1)' --py-infer-types --eqsat-rewrite | FileCheck %s --check-prefix=IR
import numpy as np


def element(a, i):
    return np.exp(a)[i]
# CHECK: remark: np.exp(a)[i] -> np.exp(a[i]) [
# CHECK-NEXT: index-of-unary[exp]: np.exp(a[i])
# IR-LABEL: py.func private @"element(
# IR-NEXT: %[[X:.*]] = py.getitem %arg0[%arg1]
# IR-NEXT: py.{{.*}}%[[X]]


# Where lengths differ, the sum raises; an element of each would not tell.
def element_of_sum(a, b, i):
    return (a + b)[i]


def part(a):
    return np.exp(a)[1:].max()
# CHECK: remark: np.max(np.exp(a)[1:]) -> np.max(np.exp(a[1:])) [
# CHECK-NEXT: slice-of-unary[exp]:


def part_of_square(x):
    return (x * x)[1:] + 1.0
# CHECK: remark: (x * x)[1:] + 1.0 -> np.square(x[1:]) + 1.0 [
# CHECK: slice-of-binary[mul]:
# CHECK: square-back:


# One of the two may be broadcast, which the views of both are, too.
def part_of_product(a, b):
    return (a * b)[1:].max()
# CHECK: remark: np.max((a * b)[1:]) -> np.max(np.broadcast_arrays(a, b)[0][1:] * np.broadcast_arrays(b, a)[0][1:]) [
# CHECK-NEXT: slice-of-stretched[mul]:


def row(x):
    return np.exp(x)[0]
# CHECK: remark: np.exp(x)[0] -> np.exp(x[0]) [
# CHECK-NEXT: index-of-unary[exp]: np.exp(x[0])


def scaled_row(x):
    return np.exp(x)[0] * 2.0
# CHECK: remark: np.exp(x)[0] * 2.0 -> np.exp(x[0]) * 2.0 [
# CHECK-NEXT: index-of-unary[exp]: np.exp(x[0]) * 2.0


def backwards(x):
    return np.exp(x)[:, ::-1] * 2.0
# CHECK: remark: np.exp(x)[:, ::-1] * 2.0 -> np.exp({{.*}}) * 2.0 [
# CHECK: slice-of-unary[exp]: np.exp(x[:, ::-1]) * 2.0


def f(a, b, x, i):
    return (
        element(a, i), element_of_sum(a, b, i), part(a), part_of_square(x), part_of_product(a, b), row(x), scaled_row(x), backwards(x),
    )
