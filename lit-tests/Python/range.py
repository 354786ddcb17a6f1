"""range with one, two and three arguments; a step of 0 raises."""
# RUN: numba-opt %s --run 'one(5)' | FileCheck %s --check-prefix=C0 --match-full-lines
# C0: 1234
# RUN: numba-opt %s --run 'one(0)' | FileCheck %s --check-prefix=C1 --match-full-lines
# C1: 0
# RUN: numba-opt %s --run 'two(3, 7)' | FileCheck %s --check-prefix=C2 --match-full-lines
# C2: (3456, 4)
# RUN: numba-opt %s --run 'two(7, 3)' | FileCheck %s --check-prefix=C3 --match-full-lines
# C3: (0, 0)
# RUN: numba-opt %s --run 'three(0, 10, 3)' | FileCheck %s --check-prefix=C4 --match-full-lines
# C4: (369, 4)
# RUN: numba-opt %s --run 'three(10, 0, -3)' | FileCheck %s --check-prefix=C5 --match-full-lines
# C5: (10741, 4)
# RUN: numba-opt %s --run 'three(0, 10, -1)' | FileCheck %s --check-prefix=C6 --match-full-lines
# C6: (0, 0)
# RUN: not numba-opt %s --run 'three(1, 2, 0)' 2>&1 | FileCheck %s --check-prefix=C7
# C7: ValueError: range() arg 3 must not be zero

def one(n):
    return sum_of(range(n))


def sum_of(r):
    s = 0
    for i in r:
        s = 10 * s + i
    return s


def two(a, b):
    return sum_of(range(a, b)), len(range(a, b))


def three(a, b, c):
    return sum_of(range(a, b, c)), len(range(a, b, c))
