"""Views of views become one. Each remark has its line below; what has none stays as written."""
# RUN: numba-opt %s --specialize 'f([1.0, 2.0], [[1.0, 2.0], [3.0, 4.0]], 1)' --py-infer-types --array-inline --eqsat-rewrite=explain -o /dev/null 2>&1 | FileCheck %s --implicit-check-not=remark:
# RUN: numba-opt %s --specialize 'f([1.0, 2.0], [[1.0, 2.0], [3.0, 4.0]], 1)' --py-infer-types --array-inline --eqsat-rewrite | FileCheck %s --check-prefix=IR
import numpy as np
from numbra import njit


def flipped_twice(a):
    return a[::-1][::-1] * 2.0
# CHECK: remark: a[::-1][::-1] * 2.0 -> a * 2.0 [
# CHECK: flip-flip: a * 2.0


def flipped(a):
    return a[::-1] * 2.0


def transposed_twice(x):
    return x.T.T * x
# CHECK: remark: x.T.T * x -> x * x [
# CHECK: permute-permute:
# CHECK: permute-none: x * x
# IR-LABEL: py.func private @"transposed_twice(
# IR-NEXT: py.builtin "array.map"(%arg0, %arg0)


def transposed(x):
    return x.T * x


def starts(a):
    return a[1:][2:] * 2.0
# CHECK: remark: a[1:][2:] * 2.0 -> a[3:] * 2.0 [
# CHECK-NEXT: slice-slice-start: a[3:] * 2.0


# `i` may be negative.
def unknown_start(a, i):
    return a[1:][i:] * 2.0


def steps(a):
    return a[::2][::3] * 2.0
# CHECK: remark: a[::2][::3] * 2.0 -> a[::6] * 2.0 [
# CHECK-NEXT: slice-slice-step: a[::6] * 2.0


def axis(x):
    return x[None, :, :][0] * 2.0
# CHECK: remark: x[None][0] * 2.0 -> x * 2.0 [
# CHECK-NEXT: index-expand: x * 2.0


@njit(fastmath=True)
def flat(x):
    return np.max((x * 2.0).ravel() * 0.5)
# CHECK: remark: np.max(np.ravel(x * 2.0) * 0.5) -> np.max(x) [
# CHECK: mul-one:


# The elements of the transposed one are in another order in memory: a copy, in which they need no order.
def flat_transposed(x):
    return np.max(x.T.ravel())
# CHECK: remark: np.max(np.ravel({{.*}})) -> np.max({{.*}}) [
# CHECK-NEXT: extremum-of-flat[max]:


def f(a, x, i):
    return (
        flipped_twice(a), flipped(a), transposed_twice(x), transposed(x), starts(a), unknown_start(a, i), steps(a), axis(x), flat(x), flat_transposed(x),
    )
