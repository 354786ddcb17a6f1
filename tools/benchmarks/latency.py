"""`tools/bench latency`: import and first calls, each sample in a fresh process, the packages in turn."""
from . import process
from .packages import NUMBA, NUMBRA
from .report import number, spread, table

ROWS = [
    ("import", "import, beyond NumPy", 20),
    ("first", "first call in a process: `a + b`", 15),
    ("loop", "first call of a scalar loop, process warm", 15),
    ("second", "a second small function, process warm", 5),
]
TITLE = "Latency"


def run(rounds, progress):
    samples = {p.name: [] for p in (NUMBRA, NUMBA)}
    for package in (NUMBRA, NUMBA):
        process.probe(package)    # files into the page cache
    for index in range(rounds):
        for package in (NUMBRA, NUMBA):
            progress(f"latency {index + 1}/{rounds} {package.name}")
            samples[package.name].append(process.probe(package))
    rows = []
    for key, label, target in ROWS:
        ours, theirs = ([1e3 * s[key] for s in samples[p.name]] for p in (NUMBRA, NUMBA))
        rows.append([label, number(min(ours)), number(min(theirs)), number(min(theirs) / min(ours), 1), f"under {target}", spread(ours), spread(theirs)])
    head = ["what", "numbra, ms", "numba, ms", "numba / numbra", "aim, ms", "spread numbra", "spread numba"]
    return table(head, rows) + f"\n\nLeast of {rounds} processes each, the packages in turn. Spread: how far the middle sample lies above the least. A first call includes the decorator, compiling and running."
