"""Globals are constants of the compiled code; module attributes are looked up by name."""
# RUN: numba-opt %s --run 'scaled(4)' | FileCheck %s --check-prefix=C0 --match-full-lines
# C0: 10.0
# RUN: numba-opt %s --run 'limited(50)' | FileCheck %s --check-prefix=C1 --match-full-lines
# C1: 10
# RUN: numba-opt %s --run 'table(1)' | FileCheck %s --check-prefix=C2 --match-full-lines
# C2: (2, 3)
# RUN: numba-opt %s --run 'circle(1)' | FileCheck %s --check-prefix=C3 --match-full-lines
# C3: 6.283185307179586
import math


SCALE = 2.5
LIMIT = 10
TABLE = (1, 2, 3)
FLAG = True


def scaled(x):
    return x * SCALE


def limited(n):
    return min(n, LIMIT) if FLAG else n


def table(i):
    return TABLE[i], len(TABLE)


def circle(r):
    return 2 * math.pi * r
