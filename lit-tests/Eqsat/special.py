"""Lengths of what need not be computed. Each remark has its line below; what has none stays as written."""
# RUN: numba-opt %s --specialize 'f([1.0, 2.0], [1.0, 2.0], [[1.0, 2.0], [3.0, 4.0]])' --py-infer-types --eqsat-rewrite=explain -o /dev/null 2>&1 | FileCheck %s --implicit-check-not=remark:
# RUN: numba-opt %s --specialize 'f([1.0, 2.0], [1.0, 2.0], [[1.0, 2.0], [3.0, 4.0]])' --py-infer-types --eqsat-rewrite | FileCheck %s --check-prefix=IR


def length(a):
    return len(-a)
# CHECK: remark: len(-a) -> a.shape[0] [
# CHECK: length-of-array:
# CHECK: length: a.shape[0]
# IR-LABEL: py.func private @"length(
# IR-NEXT: %[[S:.*]] = py.getattr %arg0["shape"]


# It may raise, and either may be the longer one.
def length_of_sum(a, b):
    return len(a + b)


def axis(x):
    return (x * 2.0).shape[1]
# CHECK: remark: (x * 2.0).shape[1] -> x.shape[1] [
# CHECK-NEXT: length: x.shape[1]


def axis_of_sum(a, x):
    return (x + a).shape[1]


def own_length(a):
    return len(a)


def f(a, b, x):
    return (
        length(a), length_of_sum(a, b), axis(x), axis_of_sum(a, x), own_length(a),
    )
