"""`tools/test`: order of the suites, and the summary. The last line is the total in plain form."""
import argparse
import sys
import time

from . import python, rust
from .result import Result

# The cheap ones first; those that share build products stand together.
SUITES = {
    "tidy": rust.tidy,
    "rust": rust.rust,
    "lit": rust.lit,
    "pytest": python.pytest,
    "wheel": python.wheel,
    "smoke": python.smoke,
    "clippy": rust.clippy,
}
DEFAULT = [name for name in SUITES if name != "clippy"]


def main():
    parser = argparse.ArgumentParser(prog="tools/test", description="Runs numbra's tests.")
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=f"which to run, of: {', '.join(SUITES)}; default: all but clippy")
    parser.add_argument("-k", metavar="EXPRESSION", help="passed to pytest: run only matching tests")
    options = parser.parse_args()
    for name in options.suites:
        if name not in SUITES:
            parser.error(f"no suite is named {name}; there are: {', '.join(SUITES)}")
    total, lines = Result(), []
    for name in options.suites or DEFAULT:
        print(f"== {name}", flush=True)
        began = time.monotonic()
        result = SUITES[name](["-k", options.k]) if name == "pytest" and options.k else SUITES[name]()
        total += result
        note = f" ({result.note})" if result.note else ""
        lines.append(f"{name}: {result.passed} passed, {result.failed} failed, {result.skipped} skipped in {time.monotonic() - began:.0f} s{note}")
        print(lines[-1], flush=True)
    print("\n" + "\n".join(["== Summary", *lines]))
    print(f"{total.passed} passed, {total.failed} failed, {total.skipped} skipped")
    return 1 if total.failed or not total.passed else 0


if __name__ == "__main__":
    sys.exit(main())
