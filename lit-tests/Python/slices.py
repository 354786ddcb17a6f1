"""Slices are views, with NumPy's rules for bounds and steps."""
# RUN: numba-opt %s --run 'simple([1, 2, 3, 4])' | FileCheck %s --check-prefix=C0 --match-full-lines
# C0: ([2, 3, 4], [1, 2, 3], [2, 3])
# RUN: numba-opt %s --run 'steps([1, 2, 3, 4, 5])' | FileCheck %s --check-prefix=C1 --match-full-lines
# C1: ([1, 3, 5], [5, 4, 3, 2, 1], [4, 2])
# RUN: numba-opt %s --run 'outside([1, 2, 3])' | FileCheck %s --check-prefix=C2 --match-full-lines
# C2: ([], [1, 2], 0)
# RUN: numba-opt %s --run 'matrix([[1, 2, 3], [4, 5, 6]])' | FileCheck %s --check-prefix=C3 --match-full-lines
# C3: ({{\[\[}}4, 5]], [2, 5], {{\[\[}}6, 5, 4], [3, 2, 1]])
# RUN: numba-opt %s --run 'variable([1, 2, 3, 4], -3, -1)' | FileCheck %s --check-prefix=C4 --match-full-lines
# C4: [2, 3]
# RUN: numba-opt %s --run 'view([1, 2, 3, 4])' | FileCheck %s --check-prefix=C5 --match-full-lines
# C5: [1, 99, 3, 4]

def simple(a):
    return a[1:], a[:-1], a[1:3]


def steps(a):
    return a[::2], a[::-1], a[3:0:-2]


def outside(a):
    return a[10:], a[-100:2], len(a[3:1])


def matrix(a):
    return a[1:, :2], a[:, 1], a[::-1, ::-1]


def variable(a, i, j):
    return a[i:j]


def view(a):
    b = a[1:3]
    b[0] = 99
    return a
