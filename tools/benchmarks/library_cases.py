"""The functions of `tools/bench library`: each is one call as a program writes it, run by NumPy and by numbra on the same arguments.

Arguments are named by the parameters: see `arguments`. Functions that change their arguments do the same to them each time.
"""
import numpy as np

N = 1_000_000
SIDE = 1000

CASES = {
    # Arithmetic and functions of elements
    "a + b": lambda a, b: a + b,
    "a + b * 2 (two loops)": lambda a, b: a + b * 2.0,
    "a += b": lambda a, b: np.add(a, b, a),
    "m + row": lambda m, row: m + row,
    "m + column": lambda m, column: m + column[:, None],
    "m + f (C and Fortran order)": lambda m, f: m + f,
    "a > b": lambda a, b: a > b,
    "i // 7 (int64)": lambda i: i // 7,
    "sqrt": lambda a: np.sqrt(a),
    "exp": lambda a: np.exp(a),
    "log": lambda a: np.log(a),
    "sin": lambda a: np.sin(a),
    "maximum": lambda a, b: np.maximum(a, b),
    "clip": lambda a: np.clip(a, 0.25, 0.75),
    "where": lambda a, b, mask: np.where(mask, a, b),
    "isnan": lambda a: np.isnan(a),
    "round": lambda a: np.round(a, 2),
    "a.astype(int64)": lambda a: a.astype(np.int64),
    # Reductions
    "sum": lambda a: np.sum(a),
    "sum (float32)": lambda g: np.sum(g),
    "sum (int64)": lambda i: np.sum(i),
    "sum, axis 0": lambda m: np.sum(m, axis=0),
    "sum, axis 1": lambda m: np.sum(m, axis=1),
    "sum, axis 0 (Fortran order)": lambda f: np.sum(f, axis=0),
    "prod": lambda a: np.prod(a),
    "mean": lambda a: np.mean(a),
    "var": lambda a: np.var(a),
    "std, axis 0": lambda m: np.std(m, axis=0),
    "min": lambda a: np.min(a),
    "max, axis 0": lambda m: np.max(m, axis=0),
    "max, axis 1": lambda m: np.max(m, axis=1),
    "argmax": lambda a: np.argmax(a),
    "argmin, axis 0": lambda m: np.argmin(m, axis=0),
    "argmax, axis 1": lambda m: np.argmax(m, axis=1),
    "any (none)": lambda none: np.any(none),
    "all (of float64)": lambda a: np.all(a),
    "count_nonzero (bool)": lambda mask: np.count_nonzero(mask),
    "cumsum": lambda a: np.cumsum(a),
    "cumsum, axis 0": lambda m: np.cumsum(m, axis=0),
    "cumprod": lambda a: np.cumprod(a),
    "diff": lambda a: np.diff(a),
    "nansum": lambda a: np.nansum(a),
    "allclose": lambda a, b: np.allclose(a, a),
    # Sorting and searching
    "sort": lambda a: np.sort(a),
    "sort (int64)": lambda i: np.sort(i),
    "sort, axis 1": lambda m: np.sort(m, axis=1),
    "sort, axis 0": lambda m: np.sort(m, axis=0),
    "argsort": lambda a: np.argsort(a),
    "argsort (int64)": lambda i: np.argsort(i),
    "partition": lambda a: np.partition(a, 500_000),
    "argpartition": lambda a: np.argpartition(a, 500_000),
    "median": lambda a: np.median(a),
    "median, axis 1": lambda m: np.median(m, axis=1),
    "percentile": lambda a: np.percentile(a, 90.0),
    "quantile of three": lambda a, q: np.quantile(a, q),
    "unique": lambda a: np.unique(a),
    "unique (int64, few)": lambda few: np.unique(few),
    "searchsorted": lambda rising, a: np.searchsorted(rising, a),
    "searchsorted (100 edges)": lambda edges, a: np.searchsorted(edges, a),
    "digitize": lambda a, edges: np.digitize(a, edges),
    "histogram": lambda a: np.histogram(a, 50),
    "bincount": lambda few: np.bincount(few),
    "interp": lambda a, edges: np.interp(a, edges, edges),
    "isin": lambda i, some: np.isin(i, some),
    "nonzero": lambda mask: np.nonzero(mask),
    "flatnonzero": lambda mask: np.flatnonzero(mask),
    # Indexing
    "take": lambda a, places: np.take(a, places),
    "a[places]": lambda a, places: a[places],
    "a[mask]": lambda a, mask: a[mask],
    "m[rows]": lambda m, rows: m[rows],
    # New arrays and rearranged ones
    "zeros": lambda: np.zeros(1_000_000),
    "ones": lambda: np.ones(1_000_000),
    "full": lambda: np.full(1_000_000, 3.5),
    "arange": lambda: np.arange(1_000_000),
    "linspace": lambda: np.linspace(0.0, 1.0, 1_000_000),
    "copy": lambda a: a.copy(),
    "m.T.copy()": lambda m: m.T.copy(),
    "flip, copied": lambda a: np.flip(a).copy(),
    "concatenate": lambda a, b: np.concatenate((a, b)),
    "stack, axis 1": lambda a, b: np.stack((a, b), axis=1),
    "repeat": lambda small: np.repeat(small, 10),
    "tile": lambda small: np.tile(small, 10),
    "roll": lambda a: np.roll(a, 1234),
    "tril": lambda m: np.tril(m),
    "pad": lambda m: np.pad(m, 3),
    # Products
    "dot of rows": lambda a, b: np.dot(a, b),
    "matmul, 500 x 500": lambda p, q2: p @ q2,
    "matmul (float32), 500 x 500": lambda p32, q32: p32 @ q32,
    "matrix times row": lambda m, row: m @ row,
    "row times matrix": lambda m, row: row @ m,
    "outer": lambda row: np.outer(row, row),
    "convolve": lambda a, kernel: np.convolve(a, kernel),
    "cross": lambda points: np.cross(points, points[::-1]),
    "gradient": lambda a: np.gradient(a),
    "trapezoid": lambda a: np.trapezoid(a),
}

# Changes a part of an array by an assignment, which a lambda cannot.
def assign_mask(a, mask):
    a[mask] = 0.5


def assign_places(a, places):
    a[places] = 0.5


def add_rows(m, row):
    m += row


CASES |= {"a[mask] = x": assign_mask, "a[places] = x": assign_places, "m += row": add_rows}


# What is compared of results that have more than one right form.
COMPARED = {
    "partition": lambda result, a: result[500_000],
    "argpartition": lambda result, a: a[result[500_000]],
}


def arguments():
    """What parameters are, by their names."""
    random = np.random.default_rng(7)
    a, b = random.random(N), random.random(N)
    p, q2 = random.random((500, 500)), random.random((500, 500))
    return {
        "a": a, "b": b, "m": random.random((SIDE, SIDE)), "f": np.asfortranarray(random.random((SIDE, SIDE))),
        "row": random.random(SIDE), "column": random.random(SIDE), "g": a.astype(np.float32),
        "i": random.integers(-10**12, 10**12, N), "few": random.integers(0, 1000, N), "some": random.integers(-10**12, 10**12, 1000),
        "mask": a > 0.5, "none": np.zeros(N, bool), "rising": np.sort(b), "edges": np.linspace(0.0, 1.0, 100), "q": np.array([0.1, 0.5, 0.9]),
        "places": random.integers(0, N, N), "rows": random.integers(0, SIDE, SIDE), "small": random.random(N // 10),
        "p": p, "q2": q2, "p32": p.astype(np.float32), "q32": q2.astype(np.float32), "kernel": random.random(16), "points": random.random((N // 3, 3)),
    }
