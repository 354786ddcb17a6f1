"""Other shapes of the same elements, behind what is computed and before it. Each remark has its line below; what has none stays as written."""
# RUN: numba-opt %s --specialize 'f([1.0, 2.0, 3.0, 4.0], [[1.0, 2.0], [3.0, 4.0]])' --py-infer-types --array-inline --eqsat-rewrite=explain -o /dev/null 2>&1 | FileCheck %s --implicit-check-not=remark:
# RUN: numba-opt %s --specialize 'f([1.0, 2.0, 3.0, 4.0], [[1.0, 2.0], [3.0, 4.0]])' --py-infer-types --array-inline --eqsat-rewrite | FileCheck %s --check-prefix=IR
import numpy as np


# The call that checks the shape stays, for its error, and asks for the size of what is there.
def one(a):
    return np.exp(a).reshape(2, 2)[1, 0]
# CHECK: remark: np.reshape(np.exp(a), v{{[0-9]+}})[1][0] -> np.exp(np.reshape(a, v{{[0-9]+}})[1][0]) [
# IR-LABEL: py.func private @"one(
# IR: %[[N:.*]] = py.getattr %arg0["size"]
# IR: %[[S:.*]] = py.invoke @"numbra.lib.construction.reshape._resolve({{.*}}, %[[N]])
# IR: py.builtin "array.view"(%arg0, {{.*}}, %[[S]])


def largest(a):
    return np.max((a * 2.0).reshape(2, 2))
# CHECK: remark: np.max(np.reshape(a * 2.0, v{{[0-9]+}})) -> np.max(np.reshape(a, v{{[0-9]+}})) * 2.0 [


def in_one_row(x):
    return np.min(x.reshape(-1))
# CHECK: remark: np.min(np.ravel(x)) -> np.min(x) [


# What is added may have another shape: its error comes first.
def largest_of_sum(a):
    return np.max((a[1:] + a[:-1] * 1.0).reshape(-1, 1))
# CHECK: remark: {{.*}} -> {{.*}} [


def axes(x):
    return np.transpose(np.swapaxes(np.expand_dims(x, 0), 1, 2), (0, 2, 1)) * 1.0
# CHECK: remark: np.transpose(np.transpose(x[None], axis=(0, 2, 1)), axis=(0, 2, 1)) * 1.0 -> x[None] [


def squeezed(a):
    return np.squeeze(-(-a)[None], axis=0)
# CHECK: remark: (-(-a)[None])[0] -> a [


def f(a, x):
    return (
        one(a), largest(a), in_one_row(x), largest_of_sum(a), axes(x), squeezed(a),
    )
