"""`a if c else b` evaluates one of the two, and the types meet."""
# RUN: numba-opt %s --run 'f(5)' | FileCheck %s --check-prefix=C0 --match-full-lines
# C0: 2
# RUN: numba-opt %s --run 'f(0)' | FileCheck %s --check-prefix=C1 --match-full-lines
# C1: -1
# RUN: numba-opt %s --run 'nested(3)' | FileCheck %s --check-prefix=C2 --match-full-lines
# C2: 1
# RUN: numba-opt %s --run 'nested(-3)' | FileCheck %s --check-prefix=C3 --match-full-lines
# C3: -1
# RUN: numba-opt %s --run 'nested(0)' | FileCheck %s --check-prefix=C4 --match-full-lines
# C4: 0
# RUN: numba-opt %s --run 'meet(1)' | FileCheck %s --check-prefix=C5 --match-full-lines
# C5: 1.0
# RUN: numba-opt %s --run 'meet(0)' | FileCheck %s --check-prefix=C6 --match-full-lines
# C6: 0.5

def f(n):
    return 10 // n if n != 0 else -1


def nested(n):
    return 1 if n > 0 else -1 if n < 0 else 0


def meet(n):
    return 1 if n > 0 else 0.5
