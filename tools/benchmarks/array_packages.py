"""How each package runs an array program. A runner's `prepare(program, values)` gives a function without parameters that runs it, and one that makes a NumPy array of the result."""
import ctypes
import hashlib
import importlib.util
import inspect
import math
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

from . import packages
from .worker import C_FLAGS

FOLDER = pathlib.Path(__file__).parent / "arrays"
# Modules that pythran has compiled, by a digest of their text.
CACHE = packages.ROOT / "target" / "benchmarks"


def erf(x):
    return math.erf(x)


def same(result):
    return result


class Compiled:
    """numba and numbra: the function as it is, compiled at its first call."""

    def __init__(self, package):
        self.module = importlib.import_module(package.module)
        self.compile = packages.compiler(package)
        self.erf = self.module.vectorize(erf)
        self.entries = {}

    def prepare(self, program, values):
        if program.name not in self.entries:
            sys.modules[program.function.__module__].erf = self.erf
            self.entries[program.name] = self.compile(program.function)
        entry = self.entries[program.name]
        return lambda: entry(*values), same


class NumPy:
    """The function as Python runs it, with SciPy's erf."""

    def __init__(self, package):
        self.erf = importlib.import_module("scipy.special").erf

    def prepare(self, program, values):
        sys.modules[program.function.__module__].erf = self.erf
        return lambda: program.function(*values), same


class NumExpr:
    def __init__(self, package):
        self.forms = importlib.import_module("benchmarks.arrays.numexpr_forms")

    def prepare(self, program, values):
        form = getattr(self.forms, program.name, None)
        if form is None:
            raise NotImplementedError("its language has no functions for this")
        return lambda: form(*values), same


class Jax:
    """The function's text with JAX's NumPy, in double precision. Arguments are JAX's arrays already, and a call ends when its result is there."""

    def __init__(self, package):
        self.jax = importlib.import_module("jax")
        self.jax.config.update("jax_platforms", "cpu")
        self.jax.config.update("jax_enable_x64", True)
        self.names = {"np": importlib.import_module("jax.numpy"), "erf": importlib.import_module("jax.scipy.special").erf}

    def prepare(self, program, values):
        if program.selects:
            raise NotImplementedError("the size of the result depends on values")
        function = program.jax or program.function
        scope = dict(self.names)
        exec(inspect.getsource(function), scope)
        compiled = self.jax.jit(scope[function.__name__])
        values = [self.jax.device_put(v) if isinstance(v, np.ndarray) else v for v in values]
        return lambda: compiled(*values).block_until_ready(), np.asarray


def pythran_type(value):
    """As an export comment of pythran spells the type of an argument."""
    if not isinstance(value, np.ndarray):
        return {int: "int", float: "float"}[type(value)]
    order = " order(F)" if value.ndim > 1 and not value.flags.c_contiguous else ""
    return f"{value.dtype.name}[{','.join(':' * value.ndim)}]{order}"


# Its functions of SciPy lack erf, and its erf of numbers is no function of arrays.
PYTHRAN_PRELUDE = """import math
import numpy as np


def erf(x):
    return np.array([math.erf(v) for v in x])

"""


# Its products of matrices need headers of a BLAS, unless told to do without.
PYTHRAN_FLAGS = ["-O3", "-march=native", "--config", "compiler.blas=none"]


class Pythran:
    """The function's text in a module of its own, with an export comment for its arguments. Compiled modules are kept, as compiling takes minutes."""

    def __init__(self, package):
        self.python = package.python
        self.entries = {}

    def prepare(self, program, values):
        if program.name not in self.entries:
            types = ", ".join(map(pythran_type, values))
            text = f"{PYTHRAN_PRELUDE}\n# pythran export {program.name}({types})\n{inspect.getsource(program.function)}"
            digest = hashlib.sha256(f"{PYTHRAN_FLAGS}{text}".encode()).hexdigest()
            name = f"{program.name}_{digest[:12]}"
            library = CACHE / f"{name}.so"
            if not library.exists():
                CACHE.mkdir(parents=True, exist_ok=True)
                source = CACHE / f"{name}.py"
                source.write_text(text)
                run = subprocess.run([self.python, "-m", "pythran.run", *PYTHRAN_FLAGS, str(source), "-o", str(library)], capture_output=True, text=True)
                if run.returncode:
                    said = [line for line in run.stderr.splitlines() if "error" in line.lower() or "CRITICAL" in line] or run.stderr.splitlines() or ["pythran failed"]
                    raise RuntimeError(said[0].split("error: ", 1)[-1][:200])
            spec = importlib.util.spec_from_file_location(name, library)
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            self.entries[program.name] = getattr(module, program.name)
        entry = self.entries[program.name]
        return lambda: entry(*values), same


def machine_words(values):
    """Arguments of a C function: addresses and sizes are integers."""
    return [ctypes.c_double(v) if isinstance(v, float) else ctypes.c_int64(v) for v in values]


class C:
    """The function of the same name in `arrays.c`. The result is a new array of NumPy, as for the others."""

    def __init__(self, package):
        with tempfile.TemporaryDirectory() as folder:
            library = pathlib.Path(folder) / "arrays.so"
            subprocess.run(["clang-22", str(FOLDER / "arrays.c"), *C_FLAGS, "-o", str(library)], check=True)
            self.library = ctypes.CDLL(str(library))

    def prepare(self, program, values):
        function = getattr(self.library, program.name)
        function.restype = ctypes.c_int64
        # Any function of numbers will do to see what the result is like.
        sys.modules[program.function.__module__].erf = np.tanh
        shape, dtype = self.result(program, values)
        words = []
        for v in values:
            words += [v.ctypes.data, *v.shape] if isinstance(v, np.ndarray) else [v]
        words = machine_words(words)

        def call():
            out = np.empty(shape, dtype)
            count = function(ctypes.c_void_p(out.ctypes.data), *words)
            return out if count < 0 else out[:count]
        return call, same

    @staticmethod
    def result(program, values):
        if program.selects:
            return values[0].shape, values[0].dtype
        result = np.asarray(program.function(*values))
        return result.shape, result.dtype


RUNNERS = {"numbra": Compiled, "numba": Compiled, "numpy": NumPy, "numexpr": NumExpr, "jax": Jax, "pythran": Pythran, "c": C}
