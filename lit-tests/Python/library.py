# Operators on arrays are maps of a function of the library in Python, typed for the elements; the library's folder is given, so that its files are read.
# RUN: env NUMBRA_LIBRARY=%S/../../frontend-py/python/numbra/lib numba-opt %s --specialize 'scaled([1.0, 2.0], 2.0)' --numbra-typed | FileCheck %s
# RUN: env NUMBRA_LIBRARY=%S/../../frontend-py/python/numbra/lib not numba-opt %s --specialize 'wrong([1.0, 2.0])' --numbra-typed 2>&1 | FileCheck %s --check-prefix=WRONG
import numpy as np


def scaled(a, x):
    return a * x


# CHECK: py.func @"scaled(
# CHECK: py.builtin "array.map"({{.*}}, %arg0, %arg1, {{.*}}) {callee = @"[[F:numbra.lib.elements.elementwise._call.*]]"}
# CHECK: py.func private @"[[F]]"


# What the library refuses is an error of the call, in this file.
# WRONG: library.py:[[@LINE+2]]:{{.*}}error
def wrong(a):
    return a << 1.5
