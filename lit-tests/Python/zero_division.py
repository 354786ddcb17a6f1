"""Division by zero raises, as in Python, with the line of the operator."""
# RUN: not numba-opt %s --run 'floordiv(1, 0)' 2>&1 | FileCheck %s --check-prefix=C0
# C0: ZeroDivisionError: integer division or modulo by zero
# RUN: not numba-opt %s --run 'floordiv(1.0, 0.0)' 2>&1 | FileCheck %s --check-prefix=C1
# C1: ZeroDivisionError: float floor division by zero
# RUN: not numba-opt %s --run 'mod(1, 0)' 2>&1 | FileCheck %s --check-prefix=C2
# C2: ZeroDivisionError: integer modulo by zero
# RUN: not numba-opt %s --run 'mod(1.0, 0.0)' 2>&1 | FileCheck %s --check-prefix=C3
# C3: ZeroDivisionError: float modulo
# RUN: not numba-opt %s --run 'true(1, 0)' 2>&1 | FileCheck %s --check-prefix=C4
# C4: ZeroDivisionError: {{.*}}division by zero
# RUN: not numba-opt %s --run 'true(1.0, 0.0)' 2>&1 | FileCheck %s --check-prefix=C5
# C5: ZeroDivisionError: float division by zero
# RUN: not numba-opt %s --run 'both(1, 0)' 2>&1 | FileCheck %s --check-prefix=C6
# C6: ZeroDivisionError: integer division or modulo by zero
# RUN: numba-opt %s --run 'floordiv(6, 3)' | FileCheck %s --check-prefix=C7 --match-full-lines
# C7: 2

def floordiv(a, b):
    return a // b


def mod(a, b):
    return a % b


def true(a, b):
    return a / b


def both(a, b):
    return divmod(a, b)
