"""The compilers that are compared: how each is run. Every one runs in processes of its own, from its own environment."""
import dataclasses
import importlib
import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
NUMBA_VERSION = "0.68.0"
# Other peers of array programs, each in an environment of its name.
PEER_VERSIONS = {"numexpr": "2.14.2", "pythran": "0.19.0", "jax": "0.10.2"}


@dataclasses.dataclass(frozen=True)
class Package:
    """A column of the tables."""
    name: str
    module: str          # imported by the worker; "python" compiles nothing, "c" is the C version
    options: dict
    venv: str            # of the checkout

    @property
    def python(self):
        return os.environ.get("NUMBRA_BENCH_" + self.venv.strip(".").upper().replace("-", "_")) or str(ROOT / self.venv / "bin" / "python")


NUMBRA = Package("numbra", "numbra", {}, ".venv")
UNCHECKED = Package("numbra, no bounds checks", "numbra", {"boundscheck": False}, ".venv")
NUMBA = Package("numba", "numba", {}, ".venv-numba")
CLANG = Package("clang -O3", "c", {}, ".venv")
PYTHON = Package("Python", "python", {}, ".venv")
# Of array programs: these have environments of their own, but for NumPy, which shares NumExpr's, where SciPy is too.
NUMBRA_PARALLEL = Package("numbra parallel", "numbra", {"parallel": True}, ".venv")
NUMBA_PARALLEL = Package("numba parallel", "numba", {"parallel": True}, ".venv-numba")
NUMPY = Package("NumPy", "numpy", {}, ".venv-numexpr")
NUMEXPR = Package("numexpr", "numexpr", {}, ".venv-numexpr")
PYTHRAN = Package("pythran", "pythran", {}, ".venv-pythran")
JAX = Package("JAX", "jax", {}, ".venv-jax")
C = Package("C", "c", {}, ".venv")
ALL = {p.name: p for p in [NUMBRA, UNCHECKED, NUMBA, CLANG, PYTHON, NUMBRA_PARALLEL, NUMBA_PARALLEL, NUMPY, NUMEXPR, PYTHRAN, JAX, C]}


def compiler(package):
    """The function that compiles a Python function, inside the package's process."""
    if package.module == "python":
        return lambda function: function
    module = importlib.import_module(package.module)
    return lambda function: module.njit(**package.options)(function)


def environment():
    """Of worker processes: this folder is importable, single-threaded libraries."""
    return {**os.environ, "PYTHONPATH": str(ROOT / "tools"), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
