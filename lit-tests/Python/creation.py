"""Functions that make arrays."""
# RUN: numba-opt %s --run 'constant(2)' | FileCheck %s --check-prefix=C0 --match-full-lines
# C0: ([0.0, 0.0], {{\[\[}}1.0, 1.0], [1.0, 1.0]], [7, 7])
# RUN: numba-opt %s --run 'typed(2)' | FileCheck %s --check-prefix=C1 --match-full-lines
# C1: ([0, 0], [1, 1])
# RUN: numba-opt %s --run 'like([1.5, 2.5])' | FileCheck %s --check-prefix=C2 --match-full-lines
# C2: ([3.0, 3.0], [0.0, 0.0])
# RUN: numba-opt %s --run 'counted(5)' | FileCheck %s --check-prefix=C3 --match-full-lines
# C3: ([0, 1, 2, 3, 4], [1, 2, 3, 4], [0, 2, 4])
# RUN: numba-opt %s --run 'filled(2)' | FileCheck %s --check-prefix=C4 --match-full-lines
# C4: {{\[\[}}0, 1], [2, 3]]
# RUN: not numba-opt %s --run 'negative(-1)' 2>&1 | FileCheck %s --check-prefix=C5
# C5: ValueError
import numpy as np


def constant(n):
    return np.zeros(n), np.ones((2, n)), np.full(n, 7)


def typed(n):
    return np.zeros(n, np.int64), np.ones(n, dtype=np.int32)


def like(a):
    b = np.empty_like(a)
    b[:] = 3
    return b, np.zeros_like(a)


def counted(n):
    return np.arange(n), np.arange(1, n), np.arange(0, n, 2)


def filled(n):
    a = np.empty((n, n), np.int64)
    for i in range(n):
        for j in range(n):
            a[i, j] = i * n + j
    return a


def negative(n):
    return np.zeros(n)
