"""A process of one package that compiles and times on request: reads one JSON request a line, answers with one JSON line.

Requests: `{"do": "check", "kernel": K}` -> result on small arguments; `{"do": "time", "kernel": K, "seconds": S}` -> the least of
the run times of single calls that fit in S seconds; `{"do": "call", "case": C, "number": N}` -> ns per call.
"""
import ctypes
import importlib
import json
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy as np

from . import dispatch_cases, packages

KERNELS = pathlib.Path(__file__).parent / "kernels"
C_FLAGS = ["-O3", "-march=native", "-ffp-contract=off", "-shared", "-fPIC", "-lm"]
C_TYPES = {"int": ctypes.c_int64, "float": ctypes.c_double, None: None}


def placed(array, index):
    """A copy at a fixed place within a page, another for each argument, so that no package is lucky with where its allocator puts arrays."""
    room = np.empty(array.nbytes + 8192, np.uint8)
    start = -room.ctypes.data % 4096 + 832 * index % 4096
    copy = room[start:start + array.nbytes].view(array.dtype).reshape(array.shape)
    copy[...] = array
    return copy


class Arguments:
    """Arguments of a kernel; `reset` undoes what a call wrote into the arrays."""

    def __init__(self, source):
        self.source = source
        self.values = tuple(placed(a, i) if isinstance(a, np.ndarray) else a for i, a in enumerate(source))

    def reset(self):
        for value, source in zip(self.values, self.source):
            if isinstance(value, np.ndarray):
                value[...] = source
        return self.values


def outcome(value, arguments):
    """Returned value and arrays, comparable between packages."""
    values = [] if value is None else [float(value)]
    return values + [float(x) for a in arguments if isinstance(a, np.ndarray) for x in a.ravel()]


class Worker:
    def __init__(self, package):
        self.package = package
        self.compile = None if package.module == "c" else packages.compiler(package)
        self.entries, self.arguments, self.calls = {}, {}, {}

    def entry(self, kernel):
        if kernel not in self.entries:
            module = importlib.import_module(f"benchmarks.kernels.{kernel}")
            self.arguments[kernel] = module.arguments
            self.entries[kernel] = self.c_entry(kernel, module) if self.compile is None else self.compiled_entry(module)
        return self.entries[kernel]

    def compiled_entry(self, module):
        for name in module.FUNCTIONS:
            # Other functions, and the function itself where it is recursive, find the compiled one under its name.
            setattr(module, name, self.compile(getattr(module, name)))
        return getattr(module, module.FUNCTIONS[-1])

    def c_entry(self, kernel, module):
        with tempfile.TemporaryDirectory() as folder:
            library = pathlib.Path(folder) / f"{kernel}.so"
            subprocess.run(["clang-22", *C_FLAGS, str(KERNELS / f"{kernel}.c"), "-o", str(library)], check=True)
            function = getattr(ctypes.CDLL(str(library)), module.FUNCTIONS[-1])
        function.restype = C_TYPES[module.RETURNS]

        def call(*arguments):
            machine = []
            for a in arguments:
                if isinstance(a, np.ndarray):
                    machine += [ctypes.c_void_p(a.ctypes.data), *map(ctypes.c_int64, a.shape)]
                else:
                    machine.append(ctypes.c_double(a) if isinstance(a, float) else ctypes.c_int64(a))
            return function(*machine)
        return call

    def check(self, request):
        entry = self.entry(request["kernel"])
        arguments = Arguments(self.arguments[request["kernel"]](request.get("full", False))).values
        value = entry(*arguments)
        result = np.array(outcome(value, arguments))
        # Large results travel as a digest that is sensitive to order.
        return result.tolist() if len(result) < 2000 else [float(len(result)), float(result.sum()), float(result @ np.cos(np.arange(len(result))))]

    def time(self, request):
        entry = self.entry(request["kernel"])
        arguments = Arguments(self.arguments[request["kernel"]](True))
        entry(*arguments.values)
        least, until, calls = float("inf"), time.perf_counter() + request["seconds"], 0
        while calls < 3 or time.perf_counter() < until:
            values = arguments.reset()
            began = time.perf_counter()
            entry(*values)
            least = min(least, time.perf_counter() - began)
            calls += 1
        return least

    def call(self, request):
        case = request["case"]
        if case not in self.calls:
            self.calls[case] = dispatch_cases.timer(case, self.compile)
        return self.calls[case](request["number"])


def serve(worker):
    """Answers requests until there are no more: `do` names the method."""
    # What kernels or packages print must not mix with the answers.
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {"value": getattr(worker, request["do"])(request)}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    serve(Worker(packages.ALL[sys.argv[1]]))
