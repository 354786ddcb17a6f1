"""The machine in words: what a reader needs to judge a figure, and nothing that names the machine."""
import os
import pathlib
import platform
import re
import subprocess

from . import packages


def cpu():
    text = pathlib.Path("/proc/cpuinfo").read_text() if os.path.exists("/proc/cpuinfo") else ""
    model = re.search(r"model name\s*:\s*(.*)", text)
    flags = set(re.search(r"flags\s*:\s*(.*)", text).group(1).split()) if "flags" in text else set()
    vectors = "AVX-512" if "avx512f" in flags else "AVX2" if "avx2" in flags else platform.machine()
    return f"{model.group(1).strip() if model else platform.processor() or platform.machine()}, {os.cpu_count()} cores, {vectors}{', a virtual machine' if 'hypervisor' in flags else ''}"


def version_of(package, expression):
    run = subprocess.run([package.python, "-c", expression], capture_output=True, text=True, env=packages.environment())
    return run.stdout.strip() or "?"


def describe(peers_too=False):
    """A sentence with the processor and all versions."""
    system = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system()) if hasattr(platform, "freedesktop_os_release") else platform.system()
    python = version_of(packages.NUMBRA, "import sys, numpy; print(f'Python {sys.version.split()[0]} with NumPy {numpy.__version__}')")
    ours = version_of(packages.NUMBRA, "from importlib.metadata import version; print('numbra', version('numbra'))")
    theirs = version_of(packages.NUMBA, "import llvmlite, numba, numpy; print(f'numba {numba.__version__} with llvmlite {llvmlite.__version__} and NumPy {numpy.__version__}')")
    peers = " " + ", ".join(f"{name} {version}" for name, version in packages.PEER_VERSIONS.items()) + "." if peers_too else ""
    return f"{cpu()}; {system}; {python}, {ours}; {theirs}.{peers}"
