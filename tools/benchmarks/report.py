"""Markdown tables, and the files in docs/benchmarks."""
import math

from .packages import ROOT

FOLDER = ROOT / "docs" / "benchmarks"


def geomean(values):
    values = [v for v in values if v is not None]
    return math.exp(sum(map(math.log, values)) / len(values)) if values else None


def number(value, digits=2):
    """Short and right-aligned by the reader's eye: three significant figures or so."""
    if value is None:
        return "-"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.{digits}f}"


def spread(values):
    """How far the rounds' minima lie above the least one, in per cent: the middle one."""
    ordered = sorted(values)
    return f"{(ordered[len(ordered) // 2] / ordered[0] - 1) * 100:.0f} %"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "|".join([" --- "] + [" ---: "] * (len(head) - 1)) + "|"]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows])


def write(name, title, text, machine):
    """docs/benchmarks/NAME.md. Messages of peers name files by where they are in the repository."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    text = text.replace(f"{ROOT}/", "")
    (FOLDER / f"{name}.md").write_text(f"# {title}\n\nWritten by `./tools/bench {name}`. Machine: {machine}\n\n{text}\n")
