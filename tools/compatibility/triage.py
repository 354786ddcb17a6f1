"""What to do next: failures and crashes with what is needed to repeat them, and the reasons of refusals by frequency."""
import re
from collections import Counter, defaultdict

from . import modules
from .journal import CRASHED, FAILED, UNSUPPORTED

# The program's own names, places in tuples and dtypes say little about what is missing.
PLAIN = [
    (re.compile(r"^argument `[^`]*` of `[^`]*` is "), "an argument is "),
    (re.compile(r"(a tuple whose element \d+ is )+"), ""),
    (re.compile(r"(argument|variable|name|parameter|function|of) `[^`]*`"), r"\1 `...`"),
    (re.compile(r"^`[A-Za-z_]\w*` (has a type|is not defined|takes)"), r"`...` \1"),
    (re.compile(r"\b(u?int\d+|float\d+|complex\d+|bool)\b"), "T"),
    (re.compile(r"\b\dd, [CFA]\b"), "nd"),
    (re.compile(r"of the class \w+"), "of a class"),
    (re.compile(r"\((T(, )?)+\)"), "(T...)"),
]
LIBRARY_NAME = re.compile(r"`((?:[A-Za-z_]\w*\.)*)([A-Za-z_]\w*)` is not supported")


def normal(message):
    """A message without the program's own names, and the library function that it names, if any."""
    named = LIBRARY_NAME.search(message)
    if named:
        return LIBRARY_NAME.sub(r"`\1*` is not supported", message), named[2]
    for pattern, plain in PLAIN:
        message = pattern.sub(plain, message)
    return message, None


def place(module, record):
    return f"test_{module}: {record['test'].partition('.')[2]} -> {record['function']} ({record['file']}:{record['line']}) ({record['types'][:200]})"


def section(title, records):
    lines = [f"## {title}: {len(records)}", ""]
    for module, record in records:
        lines.append(f"- {place(module, record)}")
        lines.append(f"  - arguments: {'; '.join(record.get('arguments', []))}" + (f"; signatures {record['signatures']}" if "signatures" in record else ""))
        if record.get("reason"):
            lines.append(f"  - {record['reason']}")
        if record.get("expected"):
            lines.append(f"  - numbra: {record['got']}; {record['expected']}")
    return "\n".join(lines) + "\n"


def reasons_of(records):
    """Lines of the refusals, most frequent reason first."""
    found, names = defaultdict(list), defaultdict(Counter)
    for module, record in records:
        message, name = normal(record["reason"])
        reason = f"{record.get('got', '')} {message}"
        found[reason].append((module, record))
        if name:
            names[reason][name] += 1
    lines = []
    for reason, cases in sorted(found.items(), key=lambda item: -len(item[1])):
        lines.append(f"- {len(cases)} x {reason}")
        if names[reason]:
            lines.append("  - " + ", ".join(f"{name} {count}" for name, count in names[reason].most_common()))
        distinct = list({record["file"] + str(record["line"]): (module, record) for module, record in cases}.values())
        lines += [f"  - {place(module, record)}" for module, record in distinct[:2]]
    return lines


def text(reads):
    """The report over journals by module."""
    bad, core, further = {CRASHED: [], FAILED: []}, [], []
    for module, read in reads.items():
        for record in read.cases.values():
            if record["status"] == UNSUPPORTED:
                (core if modules.family_of(module) in modules.CORE else further).append((module, record))
            elif record["status"] in bad:
                bad[record["status"]].append((module, record))
        bad[CRASHED] += [(module, {**record, "reason": "the process ended"}) for record in read.open_cases().values()]
    parts = [section("Crashed", bad[CRASHED]), section("Failed", bad[FAILED])]
    for title, records in (("core modules", core), ("further modules", further)):
        parts += [f"## Unsupported in {title}: {len(records)}, by reason", "", *reasons_of(records), ""]
    return "\n".join(parts)
