"""Elements of arrays and tuples; negative indices count from the end; shape, ndim, size, T, strides."""
# RUN: numba-opt %s --run 'element([10, 20, 30], 1)' | FileCheck %s --check-prefix=C0 --match-full-lines
# C0: (20, 30, 10)
# RUN: numba-opt %s --run 'matrix([[1, 2, 3], [4, 5, 6]], 1, 2)' | FileCheck %s --check-prefix=C1 --match-full-lines
# C1: (6, 6, 1)
# RUN: numba-opt %s --run 'row([[1, 2], [3, 4]], -1)' | FileCheck %s --check-prefix=C2 --match-full-lines
# C2: [3, 4]
# RUN: numba-opt %s --run 'pair((5, 6, 7), 1)' | FileCheck %s --check-prefix=C3 --match-full-lines
# C3: (5, 7, 6)
# RUN: numba-opt %s --run 'attributes([[1, 2, 3], [4, 5, 6]])' | FileCheck %s --check-prefix=C4 --match-full-lines
# C4: ((2, 3), 2, 6, (24, 8), 8, 48)
# RUN: numba-opt %s --run 'transposed([[1, 2, 3], [4, 5, 6]])' | FileCheck %s --check-prefix=C5 --match-full-lines
# C5: {{\[\[}}1, 4], [2, 5], [3, 6]]

def element(a, i):
    return a[i], a[-1], a[i - 1]


def matrix(a, i, j):
    return a[i, j], a[i][j], a[-i - 1, -j - 1]


def row(a, i):
    return a[i]


def pair(t, i):
    return t[0], t[-1], t[i]


def attributes(a):
    return a.shape, a.ndim, a.size, a.strides, a.itemsize, a.nbytes


def transposed(a):
    return a.T
