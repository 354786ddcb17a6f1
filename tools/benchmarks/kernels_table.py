"""`tools/bench kernels`: run time of the kernels; results are checked between all packages before anything is timed."""
import math

from . import kernels
from .packages import CLANG, NUMBA, NUMBRA, PYTHON, UNCHECKED
from .process import WorkerError, WorkerProcess
from .report import geomean, number, spread, table

TITLE = "Run time of kernels"
TIMED = (NUMBRA, UNCHECKED, NUMBA, CLANG)


def same(a, b):
    return len(a) == len(b) and all(x == y or math.isclose(x, y, rel_tol=1e-9, abs_tol=1e-9) or (x != x and y != y) for x, y in zip(a, b))


def check(kernel, workers):
    """Each package gives what plain Python gives on small arguments, and all agree on the large ones. Returns complaints."""
    complaints = []
    for full in (False, True):
        results = {}
        for name, worker in workers.items():
            if full and name == PYTHON.name:
                continue
            try:
                results[name] = worker.ask(do="check", kernel=kernel, full=full)
            except WorkerError as error:
                complaints.append(str(error))
        reference = results.get(NUMBA.name if full else PYTHON.name)
        complaints += [f"{name}: another result" for name, result in results.items() if reference is not None and not same(result, reference)]
    return complaints


def run(rounds, progress, names=None):
    workers = {p.name: WorkerProcess(p) for p in (*TIMED, PYTHON)}
    rows, ratios, costs, clang, notes = [], [], [], [], []
    for kernel in names or kernels.NAMES:
        progress(f"kernels {kernel}")
        complaints = check(kernel, workers)
        if complaints:
            notes.append(f"{kernel}: {'; '.join(dict.fromkeys(complaints))}")
            rows.append([kernel, *["-"] * 7])
            continue
        samples = {p.name: [] for p in TIMED}
        for _ in range(rounds):
            for package in TIMED:
                samples[package.name].append(workers[package.name].ask(do="time", kernel=kernel, seconds=0.05))
        ours, unchecked, theirs, c = (min(samples[p.name]) * 1e3 for p in TIMED)
        ratios.append(theirs / ours)
        costs.append(ours / unchecked)
        clang.append(c / ours)
        rows.append([kernel, number(ours), number(theirs), f"**{number(theirs / ours)}**", number(ours / unchecked), number(c / ours), spread(samples[NUMBRA.name]), spread(samples[NUMBA.name])])
    for worker in workers.values():
        worker.close()
    if ratios:
        rows.append(["geometric mean", "", "", f"**{number(geomean(ratios))}**", number(geomean(costs)), number(geomean(clang)), "", ""])
    head = ["kernel", "numbra, ms", "numba, ms", "numba / numbra", "checked / unchecked", "clang / numbra", "spread numbra", "spread numba"]
    text = table(head, rows) + f"""

A ratio over 1 in `numba / numbra` means that numbra is faster; in `clang / numbra` likewise against the same kernel in C (`clang-22 -O3 -march=native
-ffp-contract=off`). Bounds checks are on for numbra and off for numba, which are the defaults of each; `checked / unchecked` is what numbra's cost.
Least of {rounds} rounds, the packages in turn; the results of all agree with plain Python on small inputs and with each other on large ones."""
    return text + ("\n\nNot measured:\n" + "\n".join(f"- {n}" for n in notes) if notes else "")
