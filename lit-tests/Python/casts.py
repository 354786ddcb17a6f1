"""Conversions by int, float, bool, complex and NumPy's types."""
# RUN: numba-opt %s --run 'python(2.75)' | FileCheck %s --check-prefix=C0 --match-full-lines
# C0: (2, 2.75, True, (2.75+0.0j))
# RUN: numba-opt %s --run 'python(-3)' | FileCheck %s --check-prefix=C1 --match-full-lines
# C1: (-3, -3.0, True, (-3.0+0.0j))
# RUN: numba-opt %s --run 'python(0)' | FileCheck %s --check-prefix=C2 --match-full-lines
# C2: (0, 0.0, False, (0.0+0.0j))
# RUN: numba-opt %s --run 'numpy(7)' | FileCheck %s --check-prefix=C3 --match-full-lines
# C3: (7, 7, 7.0, True)
# RUN: numba-opt %s --run 'single(0.1)' | FileCheck %s --check-prefix=C4 --match-full-lines
# C4: 0.1
import numpy as np


def python(x):
    return int(x), float(x), bool(x), complex(x)


def numpy(x):
    return np.int32(x), np.uint8(x), np.float64(x), np.bool_(x)


def single(x):
    return np.float32(x)
