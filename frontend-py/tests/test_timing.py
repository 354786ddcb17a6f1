"""`NUMBRA_TIME`: where compile time goes, on standard error."""
import os
import re
import subprocess
import sys

import pytest

PROGRAM = """
import numpy as np
from numbra import njit

@njit
def doubled(a):
    return a * 2.0

doubled(np.ones(3))
"""
FIRST, LAST = ["build", "infer", "emit"], ["to LLVM IR", "LLVM passes", "code generation", "link"]
PASSES = ["py-insert-refcounts", "convert-py-to-std", "convert-to-llvm", "llvm-add-entries"]


def errors(tmp_path, value):
    path = tmp_path / "program.py"
    path.write_text(PROGRAM)
    run = subprocess.run([sys.executable, path], env={**os.environ, "NUMBRA_TIME": value}, capture_output=True, text=True, check=True)
    assert run.stdout == ""
    return run.stderr


def test_a_table_of_stages(tmp_path):
    head, *rows = errors(tmp_path, "1").splitlines()
    total = re.fullmatch(r"numbra: compiling doubled\(array\(float64, 1d, C\)\) took ([\d.]+) ms of CPU time", head)
    assert total
    parts = [re.fullmatch(r" *([\d.]+) ms +(\d+) %  (.{1,24})(?: (.*))?", row) for row in rows]
    names = [p[3].strip() for p in parts]
    assert names[:3] == FIRST and names[-4:] == LAST
    assert [n for n in names[3:-4] if n in PASSES] == PASSES and all("-" in n for n in names[3:-4])
    notes = {p[3].strip(): p[4] for p in parts}
    assert sum(float(p[1]) for p in parts) == pytest.approx(float(total[1]), abs=0.1)
    assert all(float(p[1]) > 0 for p in parts)
    assert re.fullmatch(r"\d+ versions, interpreted \d+ times; \d+ library functions read", notes["infer"])
    assert re.fullmatch(r"\d+ instructions", notes["to LLVM IR"]) and re.fullmatch(r"\d+ bytes of object code", notes["link"])


def test_llvm_passes_one_by_one(tmp_path):
    text = errors(tmp_path, "llvm")
    assert "Pass execution timing report" in text and "InstCombinePass" in text and "DAG Instruction Selection" in text.replace("DAG->DAG", "DAG")
    assert "compiling doubled" in text


@pytest.mark.parametrize("value", ["", "0"])
def test_silent_otherwise(tmp_path, value):
    assert errors(tmp_path, value) == ""
