"""Suites of the Python side: pytest in .venv, a smoke test on every other Python found, and the wheel."""
import glob
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from xml.etree import ElementTree

from .result import LOGS, ROOT, TARGET, Result, command, counted

VERSIONS = ["3.10", "3.11", "3.12", "3.13"]
SMOKE = ROOT / "tools" / "testing" / "smoke.py"
WHEEL_LIMIT = 40 * 1000 * 1000
# Test processes; more only take memory, as some files of tests take a quarter of the time.
WORKERS = min(len(os.sched_getaffinity(0)), 4)
HERE = f"{sys.version_info.major}.{sys.version_info.minor}"


def pytest(arguments=()):
    """frontend-py/tests, with the Python of .venv, a process for each processor. Counted from the report file, which no option of verbosity changes."""
    report = LOGS / "pytest.xml"
    report.unlink(missing_ok=True)
    # The tests of a file share what they compile, so they stay together as long as no process is idle.
    spread = ["-n", str(WORKERS), "--dist", "worksteal"]
    status, _ = command("pytest", [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *spread, f"--junitxml={report}", *arguments, ROOT / "frontend-py" / "tests"])
    if not report.exists():
        return Result(0, 1, 0, f"pytest ended with status {status} before its report")
    suite = next(ElementTree.parse(report).iter("testsuite"))
    tests, failures, errors, skipped = (int(suite.get(key, 0)) for key in ("tests", "failures", "errors", "skipped"))
    if not tests:
        return Result(0, 1, 0, "no test ran")
    return counted(status, tests - failures - errors - skipped, failures + errors, skipped)


def build_wheel():
    """The release wheel, or None. Cargo and maturin do nothing again when nothing changed."""
    folder = TARGET / "wheels"
    shutil.rmtree(folder, ignore_errors=True)
    status, _ = command("wheel-build", ["maturin", "build", "--release", "--locked", "--out", folder, "--interpreter", sys.executable], show=False)
    if status:    # what is there may be half a file
        shutil.rmtree(folder, ignore_errors=True)
    return next(folder.glob("*.whl"), None)


def fresh_venv(python, folder, wheel, name):
    """A new venv with the wheel and what it requires; None when that fails."""
    status, _ = command(f"{name}-venv", [python, "-m", "venv", "--clear", folder], show=False)
    own = pathlib.Path(folder) / "bin" / "python"
    if not status:
        status, _ = command(f"{name}-pip", [own, "-m", "pip", "install", "--disable-pip-version-check", "--prefer-binary", wheel], show=False)
    return None if status else own


def kept_venv(python, folder, wheel, name):
    """A venv that is kept between runs, so that only the wheel is installed anew."""
    own = folder / "bin" / "python"
    known = own.exists() and not command(f"{name}-venv", [own, "-c", "import numpy"], show=False)[0]
    if not known:
        return fresh_venv(python, folder, wheel, name)
    status, _ = command(f"{name}-pip", [own, "-m", "pip", "install", "--disable-pip-version-check", "--no-deps", "--force-reinstall", wheel], show=False)
    return None if status else own


def bare_environment():
    """No trace of LLVM, cargo or the checkout, as on a user's machine."""
    return {"PATH": "/usr/bin:/bin", "PYTHONPATH": "", "VIRTUAL_ENV": "", "LD_LIBRARY_PATH": "", "MLIR_SYS_220_PREFIX": "", "TABLEGEN_220_PREFIX": ""}


def libraries(shared_object):
    """Names of the shared libraries that it needs."""
    text = subprocess.run(["readelf", "-d", shared_object], capture_output=True, text=True, check=True).stdout
    return re.findall(r"\(NEEDED\).*\[(.*)\]", text)


def wheel():
    """Builds the wheel; checks size, tag and needed libraries; installs it in a fresh venv and runs a script there."""
    built = build_wheel()
    if built is None:
        return Result(0, 1, 0, "the wheel does not build")
    checks = []
    size = built.stat().st_size
    checks.append((f"{built.name} has {size / 1e6:.1f} MB, under {WHEEL_LIMIT / 1e6:.0f}", size < WHEEL_LIMIT))
    checks.append(("one binary for all Pythons (abi3)", "-cp310-abi3-" in built.name))
    with tempfile.TemporaryDirectory() as scratch:
        with zipfile.ZipFile(built) as archive:
            inside = [n for n in archive.namelist() if "/_core" in n and n.endswith(".so")]
            archive.extractall(scratch, inside)
            checks.append(("stubs and py.typed are in it", {"numbra/py.typed"} <= set(archive.namelist())))
        needed = [lib for name in inside for lib in libraries(os.path.join(scratch, name))]
        foreign = [lib for lib in needed if re.search("LLVM|MLIR|clang|sleef", lib)]
        checks.append((f"needs no LLVM: {' '.join(needed)}", bool(inside) and not foreign))
        python = fresh_venv(sys.executable, os.path.join(scratch, "venv"), built, "wheel")
        checks.append(("installs in a fresh venv", python is not None))
        if python:
            status, _ = command("wheel-smoke", [python, SMOKE], cwd=scratch, env=bare_environment())
            checks.append(("runs a script there", status == 0))
    for text, holds in checks:
        print(f"  {'ok  ' if holds else 'FAIL'} {text}")
    return Result(sum(holds for _, holds in checks), sum(not holds for _, holds in checks))


def other_pythons():
    """Interpreters of the supported versions other than the one that runs this, by version."""
    found = {}
    for version in VERSIONS:
        if version == HERE:
            continue
        for candidate in [*sorted(glob.glob(os.path.expanduser(f"~/.pyenv/versions/{version}.*/bin/python3"))), f"/usr/bin/python{version}", f"/usr/local/bin/python{version}"]:
            if os.access(candidate, os.X_OK) and subprocess.run([candidate, "-c", "import venv, ensurepip"], capture_output=True).returncode == 0:
                found[version] = candidate
    return found


def smoke():
    """The same wheel on every other Python from 3.10 to 3.13 that is on this machine."""
    built = next(iter((TARGET / "wheels").glob("*.whl")), None) or build_wheel()
    if built is None:
        return Result(0, 1, 0, "the wheel does not build")
    pythons = other_pythons()
    result = Result(skipped=len(VERSIONS) - 1 - len(pythons))
    for version, python in pythons.items():
        own = kept_venv(python, TARGET / "smoke" / version, built, f"smoke-{version}")
        status = 1 if own is None else command(f"smoke-{version}", [own, SMOKE], cwd=own.parent, env=bare_environment())[0]
        result += counted(status, 0 if status else 1, 1 if status else 0)
    result.note = "Python " + ", ".join([*pythons] or ["none other found"])
    return result
