"""Arrays of which only the running program knows whether their lengths fit: what vanishes is checked all the same, and a part of a map needs no array of the whole. Each remark has its line below; what has none stays as written."""
# RUN: numba-opt %s --specialize 'f([1.0, 2.0], [1.0, 2.0], [1.0, 2.0], [1, 2], [3.0, 4.0])' --py-infer-types --array-inline --eqsat-rewrite=explain -o /dev/null 2>&1 | FileCheck %s --implicit-check-not=remark:
# RUN: numba-opt %s --specialize 'f([1.0, 2.0], [1.0, 2.0], [1.0, 2.0], [1, 2], [3.0, 4.0])' --py-infer-types --array-inline --eqsat-rewrite | FileCheck %s --check-prefix=IR
import numpy as np


# The condition decides nothing, but it may have more elements, or none that fit.
def either_way(a, b):
    return np.where(b > 0.0, a, a)
# CHECK: remark: np.where(b > 0.0, a, a) -> np.broadcast_arrays(a, b)[0] [
# CHECK: where-same:
# CHECK: first-of-binary
# IR-LABEL: py.func private @"either_way(
# IR-NEXT: py.builtin "array.map"(%arg0, %arg1) {callee = @"numbra.element.first(float64,float64)"}
# IR-NEXT: py.return


# The condition has the lengths of `a`.
def either_way_of_one(a):
    return np.where(a > 0.0, a, a) * 2.0
# CHECK: remark: np.where(a > 0.0, a, a) * 2.0 -> a * 2.0 [
# CHECK-NEXT: where-same: a * 2.0


def nested(a, b, c):
    return np.where(a > 0.5, np.where(a > 0.5, b, c), a)
# CHECK: remark: np.where(a > 0.5, np.where(a > 0.5, b, c), a) -> np.broadcast_arrays(np.where(a > 0.5, b, a), c)[0] [
# CHECK-NEXT: where-in-first:


def part(a, b, c):
    return (a * b)[1:] + c
# CHECK: remark: (a * b)[1:] + c -> np.broadcast_arrays(a, b)[0][1:] * np.broadcast_arrays(b, a)[0][1:] + c [
# CHECK-NEXT: slice-of-stretched[mul]:
# IR-LABEL: py.func private @"part(
# IR: %[[A:.*]] = py.builtin "array.spread"(%arg0, %arg1) : {{.*}} -> !py.array<f64, 1, "A">
# IR: %[[B:.*]] = py.builtin "array.spread"(%arg1, %arg0) : {{.*}} -> !py.array<f64, 1, "A">


# The whole is needed anyway.
def part_and_whole(a, b):
    t = a * b
    return t, t[1:] * 2.0


# An index out of range is another error than lengths that do not fit.
def element(a, b):
    return (a * b)[:][1]


# Elements in the opposite order need no lengths.
def backwards(a, b):
    return (a - b)[::-1] * 3.0
# CHECK: remark: (a - b)[::-1] * 3.0 -> (np.flip(a, axis=0) - np.flip(b, axis=0)) * 3.0 [
# CHECK: flip-of-binary[sub]:


def nothing(i):
    return (i - i) + 1
# CHECK: remark: i - i + 1 -> np.broadcast_arrays(1, i)[0] [
# CHECK-NEXT: sub-itself:


# The lengths of a mask are asked for where the elements are chosen, so that behind it they are those of the array.
def chosen(i, m):
    return i[m].sum()
# CHECK: remark: np.sum(i[m]) -> np.sum(np.where(m, i, 0)) [
# CHECK-NEXT: sum-of-chosen:


def any_of_chosen(a, m):
    return (a[m] > 0.5).any()
# CHECK: remark: np.any(a[m] > 0.5) -> np.any({{.*}}&{{.*}}) [
# CHECK-NEXT: any-of-chosen-compared[gt]:


# Of no elements there is no largest one.
def largest_of_chosen(a, m):
    return a[m].max()


def f(a, b, c, i, d):
    return (
        either_way(a, b), either_way_of_one(a), nested(a, b, c), part(a, b, c), part_and_whole(a, b), element(a, b), backwards(a, b), nothing(i), chosen(i, d > 3.5), any_of_chosen(a, d > 3.5),
        largest_of_chosen(a, d > 3.5),
    )
