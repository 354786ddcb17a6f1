"""Measures what operators on elements cost in compiled loops: the table of passes/eqsat/src/weights.rs.

Prints ns for each element of float64 arrays that fit the first cache, without the loop that only copies; then ns for each byte of memory read and written, and for each
multiplication and addition of a product of matrices. The smallest of many runs counts, so that other load on the machine matters little.
"""

import argparse
import linecache
import math
import time

import numpy as np

from numbra import njit

COUNT = 2000
RUNS = 200

BINARY = {
    "ADD": "x[i] + y[i]", "SUB": "x[i] - y[i]", "MUL": "x[i] * y[i]", "TRUEDIV": "x[i] / y[i]", "FLOORDIV": "x[i] // y[i]", "MOD": "x[i] % y[i]", "POW": "x[i] ** y[i]",
    "MINIMUM": "np.minimum(x[i], y[i])", "FMIN": "np.fmin(x[i], y[i])", "HYPOT": "math.hypot(x[i], y[i])", "ARCTAN2": "math.atan2(x[i], y[i])",
    "COPYSIGN": "math.copysign(x[i], y[i])", "LT": "float(x[i] < y[i])", "WHERE": "x[i] if x[i] < y[i] else y[i]",
}
UNARY = {
    "NEG": "-x[i]", "ABS": "abs(x[i])", "SQRT": "math.sqrt(x[i])", "RECIPROCAL": "1.0 / x[i]", "EXP": "math.exp(x[i])", "EXP2": "np.exp2(x[i])", "EXPM1": "math.expm1(x[i])",
    "LOG": "math.log(x[i])", "LOG2": "math.log2(x[i])", "LOG10": "math.log10(x[i])", "LOG1P": "math.log1p(x[i])", "CBRT": "np.cbrt(x[i])", "SIN": "math.sin(x[i])",
    "COS": "math.cos(x[i])", "TAN": "math.tan(x[i])", "ARCSIN": "math.asin(x[i])", "ARCCOS": "math.acos(x[i])", "ARCTAN": "math.atan(x[i])", "SINH": "math.sinh(x[i])",
    "COSH": "math.cosh(x[i])", "TANH": "math.tanh(x[i])", "ARCSINH": "math.asinh(x[i])", "ARCTANH": "math.atanh(x[i])", "ERF": "math.erf(x[i])", "ERFC": "math.erfc(x[i])",
    "FLOOR": "np.floor(x[i])", "RINT": "np.rint(x[i])", "SIGN": "np.sign(x[i])", "ISNAN": "float(np.isnan(x[i]))", "CAST": "float(np.float32(x[i]))",
}
LOOPS = {
    "SUM": "out[0] = np.sum(x)",
    "PROD": "out[0] = np.prod(x)",
    "ANY": "out[0] = np.any(x > 1.0)",
    "MAX": "out[0] = np.max(x)",
    "ARGMAX": "out[0] = np.argmax(x)",
    "CUMSUM": "total = 0.0\n    for i in range(len(x)):\n        total += x[i]\n        out[i] = total",
}


def compiled(body):
    """A function of three arrays with this body."""
    space = {"np": np, "math": math}
    text = f"def f(x, y, out):\n    {body}\n"
    file = f"<weights {hash(text)}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    exec(compile(text, file, "exec"), space)
    return njit(error_model="numpy")(space["f"])


def best(f, *args, runs=RUNS):
    """Seconds of the fastest run."""
    f(*args)
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        f(*args)
        times.append(time.perf_counter() - start)
    return min(times)


def loop(expression):
    """A loop over all elements, sixteen times, so that the call itself does not count."""
    return f"for k in range(16):\n        for i in range(len(x)):\n            out[i] = {expression}"


def elements():
    """ns for each element of each operator."""
    rng = np.random.default_rng(0)
    x, y = rng.uniform(0.1, 0.9, COUNT), rng.uniform(0.1, 0.9, COUNT)
    out = np.empty(COUNT)
    per = 1e9 / COUNT
    copy = best(compiled(loop("x[i]")), x, y, out) * per / 16
    for name, expression in {**BINARY, **UNARY}.items():
        print(f"({name}, {max(best(compiled(loop(expression)), x, y, out) * per / 16 - copy, 0.02):.2f}),")
    for name, body in LOOPS.items():
        print(f"({name}, {best(compiled(body), x, y, out) * per:.2f}),")


def memory():
    """ns for each byte beyond the caches, and for each step of a product of matrices."""
    big, target = np.ones(20_000_000), np.ones(20_000_000)
    written = best(compiled("for i in range(len(x)):\n        out[i] = 1.0"), big, big, target, runs=7) * 1e9 / big.nbytes
    copied = best(compiled("for i in range(len(x)):\n        out[i] = x[i]"), big, big, target, runs=7) * 1e9 / big.nbytes
    print(f"READ {copied - written:.3f}\nWRITE {written:.3f}")
    a = np.random.default_rng(1).normal(size=(300, 300))
    product = njit(lambda a, b: a @ b)
    print(f"MATRIX_FLOP {best(product, a, a, runs=10) * 1e9 / 300**3:.3f}")
    small = np.ones(4)
    negated, nothing = njit(lambda a: -a), njit(lambda a: a)
    print(f"TEMPORARY {(best(negated, small) - best(nothing, small)) * 1e9:.0f}")


if __name__ == "__main__":
    argparse.ArgumentParser(description="Measures the weights of the cost model (passes/eqsat/src/weights.rs) and prints them.").parse_args()
    elements()
    memory()
