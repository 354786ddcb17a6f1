"""Calls whose overhead is measured: each function does next to nothing with its arguments."""
import timeit

import numpy as np


def two_ints(a, b):
    return a + b


def two_arrays(a, b):
    return a[0] + b[0]


def one_tuple(t):
    return t[0] + t[1]


# Name: what stands in the table, the function, the call, the names that the call uses.
CASES = {
    "ints": ("`f(1, 2)`", two_ints, "f(a, b)", {"a": 1, "b": 2}),
    "arrays": ("`f(x, y)`, two arrays", two_arrays, "f(a, b)", {"a": np.ones(4), "b": np.ones(4)}),
    "keywords": ("`f(a=1, b=2)`", two_ints, "f(a=a, b=b)", {"a": 1, "b": 2}),
    "tuple": ("`f((1, 2))`", one_tuple, "f(a)", {"a": (1, 2)}),
}


def timer(case, compile):
    """A function from a number of calls to ns per call, the loop included; compiled and called once before."""
    _, function, call, names = CASES[case]
    names = dict(names, f=compile(function))
    timed = timeit.Timer(call, globals=names)
    timed.timeit(10)
    return lambda number: timed.timeit(number) / number * 1e9
