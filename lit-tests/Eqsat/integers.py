"""Integers wrap, and have bits. Each remark has its line below; what has none stays as written."""
# RUN: numba-opt %s --specialize 'f([1, 2], [1, 2])' --py-infer-types --eqsat-rewrite=explain -o /dev/null 2>&1 | FileCheck %s --implicit-check-not=remark:
# RUN: numba-opt %s --specialize 'f([1, 2], [1, 2])' --py-infer-types --eqsat-rewrite | FileCheck %s --check-prefix=IR


def mask(i):
    return i % 8
# CHECK: remark: i % 8 -> i & 7 [
# CHECK-NEXT: modulo-by-mask:
# IR-LABEL: py.func private @"mask(
# IR-NEXT: %[[M:.*]] = py.constant 7 : si64 -> si64
# IR-NEXT: py.builtin "array.map"(%arg0, %[[M]]) {callee = @"numbra.element.and(int64,int64)"}


# Seven is no power of two.
def modulo(i):
    return i % 7


def inverted_twice(i):
    return ~(~i)
# CHECK: remark: ~~i -> i [
# CHECK-NEXT: double-invert: i


# No flag is needed: the sums wrap in the same way.
def factored(i, j):
    return i * 3 + i * j
# CHECK: remark: i * 3 + i * j -> i * (j + 3) [
# CHECK: factor:
# CHECK: i * (j + 3)


def inverted(i):
    return -1 - i
# CHECK: remark: -1 - i -> ~i [
# CHECK-NEXT: invert-by-subtraction: ~i


def shifted(i):
    return i + 3 == 7
# CHECK: remark: i + 3 == 7 -> i == 4 [
# CHECK: compare-with-shifted[eq]:
# CHECK: fold: i == 4


# The sum may wrap, which turns the order round.
def shifted_order(i):
    return i + 3 < 7


def negated(i):
    return ~i + 1
# CHECK: remark: ~i + 1 -> -i [
# CHECK-NEXT: negate-by-bits: -i


def not_negated(i):
    return ~i + 2


def quotient_twice(i):
    return i // 3 // 5
# CHECK: remark: i // 3 // 5 -> i // 15 [
# CHECK-NEXT: divide-twice:


def down_to_multiple(i):
    return i // 8 * 8
# CHECK: remark: i // 8 * 8 -> i & -8 [
# CHECK: down-to-multiple:


def rest(i):
    return i - i // 5 * 5
# CHECK: remark: i - i // 5 * 5 -> i % 5 [
# CHECK-NEXT: remainder-by-quotient:


# The product may wrap.
def not_the_same(i):
    return i * 5 // 5


def shifted_twice(i):
    return i << 2 << 3
# CHECK: remark: i << 2 << 3 -> i << 5 [
# CHECK-NEXT: shift-up-twice:


# A count that only the program knows may be negative.
def shifted_by(i, j):
    return i << j << j


def f(i, j):
    return (
        mask(i), modulo(i), inverted_twice(i), factored(i, j), inverted(i), shifted(i), shifted_order(i), negated(i), not_negated(i),
        quotient_twice(i), down_to_multiple(i), rest(i), not_the_same(i), shifted_twice(i), shifted_by(i, j),
    )
