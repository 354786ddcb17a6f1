"""Identities of floats that hold in every bit. Each remark has its line below; what has none stays as written."""
# RUN: numba-opt %s --specialize 'f([1.0, 2.0], [1.0, 2.0])' --py-infer-types --eqsat-rewrite=explain -o /dev/null 2>&1 | FileCheck %s --implicit-check-not=remark:
# RUN: numba-opt %s --specialize 'f([1.0, 2.0], [1.0, 2.0])' --py-infer-types --eqsat-rewrite | FileCheck %s --check-prefix=IR
import numpy as np


def units(a, b):
    return a * 1.0 + b / 1.0
# CHECK: remark: a * 1.0 + b / 1.0 -> a + b [
# CHECK: mul-one:
# CHECK: div-one:
# IR-LABEL: py.func private @"units(
# IR-NEXT: %[[R:.*]] = py.builtin "array.map"(%arg0, %arg1) {callee = @"numbra.element.add(float64,float64)"}
# IR-NEXT: py.return %[[R]]


# It would make 0.0 of -0.0.
def zero(a):
    return a + 0.0


def negated_extrema(a, b):
    return np.minimum(-a, -b)
# CHECK: remark: np.minimum(-a, -b) -> -np.maximum(a, b) [
# CHECK-NEXT: minimum-of-negated:


def one_negated(a, b):
    return np.minimum(-a, b)


def eighth(a):
    return a / 8.0
# CHECK: remark: a / 8.0 -> a * 0.125 [
# CHECK-NEXT: divide-by-power-of-two:


# The reciprocal of 3.0 is not exact.
def third(a):
    return a / 3.0


def rounded_twice(a):
    return np.floor(np.rint(a))
# CHECK: remark: np.floor(np.rint(a)) -> np.rint(a) [
# CHECK-NEXT: round-rint[floor]:


def rounded_sum(a):
    return np.rint(a + 0.5)


def itself(a):
    return a != a
# CHECK: remark: a != a -> np.isnan(a) [
# CHECK-NEXT: not-itself:


def another(a, b):
    return a != b


def f(a, b):
    return (
        units(a, b), zero(a), negated_extrema(a, b), one_negated(a, b), eighth(a), third(a), rounded_twice(a), rounded_sum(a), itself(a),
        another(a, b),
    )
