"""A loop whose indices are proven before it has no checks; where they are not, it raises where Python raises, after what Python has done by then."""
# RUN: numba-opt %s --specialize 'proven([1.0])' --py-infer-types --py-insert-refcounts --convert-py-to-std | FileCheck %s --check-prefix=PROVEN
# PROVEN-NOT: nb_raise_index
# RUN: numba-opt %s --specialize 'asked([1.0], 1)' --py-infer-types --py-insert-refcounts --convert-py-to-std | FileCheck %s --check-prefix=ASKED
# ASKED: arith.cmpi sge
# ASKED: llvm.call @nb_raise_index
# RUN: numba-opt %s --run 'proven([1.0, 2.0, 4.0])' | FileCheck %s --check-prefix=C0 --match-full-lines
# C0: 10.0
# RUN: numba-opt %s --run 'asked([1.0, 2.0], 2)' | FileCheck %s --check-prefix=C1 --match-full-lines
# C1: 3.0
# RUN: not numba-opt %s --run 'asked([1.0, 2.0], 3)' 2>&1 | FileCheck %s --check-prefix=C2
# C2: IndexError: index 2 is out of bounds for axis 0 with size 2
# RUN: not numba-opt %s --run 'flat([1.0, 2.0, 3.0], 2)' 2>&1 | FileCheck %s --check-prefix=C3
# C3: IndexError: index 3 is out of bounds for axis 0 with size 3
# RUN: numba-opt %s --run 'flat([1.0, 2.0, 3.0, 4.0], 2)' | FileCheck %s --check-prefix=C4 --match-full-lines
# C4: 10.0
# RUN: numba-opt %s --run 'wraps([1.0, 2.0, 4.0], 2)' | FileCheck %s --check-prefix=C5 --match-full-lines
# C5: 5.0
# RUN: numba-opt %s --run 'counted([1.0, 2.0, 4.0])' | FileCheck %s --check-prefix=C6 --match-full-lines
# C6: 7.0
# RUN: numba-opt %s --run 'after([1.0, 2.0])' | FileCheck %s --check-prefix=C7 --match-full-lines
# C7: (3.0, 2.0, 1)


def proven(a):
    s = 0.0
    for i in range(1, len(a)):
        s += a[i] + a[i - 1]
    return s + len(a) - 2


def asked(a, n):
    s = 0.0
    for i in range(n):
        s += a[i]
    return s


def flat(a, n):
    s = 0.0
    for i in range(n):
        for j in range(n):
            s += a[i * n + j]
    return s


def wraps(a, n):
    s = 0.0
    for i in range(n):
        s += a[i - 1]
    return s


def counted(a):
    s = 0.0
    i = len(a) - 1
    while i >= 0:
        s += a[i]
        i -= 1
    return s


def after(a):
    s = 0.0
    for i in range(len(a)):
        x = a[i]
        s += x
    return s, x, i
