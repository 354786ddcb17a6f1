"""for over ranges, with else, break and continue, nested."""
# RUN: numba-opt %s --run 'total(100)' | FileCheck %s --check-prefix=C0 --match-full-lines
# C0: 4950
# RUN: numba-opt %s --run 'total(-3)' | FileCheck %s --check-prefix=C1 --match-full-lines
# C1: 0
# RUN: numba-opt %s --run 'prime(97)' | FileCheck %s --check-prefix=C2 --match-full-lines
# C2: True
# RUN: numba-opt %s --run 'prime(91)' | FileCheck %s --check-prefix=C3 --match-full-lines
# C3: False
# RUN: numba-opt %s --run 'skip(10)' | FileCheck %s --check-prefix=C4 --match-full-lines
# C4: 25
# RUN: numba-opt %s --run 'last(5)' | FileCheck %s --check-prefix=C5 --match-full-lines
# C5: 4
# RUN: numba-opt %s --run 'last(0)' | FileCheck %s --check-prefix=C6 --match-full-lines
# C6: -1
# RUN: numba-opt %s --run 'unbound(3)' | FileCheck %s --check-prefix=C7 --match-full-lines
# C7: 2
# RUN: not numba-opt %s --run 'unbound(0)' 2>&1 | FileCheck %s --check-prefix=C8
# C8: UnboundLocalError: cannot access local variable 'i' where it is not associated with a value

def total(n):
    s = 0
    for i in range(n):
        s += i
    return s


def prime(n):
    for i in range(2, n):
        if n % i == 0:
            break
    else:
        return True
    return False


def skip(n):
    s = 0
    for i in range(n):
        if i % 3 == 0:
            continue
        for j in range(i):
            if j == 4:
                break
            s += j
    return s


def last(n):
    i = -1
    for i in range(n):
        pass
    return i


def unbound(n):
    for i in range(n):
        pass
    return i
