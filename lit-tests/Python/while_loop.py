"""while with else, break and continue."""
# RUN: numba-opt %s --run 'collatz(27)' | FileCheck %s --check-prefix=C0 --match-full-lines
# C0: 111
# RUN: numba-opt %s --run 'search(91)' | FileCheck %s --check-prefix=C1 --match-full-lines
# C1: 7
# RUN: numba-opt %s --run 'search(97)' | FileCheck %s --check-prefix=C2 --match-full-lines
# C2: -1
# RUN: numba-opt %s --run 'odd(10)' | FileCheck %s --check-prefix=C3 --match-full-lines
# C3: 25
# RUN: numba-opt %s --run 'odd(0)' | FileCheck %s --check-prefix=C4 --match-full-lines
# C4: 0
# RUN: numba-opt %s --run 'forever(10)' | FileCheck %s --check-prefix=C5 --match-full-lines
# C5: -2

def collatz(n):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


def search(n):
    i = 2
    while i * i <= n:
        if n % i == 0:
            break
        i += 1
    else:
        return -1
    return i


def odd(n):
    i = total = 0
    while True:
        i += 1
        if i > n:
            break
        if i % 2 == 0:
            continue
        total += i
    return total


def forever(n):
    while True:
        n -= 3
        if n < 0:
            return n
