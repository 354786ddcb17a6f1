"""The page about extending the compiler is true: its programs run, and its tables name what there is."""
import pathlib
import re
import subprocess
import sys

import pytest

from numbra import types
from numbra.extending import _builder

PAGE = pathlib.Path(__file__).resolve().parents[3] / "docs" / "extending.md"


def page():
    if not PAGE.exists():
        pytest.skip("not in a checkout")
    return PAGE.read_text()


def run(path, *options):
    done = subprocess.run([sys.executable, *options, str(path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_programs(tmp_path):
    # One process: the program extends what everything else uses.
    program = "\n".join(re.findall(r"```python\n(.*?)```", page(), re.DOTALL))
    assert program.count("assert") >= 8
    file = tmp_path / "program.py"
    file.write_text(program)
    run(file)
    # The same as a program for numba.
    file.write_text(re.sub(r"from numbra\b", "from numba", program) + "\nimport numba.core.types\nfrom numba.core import errors\nfrom numba.core.extending import overload as same\nassert same is overload\n")
    run(file, "-m", "numbra")


def test_the_table_of_operations():
    rows = re.search(r"(?s)\| \| operations \|.*?\n\n", page()).group()
    named = set(re.findall(r"`(\w+)", rows)) - {"f"}
    builder = _builder.Builder("test")
    for name in named:
        assert getattr(builder, name), name
    recorded = {n for n in _builder.OPERATIONS if not n.startswith(("icmp_", "fcmp_"))}
    assert {n.rstrip("_") for n in named} >= recorded


def test_the_list_of_classes():
    text = re.search(r"(?s)The classes are those of `numbra.types`:(.*?)\n\n", page()).group(1)
    classes = [n for n in re.findall(r"`(\w+)`", text) if n[0].isupper()]
    assert len(classes) > 20
    for name in classes:
        assert issubclass(getattr(types, name), types.Type), name
