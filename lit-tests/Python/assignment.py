"""Assignment to elements and slices, with broadcasting and overlap."""
# RUN: numba-opt %s --run 'element([1, 2, 3])' | FileCheck %s --check-prefix=C0 --match-full-lines
# C0: [7, 2, 8]
# RUN: numba-opt %s --run 'fill([1.0, 2.0, 3.0])' | FileCheck %s --check-prefix=C1 --match-full-lines
# C1: [1.0, 5.0, 5.0]
# RUN: numba-opt %s --run 'copy([1, 2, 3, 4], [8, 9])' | FileCheck %s --check-prefix=C2 --match-full-lines
# C2: [1, 8, 9, 4]
# RUN: numba-opt %s --run 'overlap([1, 2, 3, 4])' | FileCheck %s --check-prefix=C3 --match-full-lines
# C3: [1, 1, 2, 3]
# RUN: numba-opt %s --run 'reverse([1, 2, 3])' | FileCheck %s --check-prefix=C4 --match-full-lines
# C4: [3, 2, 1]
# RUN: numba-opt %s --run 'rows([[1, 2, 3], [4, 5, 6]], [8, 9])' | FileCheck %s --check-prefix=C5 --match-full-lines
# C5: {{\[\[}}1, 8, 9], [4, 8, 9]]
# RUN: not numba-opt %s --run 'copy([1, 2, 3, 4], [7, 8, 9])' 2>&1 | FileCheck %s --check-prefix=C6
# C6: ValueError

def element(a):
    a[0] = 7
    a[-1] = 8
    return a


def fill(a):
    a[1:] = 5
    return a


def copy(a, b):
    a[1:3] = b
    return a


def overlap(a):
    a[1:] = a[:-1]
    return a


def reverse(a):
    a[:] = a[::-1]
    return a


def rows(a, b):
    a[:, 1:] = b
    return a
