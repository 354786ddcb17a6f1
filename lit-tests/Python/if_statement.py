"""if, elif, else, and returns in the middle."""
# RUN: numba-opt %s --run 'sign(2.5)' | FileCheck %s --check-prefix=C0 --match-full-lines
# C0: 1
# RUN: numba-opt %s --run 'sign(-3)' | FileCheck %s --check-prefix=C1 --match-full-lines
# C1: -1
# RUN: numba-opt %s --run 'sign(0)' | FileCheck %s --check-prefix=C2 --match-full-lines
# C2: 0
# RUN: numba-opt %s --run 'nested(True, False)' | FileCheck %s --check-prefix=C3 --match-full-lines
# C3: 2
# RUN: numba-opt %s --run 'nested(False, True)' | FileCheck %s --check-prefix=C4 --match-full-lines
# C4: 1
# RUN: numba-opt %s --run 'nested(1, 1)' | FileCheck %s --check-prefix=C5 --match-full-lines
# C5: 3
# RUN: numba-opt %s --run 'unbound(3)' | FileCheck %s --check-prefix=C6 --match-full-lines
# C6: 3
# RUN: not numba-opt %s --run 'unbound(0)' 2>&1 | FileCheck %s --check-prefix=C7
# C7: UnboundLocalError: cannot access local variable 'x' where it is not associated with a value

def sign(x):
    if x > 0:
        return 1
    elif x < 0:
        return -1
    else:
        return 0


def nested(a, b):
    r = 0
    if a:
        if b:
            r = 3
        else:
            r = 2
    elif b:
        r = 1
    return r


def unbound(n):
    if n > 0:
        x = n
    return x
