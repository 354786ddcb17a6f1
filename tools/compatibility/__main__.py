"""`tools/compat`: command line."""
import argparse
import json
import os
import sys

from . import modules, packages, runner, table, triage
from .journal import Read

PACKAGES = runner.JOURNALS / "packages.json"
PAGE = runner.ROOT / "docs" / "compatibility.md"


def write_page(numba):
    """docs/compatibility.md, from the last runs over the modules and the packages."""
    reads = {name: Read(path) for name in modules.all_modules() if (path := runner.JOURNALS / f"{name}.jsonl").exists()}
    text = table.page(reads, numba)
    PAGE.write_text(text + ("\n" + packages.section(json.loads(PACKAGES.read_text())) if PACKAGES.exists() else ""))


def run_modules(options):
    """Runs test modules and prints their table."""
    names = [name.removeprefix("test_") for name in options.module] or modules.all_modules()

    def progress(module, read, left):
        found = table.counts(read)
        print(f"{module}: " + ", ".join(f"{found[column]} {column}" for column in table.COLUMNS) + f"; {table.share(found)}; {left} modules to go", flush=True)

    reads = runner.run_all(options.python, names, options.seconds, options.jobs, not options.resume, progress)
    print("\n" + table.markdown(table.rows(reads)))
    if options.triage:
        with open(options.triage, "w", encoding="utf-8") as file:
            file.write(triage.text(reads))


def run_packages(options):
    """Runs the functions of packages and prints what came of each."""
    if not packages.install(options.python, options.numba):
        sys.exit(f"the packages {', '.join(packages.REQUIRED)} could not be installed beside numba {options.numba}")
    runner.JOURNALS.mkdir(parents=True, exist_ok=True)
    found = packages.rows(options.python, lambda name, words: print(f"{name}: {words}", flush=True))
    PACKAGES.write_text(json.dumps(found))


def main():
    parser = argparse.ArgumentParser(prog="tools/compat", description="Runs what numba's tests compile under numbra, and compares.")
    parser.add_argument("module", nargs="*", help="modules of numba.tests, with or without test_; default: all of the table, written to docs/compatibility.md")
    parser.add_argument("--packages", action="store_true", help="run functions of packages that depend on numba instead")
    parser.add_argument("--python", required=True, help="interpreter that has numba")
    parser.add_argument("--numba", required=True, help="numba's version, for the page")
    parser.add_argument("--jobs", type=int, default=max(1, (os.cpu_count() or 2) // 2), help="processes side by side")
    parser.add_argument("--seconds", type=float, default=90, help="how long one test method may take")
    parser.add_argument("--resume", action="store_true", help="go on with an earlier run's journals in target/compat")
    parser.add_argument("--triage", metavar="FILE", help="write failures and reasons of refusals to this file")
    options = parser.parse_args()
    if unknown := [name for name in options.module if modules.family_of(name.removeprefix("test_")) is None]:
        parser.error(f"{unknown[0]} is not in tools/compatibility/modules.py; there are: {', '.join(modules.all_modules())}")
    (run_packages if options.packages else run_modules)(options)
    if not options.module:
        write_page(options.numba)


if __name__ == "__main__":
    main()
