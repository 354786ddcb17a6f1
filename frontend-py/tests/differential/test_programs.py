"""Generated programs: compiled and interpreted, they return or raise the same and leave the same arrays behind."""
import os

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from . import reference
from .programs import programs
from .sources import load

# NUMBRA_FUZZ=5000 searches longer, with another seed each time; NUMBRA_SHRINK=1 makes a failing program small, which can take minutes.
FUZZ = int(os.environ.get("NUMBRA_FUZZ", "0"))
PHASES = [Phase.explicit, Phase.generate] + ([Phase.shrink] if os.environ.get("NUMBRA_SHRINK") else [])
SETTINGS = settings(max_examples=FUZZ or 600, derandomize=not FUZZ, deadline=None, database=None, phases=PHASES, suppress_health_check=list(HealthCheck))
SEEN = set()

INTS = [0, 1, 2, -1, 3, -7, 10, 100, 2**31, -2**63, 2**63 - 1, 12345678901]
FLOATS = [0.0, 1.0, -1.0, 0.5, -2.5, 1e300, float("inf"), float("nan"), -0.0, 7.25]


def layouts(array):
    """The array as it is, reversed, with gaps, and in Fortran order where that is another."""
    views = [lambda a: a, lambda a: a[::-1].copy()[::-1], lambda a: np.repeat(a, 2, axis=0)[::2]]
    return views + [np.asfortranarray] if array.ndim == 2 else views


@st.composite
def calls(draw, parameters):
    """Arguments of one call."""
    values = {
        "i0": draw(st.sampled_from(INTS)), "i1": draw(st.sampled_from(INTS)), "f0": draw(st.sampled_from(FLOATS)), "f1": draw(st.sampled_from(FLOATS)), "b0": draw(st.booleans()),
        "t0": (draw(st.integers(-9, 9)), draw(st.sampled_from(FLOATS))),
    }
    if "x" in parameters:
        least = draw(st.sampled_from([4, 4, 4, 2, 0]))
        values["x"] = np.array(draw(st.lists(st.sampled_from(FLOATS), min_size=least, max_size=6)), np.float64)
        values["n"] = np.array(draw(st.lists(st.sampled_from(INTS), min_size=least, max_size=6)), np.int64)
        values["m"] = np.arange(float(draw(st.sampled_from([6, 4, 2])))).reshape(2, -1) - 1.5
        for name in ("x", "n", "m"):
            values[name] = draw(st.sampled_from(layouts(values[name])))(values[name])
    return tuple(values[p] for p in parameters)


def compare(program, data):
    wanted = [data.draw(calls(program.parameters)) for _ in range(4)]
    if program.text in SEEN:    # passed before: the search repeats itself at times
        return
    note(program.text)
    compiled, interpreted = load(program.text).program, load(program.reference).program
    for arguments in wanted:
        mine, theirs = [reference.copy(a) for a in arguments], [reference.copy(a) for a in arguments]
        with np.errstate(all="ignore"):
            expected = reference.run(interpreted, theirs)
        found = reference.run(compiled, mine)
        note(f"arguments: {arguments}\nCPython: {expected}\nnumbra:  {found}")
        assert found[0] == expected[0] and reference.bits(found[1]) == reference.bits(expected[1])
        for a, b in zip(mine, theirs):
            assert reference.bits(a) == reference.bits(b)
    SEEN.add(program.text)


@SETTINGS
@given(program=programs(arrays=False), data=st.data())
def test_scalar_programs(program, data):
    compare(program, data)


@SETTINGS
@given(program=programs(arrays=True), data=st.data())
def test_array_programs(program, data):
    compare(program, data)


def test_enough_programs_were_distinct():
    if not all(any(("x" in text.rsplit("def program", 1)[1].split(")")[0]) == arrays for text in SEEN) for arrays in (False, True)):
        pytest.skip("not all programs ran in this process")
    assert len(SEEN) >= 300, f"only {len(SEEN)} distinct programs"
