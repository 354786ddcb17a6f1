"""The functions and constants of math."""
# RUN: numba-opt %s --run 'elementary(6.25)' | FileCheck %s --check-prefix=C0 --match-full-lines
# C0: (2.5, 6, 7, 6, 6.25)
# RUN: numba-opt %s --run 'angles(4.0)' | FileCheck %s --check-prefix=C1 --match-full-lines
# C1: (5.0, 0.0, 180.0, -4.0)
# RUN: numba-opt %s --run 'exponent(0.75)' | FileCheck %s --check-prefix=C2 --match-full-lines
# C2: (1.0, 0.0, 3.0, 3.0, 6.0)
# RUN: numba-opt %s --run 'tests(1.0)' | FileCheck %s --check-prefix=C3 --match-full-lines
# C3: (False, False, True)
# RUN: numba-opt %s --run 'integers(12, 18)' | FileCheck %s --check-prefix=C4 --match-full-lines
# C4: 6
# RUN: numba-opt %s --run 'parts(6.5)' | FileCheck %s --check-prefix=C5 --match-full-lines
# C5: ((0.8125, 3), (0.5, 6.0))
import math


def elementary(x):
    return math.sqrt(x), math.floor(x), math.ceil(x), math.trunc(x), math.fabs(-x)


def angles(x):
    return math.hypot(3.0, x), math.atan2(0.0, x), math.degrees(math.pi), math.copysign(x, -0.0)


def exponent(x):
    return math.exp(0.0), math.log(1.0), math.log2(8.0), math.log10(1000.0), math.ldexp(x, 3)


def tests(x):
    return math.isnan(x), math.isinf(x), math.isfinite(x)


def integers(a, b):
    return math.gcd(a, b)


def parts(x):
    return math.frexp(x), math.modf(x)
