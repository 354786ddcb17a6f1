"""Counts and the page docs/compatibility.md."""
from collections import Counter

from . import modules
from .journal import CRASHED, FAILED, INCOMPARABLE, PASSED, UNSUPPORTED

COLUMNS = (PASSED, FAILED, CRASHED, UNSUPPORTED, INCOMPARABLE)

INTRODUCTION = """# Compatibility with numba

Written by `./tools/compat`, which runs the test modules that numba {numba} ships, lets plain Python and numbra run each function that
they compile and call from Python, and compares values, types, exceptions, effects on arguments and output; where the two differ, numba decides
what counts. A case is one function with one combination of argument types.

- **passed**: numbra did what Python or numba did, in all calls of the case.
- **failed**: another value, exception, effect or output.
- **crashed**: the process ended, hung, or the compiler reported an internal error.
- **unsupported**: numbra refused to compile the function.
- **incomparable**: numba refuses the function, too, or it cannot be compared: results differ from run to run, or the case uses numba's
  internals, typed containers or object mode. Not part of the percentage.

Tests of `vectorize`, `cfunc`, object mode and numba's own compiler objects do not reach the comparison and are not counted.
"""


def counts(read):
    """How many cases of a journal have each status; open cases crashed."""
    found = Counter(record["status"] for record in read.cases.values())
    found[CRASHED] += len(read.open_cases())
    return found


def share(found):
    """Percentage of the comparable cases that pass."""
    comparable = sum(found.values()) - found[INCOMPARABLE]
    return f"{found[PASSED] / comparable * 100:.0f} %" if comparable else "-"


def row(name, found):
    return [name, *(found[column] for column in COLUMNS), share(found)]


def rows(reads):
    """Rows of the table: modules below their families, then the sum of the core."""
    lines, core, everything = [], Counter(), Counter()
    for family, (is_core, names) in modules.FAMILIES.items():
        present = [(name, counts(reads[name])) for name in names.split() if name in reads]
        if not present:
            continue
        total = sum((found for _, found in present), Counter())
        lines.append(row(f"**{family}**", total))
        lines += [row(f"test_{name}", found) for name, found in present]
        core += total if is_core else Counter()
        everything += total
    return lines + [row("**core of the language**", core), row("**all**", everything)]


def markdown(lines):
    head = ["module", *COLUMNS, "passed of the comparable"]
    text = ["| " + " | ".join(head) + " |", "|" + "|".join([" --- "] + [" ---: "] * (len(head) - 1)) + "|"]
    return "\n".join(text + ["| " + " | ".join(map(str, line)) + " |" for line in lines])


def page(reads, numba):
    """The whole page."""
    further = ", ".join(family for family in modules.FAMILIES if family not in modules.CORE)
    return f"{INTRODUCTION.format(numba=numba)}\nThe families {further} are further work and not part of the core.\n\n{markdown(rows(reads))}\n"
