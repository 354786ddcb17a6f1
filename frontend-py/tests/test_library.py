"""The library in Python: its archive, and what happens where there is none or where it is broken."""
import pathlib
import shutil
import subprocess
import sys

import pytest

import numbra

FOLDER = pathlib.Path(numbra.__file__).parent / "lib"
PROGRAM = """
import numpy as np
from numbra import njit

@njit
def f(a):
    return a + 1

print(f(np.arange(3)))
"""


def run(tmp_path, **environment):
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    import os

    return subprocess.run([sys.executable, program], env={**os.environ, **environment}, capture_output=True, text=True)


@pytest.fixture
def copy(tmp_path):
    return pathlib.Path(shutil.copytree(FOLDER, tmp_path / "lib", ignore=shutil.ignore_patterns("*.bin", "__pycache__")))


def test_all_files_compile_to_an_archive(copy, tmp_path):
    numbra._core.write_library(str(copy))
    archive = copy / "library.bin"
    assert archive.stat().st_size > 10_000
    result = run(tmp_path, NUMBRA_LIBRARY=str(archive))
    assert result.stdout == "[1 2 3]\n", result.stderr


def test_a_folder_may_be_used_as_it_is(copy, tmp_path):
    assert run(tmp_path, NUMBRA_LIBRARY=str(copy)).stdout == "[1 2 3]\n"


def test_errors_of_the_library_are_told(copy, tmp_path):
    (copy / "broken.py").write_text("def f(x):\n    return undefined_name\n")
    with pytest.raises(RuntimeError, match=r"numbra/lib/broken.py:2: name `undefined_name` is not defined"):
        numbra._core.write_library(str(copy))
    result = run(tmp_path, NUMBRA_LIBRARY=str(copy))
    assert result.returncode == 1 and "the library does not compile" in result.stderr and "undefined_name" in result.stderr


def test_one_thing_has_one_implementation(copy):
    text = "import numpy as np\nfrom numbra.lib import implements\n\n@implements(np.broadcast_to)\ndef mine(a, shape):\n    return a\n"
    (copy / "second.py").write_text(text)
    with pytest.raises(RuntimeError, match="numpy.broadcast_to is implemented by"):
        numbra._core.write_library(str(copy))
