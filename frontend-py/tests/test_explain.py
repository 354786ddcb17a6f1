"""`numbra.explain`: the trail of inference, and the chains of callers in errors."""
import io
import math

import numpy as np
import pytest

import numbra
from numbra import njit

from .differential.sources import load


def explained(function, *args):
    buffer = io.StringIO()
    numbra.explain(function, *args, file=buffer)
    return buffer.getvalue().splitlines()


def at(function, offset):
    """The line of a function, counted from its first one."""
    return getattr(function, "py_func", function).__code__.co_firstlineno + offset


def scaled(x, n):
    y = x * n
    return y


def test_expressions_name_what_they_are_made_of(capsys):
    expected = ["scaled(x: int64, n: float64) -> float64", f"  {at(scaled, 1)}: y = x * n :: float64  <- from x :: int64, n :: float64"]
    assert explained(scaled, 2, 0.5) == expected
    numbra.explain(njit(scaled), 2, 0.5)
    assert capsys.readouterr().out.splitlines() == expected
    assert explained(scaled, np.float32(2), np.int8(1))[0] == "scaled(x: float32, n: int8) -> float32"


def total(n, step):
    result = 0
    for k in range(n):
        result = result + step
    return result


def test_variables_name_the_values_that_meet_in_them():
    lines = explained(total, 3, 0.5)
    assert f"  {at(total, 1)}: result = 0 :: int64  <- constant" in lines
    assert f"  {at(total, 2)}: k :: int64  <- element of range(n) :: range(int64)" in lines
    assert f"  {at(total, 2)}: range(n) :: range(int64)  <- returned by range() for n :: int64" in lines
    assert f"  {at(total, 3)}: result :: float64  <- joined of 0 :: int64 (line {at(total, 1)}), result + step :: float64" in lines
    # With integers alone the same variable stays one.
    assert f"  {at(total, 3)}: result :: int64  <- joined of 0 :: int64 (line {at(total, 1)}), result + step :: int64" in explained(total, 3, 1)


@njit
def root(x, by=2):
    return math.sqrt(x) * by


def roots(x, n):
    é = root(
        x)
    return é + root(n, n) + root(n)


def test_calls_lead_to_the_versions_of_the_callees():
    lines = explained(roots, 1.5, 3)
    assert f"  {at(roots, 1)}: é = root( x) :: float64  <- returned by root() for x :: float64" in lines
    first = f"root(x: float64, by: int64) -> float64  # for the call in roots(), line {at(roots, 1)}"
    second = f"root(x: int64, by: int64) -> float64  # for the call in roots(), line {at(roots, 3)}"
    assert [line for line in lines if not line.startswith(" ")] == ["roots(x: float64, n: int64) -> float64", first, second]
    step = f"  {at(root, 2)}: math.sqrt(x) :: float64  <- returned by math.sqrt() for x :: "
    assert step + "float64" in lines and step + "int64" in lines


def chosen(x):
    y = None
    if x > 0:
        y = x
    if y is not None:
        return y + 1
    return -1


def test_narrowed_values_name_the_condition():
    lines = explained(chosen, 1)
    optional = f"  {at(chosen, 4)}: y :: Optional(int64)  <- joined of "
    assert any(line.startswith(optional) and f"None :: none (line {at(chosen, 1)})" in line and "x :: int64" in line for line in lines)
    assert any(f" :: int64  <- where the condition in line {at(chosen, 4)} is true, of y :: Optional(int64)" in line for line in lines)
    assert f"  {at(chosen, 5)}: y + 1 :: int64  <- from y :: int64 (line {at(chosen, 4)}), 1 :: int64" in lines


def test_the_library_is_left_out_and_nothing_is_called():
    def sums(a):
        return np.broadcast_to(np.sqrt(a), (2, len(a))).sum()

    compiled = njit(sums)
    lines = explained(compiled, np.array([2.0, 1.0]))
    assert [line for line in lines if not line.startswith(" ")] == ["sums(a: array(float64, 1d, C)) -> float64"]
    assert compiled.signatures == []


@njit
def joined(x):
    return x + "a"


@njit
def middle(x):
    return joined(x)


@njit
def outer(x):
    return middle(x * 2.0)


def test_errors_end_the_trail():
    lines = explained(outer, 1)
    assert f'  {at(joined, 2)}: x + "a" :: no type  <- from x :: float64, "a" :: literal string "a"' in lines
    assert f"joined(x: float64) -> no type  # for the call in middle(), line {at(middle, 2)}" in lines
    error = next(i for i, line in enumerate(lines) if line.startswith("error[NB0200]: operator `+` does not take float64"))
    assert not any(line.startswith("  ") and "::" in line for line in lines[error:])
    unsupported = explained(lambda: {1, 2}.union({3}))
    assert unsupported[0] == "<lambda>() -> no type"
    assert any("{1, 2} :: no type" in line for line in unsupported)
    assert [line for line in unsupported if line.startswith("error[")] == ["error[NB0101]: sets are not supported"] * 2


def test_errors_show_the_chain_of_callers():
    with pytest.raises(numbra.errors.TypingError) as caught:
        outer(1)
    notes = caught.value.diagnostics[0]["notes"]
    chain = [note.split(": ", 1) for note in notes if "is compiled for this call" in note]
    assert [text for _, text in chain] == ["`joined` is compiled for this call", "`middle` is compiled for this call"]
    assert [int(place.rsplit(":", 1)[1]) for place, _ in chain] == [at(middle, 2), at(outer, 2)]


def test_errors_in_the_library_show_the_callers_of_its_caller():
    @njit
    def inner(x):
        return np.broadcast_to(x, (2.5,))

    @njit
    def between(x):
        return inner(x)

    with pytest.raises(numbra.errors.TypingError) as caught:
        between(1.5)
    notes = caught.value.diagnostics[0]["notes"]
    assert any("`inner` is compiled for this call" in note for note in notes), notes


def test_long_chains_are_shortened():
    text = "from numbra import njit\n@njit\ndef f0(x):\n    return x + 'a'\n" + "".join(f"@njit\ndef f{i}(x):\n    return f{i - 1}(x)\n" for i in range(1, 21))
    chain = load(text)
    with pytest.raises(numbra.errors.TypingError) as caught:
        chain.f20(1.5)
    notes = caught.value.diagnostics[0]["notes"]
    assert "12 further calls between these" in notes
    called = [note.split("`")[1] for note in notes if "is compiled for this call" in note]
    assert called == ["f0", "f1", "f2", "f3", "f16", "f17", "f18", "f19"]


@pytest.mark.parametrize("args", [(), (1,), (1, 2, 3)])
def test_wrong_counts_of_arguments(args):
    with pytest.raises(TypeError, match="2 parameters"):
        numbra.explain(scaled, *args)
