"""`tools/bench dispatch`: what a call from Python costs, warm, in ns; the packages in turn."""
from .dispatch_cases import CASES
from .packages import NUMBA, NUMBRA, PYTHON
from .process import WorkerProcess
from .report import number, spread, table

AIMS = {"ints": 50, "arrays": 60, "keywords": 80, "tuple": 80}
TITLE = "Call overhead"


def run(rounds, progress):
    packages = (NUMBRA, NUMBA, PYTHON)
    workers = {p.name: WorkerProcess(p) for p in packages}
    rows = []
    for case, (label, *_) in CASES.items():
        samples = {p.name: [] for p in packages}
        for index in range(3 * rounds):
            progress(f"dispatch {case} {index + 1}/{3 * rounds}")
            for package in packages:
                samples[package.name].append(workers[package.name].ask(do="call", case=case, number=100_000))
        ours, theirs, plain = (samples[p.name] for p in packages)
        rows.append([label, number(min(ours)), number(min(theirs)), number(min(theirs) / min(ours)), f"under {AIMS[case]}", number(min(plain)), spread(ours), spread(theirs)])
    for worker in workers.values():
        worker.close()
    head = ["call", "numbra, ns", "numba, ns", "numba / numbra", "aim, ns", "plain Python, ns", "spread numbra", "spread numba"]
    return table(head, rows) + f"\n\nLeast of {3 * rounds} rounds of 100,000 calls by `timeit`, whose own loop (some ns a call) is included; the packages in turn."
