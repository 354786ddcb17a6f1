"""`tools/compat --packages`: functions of packages that depend on numba, unchanged under `python -m numbra`, against their results with numba."""
import pathlib
import pickle
import subprocess
import tempfile

from .compare import same, shown
from .package_probe import FUNCTIONS
from .runner import environment

REQUIRED = ["pymatting==1.1.16", "tslearn==0.10.0", "antropy==0.2.3", "quantecon==0.11.4", "resampy==0.4.3", "librosa==0.11.0", "pyts==0.14.1"]
PROBE = pathlib.Path(__file__).with_name("package_probe.py")
SECONDS = 600


def install(python, numba):
    """Installs the packages; numba and NumPy stay as they are."""
    versions = subprocess.run([python, "-c", "import numpy; print(numpy.__version__)"], capture_output=True, text=True, check=True).stdout.strip()
    ran = subprocess.run([python, "-m", "pip", "install", "--disable-pip-version-check", "--quiet", f"numpy=={versions}", f"numba=={numba}", *REQUIRED])
    return ran.returncode == 0


def run(python, runner, name, folder):
    """(module that served numba, result), or the last lines of the error."""
    file = pathlib.Path(folder) / ("numbra" if runner else "numba")
    file.unlink(missing_ok=True)
    try:
        ran = subprocess.run([python, *runner, PROBE, name, file], env=environment(), cwd=folder, capture_output=True, text=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return f"took longer than {SECONDS} s"
    if ran.returncode or not file.exists():
        lines = [line for line in ran.stderr.splitlines() if line.strip()]
        return next((line for line in lines if line.startswith("error[")), lines[-1] if lines else f"ended with status {ran.returncode}")
    return pickle.loads(file.read_bytes())


def verdict(python, name):
    """What became of one function, in words that begin with "same" where it works."""
    with tempfile.TemporaryDirectory() as folder:
        numba = run(python, [], name, folder)
        if isinstance(numba, str):
            return f"numba: {numba}"
        numbra = run(python, ["-m", "numbra"], name, folder)
    if isinstance(numbra, str):
        return numbra
    if numbra[0] != "numbra" or numba[0] != "numba":
        return f"served by {numbra[0]} and {numba[0]}"
    return "same result" if same(numbra[1], numba[1]) else f"another result: {shown(numbra[1])}, not {shown(numba[1])}"


def rows(python, progress):
    """Function and verdict, one by one."""
    found = []
    for name in FUNCTIONS:
        found.append((name, verdict(python, name)))
        progress(*found[-1])
    return found


def section(found):
    """For the page."""
    lines = [f"| `{name}` | {words} |" for name, words in found]
    head = f"## Functions of packages\n\nWritten by `./tools/compat --packages`: unchanged functions of {', '.join(REQUIRED)}, run by `python -m numbra` on real data.\n"
    return "\n".join([head, "| function | against numba |", "| --- | --- |", *lines, ""])
