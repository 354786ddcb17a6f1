"""`...` stands for the axes not named, `None` makes a new one."""
# RUN: numba-opt %s --run 'dots([[1, 2], [3, 4]])' | FileCheck %s --check-prefix=C0 --match-full-lines
# C0: ([1, 3], [1, 2], {{\[\[}}1, 2], [3, 4]])
# RUN: numba-opt %s --run 'axes([1, 2])' | FileCheck %s --check-prefix=C1 --match-full-lines
# C1: ({{\[\[}}1, 2]], {{\[\[}}1], [2]])
# RUN: numba-opt %s --run 'shape([1, 2, 3])' | FileCheck %s --check-prefix=C2 --match-full-lines
# C2: ((1, 3, 1), (3, 1))

def dots(a):
    return a[..., 0], a[0, ...], a[...]


def axes(a):
    return a[None], a[:, None]


def shape(a):
    return a[None, :, None].shape, a[..., None].shape
