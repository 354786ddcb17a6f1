"""Arrays one after the other, diagonals, and elements that a mask chooses, under what needs less of them. Each remark of this file has its line below; what has none stays as written."""
# RUN: numba-opt %s --specialize 'f([1.0, 2.0], [3.0, 4.0], [[1.0, 2.0], [3.0, 4.0]], 7)' --py-infer-types --array-inline --eqsat-rewrite=explain -o /dev/null 2>&1 | FileCheck %s --implicit-check-not='joins.py{{.*}}remark:'
import numpy as np
from numbra import njit


# Sums are grouped anew, which exact results do not allow.
def total(a, b):
    return np.concatenate((a, b)).sum()


@njit(fastmath=True)
def total_fast(a, b):
    return np.concatenate((a, b)).sum()
# CHECK: remark: np.sum(np.concatenate((a, b), axis=0)) -> np.sum(a) + np.sum(b) [
# CHECK-NEXT: sum-of-concatenated:


def parts(a, b):
    return np.concatenate((-(-a), b))
# CHECK: remark: np.concatenate((--a, b), axis=0) -> np.concatenate((a, b), axis=0) [


def diagonal(x):
    return np.diag(np.exp(x)) + 1.0
# CHECK: remark: np.diag(np.exp(x)) + 1.0 -> np.exp(np.diag(x)) + 1.0 [


def chosen(a):
    i = np.floor(a).astype(np.int64)
    return i[a > 1.5].sum()
# CHECK: remark: np.sum({{.*}}[a > 1.5]) -> np.sum(np.where(a > 1.5, {{.*}}, 0)) [
# CHECK-NEXT: sum-of-chosen:


@njit(fastmath=True)
def mean_of_chosen(a):
    return a[a > 1.5].mean()
# CHECK: remark: np.mean(a[a > 1.5]) -> np.sum(np.where(a > 1.5, a, 0.0)) / np.sum((a > 1.5).astype(np.int64)).astype(np.float64) [


def how_many(a):
    return len(a[a > 1.5])
# CHECK: remark: len(a[a > 1.5]) -> np.sum((a > 1.5).astype(np.int64)) [


def some(a):
    return np.sum(a > 1.5) > 0
# CHECK: remark: np.sum((a > 1.5).astype(np.int64)) > 0 -> np.any(a > 1.5) [


# The last element is asked for before the largest one: of no elements it is an IndexError.
def last(a):
    return np.maximum.accumulate(a)[-1]
# CHECK: remark: np.maximum.accumulate(a, axis=0)[-1] -> (a[-1], np.max(a, axis=0))[1] [


@njit(fastmath=True)
def nearest(a, b):
    return np.argmin(np.sqrt((a - b) * (a - b) + 1.0))
# CHECK: remark: np.argmin(np.sqrt({{.*}})) -> np.argmin(


# No array of zeros is made to choose from, nor one of ones to multiply.
def positive(a):
    return np.where(a > 0.0, a, np.zeros_like(a)) * np.ones(a.shape)
# CHECK: remark: np.where(a > 0.0, a, np.full((a.shape[0],), 0.0)) * np.full((a.shape[0],), 1.0) -> np.where(a > 0.0, a, 0.0) [


def filled(n):
    return np.full(n, 3.0) * 2.0
# CHECK: remark: np.full((n,), 3.0) * 2.0 -> np.full((n,), 6.0) [


def inside(n):
    return 3 in range(n)
# CHECK: remark: 3 in range(0, n, 1) -> 3 < n [


def f(a, b, x, n):
    return (
        total(a, b), total_fast(a, b), parts(a, b), diagonal(x), chosen(a), mean_of_chosen(a), how_many(a), some(a), last(a), nearest(a, b), positive(a), filled(n), inside(n),
    )
