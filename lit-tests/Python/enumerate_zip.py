"""enumerate and zip over arrays, ranges and tuples."""
# RUN: numba-opt %s --run 'dot([1.0, 2.0, 3.0], [4.0, 5.0])' | FileCheck %s --check-prefix=C0 --match-full-lines
# C0: 14.0
# RUN: numba-opt %s --run 'weighted([5, 6, 7])' | FileCheck %s --check-prefix=C1 --match-full-lines
# C1: 20
# RUN: numba-opt %s --run 'start([5, 6, 7])' | FileCheck %s --check-prefix=C2 --match-full-lines
# C2: 200
# RUN: numba-opt %s --run 'three(4)' | FileCheck %s --check-prefix=C3 --match-full-lines
# C3: 60

def dot(a, b):
    s = 0.0
    for x, y in zip(a, b):
        s += x * y
    return s


def weighted(a):
    s = 0
    for i, x in enumerate(a):
        s += i * x
    return s


def start(a):
    s = 0
    for i, x in enumerate(a, 10):
        s += i * x
    return s


def three(n):
    s = 0
    for i, (j, k) in enumerate(zip(range(n), range(10, 100))):
        s += i * j + k
    return s
