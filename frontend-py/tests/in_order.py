"""Functions with parallel loops against the same functions in plain Python, where the loops run in order."""
import functools

import numpy as np

from numbra import njit

parallel = njit(parallel=True)
# A function that several cases share is compiled once.
compiled = functools.cache(parallel)


def same(a, b):
    """Whether two results agree, up to the rounding of sums in another order."""
    if isinstance(b, tuple):
        return len(a) == len(b) and all(map(same, a, b))
    # NumPy's scalars come back as Python's.
    alike = np.shape(a) == np.shape(b) and (np.ndim(b) == 0 or a.dtype == b.dtype)
    return alike and np.allclose(a, b, rtol=1e-5, equal_nan=True)


def name_of(case):
    """How a test of one case, a function and its arguments, is called."""
    function, first, *_ = case
    return f"{function.__name__}-{len(np.atleast_1d(first))}"


def agrees_with_the_loop_in_order(function, *arguments):
    """Fails unless the compiled function gives what the plain one gives for copies of the arguments."""
    copies = [np.copy(a, order="K") if isinstance(a, np.ndarray) else a for a in arguments]
    assert same(compiled(function)(*arguments), function(*copies))
