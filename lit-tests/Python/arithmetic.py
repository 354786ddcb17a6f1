"""Arithmetic of ints and floats, as CPython computes it."""
# RUN: numba-opt %s --run 'ints(7, 2)' | FileCheck %s --check-prefix=C0 --match-full-lines
# C0: (9, 5, 14, 3.5, 343, -7, 7)
# RUN: numba-opt %s --run 'ints(-7, 2)' | FileCheck %s --check-prefix=C1 --match-full-lines
# C1: (-5, -9, -14, -3.5, -343, 7, -7)
# RUN: numba-opt %s --run 'bits(12, 10)' | FileCheck %s --check-prefix=C2 --match-full-lines
# C2: (8, 14, 6, -13, 96, 6)
# RUN: numba-opt %s --run 'bits(-5, 3)' | FileCheck %s --check-prefix=C3 --match-full-lines
# C3: (3, -5, -8, 4, -40, -3)
# RUN: numba-opt %s --run 'floats(2.5, 0.5)' | FileCheck %s --check-prefix=C4 --match-full-lines
# C4: (3.0, 2.0, 1.25, 5.0, 1.5811388300841898, -2.5)
# RUN: numba-opt %s --run 'mixed(3, 0.5)' | FileCheck %s --check-prefix=C5 --match-full-lines
# C5: (3.5, 1.5, -2.5, 6.0, 0.125)

def ints(a, b):
    return a + b, a - b, a * b, a / b, a ** 3, -a, +a


def bits(a, b):
    return a & b, a | b, a ^ b, ~a, a << 3, a >> 1


def floats(x, y):
    return x + y, x - y, x * y, x / y, x ** y, -x


def mixed(n, x):
    return n + x, n * x, x - n, n / x, x ** n
