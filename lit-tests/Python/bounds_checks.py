"""An index out of bounds raises IndexError with NumPy's text."""
# RUN: not numba-opt %s --run 'one([1, 2, 3], 3)' 2>&1 | FileCheck %s --check-prefix=C0
# C0: IndexError: index 3 is out of bounds for axis 0 with size 3
# RUN: not numba-opt %s --run 'one([1, 2, 3], -4)' 2>&1 | FileCheck %s --check-prefix=C1
# C1: IndexError: index -4 is out of bounds for axis 0 with size 3
# RUN: numba-opt %s --run 'one([1, 2, 3], -3)' | FileCheck %s --check-prefix=C2 --match-full-lines
# C2: 1
# RUN: not numba-opt %s --run 'two([[1, 2], [3, 4]], 0, 2)' 2>&1 | FileCheck %s --check-prefix=C3
# C3: IndexError: index 2 is out of bounds for axis 1 with size 2
# RUN: not numba-opt %s --run 'two([[1, 2], [3, 4]], 2, 0)' 2>&1 | FileCheck %s --check-prefix=C4
# C4: IndexError: index 2 is out of bounds for axis 0 with size 2
# RUN: not numba-opt %s --run 'store([1, 2], 5)' 2>&1 | FileCheck %s --check-prefix=C5
# C5: IndexError: index 5 is out of bounds for axis 0 with size 2
# RUN: numba-opt %s --run 'loop([1, 2, 3], 3)' | FileCheck %s --check-prefix=C6 --match-full-lines
# C6: 6
# RUN: not numba-opt %s --run 'loop([1, 2, 3], 4)' 2>&1 | FileCheck %s --check-prefix=C7
# C7: IndexError: index 3 is out of bounds for axis 0 with size 3
# RUN: not numba-opt %s --run 'pair((1, 2), 2)' 2>&1 | FileCheck %s --check-prefix=C8
# C8: IndexError: tuple index out of range

def one(a, i):
    return a[i]


def two(a, i, j):
    return a[i, j]


def store(a, i):
    a[i] = 1
    return a


def loop(a, n):
    s = 0
    for i in range(n):
        s += a[i]
    return s


def pair(t, i):
    return t[i]
