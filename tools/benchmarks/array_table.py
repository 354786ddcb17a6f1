"""`tools/bench arrays`: run time of array programs by size, against every peer; results are compared with NumPy's before anything is timed."""
import os
import pathlib
import tempfile

from . import process
from .arrays import PROGRAMS, SIZES
from .packages import C, JAX, NUMBA, NUMBA_PARALLEL, NUMBRA, NUMBRA_PARALLEL, NUMEXPR, NUMPY, PYTHRAN
from .process import WorkerError, WorkerProcess
from .report import geomean, number, table

TITLE = "Run time of array programs"
# Peers that use one thread are compared with numbra on one thread, the others with numbra's parallel=True.
SERIAL, PARALLEL = (NUMBA, NUMPY, PYTHRAN, C), (NUMBA_PARALLEL, NUMEXPR, JAX)
ALL = (NUMPY, NUMBRA, NUMBA, PYTHRAN, C, NUMBRA_PARALLEL, *PARALLEL)
# Beyond every cache: below, the time of a program says nothing about memory.
LARGE = SIZES["1e7"]


class Row:
    """Least times of one program at one size by package, in seconds; what was not measured is None."""

    def __init__(self, name, memory_bound, moved, times):
        self.name, self.memory_bound, self.moved, self.times = name, memory_bound, moved, times

    def ratio(self, peer, ours):
        a, b = self.times.get(peer.name), self.times.get(ours.name)
        return a / b if a and b else None

    def best_ratio(self):
        """The best peer's time over numbra's better one."""
        peers = [self.times[p.name] for p in (*SERIAL, *PARALLEL) if self.times.get(p.name)]
        ours = [self.times[p.name] for p in (NUMBRA, NUMBRA_PARALLEL) if self.times.get(p.name)]
        return min(peers) / min(ours) if peers and ours else None

    def bandwidth(self, package, copy):
        """The fraction of what a copy reaches, of programs that wait for memory."""
        time = self.times.get(package.name)
        return self.moved / time / copy if time and copy and self.memory_bound else None


def summary(rows, copies):
    """One size's table. `copies`: bytes per second of a copy on one thread and on all, or None where the size is too small to tell."""
    head = ["program", "MB", "numbra, ms", *[f"{p.name} /" for p in SERIAL], "copy", "numbra parallel, ms", *[f"{p.name} /" for p in PARALLEL], "best peer /", "copy, parallel"]
    columns = {}

    def share(key, value):
        if value is not None:
            columns.setdefault(key, []).append(value)
        return "-" if value is None else f"{value * 100:.0f} %" if key.startswith("copy") else number(value)

    lines = []
    for row in rows:
        milliseconds = [number(row.times[p.name] * 1e3, 4) if row.times.get(p.name) else "-" for p in (NUMBRA, NUMBRA_PARALLEL)]
        lines.append([row.name, number(row.moved / 1e6, 3), milliseconds[0], *[share(p.name, row.ratio(p, NUMBRA)) for p in SERIAL],
                      share("copy", row.bandwidth(NUMBRA, copies and copies[0])), milliseconds[1], *[share(p.name, row.ratio(p, NUMBRA_PARALLEL)) for p in PARALLEL],
                      share("best", row.best_ratio()), share("copy, parallel", row.bandwidth(NUMBRA_PARALLEL, copies and copies[1]))])
    for label, combine in ("**geometric mean**", geomean), ("**least**", min):
        def cell(key):
            values = columns.get(key)
            if not values:
                return "-"
            return f"**{combine(values) * 100:.0f} %**" if key.startswith("copy") else f"**{number(combine(values))}**"
        lines.append([label, "", "", *[cell(p.name) for p in SERIAL], cell("copy"), "", *[cell(p.name) for p in PARALLEL], cell("best"), cell("copy, parallel")])
    return table(head, lines)


def measure(program, n, workers, rounds, notes, seconds):
    """A row; a package that cannot run the program, or whose result differs, has no time, and a note says why."""
    with tempfile.TemporaryDirectory() as folder:
        reference = str(pathlib.Path(folder) / "reference.npy")
        moved = workers[NUMPY.name].ask(do="reference", program=program.name, n=n, reference=reference)
        able = []
        for package in ALL:
            try:
                wrong = workers[package.name].ask(do="check", program=program.name, n=n, reference=reference)
            except WorkerError as error:
                wrong = next((line for line in str(error).splitlines() if line.strip(f"{package.name}: ")), "").removeprefix(f"{package.name}: ")
                if workers[package.name].process.poll() is not None:
                    workers[package.name] = WorkerProcess(package, "array_worker")
            if wrong:
                notes.setdefault(f"{program.name}, {package.name}: {wrong}")
            else:
                able.append(package)
        samples = {p.name: [] for p in able}
        for _ in range(rounds):
            for package in able:
                samples[package.name].append(workers[package.name].ask(do="time", program=program.name, n=n, seconds=seconds))
    for worker in workers.values():
        worker.ask(do="forget")
    return Row(program.name, program.memory_bound, moved, {name: min(values) for name, values in samples.items()})


def first_calls(programs, rounds, progress):
    """What the first call costs in a fresh process, for numbra and numba."""
    rows, notes = [], {}
    for program in programs:
        samples = {p.name: [] for p in (NUMBRA, NUMBA)}
        for _ in range(rounds):
            for package in (NUMBRA, NUMBA):
                progress(f"arrays, first call of {program.name}")
                try:
                    samples[package.name].append(process.probe(package, "array_probe", program.name)["first"])
                except WorkerError as error:
                    notes.setdefault(f"first call of {program.name}, {error}")
        rows.append([program.name, *[min(samples[p.name], default=None) for p in (NUMBRA, NUMBA)]])
    both = [(a, b) for _, a, b in rows if a and b]
    lines = [[name, *[number(v and v * 1e3) for v in (a, b)], number(b / a if a and b else None)] for name, a, b in rows]
    lines.append(["**geometric mean**", *[f"**{number(geomean([v[k] for v in both]) and geomean([v[k] for v in both]) * 1e3)}**" for k in (0, 1)], f"**{number(geomean([b / a for a, b in both]))}**"])
    return table(["program", "numbra, ms", "numba, ms", "numba /"], lines), notes


def run(rounds, progress, names=(), quick=False):
    programs = [PROGRAMS[name] for name in names or PROGRAMS]
    sizes = {"1e5": SIZES["1e5"]} if quick else SIZES
    rounds = min(rounds, 3) if quick else rounds
    workers = {p.name: WorkerProcess(p, "array_worker") for p in ALL}
    notes, parts = {}, []
    threads = len(os.sched_getaffinity(0))
    for label, n in sizes.items():
        rows = []
        for program in programs:
            progress(f"arrays {label} {program.name}")
            rows.append(measure(program, n, workers, rounds, notes, 0.02 if n < LARGE else 0.1))
        copies = None
        if n >= LARGE:
            copies = [workers[C.name].ask(do="copy", n=n, threads=k, seconds=1.0) for k in (1, threads)]
        speed = f"A copy of {n * 8 / 1e6:.0f} MB: {copies[0] / 1e9:.1f} GB/s on one thread, {copies[1] / 1e9:.1f} GB/s on {threads} (read and written).\n\n" if copies else ""
        parts.append(f"### {label} elements\n\n{speed}{summary(rows, copies)}")
    for worker in workers.values():
        worker.close()
    firsts, more = first_calls(programs, 1 if quick else min(rounds, 3), progress)
    parts.append(f"### First call\n\nIn a fresh process, decorator and compiling included, import not; arrays of 1000 elements.\n\n{firsts}")
    parts.append(f"""Columns that end in `/` are the peer's time over numbra's: over 1 means that numbra is faster. Peers that use one thread are compared with numbra on one thread, those that use all
{threads} with numbra's `parallel=True`; `best peer /` is the fastest of all against the better of numbra's two. Every result was compared with NumPy's first. `MB`: arguments and result, each
once. `copy`: that, over the time, as a part of what a copy of large arrays reaches in the same run; only for programs that wait for memory. C is one loop in one thread (`clang-22 -O3
-march=native -ffp-contract=off`). JAX has its arguments on its device already. Least wall time of {rounds} rounds, the packages in turn; a call makes its result and gives it back.""")
    notes.update(more)
    return "\n\n".join(parts) + ("\n\nNot measured:\n" + "\n".join(f"- {n}" for n in notes) if notes else "")
