"""Runs one array program once in a fresh process: prints what its first call costs, in seconds, as JSON. Arguments: a package's name, a program's."""
import json
import sys
import time

import numpy  # noqa: F401  (an import of the package is not measured)

from . import array_packages, arrays, packages


def main():
    package, program = packages.ALL[sys.argv[1]], arrays.PROGRAMS[sys.argv[2]]
    values = program.arguments(arrays.SIZES["1e3"])
    runner = array_packages.RUNNERS[package.module](package)
    began = time.perf_counter()
    call, _ = runner.prepare(program, values)
    call()
    print(json.dumps({"first": time.perf_counter() - began}))


if __name__ == "__main__":
    main()
