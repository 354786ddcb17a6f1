"""assert and raise of builtin exceptions, with the message and the place."""
# RUN: numba-opt %s --run 'check(1)' | FileCheck %s --check-prefix=C0 --match-full-lines
# C0: 1
# RUN: not numba-opt %s --run 'check(0)' 2>&1 | FileCheck %s --check-prefix=C1
# C1: AssertionError
# RUN: not numba-opt %s --run 'message(0)' 2>&1 | FileCheck %s --check-prefix=C2
# C2: AssertionError: must be positive
# RUN: not numba-opt %s --run 'value(0)' 2>&1 | FileCheck %s --check-prefix=C3
# C3: ValueError: zero
# RUN: not numba-opt %s --run 'value(1)' 2>&1 | FileCheck %s --check-prefix=C4
# C4: TypeError
# RUN: not numba-opt %s --run 'value(2)' 2>&1 | FileCheck %s --check-prefix=C5
# C5: IndexError
# RUN: not numba-opt %s --run 'value(3)' 2>&1 | FileCheck %s --check-prefix=C6
# C6: KeyError
# RUN: numba-opt %s --run 'value(4)' | FileCheck %s --check-prefix=C7 --match-full-lines
# C7: 4
# RUN: not numba-opt %s --run 'nested(0)' 2>&1 | FileCheck %s --check-prefix=C8
# C8: ValueError: zero
# RUN: numba-opt %s --run 'nested(5)' | FileCheck %s --check-prefix=C9 --match-full-lines
# C9: 6

def check(n):
    assert n > 0
    return n


def message(n):
    assert n > 0, "must be positive"
    return n


def value(n):
    if n == 0:
        raise ValueError("zero")
    if n == 1:
        raise TypeError
    if n == 2:
        raise IndexError("index", n)
    if n == 3:
        raise KeyError()
    return n


def nested(n):
    return value(n) + 1
