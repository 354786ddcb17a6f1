"""Functions that call themselves and each other."""
# RUN: numba-opt %s --run 'fib(20)' | FileCheck %s --check-prefix=C0 --match-full-lines
# C0: 6765
# RUN: numba-opt %s --run 'is_even(10)' | FileCheck %s --check-prefix=C1 --match-full-lines
# C1: True
# RUN: numba-opt %s --run 'is_odd(10)' | FileCheck %s --check-prefix=C2 --match-full-lines
# C2: False
# RUN: numba-opt %s --run 'ackermann(2, 3)' | FileCheck %s --check-prefix=C3 --match-full-lines
# C3: 9

def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def is_even(n):
    if n == 0:
        return True
    return is_odd(n - 1)


def is_odd(n):
    if n == 0:
        return False
    return is_even(n - 1)


def ackermann(m, n):
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))
