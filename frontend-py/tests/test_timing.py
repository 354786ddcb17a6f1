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
STAGES = ["build", "infer", "emit", "py-insert-refcounts", "convert-py-to-std", "convert-to-llvm", "llvm-add-entries", "to LLVM IR", "LLVM passes", "code generation", "link"]


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
    assert [p[3].strip() for p in parts] == STAGES
    assert sum(float(p[1]) for p in parts) == pytest.approx(float(total[1]), abs=0.1)
    assert all(float(p[1]) > 0 for p in parts)
    assert re.fullmatch(r"\d+ versions, interpreted \d+ times; \d+ library functions read", parts[1][4])
    assert re.fullmatch(r"\d+ instructions", parts[7][4]) and re.fullmatch(r"\d+ bytes of object code", parts[10][4])


def test_llvm_passes_one_by_one(tmp_path):
    text = errors(tmp_path, "llvm")
    assert "Pass execution timing report" in text and "InstCombinePass" in text and "DAG Instruction Selection" in text.replace("DAG->DAG", "DAG")
    assert "compiling doubled" in text


@pytest.mark.parametrize("value", ["", "0"])
def test_silent_otherwise(tmp_path, value):
    assert errors(tmp_path, value) == ""
