"""Comparison chains evaluate each operand once and stop at the first that fails."""
# RUN: numba-opt %s --run 'compare(1, 2)' | FileCheck %s --check-prefix=C0 --match-full-lines
# C0: (True, True, False, True, False, False)
# RUN: numba-opt %s --run 'compare(2, 2)' | FileCheck %s --check-prefix=C1 --match-full-lines
# C1: (False, True, True, False, False, True)
# RUN: numba-opt %s --run 'compare(1, 1.5)' | FileCheck %s --check-prefix=C2 --match-full-lines
# C2: (True, True, False, True, False, False)
# RUN: numba-opt %s --run 'chain(1, 2, 3)' | FileCheck %s --check-prefix=C3 --match-full-lines
# C3: (True, False, False)
# RUN: numba-opt %s --run 'chain(1, 2, 2)' | FileCheck %s --check-prefix=C4 --match-full-lines
# C4: (False, True, False)
# RUN: numba-opt %s --run 'chain(3, 2, 1)' | FileCheck %s --check-prefix=C5 --match-full-lines
# C5: (False, False, False)
# RUN: numba-opt %s --run 'once(4)' | FileCheck %s --check-prefix=C6 --match-full-lines
# C6: 4
# RUN: numba-opt %s --run 'once(40)' | FileCheck %s --check-prefix=C7 --match-full-lines
# C7: 0
# RUN: numba-opt %s --run 'tuples(1, 2)' | FileCheck %s --check-prefix=C8 --match-full-lines
# C8: (True, True, False)
# RUN: numba-opt %s --run 'nan(1.0)' | FileCheck %s --check-prefix=C9 --match-full-lines
# C9: (True, False, False)

def compare(a, b):
    return a < b, a <= b, a == b, a != b, a > b, a >= b


def chain(a, b, c):
    return a < b < c, a < b == c, a < b > c


def once(a):
    n = 0
    while 0 <= n < a < 10:
        n += 1
    return n


def tuples(a, b):
    return (a, b) < (b, a), (a, b) == (a, b), (a, 1) >= (a, 2)


def nan(x):
    return x == x, x != x, x < x
