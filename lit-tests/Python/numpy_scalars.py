"""NumPy's scalar functions; results are IEEE's, nothing raises."""
# RUN: numba-opt %s --run 'roots(6.25)' | FileCheck %s --check-prefix=C0 --match-full-lines
# C0: (2.5, 6.25, -7.0, -1.0)
# RUN: numba-opt %s --run 'undefined(2.0)' | FileCheck %s --check-prefix=C1 --match-full-lines
# C1: (True, True)
# RUN: numba-opt %s --run 'extremes(3, 5)' | FileCheck %s --check-prefix=C2 --match-full-lines
# C2: (3, 5)
# RUN: numba-opt %s --run 'extremes(2.5, 0.5)' | FileCheck %s --check-prefix=C3 --match-full-lines
# C3: (0.5, 2.5)
# RUN: numba-opt %s --run 'bounded(4.0)' | FileCheck %s --check-prefix=C4 --match-full-lines
# C4: (1.0, 5.0, 0.0)
import numpy as np


def roots(x):
    return np.sqrt(x), np.abs(-x), np.floor(-x), np.sign(-x)


def undefined(x):
    return np.isnan(np.sqrt(-x)), np.isinf(np.log(0.0 * x))


def extremes(a, b):
    return np.minimum(a, b), np.maximum(a, b)


def bounded(x):
    return np.exp(0.0 * x), np.hypot(3.0, x), np.arctan2(0.0, x)
