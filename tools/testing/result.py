"""What a suite reports, and how commands are run for it."""
import dataclasses
import os
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
LOGS = ROOT / "target" / "logs"


@dataclasses.dataclass
class Result:
    """Counts of one suite. A command that failed without a failing test counts as one failure."""
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    note: str = ""

    def __add__(self, other):
        return Result(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)


def command(name, arguments, *, cwd=ROOT, env=None, show=True, timeout=1500):
    """Runs a command; its output goes to target/logs/test-NAME.log and, with `show`, to the terminal. Returns (status, output)."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"test-{name}.log"
    lines = []
    began = time.monotonic()
    with log.open("w") as file:
        process = subprocess.Popen([str(a) for a in arguments], cwd=cwd, env={**os.environ, **(env or {})}, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        for line in process.stdout:
            lines.append(line)
            file.write(line)
            if show:
                sys.stdout.write(line)
                sys.stdout.flush()
            if time.monotonic() - began > timeout:
                process.kill()
                lines.append(f"stopped after {timeout} s\n")
    status = process.wait()
    output = "".join(lines)
    if status and not show:
        print("".join(lines[-60:]), end="", flush=True)
    return status, output


def count(pattern, text):
    """Sum of the first group over all matches."""
    return sum(int(n) for n in re.findall(pattern, text))


def counted(status, passed, failed, skipped=0):
    """A result in which a failing exit status is never lost."""
    return Result(passed, max(failed, 1 if status else 0), skipped, "" if not status or failed else f"exit status {status}")
