"""`with` on a function of `contextlib.contextmanager`: two functions, of which the second runs wherever control leaves the statement."""
# RUN: numba-opt %s --run 'through([1, 2], 3)' | FileCheck %s --check-prefix=C0 --match-full-lines
# C0: ([11, 2], 1)
# RUN: numba-opt %s --run 'through([1, 2], 0)' | FileCheck %s --check-prefix=C1 --match-full-lines
# C1: ([11, 2], -1)
# RUN: not numba-opt %s --run 'through([1, 2], -1)' 2>&1 | FileCheck %s --check-prefix=C2
# C2: RuntimeError: generator didn't yield
# RUN: not numba-opt %s --run 'again()' 2>&1 | FileCheck %s --check-prefix=C3
# C3: RuntimeError: No active exception to reraise
from contextlib import contextmanager


@contextmanager
def marked(a, n):
    if n < 0:
        return
    before = a[0]
    a[0] = 99
    yield before
    a[0] = before + 10


def through(a, n):
    with marked(a, n) as first:
        if n == 0:
            return a, -1
    return a, first


def again():
    raise
