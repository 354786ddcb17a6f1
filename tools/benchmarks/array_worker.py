"""A process of one package that runs array programs on request, as `worker` does for kernels.

Requests: `{"do": "check", "program": P, "n": N, "reference": FILE}` -> None, or what is wrong; `{"do": "time", "program": P, "n": N, "seconds": S}` -> the least of the
wall times of single calls that fit in S seconds. NumPy's worker also answers `{"do": "reference", ..., "reference": FILE}` -> bytes of the arguments and the result,
C's `{"do": "copy", "n": N, "threads": T, "seconds": S}` -> bytes per second. Each result is gone before the next call, as in a program that uses it and goes on.
"""
import gc
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from . import array_packages, arrays, packages
from .worker import placed, serve


def difference(ours, theirs):
    """What tells a result from the reference, or None."""
    if ours.shape != theirs.shape or ours.dtype != theirs.dtype:
        return f"{ours.dtype}{list(ours.shape)} instead of {theirs.dtype}{list(theirs.shape)}"
    tolerance = 2e-5 if theirs.dtype == np.float32 else 1e-9
    return None if np.allclose(ours, theirs, rtol=tolerance, atol=tolerance * 1e-2, equal_nan=True) else "other values"


class Worker:
    def __init__(self, package):
        self.run = array_packages.RUNNERS[package.module](package)
        self.key = self.prepared = None

    def prepare(self, request):
        """The program with its arguments in the package's form; only the latest is kept, as arguments are large."""
        key = request["program"], request["n"]
        if key != self.key:
            self.key = self.prepared = None
            program = arrays.PROGRAMS[key[0]]
            values = tuple(placed(v, i) if isinstance(v, np.ndarray) and v.flags.c_contiguous else v for i, v in enumerate(program.arguments(key[1])))
            self.prepared = *self.run.prepare(program, values), values
            self.key = key
        return self.prepared

    def forget(self, request):
        """Gives the arguments' memory back before another package's turn with larger ones."""
        self.key = self.prepared = None

    def reference(self, request):
        call, _, values = self.prepare(request)
        result = np.asarray(call())
        np.save(request["reference"], result)
        return sum(v.nbytes for v in values if isinstance(v, np.ndarray)) + result.nbytes

    def check(self, request):
        call, fetch, _ = self.prepare(request)
        return difference(np.asarray(fetch(call())), np.load(request["reference"]))

    def time(self, request):
        call, _, _ = self.prepare(request)
        least, until = float("inf"), time.perf_counter() + request["seconds"]
        while True:
            began = time.perf_counter()
            result = call()
            least = min(least, time.perf_counter() - began)
            del result
            if time.perf_counter() >= until:
                return least

    def copy(self, request):
        n, threads = request["n"], request["threads"]
        source, target = np.ones(n), np.ones(n)
        cuts = [n * k // threads for k in range(threads + 1)]
        parts = [(target[a:b].ctypes.data, source[a:b].ctypes.data, b - a) for a, b in zip(cuts, cuts[1:])]
        least, until = float("inf"), time.perf_counter() + request["seconds"]
        with ThreadPoolExecutor(threads) as pool:
            while time.perf_counter() < until:
                began = time.perf_counter()
                list(pool.map(lambda part: self.run.library.copy(*array_packages.machine_words(part)), parts))
                least = min(least, time.perf_counter() - began)
        return 16 * n / least


if __name__ == "__main__":
    # Which threads a package may use is its own business; all may use all cores.
    os.environ["NUMEXPR_MAX_THREADS"] = os.environ["NUMEXPR_NUM_THREADS"] = str(len(os.sched_getaffinity(0)))
    gc.disable()
    serve(Worker(packages.ALL[sys.argv[1]]))
