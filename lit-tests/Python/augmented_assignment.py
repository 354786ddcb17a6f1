"""Augmented assignment to names and elements."""
# RUN: numba-opt %s --run 'names(5)' | FileCheck %s --check-prefix=C0 --match-full-lines
# C0: 4
# RUN: numba-opt %s --run 'floats(10)' | FileCheck %s --check-prefix=C1 --match-full-lines
# C1: 3.5
# RUN: numba-opt %s --run 'elements([1, 2, 3])' | FileCheck %s --check-prefix=C2 --match-full-lines
# C2: [2, 6, 10]
# RUN: numba-opt %s --run 'matrix([[1, 2], [3, 4]])' | FileCheck %s --check-prefix=C3 --match-full-lines
# C3: {{\[\[}}1, 1], [13, 4]]

def names(a):
    a += 2
    a *= 3
    a -= 1
    a //= 2
    a **= 2
    a %= 100
    a <<= 2
    a >>= 1
    a |= 1
    a &= 63
    a ^= 5
    return a


def floats(x):
    x /= 4
    x += 1
    return x


def elements(a):
    for i in range(len(a)):
        a[i] += i
        a[i] *= 2
    return a


def matrix(a):
    a[0, 1] -= 1
    a[-1, 0] += 10
    return a
