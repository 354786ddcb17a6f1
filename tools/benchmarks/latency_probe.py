"""Runs once in a fresh process: prints what import and first calls cost, in seconds, as JSON. Argument: a package's name."""
import json
import sys
import time

import numpy  # noqa: F401  (what an import costs beyond NumPy is measured)

from . import packages


def add(a, b):
    return a + b


def scalar_loop(n):
    total = 0.0
    for i in range(n):
        if i % 3 == 0:
            total += i * 0.5
        else:
            total -= 1.0 / (i + 1.0)
    return total


def second_small(x, y):
    return x * y - x


def timed(function, *arguments):
    began = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - began


def main():
    package = packages.ALL[sys.argv[1]]
    began = time.perf_counter()
    compiler = packages.compiler(package)
    times = {"import": time.perf_counter() - began}
    times["first"] = timed(lambda: compiler(add)(1, 2))
    times["loop"] = timed(lambda: compiler(scalar_loop)(10))
    times["second"] = timed(lambda: compiler(second_small)(1.5, 2.5))
    print(json.dumps(times))


if __name__ == "__main__":
    main()
