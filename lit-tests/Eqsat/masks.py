"""Booleans and comparisons. Each remark has its line below; what has none stays as written."""
# RUN: numba-opt %s --specialize 'f([1.0, 2.0], [1.0, 2.0], [1.0, 2.0], [1.0, 2.0])' --py-infer-types --array-inline --eqsat-rewrite=explain -o /dev/null 2>&1 | FileCheck %s --implicit-check-not=remark:
import numpy as np
from numbra import njit


def not_equal(a, b):
    return ~(a == b)
# CHECK: remark: ~(a == b) -> a != b [
# CHECK-NEXT: not-eq: a != b


# NaN is neither less nor greater.
def not_less(a, b):
    return ~(a < b)


@njit(fastmath=True)
def not_less_without_nan(a, b):
    return ~(a < b)
# CHECK: remark: ~(a < b) -> {{a >= b|b <= a}} [
# CHECK: not-lt: a >= b


def both(a, b):
    return (a <= b) & (a >= b)
# CHECK: remark: (a <= b) & (a >= b) -> {{a == b|b == a}} [
# CHECK: le-and-ge:


# `!=` also holds for NaN.
def neither(a, b):
    return (a < b) | (a > b)


def either(m, n):
    return ~(~m & ~n)
# CHECK: remark: ~(~m & ~n) -> m | n [
# CHECK: not-or-back:
# CHECK: double-not: m | n


def one_inverted(m, n):
    return ~m & n


def negated_choice(a, b):
    return np.where(~(a > b), a, b)
# CHECK: remark: np.where(~(a > b), a, b) -> np.where(a > b, b, a) [
# CHECK-NEXT: where-not:


def same_function(a, b):
    return np.where(a > b, np.sqrt(a), np.sqrt(b))
# CHECK: remark: np.where(a > b, np.sqrt(a), np.sqrt(b)) -> np.sqrt(np.where(a > b, a, b)) [
# CHECK-NEXT: where-of-unary[sqrt]:


def choice_of_truths(a, b):
    return np.where(a > b, True, False)
# CHECK: remark: np.where(a > b, True, False) -> a > b [
# CHECK-NEXT: where-is-mask: a > b


def nested(a, b):
    return np.where(a > 0.5, np.where(a > 0.5, a, b), b)
# CHECK: remark: np.where(a > 0.5, np.where(a > 0.5, a, b), b) -> np.where(a > 0.5, a, b) [
# CHECK-NEXT: where-same-second:
# CHECK-NEXT: same-bits[and]:


# The two conditions are not the same.
def other_nested(a, b):
    return np.where(a > 0.5, np.where(b > 0.5, a, b), -b)


# NaN is chosen from one side only.
def smaller(a, b):
    return np.where(a < b, a, b)


@njit(fastmath=True)
def smaller_without_nan(a, b):
    return np.where(a < b, a, b)
# CHECK: remark: np.where(a < b, a, b) -> np.minimum(a, b) [
# CHECK-NEXT: where-is-minimum[lt]:


# The lengths of the two are not known to be the same, which is an error before the element is taken.
def part(a, b):
    return np.where(a > b, a, b)[3]


def converted(a):
    return (-(-a)).astype(np.float32)
# CHECK: remark: (--a).astype(np.float32) -> a.astype(np.float32) [
# CHECK-NEXT: double-negation:


def clipped(a):
    return np.clip(-(-a), 0.0, 1.0)
# CHECK: remark: np.minimum(np.maximum(--a, 0.0), 1.0) -> np.minimum(np.maximum(a, 0.0), 1.0) [
# CHECK-NEXT: double-negation:


def in_both(a, b):
    return (a > 1.0) & (a > 2.0)
# CHECK: remark: (a > 1.0) & (a > 2.0) -> a > 2.0 [
# CHECK: above-both[gt]:


def less_or_equal(a, b):
    return (a < b) | (a <= b)
# CHECK: remark: (a < b) | (a <= b) -> {{a <= b|b >= a}} [
# CHECK: lt-or-le:


def one_and_zero(a):
    return np.where(a > 0.5, 1, 0).sum()
# CHECK: remark: np.sum(np.where(a > 0.5, 1, 0)) -> np.sum((a > 0.5).astype(np.int64)) [
# CHECK: where-of-one-and-zero:


def f(a, b, m, n):
    return (
        not_equal(a, b), not_less(a, b), not_less_without_nan(a, b), both(a, b), neither(a, b), either(a > 0.5, b > 0.5),
        one_inverted(a > 0.5, b > 0.5), negated_choice(a, b), same_function(a, b),
        choice_of_truths(a, b), nested(a, b), other_nested(a, b), smaller(a, b), smaller_without_nan(a, b), part(a, b), converted(a), clipped(a),
        in_both(a, b), less_or_equal(a, b), one_and_zero(a),
    )
