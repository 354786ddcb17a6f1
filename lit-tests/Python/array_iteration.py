"""Loops over arrays give elements, or rows."""
# RUN: numba-opt %s --run 'total([1.0, 2.5])' | FileCheck %s --check-prefix=C0 --match-full-lines
# C0: 3.5
# RUN: numba-opt %s --run 'rows([[1, 2], [3, 4]])' | FileCheck %s --check-prefix=C1 --match-full-lines
# C1: 14
# RUN: numba-opt %s --run 'backwards([1, 2, 3])' | FileCheck %s --check-prefix=C2 --match-full-lines
# C2: 321

def total(a):
    s = 0.0
    for x in a:
        s += x
    return s


def rows(a):
    s = 0
    for row in a:
        t = 1
        for x in row:
            t *= x
        s += t
    return s


def backwards(a):
    s = 0
    for x in a[::-1]:
        s = 10 * s + x
    return s
