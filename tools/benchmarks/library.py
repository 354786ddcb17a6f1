"""`tools/bench library`: functions of the library on a million elements against NumPy's; results are compared before anything is timed."""
import json
import subprocess

from .packages import NUMBRA, environment
from .report import geomean, number, table

TITLE = "Run time of library functions"


def run(rounds, progress):
    process = subprocess.Popen([NUMBRA.python, "-m", "benchmarks.library_probe", str(rounds)], env=environment(), stdout=subprocess.PIPE, text=True)
    rows, ratios, notes = [], [], []
    for line in process.stdout:
        answer = json.loads(line)
        progress(f"library {answer['name']}")
        name = f"`{answer['name']}`"
        if "error" in answer:
            notes.append(f"- {name}: {answer['error']}")
            continue
        ratios.append(answer["numpy"] / answer["numbra"])
        rows.append([name, number(answer["numbra"] * 1e3, 3), number(answer["numpy"] * 1e3, 3), f"**{number(ratios[-1])}**", number(answer["first"] * 1e3)])
    if process.wait():
        notes.append(f"- the process ended with status {process.returncode}")
    rows.append([f"geometric mean of {len(ratios)}", "", "", f"**{number(geomean(ratios))}**", ""])
    rows.append(["least", "", "", f"**{number(min(ratios))}**" if ratios else "-", ""])
    text = table(["function", "numbra, ms", "NumPy, ms", "NumPy / numbra", "first call, ms"], rows) + f"""

Arrays have 1,000,000 elements of float64 unless the name says otherwise; matrices have 1000 rows and columns. A ratio over 1 means that numbra is faster. The
call from Python is part of each time, compilation is not: it is in the first call's. Least processor time
of {rounds} rounds, in which the two take turns; one thread each."""
    return text + ("\n\nNot measured:\n" + "\n".join(notes) if notes else "")
