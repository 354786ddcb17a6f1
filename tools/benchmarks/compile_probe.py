"""Runs once in a fresh process: prints how long the first call of one program takes, in seconds. Arguments: a package's name, a case."""
import linecache
import math
import sys
import time

import numpy

from . import packages, programs


def warm(x):
    return x + 1.0


def main():
    compiler = packages.compiler(packages.ALL[sys.argv[1]])
    compiler(warm)(1.0)
    text = programs.source(sys.argv[2])
    linecache.cache["<program>"] = (len(text), None, text.splitlines(True), "<program>")
    names = {"njit": compiler, "math": math, "np": numpy, "__name__": "program"}
    exec(compile(text, "<program>", "exec"), names)
    began = time.perf_counter()
    names["main"](1.5, 2.5)
    print(time.perf_counter() - began)


if __name__ == "__main__":
    main()
