"""Calls of other functions: positional, by keyword, with defaults, for several types."""
# RUN: numba-opt %s --run 'defaults(1)' | FileCheck %s --check-prefix=C0 --match-full-lines
# C0: (6.0, 2.0, 21, 4)
# RUN: numba-opt %s --run 'add(1)' | FileCheck %s --check-prefix=C1 --match-full-lines
# C1: 6.0
# RUN: numba-opt %s --run 'add(1, 2)' | FileCheck %s --check-prefix=C2 --match-full-lines
# C2: 2.0
# RUN: numba-opt %s --run 'versions(2, 1.5)' | FileCheck %s --check-prefix=C3 --match-full-lines
# C3: (4, 3.0)
# RUN: numba-opt %s --run 'chain(3)' | FileCheck %s --check-prefix=C4 --match-full-lines
# C4: 24
# RUN: numba-opt %s --run 'effect([0, 0])' | FileCheck %s --check-prefix=C5 --match-full-lines
# C5: [1, 0]

def add(a, b=10, c=0.5):
    return a + b * c


def defaults(x):
    return add(x), add(x, 2), add(x, c=2), add(c=1, a=x, b=3)


def twice(x):
    return x + x


def versions(n, x):
    return twice(n), twice(x)


def chain(n):
    return twice(twice(twice(n)))


def nothing(a):
    a[0] = 1


def effect(a):
    nothing(a)
    return a
