"""len, abs, min, max, sum, round, divmod and pow."""
# RUN: numba-opt %s --run 'lengths([1, 2, 3], (1, 2.5))' | FileCheck %s --check-prefix=C0 --match-full-lines
# C0: (3, 2, 6)
# RUN: numba-opt %s --run 'magnitude(-3, -0.5)' | FileCheck %s --check-prefix=C1 --match-full-lines
# C1: (3, 0.5, 2.5)
# RUN: numba-opt %s --run 'least(3, 1, 2)' | FileCheck %s --check-prefix=C2 --match-full-lines
# C2: (1, 3, 1, 2)
# RUN: numba-opt %s --run 'least(1.5, 2.0, 0.5)' | FileCheck %s --check-prefix=C3 --match-full-lines
# C3: (0.5, 2.0, 1.5, 2.0)
# RUN: numba-opt %s --run 'sums([3, 1, 2])' | FileCheck %s --check-prefix=C4 --match-full-lines
# C4: (6, 16, 1, 3)
# RUN: numba-opt %s --run 'sums([0.5, 0.25])' | FileCheck %s --check-prefix=C5 --match-full-lines
# C5: (0.75, 10.75, 0.25, 0.5)
# RUN: numba-opt %s --run 'rounded(2.5)' | FileCheck %s --check-prefix=C6 --match-full-lines
# C6: (2, 2.5, -2)
# RUN: numba-opt %s --run 'rounded(3.14159)' | FileCheck %s --check-prefix=C7 --match-full-lines
# C7: (3, 3.1, -3)
# RUN: numba-opt %s --run 'both(-7, 2)' | FileCheck %s --check-prefix=C8 --match-full-lines
# C8: (-4, 1)
# RUN: numba-opt %s --run 'both(7.5, 2.0)' | FileCheck %s --check-prefix=C9 --match-full-lines
# C9: (3.0, 1.5)
# RUN: numba-opt %s --run 'powers(3, 20, 1000)' | FileCheck %s --check-prefix=C10 --match-full-lines
# C10: (3486784401, 401)

def lengths(a, t):
    return len(a), len(t), len(range(3, 9))


def magnitude(n, x):
    return abs(n), abs(x), abs(-2.5 + 0j)


def least(a, b, c):
    return min(a, b, c), max(a, b, c), min(a, b), max(b, c)


def sums(a):
    return sum(a), sum(a, 10), min(a), max(a)


def rounded(x):
    return round(x), round(x, 1), round(-x)


def both(a, b):
    return divmod(a, b)


def powers(a, b, m):
    return pow(a, b), pow(a, b, m)
