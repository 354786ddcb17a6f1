"""tools/bench arrays: its programs give NumPy's results, and what its table says of given times."""
import pathlib
import sys

import numpy as np
import pytest

import numbra

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))
from benchmarks import array_packages, array_table, arrays, packages  # noqa: E402
from benchmarks.array_worker import difference  # noqa: E402



@pytest.mark.parametrize("program", arrays.PROGRAMS.values(), ids=lambda p: p.name)
def test_programs_give_numpys_results(program, monkeypatch):
    values = program.arguments(1000)
    if "erf" in program.function.__code__.co_names:
        # What a worker does for its package.
        monkeypatch.setattr(sys.modules[program.function.__module__], "erf", numbra.vectorize(array_packages.erf))
    expected = np.asarray(program.function(*values))
    compiled = numbra.njit(program.function)
    assert difference(np.asarray(compiled(*values)), expected) is None
    again = program.arguments(2500)
    assert difference(np.asarray(compiled(*again)), np.asarray(program.function(*again))) is None


def test_differences_are_found():
    a = np.array([1.0, np.nan])
    assert difference(a, a.copy()) is None
    assert difference(a + 1e-3, a) == "other values"
    assert difference(a.astype(np.float32), a) == "float32[2] instead of float64[2]"
    assert difference(a[:1], a) == "float64[1] instead of float64[2]"


def test_each_peer_has_its_form():
    forms = (pathlib.Path(array_packages.FOLDER) / "numexpr_forms.py").read_text()
    text = (array_packages.FOLDER / "arrays.c").read_text()
    assert all(f"int64_t {name}(" in text for name in arrays.PROGRAMS)
    assert all(name in forms or name in ("black_scholes", "matrix_chain", "rolling_mean", "cumsum_of_product", "game_of_life") for name in arrays.PROGRAMS)
    assert array_packages.pythran_type(np.zeros((2, 3), np.float32)) == "float32[:,:]"
    assert array_packages.pythran_type(np.asfortranarray(np.zeros((2, 3)))) == "float64[:,:] order(F)"
    assert array_packages.pythran_type(0.5) == "float"


def test_the_table_compares_like_with_like():
    times = {"numbra": 0.002, "numba": 0.004, "NumPy": 0.006, "pythran": 0.003, "C": 0.001, "numbra parallel": 0.001, "numba parallel": 0.004, "JAX": 0.0005}
    rows = [array_table.Row("f", True, 8e6, times), array_table.Row("g", False, 8e6, {"numbra": 0.001, "numba": 0.001})]
    assert rows[0].ratio(packages.NUMBA, packages.NUMBRA) == 2.0 and rows[0].ratio(packages.NUMEXPR, packages.NUMBRA) is None
    assert rows[0].best_ratio() == 0.5 and rows[1].best_ratio() == 1.0
    assert rows[0].bandwidth(packages.NUMBRA, 8e9) == 0.5 and rows[1].bandwidth(packages.NUMBRA, 8e9) is None
    lines = array_table.summary(rows, (8e9, 16e9)).splitlines()
    assert [cell.strip() for cell in lines[2].strip("|").split("|")] == ["f", "8.000", "2.0000", "2.00", "3.00", "1.50", "0.50", "50 %", "1.0000", "4.00", "-", "0.50", "0.50", "50 %"]
    assert "| **geometric mean** |  |  | **1.41** |" in lines[4] and "| **least** |  |  | **1.00** |" in lines[5]
