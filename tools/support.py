"""Writes docs/support.md: which functions of NumPy and of Python compiled code may use.

    python tools/support.py [--check]

The page is made from the catalogue of the compiler and from what the library implements, so it needs an importable numbra. Names are compared with
those of the NumPy and the Python that run the script; the page is written for the versions that it names.
"""
import argparse
import builtins
import cmath
import functools
import itertools
import math
import operator
import pathlib
import sys

import numpy as np

import numbra

PAGE = pathlib.Path(__file__).resolve().parents[1] / "docs" / "support.md"

# What of a supported function is missing, or differs.
PARTIAL = {
    "builtins.round": "digits of floats only",
    "builtins.pow": "a modulus with integers only",
    "builtins.hash": "real numbers, strings and tuples",
    "math.comb": "`OverflowError` beyond 64 bits",
    "math.factorial": "`OverflowError` beyond 64 bits",
    "math.perm": "`OverflowError` beyond 64 bits",
    "math.dist": "tuples",
    "math.fsum": "tuples, lists, ranges and one-dimensional arrays",
    "math.prod": "tuples, lists, ranges and one-dimensional arrays",
    "numpy.angle": "`deg` must be a constant",
    "numpy.choose": "no `out`",
    "numpy.cov": "no weights; of a matrix of one row a matrix",
    "numpy.corrcoef": "of a matrix of one row a matrix",
    "numpy.cross": "at least one of vectors of three numbers",
    "numpy.einsum": "constant subscripts; `out` and `optimize`, no `dtype`, `order`, `casting`",
    "numpy.frombuffer": "of arrays, bytes, bytearrays and memoryviews of bytes",
    "numpy.geomspace": "numbers; no complex ones",
    "numpy.gradient": "`edge_order` 1",
    "numpy.lexsort": "rows as keys",
    "numpy.linalg.cholesky": "of one matrix, its lower triangle",
    "numpy.linalg.matrix_power": "negative powers of integers need a constant exponent",
    "numpy.linalg.norm": "along one axis, or of all elements; of a matrix the order is a constant",
    "numpy.linalg.cond": "of one matrix",
    "numpy.linalg.eigh": "of one matrix; a tuple without names",
    "numpy.linalg.eigvalsh": "of one matrix",
    "numpy.linalg.lstsq": "the tolerance is a number or None",
    "numpy.linalg.matrix_rank": "of one matrix; `tol` by position",
    "numpy.linalg.pinv": "of one matrix; no `rtol`",
    "numpy.linalg.qr": "of one matrix; not the mode 'raw'; a tuple without names",
    "numpy.linalg.svd": "of one matrix; a tuple without names",
    "numpy.linalg.svdvals": "of one matrix",
    "numpy.linalg.slogdet": "of one matrix; a tuple without names",
    "numpy.logspace": "numbers",
    "numpy.nanpercentile": "`method` is a constant; no weights",
    "numpy.nanquantile": "`method` is a constant; no weights",
    "numpy.pad": "modes 'constant' with one value, 'edge', 'reflect', 'symmetric', 'wrap'",
    "numpy.percentile": "`method` is a constant; no weights",
    "numpy.poly": "rows of zeros; of complex ones the coefficients are complex",
    "numpy.polyint": "no constants of integration",
    "numpy.quantile": "`method` is a constant; no weights",
    "numpy.ravel_multi_index": "order 'C'",
    "numpy.trim_zeros": "rows",
    "numpy.unravel_index": "order 'C'",
    "numpy.around": "`decimals` must be a constant",
    "numpy.frexp": "no `out`",
    "numpy.modf": "no `out`",
    "numpy.round": "`decimals` must be a constant",
    "array.round": "`decimals` must be a constant",
    "array.@imag": "of real arrays new zeros, not a read-only view",
}
UFUNC = "`out`, by position or by name; `where`; no `dtype`, `casting`; the methods `reduce`, `accumulate` and `outer`, and for rows `at` and `reduceat`"


def public(module):
    return sorted(n for n in dir(module) if not n.startswith("_") and callable(getattr(module, n)))


def families():
    """Title, names with how they are written, and the paths under which each may be known."""
    ufuncs = [n for n in public(np) if isinstance(getattr(np, n), np.ufunc)]
    functions = [n for n in public(np) if not isinstance(getattr(np, n), (np.ufunc, type)) and n != "test"]
    types = [n for n in public(np) if isinstance(getattr(np, n), type) and issubclass(getattr(np, n), np.generic)]
    yield "NumPy: universal functions", [(f"np.{n}", [f"numpy.{n}", f"numpy.{getattr(np, n).__name__}"]) for n in ufuncs]
    yield "NumPy: functions", [(f"np.{n}", [f"numpy.{n}"]) for n in functions]
    linear = [n for n in public(np.linalg) if not isinstance(getattr(np.linalg, n), type) and n != "test"]
    yield "NumPy: linear algebra", [(f"np.linalg.{n}", [f"numpy.linalg.{n}"]) for n in linear]
    yield "NumPy: scalar types", [(f"np.{n}", [f"numpy.{n}"]) for n in types]
    own = sorted(n for n in dir(np.ndarray) if not n.startswith("_"))
    methods = [n for n in own if callable(getattr(np.ndarray, n))]
    yield "Arrays: methods", [(f".{n}()", [f"array.{n}"]) for n in methods]
    yield "Arrays: attributes", [(f".{n}", [f"array.@{n}"]) for n in own if n not in methods]
    exception = lambda n: isinstance(getattr(builtins, n), type) and issubclass(getattr(builtins, n), BaseException)
    yield "Builtins", [(n, [f"builtins.{n}"]) for n in public(builtins) if not exception(n)]
    for module in (math, cmath, operator, itertools, functools):
        name = module.__name__
        yield f"`{name}`", [(f"{name}.{n}", [f"{name}.{n}"]) for n in public(module)]


def page():
    """The text of the page."""
    supported = set(numbra._core.supported())
    version = ".".join(np.__version__.split(".")[:2])
    lines = [
        "# Supported functions",
        "",
        f"Made by `tools/support.py` for Python {sys.version_info[0]}.{sys.version_info[1]} and NumPy {version}; do not edit. [The language](language.md) tells how compiled",
        "code differs from Python. NumPy's universal functions take",
        f"{UFUNC}; small integers are computed in float32 where NumPy takes float16.",
    ]
    for title, names in families():
        known = [(text, next((p for p in paths if p in supported), None), paths) for text, paths in names]
        yes = [text for text, path, paths in known if path and not any(p in PARTIAL for p in paths)]
        partly = [(text, next(PARTIAL[p] for p in paths if p in PARTIAL)) for text, path, paths in known if path and any(p in PARTIAL for p in paths)]
        no = [text for text, path, _ in known if not path]
        lines += ["", f"## {title}", "", f"{len(yes) + len(partly)} of {len(known)}.", ""]
        lines += ["Supported: " + ", ".join(f"`{t}`" for t in yes) + "."] if yes else []
        lines += ["", "| partly | |", "| --- | --- |"] + [f"| `{t}` | {note} |" for t, note in partly] if partly else []
        lines += ["", "Not supported: " + ", ".join(f"`{t}`" for t in no) + "."] if no else []
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description="Writes docs/support.md.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail where the page is not what would be written")
    check = parser.parse_args().check
    text = page()
    if not check:
        PAGE.write_text(text)
        return 0
    if PAGE.read_text() == text:
        return 0
    print("docs/support.md is not what tools/support.py writes: run it", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
