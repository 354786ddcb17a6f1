"""Runs worker processes until each module is through: a process that ended early is followed by one that goes on after the case at fault."""
import concurrent.futures
import os
import pathlib
import subprocess
import threading

from .journal import Read

ROOT = pathlib.Path(__file__).resolve().parents[2]
JOURNALS = ROOT / "target" / "compat"
RESTARTS = 60
TIMED_OUT = 75    # see worker.py, which needs numba and is not imported here


def environment():
    """Both packages importable: numbra from the checkout, numba and NumPy from their own environment."""
    paths = [ROOT / "tools", ROOT / "frontend-py" / "python"]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths)), "PYTHONHASHSEED": "0", "NUMBA_CAPTURED_ERRORS": "new_style"}


def finished(path):
    return path.exists() and '{"finished": true}' in path.read_text(encoding="utf-8")[-40:]


def run_module(python, module, seconds, fresh):
    """Runs one module to its end; its journal. A journal that is complete is taken as it is unless `fresh`."""
    path = JOURNALS / f"{module}.jsonl"
    if fresh:
        path.unlink(missing_ok=True)
    for _ in range(RESTARTS):
        if finished(path):
            break
        before = Read(path)
        ran = subprocess.run([python, "-m", "compatibility.worker", module, str(path), str(seconds)], env=environment(), cwd=JOURNALS, capture_output=True, text=True)
        after = Read(path)
        if ran.returncode and len(after.tests) == len(before.tests) and len(after.begun) == len(before.begun) and len(after.cases) == len(before.cases):
            (JOURNALS / f"{module}.error").write_text(ran.stderr)
            # No progress: the test that it was in ends it without numbra's doing. Note it and go on.
            if not skip_test(path, after):
                break
    return Read(path)


def skip_test(path, read):
    """Marks the test in which the process ended as over; False when there is none to name."""
    started = [line for line in path.read_text(encoding="utf-8").splitlines() if '"started"' in line] if path.exists() else []
    import json

    if not started or json.loads(started[-1])["started"] in read.tests:
        return False
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"test": json.loads(started[-1])["started"], "ended": "process ended"}) + "\n")
    return True


def run_all(python, modules, seconds, jobs, fresh, progress):
    """Runs modules side by side; journals by module."""
    JOURNALS.mkdir(parents=True, exist_ok=True)
    lock, left = threading.Lock(), len(modules)

    def one(module):
        nonlocal left
        read = run_module(python, module, seconds, fresh)
        with lock:
            left -= 1
            progress(module, read, left)
        return read

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        return dict(zip(modules, pool.map(one, modules)))
