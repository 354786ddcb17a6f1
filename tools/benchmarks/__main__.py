"""`tools/bench`: command line. Prints the tables and writes docs/benchmarks."""
import argparse
import sys

from . import compile_time, dispatch, kernels, kernels_table, latency, library, machine, report

TABLES = {"latency": latency, "dispatch": dispatch, "kernels": kernels_table, "compile": compile_time, "library": library}


def progress(text):
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def main():
    parser = argparse.ArgumentParser(prog="tools/bench", description="Measures numbra against numba in one run.")
    parser.add_argument("what", choices=[*TABLES, "all"])
    parser.add_argument("kernel", nargs="*", help="only these kernels; then nothing is written to docs")
    parser.add_argument("--rounds", type=int, default=7, help="how often each package is measured (default 7)")
    parser.add_argument("--no-write", action="store_true", help="leave docs/benchmarks alone")
    options = parser.parse_args()
    if unknown := [k for k in options.kernel if k not in kernels.NAMES]:
        parser.error(f"no kernel is named {unknown[0]}; there are: {', '.join(kernels.NAMES)}")
    words = machine.describe()
    print(f"Machine: {words}\n", flush=True)
    for name in TABLES if options.what == "all" else [options.what]:
        table = TABLES[name]
        text = table.run(options.rounds, progress, options.kernel) if name == "kernels" else table.run(options.rounds, progress)
        progress("")
        print(f"## {table.TITLE}\n\n{text}\n", flush=True)
        if not options.no_write and not options.kernel:
            report.write(name, table.TITLE, text, words)


if __name__ == "__main__":
    main()
