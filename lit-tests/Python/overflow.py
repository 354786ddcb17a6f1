"""Integers have 64 bits and wrap; NumPy's types have their own width."""
# RUN: numba-opt %s --run 'add(9223372036854775807, 1)' | FileCheck %s --check-prefix=C0 --match-full-lines
# C0: -9223372036854775808
# RUN: numba-opt %s --run 'mul(4611686018427387904, 4)' | FileCheck %s --check-prefix=C1 --match-full-lines
# C1: 0
# RUN: numba-opt %s --run 'neg(-9223372036854775808)' | FileCheck %s --check-prefix=C2 --match-full-lines
# C2: -9223372036854775808
# RUN: numba-opt %s --run 'power(3, 41)' | FileCheck %s --check-prefix=C3 --match-full-lines
# C3: -420491770248316829
# RUN: numba-opt %s --run 'lowest(-9223372036854775808, -1)' | FileCheck %s --check-prefix=C4 --match-full-lines
# C4: (-9223372036854775808, 0)
# RUN: numba-opt %s --run 'narrow(40000)' | FileCheck %s --check-prefix=C5 --match-full-lines
# C5: (64, 64, -25535)
import numpy as np


def add(a, b):
    return a + b


def mul(a, b):
    return a * b


def neg(a):
    return -a


def power(a, n):
    return a ** n


def lowest(a, b):
    return a // b, a % b


def narrow(a):
    return np.int8(a), np.uint8(a), np.int16(a) + np.int16(1)
