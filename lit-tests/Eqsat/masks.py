"""Booleans and comparisons. Each remark has its line below; what has none stays as written."""
# RUN: numba-opt %s --specialize 'f([1.0, 2.0], [1.0, 2.0], [1.0, 2.0], [1.0, 2.0])' --py-infer-types --eqsat-rewrite=explain -o /dev/null 2>&1 | FileCheck %s --implicit-check-not=remark:
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


def f(a, b, m, n):
    return (
        not_equal(a, b), not_less(a, b), not_less_without_nan(a, b), both(a, b), neither(a, b), either(a > 0.5, b > 0.5),
        one_inverted(a > 0.5, b > 0.5),
    )
