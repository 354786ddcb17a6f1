"""`//` and `%` round towards minus infinity, whatever the signs."""
# RUN: numba-opt %s --run 'f(7, 2)' | FileCheck %s --check-prefix=C0 --match-full-lines
# C0: (3, 1)
# RUN: numba-opt %s --run 'f(-7, 2)' | FileCheck %s --check-prefix=C1 --match-full-lines
# C1: (-4, 1)
# RUN: numba-opt %s --run 'f(7, -2)' | FileCheck %s --check-prefix=C2 --match-full-lines
# C2: (-4, -1)
# RUN: numba-opt %s --run 'f(-7, -2)' | FileCheck %s --check-prefix=C3 --match-full-lines
# C3: (3, -1)
# RUN: numba-opt %s --run 'f(-6, 3)' | FileCheck %s --check-prefix=C4 --match-full-lines
# C4: (-2, 0)
# RUN: numba-opt %s --run 'f(7.5, -2.0)' | FileCheck %s --check-prefix=C5 --match-full-lines
# C5: (-4.0, -0.5)
# RUN: numba-opt %s --run 'f(-7.5, 2.0)' | FileCheck %s --check-prefix=C6 --match-full-lines
# C6: (-4.0, 0.5)
# RUN: numba-opt %s --run 'f(-9223372036854775808, 3)' | FileCheck %s --check-prefix=C7 --match-full-lines
# C7: (-3074457345618258603, 1)

def f(a, b):
    return a // b, a % b
