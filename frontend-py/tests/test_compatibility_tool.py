"""tools/compatibility without numba: when two outcomes are the same, what becomes of a case, copies of arguments, journals and counts."""
import json
import pathlib
import sys
from collections import Counter, namedtuple

import numpy as np
import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))
from compatibility import compare, copies, journal, modules, table, triage  # noqa: E402
from compatibility.classify import Refused, classify  # noqa: E402
from compatibility.compare import Outcome, same, same_outcome  # noqa: E402

Point = namedtuple("Point", "x y")
NAN = float("nan")


@pytest.mark.parametrize("a, b", [
    (1, np.int32(1)), (True, np.bool_(True)), (1.5, np.float32(1.5)), (NAN, np.float64("nan")), (complex(NAN, 1), complex(NAN, 1)),
    (0.1 + 0.2, 0.3), (np.float32(0.1), 0.1), (None, None), ((1, 2.0), (1, 2.0)), ([1, [2]], [1, [2]]), ({1: 2.0}, {1: 2.0}), ("a", "a"), ("a", np.str_("a")),
    (Point(1, 2), namedtuple("Point", "x y")(1, 2)), (np.datetime64("NaT", "D"), np.datetime64("NaT", "D")), (slice(1, 2), slice(1, 2)),
    (np.array([NAN, -0.0]), np.array([NAN, -0.0])), (np.array([1.0, 1e-30]), np.array([1.0, 2e-30])), (np.array([], "f4"), np.array([], "f4")),
    (np.array([(1, 2.0)], "i4,f8"), np.array([(1, 2.0)], "i4,f8")), (np.array(["NaT"], "M8[s]"), np.array(["NaT"], "M8[s]")),
])
def test_same(a, b):
    assert same(a, b) and same(b, a)


@pytest.mark.parametrize("a, b", [
    (1, 1.0), (1, True), (1.0, 1 + 0j), (0.0, -0.0), (1.0, 1.0001), (1.0, NAN), (float("inf"), float("-inf")), (None, 0), ((1,), [1]), ((1, 2), (1,)),
    (Point(1, 2), (1, 2)), ("a", b"a"), ("a", np.str_("b")), (np.datetime64("2020", "D"), np.datetime64("2020", "s")), (np.datetime64("NaT"), np.timedelta64("NaT")),
    (np.array([1, 2]), np.array([1, 2], "i4")), (np.array([1, 2]), np.array([[1, 2]])), (np.array([0.0]), np.array([-0.0])),
    (np.array([1.0]), np.array([1.0 + 1e-9])), (np.array([1.0, NAN]), np.array([NAN, 1.0])), (np.float64(1), np.array(1.0)), ({1: 2}, {1: 3}),
])
def test_not_same(a, b):
    assert not same(a, b) and not same(b, a)


def test_outcomes_compare_effects_output_and_exception_classes():
    assert same_outcome(Outcome(1, arguments=[np.zeros(2)]), Outcome(1, arguments=[np.zeros(2)]))
    assert not same_outcome(Outcome(1, arguments=[np.zeros(2)]), Outcome(1, arguments=[np.ones(2)]))
    assert not same_outcome(Outcome(1, printed="1\n"), Outcome(1))
    assert same_outcome(Outcome(error=ValueError("a")), Outcome(error=ValueError("b")))
    assert not same_outcome(Outcome(error=ValueError()), Outcome(error=KeyError()))
    assert not same_outcome(Outcome(error=ValueError()), Outcome(None))


def test_iterators_are_consumed():
    assert compare.consumed(i * i for i in range(3)) == ("iterator", 0, 1, 4)
    assert compare.consumed([1]) == [1]


REFUSED, BROKEN = Refused("NB0100", "not yet"), Refused("NB0900", "internal", internal=True)
ONE, TWO, THREE = Outcome(1), Outcome(2), Outcome(3)
RAISED = Outcome(error=ValueError("why"))
NO_LOOP = Outcome(error=TypeError("ufunc 'left_shift' not supported for the input types, and the inputs could not be safely coerced"))
CASES = [
    # numbra, Python, numba, status
    (ONE, ONE, TWO, "passed"),
    (TWO, ONE, TWO, "passed"),
    (TWO, ONE, THREE, "failed"),
    (TWO, ONE, REFUSED, "failed"),
    (REFUSED, ONE, ONE, "unsupported"),
    (REFUSED, RAISED, RAISED, "unsupported"),
    (REFUSED, RAISED, REFUSED, "incomparable"),
    (BROKEN, ONE, ONE, "crashed"),
    (ONE, RAISED, RAISED, "failed"),
    (ONE, RAISED, REFUSED, "incomparable"),
    (RAISED, ONE, ONE, "failed"),
    (RAISED, RAISED, RAISED, "passed"),
    (Outcome(error=ValueError("lost")), RAISED, RAISED, "failed"),
    (TWO, NO_LOOP, THREE, "incomparable"),
    (TWO, NO_LOOP, Outcome(error=TypeError("none")), "failed"),
    (Outcome(error=ValueError("other words")), RAISED, Outcome(error=ValueError("third")), "passed"),
]


@pytest.mark.parametrize("numbra, python, numba, status", CASES)
def test_classification(numbra, python, numba, status):
    assert classify(numbra, python, lambda: numba, lambda: python).status == status


def test_numba_runs_only_where_it_decides():
    def never():
        raise AssertionError("not needed")

    assert classify(ONE, ONE, never, never).status == "passed"
    assert classify(REFUSED, ONE, never, never).status == "unsupported"


def test_results_that_change_or_were_never_written_are_incomparable():
    assert classify(ONE, TWO, lambda: THREE, lambda: ONE).status == "incomparable"
    assert classify(ONE, TWO, lambda: THREE, lambda: TWO, uninitialised=True).status == "incomparable"


def test_results_that_are_not_determined_are_incomparable():
    one, two, three = (Outcome(np.array(order)) for order in ([0, 1, 2], [0, 2, 1], [2, 0, 1]))
    assert classify(one, two, lambda: three, lambda: two, unordered=True).status == "incomparable"
    assert classify(one, two, lambda: three, lambda: two).status == "failed"
    assert classify(Outcome(np.array([0, 1, 1])), two, lambda: three, lambda: two, unordered=True).status == "failed"
    assert classify(ONE, TWO, lambda: THREE, lambda: TWO, identity=True).status == "incomparable"


def test_copies_keep_layout_flags_and_shared_memory():
    base = np.arange(24.0).reshape(4, 6)
    view, frozen = base[::-2, 1::2], base.T
    frozen.flags.writeable = False
    (one, two, three, four), _ = copies.copied([base, view, frozen, [view, (view,)]], {})
    for a, b in (base, one), (view, two), (frozen, three):
        np.testing.assert_array_equal(a, b)
        assert a.strides == b.strides and a.flags.writeable == b.flags.writeable and a is not b
    two[0, 0] = -1
    assert one[3, 1] == -1 and three[1, 3] == -1 and base[3, 1] == 19
    assert four[0] is two and four[1][0] is two


def test_copies_of_empty_scalar_and_structured_arrays():
    arrays = [np.empty((0, 3)), np.array(5), np.zeros(3, "i4,f8")["f1"], np.recarray(2, "i4,f8")]
    for a, b in zip(arrays, copies.copied(arrays, {})[0]):
        assert a.dtype == b.dtype and a.strides == b.strides and type(a) is type(b) and a.tobytes() == b.tobytes()


def test_copies_of_records_are_their_own():
    record = np.array([(1, 2.5)], "i4,f8")[0]
    (copy,), _ = copies.copied([record], {})
    copy["f0"] = 7
    assert record["f0"] == 1 and copy["f1"] == 2.5 and copy.dtype == record.dtype


def test_what_cannot_be_copied_is_said():
    with pytest.raises(copies.Uncopied, match="objects"):
        copies.copied([np.array([object()])], {})
    with pytest.raises(copies.Uncopied):
        copies.copied([iter([1])], {})


@pytest.mark.parametrize("value, text", [
    (np.zeros((2, 3)), "float64[2C]"), (np.zeros((2, 3)).T, "float64[2F]"), (np.zeros(4)[::2], "float64[1A]"), ((1, 2.0), "(int, float)"),
    (Point(1, None), "Point(int, NoneType)"), ([1], "list[int]"), ([], "list[]"), (np.int8(1), "int8"), (np.datetime64("2020"), "datetime64[Y]"), ({1: 2.0}, "dict[int: float]"),
])
def test_types_in_words(value, text):
    assert copies.described(value) == text


def made_journal(path):
    """A fake module's journal: one case of each fate, the last one cut short by a crash."""
    writer = journal.Journal(path)
    about = {"function": "f", "file": "test_x.py", "line": 3, "types": "int", "arguments": ["1"]}
    for key, status in [("a", "passed"), ("b", "failed"), ("c", "unsupported"), ("d", "incomparable")]:
        writer.write(begin=key, test="test_x.T.test", **about)
        writer.write(case=key, test="test_x.T.test", status=status, reason="`y` is not supported", got="NB0100", expected="2", **about)
    writer.write(case="a", test="test_x.T.test", status="failed", reason="another value", got="1", expected="2", **about)
    writer.write(begin="e", test="test_x.T.test_2", **about)
    with open(path, "a") as file:
        file.write('{"case": "e", "sta')
    return journal.Read(path)


def test_a_journal_survives_a_crash(tmp_path):
    read = made_journal(tmp_path / "x.jsonl")
    assert {key: record["status"] for key, record in read.cases.items()} == {"a": "failed", "b": "failed", "c": "unsupported", "d": "incomparable"}
    assert list(read.open_cases()) == ["e"]
    assert table.counts(read) == {"failed": 2, "unsupported": 1, "incomparable": 1, "crashed": 1}


def test_table_and_triage_name_what_happened(tmp_path):
    reads = {"tuples": made_journal(tmp_path / "x.jsonl")}
    page = table.page(reads, "1.2.3")
    assert "| test_tuples | 0 | 2 | 1 | 1 | 1 | 0 % |" in page and "numba 1.2.3" in page
    report = triage.text(reads)
    assert "## Crashed: 1" in report and "## Failed: 2" in report and "1 x NB0100 `*` is not supported\n  - y 1" in report


def test_share_leaves_incomparable_cases_out():
    assert table.share(Counter(passed=3, unsupported=1, incomparable=6)) == "75 %"


def test_each_module_has_one_family():
    names = modules.all_modules()
    assert len(names) == len(set(names)) and set(modules.CORE) <= set(modules.FAMILIES)
    assert modules.family_of("tuples") == "slices and tuples" and modules.family_of("nothing") is None


def test_journal_lines_are_json(tmp_path):
    path = tmp_path / "y.jsonl"
    journal.Journal(path).write(case="k", value=np.float64(1), text="\udc80")
    assert json.loads(path.read_text())["case"] == "k"
