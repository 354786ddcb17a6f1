"""`and`, `or` give an operand and skip the rest; `not` gives a bool."""
# RUN: numba-opt %s --run 'logic(0, 5)' | FileCheck %s --check-prefix=C0 --match-full-lines
# C0: (0, 5, True)
# RUN: numba-opt %s --run 'logic(3, 5)' | FileCheck %s --check-prefix=C1 --match-full-lines
# C1: (5, 3, False)
# RUN: numba-opt %s --run 'logic(0.0, 2.5)' | FileCheck %s --check-prefix=C2 --match-full-lines
# C2: (0.0, 2.5, True)
# RUN: numba-opt %s --run 'logic(True, False)' | FileCheck %s --check-prefix=C3 --match-full-lines
# C3: (False, True, False)
# RUN: numba-opt %s --run 'skip(4, 2)' | FileCheck %s --check-prefix=C4 --match-full-lines
# C4: 1
# RUN: numba-opt %s --run 'skip(4, 0)' | FileCheck %s --check-prefix=C5 --match-full-lines
# C5: 2
# RUN: numba-opt %s --run 'skip(4, 4)' | FileCheck %s --check-prefix=C6 --match-full-lines
# C6: 2
# RUN: numba-opt %s --run 'skip(1, 4)' | FileCheck %s --check-prefix=C7 --match-full-lines
# C7: 3
# RUN: numba-opt %s --run 'truth(0.0, 3, (1,))' | FileCheck %s --check-prefix=C8 --match-full-lines
# C8: (False, True, False)
# RUN: numba-opt %s --run 'count([1, 2, 3])' | FileCheck %s --check-prefix=C9 --match-full-lines
# C9: 2

def logic(a, b):
    return a and b, a or b, not a


def skip(a, b):
    if b != 0 and a // b > 1:
        return 1
    if b == 0 or a // b == 1:
        return 2
    return 3


def truth(x, n, t):
    return bool(x), bool(n), not t


def count(a):
    n = 0
    for x in a:
        n += x > 1
    return n
