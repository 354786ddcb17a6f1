"""Suites of the Rust side: unit tests, tidy, lints, and the lit tests of the compiler's stages."""
import os
import shutil

from .result import ROOT, TARGET, Result, command, count, counted

# The extension module takes Python's symbols from the interpreter that loads it, so it has no test binary of its own.
WORKSPACE = ["--workspace", "--exclude", "numbra-pyext", "--release", "--locked"]


def rust():
    """Unit and integration tests of all crates, by cargo-nextest where it is installed."""
    if shutil.which("cargo-nextest"):
        status, output = command("rust", ["cargo", "nextest", "run", *WORKSPACE, "--lib", "--bins", "--tests", "--no-fail-fast", "--no-tests", "pass", "--status-level", "fail", "--hide-progress-bar"])
        return counted(status, count(r"tests? run: (\d+) passed", output), count(r"tests? run:.*?(\d+) failed", output), count(r"tests? run:.*?(\d+) skipped", output))
    status, output = command("rust", ["cargo", "test", *WORKSPACE, "--lib", "--bins", "--tests", "--no-fail-fast", "--quiet"])
    return counted(status, count(r"test result:.*? (\d+) passed", output), count(r"test result:.*?(\d+) failed", output), count(r"test result:.*?(\d+) ignored", output))


def tidy():
    """The rules of the tree, by `cargo xtask tidy`."""
    status, output = command("tidy", ["cargo", "xtask", "tidy"])
    return counted(status, count(r"tidy: (\d+) checks? hold", output), count(r"checks? hold, (\d+) problems?", output))


def clippy():
    """Lints, with warnings as errors."""
    status, _ = command("clippy", ["cargo", "clippy", "--workspace", "--release", "--locked", "--quiet", "--", "-D", "warnings"])
    return counted(status, 0 if status else 1, 1 if status else 0)


def lit():
    """lit-tests/: ops, passes and stages, through numba-opt and FileCheck."""
    if not any((ROOT / "lit-tests").rglob("lit.cfg.py")):
        return Result(note="lit-tests/ has no lit.cfg.py")
    status, output = command("numba-opt", ["cargo", "build", "--release", "--locked", "-p", "numbra-opt", "--bins", "--examples"], show=False)
    if status:
        return Result(0, 1, 0, "numba-opt does not build")
    prefix = os.environ.get("NUMBRA_LLVM_PREFIX", "/usr/lib/llvm-22")
    env = {"NUMBRA_OPT": str(TARGET / "release" / "numba-opt"), "NUMBRA_LLVM_PREFIX": prefix}
    status, output = command("lit", ["lit", "-s", "-v", "--no-progress-bar", ROOT / "lit-tests"], env=env)

    def total(*names):
        return sum(count(rf"(?m)^\s*{name}\s*:\s*(\d+)", output) for name in names)

    return counted(status, total("Passed", "Expectedly Failed"), total("Failed", "Unresolved", "Timed Out", "Unexpectedly Passed"), total("Unsupported", "Skipped", "Excluded"))
