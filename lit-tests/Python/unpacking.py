"""Tuple unpacking in assignments and loops."""
# RUN: numba-opt %s --run 'swap(1, 2.5)' | FileCheck %s --check-prefix=C0 --match-full-lines
# C0: (2.5, 1)
# RUN: numba-opt %s --run 'nested(((1, 2), 3.5))' | FileCheck %s --check-prefix=C1 --match-full-lines
# C1: 6.5
# RUN: numba-opt %s --run 'fibonacci(50)' | FileCheck %s --check-prefix=C2 --match-full-lines
# C2: 12586269025
# RUN: numba-opt %s --run 'array([1, 2, 3])' | FileCheck %s --check-prefix=C3 --match-full-lines
# C3: (3, 2, 1)
# RUN: numba-opt %s --run 'parallel(3)' | FileCheck %s --check-prefix=C4 --match-full-lines
# C4: (4, 6)

def swap(a, b):
    a, b = b, a
    return a, b


def nested(t):
    (a, b), c = t
    return a + b + c


def fibonacci(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


def array(x):
    a, b, c = x[0], x[1], x[2]
    return c, b, a


def parallel(n):
    i = j = n
    i, j = i + 1, i + j
    return i, j
