"""`tools/bench compile`: what the first call of programs of growing size costs, each in a fresh process with the compiler warm."""
import subprocess

from . import packages, programs
from .packages import NUMBA, NUMBRA
from .process import WorkerError
from .report import number, table

TITLE = "Compile time"


def probe(package, case):
    """Milliseconds of one first call."""
    command = [package.python, "-m", "benchmarks.compile_probe", package.name, case]
    run = subprocess.run(command, env=packages.environment(), capture_output=True, text=True)
    if run.returncode:
        raise WorkerError(f"{package.name}, {case}: {run.stderr.strip().splitlines()[-1] if run.stderr.strip() else run.returncode}")
    return 1e3 * float(run.stdout)


def run(rounds, progress):
    rows, failures = [], []
    for case in programs.CASES:
        times = {}
        for package in (NUMBRA, NUMBA):
            if package is NUMBA and case in programs.NUMBRA_ONLY:
                continue
            progress(f"compile {case} {package.name}")
            if package is NUMBRA:
                times[package.name] = min(probe(package, case) for _ in range(min(rounds, 3)))
                continue
            try:
                times[package.name] = probe(package, case)
            except WorkerError as error:
                failures.append(str(error))
        ours, theirs = times[NUMBRA.name], times.get(NUMBA.name)
        aim = programs.AIMS.get(case)
        rows.append([case, number(ours), number(theirs), number(theirs / ours if theirs else None, 1), f"under {aim}" if aim else "-"])
    head = ["program", "numbra, ms", "numba, ms", "numba / numbra", "aim, ms"]
    notes = "Least of 3 processes (numba: one). The largest programs are left out for numba, which needs minutes for them. Programs: tools/benchmarks/programs.py."
    failed = "".join(f"\n\nNo figure: {failure}." for failure in failures)
    return table(head, rows) + "\n\n" + notes + failed
