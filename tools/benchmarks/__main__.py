"""`tools/bench`: command line. Prints the tables and writes docs/benchmarks."""
import argparse
import sys

from . import array_table, arrays, compile_time, dispatch, kernels, kernels_table, latency, library, machine, report

TABLES = {"latency": latency, "dispatch": dispatch, "kernels": kernels_table, "compile": compile_time, "library": library, "arrays": array_table}
# What of a table can be asked for by name.
PARTS = {"kernels": kernels.NAMES, "arrays": list(arrays.PROGRAMS)}


def progress(text):
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def main():
    parser = argparse.ArgumentParser(prog="tools/bench", description="Measures numbra against its peers in one run.")
    parser.add_argument("what", choices=[*TABLES, "all"])
    parser.add_argument("part", nargs="*", help="only these kernels or array programs; then nothing is written to docs")
    parser.add_argument("--rounds", type=int, default=7, help="how often each package is measured (default 7)")
    parser.add_argument("--quick", action="store_true", help="arrays: one size and few rounds; then nothing is written to docs")
    parser.add_argument("--no-write", action="store_true", help="leave docs/benchmarks alone")
    options = parser.parse_intermixed_args()
    parts = PARTS.get(options.what, [])
    if unknown := [k for k in options.part if k not in parts]:
        parser.error(f"{options.what} has no part {unknown[0]}" + (f"; there are: {', '.join(parts)}" if parts else ""))
    words = machine.describe(options.what in ("arrays", "all"))
    print(f"Machine: {words}\n", flush=True)
    for name in TABLES if options.what == "all" else [options.what]:
        table = TABLES[name]
        given = {"names": options.part} if name in PARTS else {}
        text = table.run(options.rounds, progress, **given, **({"quick": options.quick} if name == "arrays" else {}))
        progress("")
        print(f"## {table.TITLE}\n\n{text}\n", flush=True)
        if not options.no_write and not options.part and not options.quick:
            report.write(name, table.TITLE, text, words)


if __name__ == "__main__":
    main()
