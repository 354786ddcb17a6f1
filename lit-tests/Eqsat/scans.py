"""Scans of which a part is needed. Those of sums and products are for fast math, since these are grouped anew; those of running extrema are exact. Each remark has its line below; what has none stays as written."""
# RUN: numba-opt %s --specialize 'f([1.0, 2.0], 1)' --py-infer-types --array-inline --eqsat-rewrite=explain -o /dev/null 2>&1 | FileCheck %s --implicit-check-not=remark:
# RUN: numba-opt %s --specialize 'f([1.0, 2.0], 1)' --py-infer-types --array-inline --eqsat-rewrite | FileCheck %s --check-prefix=IR
import numpy as np
from numbra import njit


@njit(fastmath=True)
def prefix(a):
    return np.cumsum(a)[:3] * 2.0
# CHECK: remark: np.cumsum(a, axis=0)[:3] * 2.0 -> np.cumsum(a[:3], axis=0) * 2.0 [
# CHECK-NEXT: prefix-of-scan-of-sums[cumsum]:


def exact_prefix(a):
    return np.cumsum(a)[:3] * 2.0


# All before it are needed.
@njit(fastmath=True)
def suffix(a, i):
    return np.cumsum(a)[i:] * 2.0


@njit(fastmath=True)
def first(a):
    return np.cumsum(a)[0]
# CHECK: remark: np.cumsum(a, axis=0)[0] -> a[0] [
# CHECK-NEXT: first-of-sum-scan[cumsum]: a[0]
# IR-LABEL: py.func private @"first(
# IR-NEXT: %[[K:.*]] = py.constant 0 : si64 -> si64
# IR-NEXT: py.getitem %arg0[%[[K]]]


# Of no elements there is no last one, which is an error; their sum is 0. So the last element is asked for, first.
@njit(fastmath=True)
def last(a):
    return np.cumsum(a)[-1]
# CHECK: remark: np.cumsum(a, axis=0)[-1] -> (a[-1], np.sum(a, axis=0))[1] [
# CHECK-NEXT: total-is-last-of-scan:


@njit(fastmath=True)
def differences(a):
    return np.cumsum(a)[1:] - np.cumsum(a)[:-1]
# CHECK: remark: np.cumsum(a, axis=0)[1:] - np.cumsum(a, axis=0)[:-1] -> a[1:] [
# CHECK-NEXT: differences-of-scan: a[1:]


def largest(a):
    return np.max(np.maximum.accumulate(a))
# CHECK: remark: np.max(np.maximum.accumulate(a, axis=0)) -> np.max(a) [
# CHECK-NEXT: max-of-all-running-max:


# Of no elements there is no last one, and no largest: these are different errors: the first one stays the first.
def last_largest(a):
    return np.maximum.accumulate(a)[-1]
# CHECK: remark: np.maximum.accumulate(a, axis=0)[-1] -> (a[-1], np.max(a, axis=0))[1] [
# CHECK-NEXT: largest-is-last-of-scan:


# Negation is in the loop of the scan, and would be one behind it.
def negated(a):
    return np.minimum.accumulate(-a)


def running_prefix(a):
    return np.minimum.accumulate(a)[:3] * 2.0
# CHECK: remark: np.minimum.accumulate(a, axis=0)[:3] * 2.0 -> np.minimum.accumulate(a[:3], axis=0) * 2.0 [
# CHECK-NEXT: prefix-of-scan[running_min]:


# The smallest so far is no function of the largest so far.
def smallest_of_largest(a):
    return np.min(np.maximum.accumulate(a))


@njit(fastmath=True)
def total(a):
    return np.add.accumulate(-(-a)) * 2.0
# CHECK: remark: np.cumsum(--a, axis=0) * 2.0 -> np.cumsum(a + a, axis=0) [
# CHECK: sum-of-scans:


def largest_so_far(a):
    return np.maximum.accumulate(a)[2]
# CHECK: remark: np.maximum.accumulate(a, axis=0)[2] -> (a[2], np.max(a[:3], axis=0))[1] [
# CHECK-NEXT: largest-so-far:


@njit(fastmath=True)
def total_so_far(a):
    return np.cumsum(a)[2]
# CHECK: remark: np.cumsum(a, axis=0)[2] -> (a[2], np.sum(a[:3], axis=0))[1] [
# CHECK-NEXT: total-so-far:


@njit(fastmath=True)
def neighbours(a):
    return np.diff(np.cumsum(a)) * 2.0
# CHECK: remark: (np.cumsum(a, axis=0)[1:] - np.cumsum(a, axis=0)[:-1]) * 2.0 -> a[1:] * 2.0 [
# CHECK-NEXT: differences-of-scan:


def f(a, i):
    return (
        prefix(a), exact_prefix(a), suffix(a, i), first(a), last(a), differences(a), largest(a), last_largest(a), negated(a), running_prefix(a), smallest_of_largest(a), total(a), largest_so_far(a), total_so_far(a), neighbours(a),
    )
