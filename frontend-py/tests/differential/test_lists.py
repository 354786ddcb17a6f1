"""Lists: programs of list operations do what CPython does, also to the lists that are passed, and no memory stays behind."""
import copy
import gc
import math
import os
import textwrap

import numpy as np
import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from numbra import njit
from numbra.errors import TypingError

from .sources import load

FUZZ = int(os.environ.get("NUMBRA_FUZZ", "0"))
SETTINGS = settings(max_examples=FUZZ or 120, derandomize=not FUZZ, deadline=None, database=None, suppress_health_check=list(HealthCheck))


def outcome(function, arguments):
    try:
        return "value", function(*arguments), arguments
    except (IndexError, ValueError, TypeError) as error:
        return "raise", type(error)


def same(a, b):
    """Equal, of the same types all through."""
    if isinstance(a, np.ndarray):
        return isinstance(b, np.ndarray) and a.dtype == b.dtype and np.array_equal(a, b, equal_nan=True)
    if isinstance(a, (list, tuple)):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, float) and isinstance(b, float):
        return a == b and math.copysign(1, a) == math.copysign(1, b) or a != a and b != b
    return type(a) is type(b) and a == b


def check(function, *arguments):
    """One call of the function and of its compiled form, on copies."""
    compiled = njit(function)
    mine, theirs = copy.deepcopy(arguments), copy.deepcopy(arguments)
    wanted, found = outcome(function, theirs), outcome(compiled, mine)
    assert same(found, wanted), (found, wanted)


INDEX = st.integers(-4, 4)
VALUE = st.integers(-3, 5)
PART = st.one_of(st.just(""), st.integers(-6, 6).map(str))


@st.composite
def slices(draw):
    step = draw(st.sampled_from(["", ":1", ":2", ":-1", ":-2"]))
    return f"{draw(PART)}:{draw(PART)}{step}"


@st.composite
def statements(draw, names):
    a, b = draw(st.sampled_from(names)), draw(st.sampled_from(names))
    i, v = draw(INDEX), draw(VALUE)
    s = draw(slices())
    return draw(st.sampled_from([
        f"{a}.append({v})", f"{a}.append(t)", f"{a}.insert({i}, {v})", f"t += {a}.pop()", f"t += {a}.pop({i})", f"{a}.extend({b})", f"{a}.extend(({v}, t))",
        f"{a}.extend(range({v}))", f"{a} += {b}", f"{a} = {a} + {b}", f"{a} = {b}", f"{a} = {b}[{s}]", f"{a} = {b}.copy()", f"{a} = list({b})", f"{a} = [{v}] * {v}",
        f"{a} = {b} * 2", f"del {a}[{i}]", f"del {a}[{s}]", f"{a}[{i}] = {v}", f"{a}[{i}] += 1", f"t += {a}[{i}]", f"{a}[{s}] = {b}", f"{a}[{s}] = [{v}, t]",
        f"{a}.reverse()", f"{a}.sort()", f"{a}.sort(reverse=True)", f"{a}.clear()", f"t += {a}.index({v})", f"t += {a}.count({v})", f"{a}.remove({v})",
        f"t += len({a})", f"t += 10 * ({v} in {a})", f"t += 100 * ({a} == {b}) + 200 * ({a} < {b}) + 400 * ({a} >= {b})", f"t += sum({a})", f"t += max({a})", f"t += min({a})",
        f"for x in {a}:\n    t = t * 3 % 1009 + x", f"for i, x in enumerate({a}):\n    t += i * x", f"for x, y in zip({a}, {b}):\n    t += x * y",
        f"for x in {a}:\n    if len({a}) < 9 and x > 0:\n        {a}.append(x - 1)", f"for x in reversed({a}):\n    t = t * 2 % 1009 + x", f"{a} = sorted({b})",
        f"if {a}:\n    t += 1\nelse:\n    {a}.append(7)", f"t += 1 if any({a}) else 2", f"t += 1 if all({a}) else 2", f"x, y = {a}\nt += x - y", f"n.append({a})", f"n[{i}].append({v})",
        f"{a} = n[{i}]", f"n[{i}] = {a}", "n.pop()", "for r in n:\n    t += len(r)\n    n.pop()",
    ]))


@st.composite
def programs(draw):
    body = "\n".join(draw(st.lists(statements(["a", "b", "c"]), min_size=2, max_size=9)))
    text = f"def program(a, b):\n    t = 0\n    c = []\n    c.extend(a[:0])\n    n = [a]\n{textwrap.indent(body, '    ')}\n    return t, a, c, n\n"
    return text


@SETTINGS
@given(text=programs(), a=st.lists(VALUE, min_size=1, max_size=6), b=st.lists(VALUE, min_size=1, max_size=4))
def test_programs(text, a, b):
    note(text)
    check(load(text).program, a, b)


def stars(a, t, n):
    mixed = [*t, 0.5, 1.5 * n, *a, *t]
    squares = [*(x * x for x in a), *map(abs, a), *[*a, 0.5][1:]]
    texts = [*"ab", "c", *("d" for _ in range(n))]
    return mixed, squares, texts, [*range(n)], [n, *()], len([*zip(a, a)]), sum([*a, *a])


def test_stars_in_displays():
    for n in (0, 3):
        check(stars, [1.0, -2.0, 3.0], (4.0, 2.5), n)


def test_no_program_leaves_memory():
    def work(n):
        rows = []
        for i in range(n):
            row = [np.ones(i + 1)]
            row.append(row[0][:1])
            rows.append(row)
        rows[1] = rows[0]
        rows.insert(1, rows.pop())
        rows[2:5] = rows[:2]
        del rows[::3]
        rows.reverse()
        kept = rows * 2
        total = 0.0
        for row in kept:
            for x in row:
                total += x[0]
            kept.pop()
        return total, rows

    def fails(a, n):
        b = [a, [np.ones(1000)]]
        b.append([np.zeros(n)])
        return b[n][0]

    compiled, failing = njit(work), njit(fails)

    def repeat(count):
        for _ in range(count):
            compiled(12)
            with pytest.raises(IndexError):
                failing([np.ones(500)], 100)

    def resident():
        gc.collect()
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * 4096

    repeat(300)
    before = resident()
    repeat(3000)
    assert resident() - before < 2 << 20
    assert same(compiled(6), work(6))


def accumulate(n):
    out = []
    for i in range(n):
        out.append((i, i * 0.5))
    return out


def triangle(n):
    rows = []
    for i in range(n):
        row = []
        for j in range(i):
            row.append(j)
        rows.append(row)
    return rows


def first_grow(a):
    a.append(1)
    return a is not None, len(a)


def nested(a):
    a[0].append(7)
    a.append([1, 2])
    return a[-1], a


def arrays(a):
    total = 0.0
    for x in a:
        total += float(x.sum())
        x[0] = -1
    a.append(np.ones(2))
    return total, a


def in_tuple(t):
    t[1].append(t[0])
    return t


def empty():
    return [], [[]]


def wide():
    a = []
    a.append(1)
    a.append(2.5)
    return a[1:], len(a)


def shared(n):
    a = []
    b = [a, a]
    b[0].append(n)
    return b


def optional(flag):
    a = [1, None]
    if flag:
        a.append(3)
    return a


def branches(flag):
    if flag:
        a = [1.5]
    else:
        a = []
    a.append(2.5)
    return a


@pytest.mark.parametrize("function, arguments", [
    (accumulate, (4,)), (triangle, (4,)), (first_grow, ([1],)), (nested, ([[1], [2]],)), (arrays, ([np.arange(3.0), np.ones(4)],)), (in_tuple, ((1, [2, 3]),)), (empty, ()), (wide, ()),
    (shared, (3,)), (optional, (True,)), (optional, (False,)), (branches, (True,)), (branches, (False,)),
])
def test_conversion(function, arguments):
    check(function, *arguments)


def test_identity_of_arguments():
    @njit
    def same_list(a, b):
        a.append(5)
        return b, len(b)

    a = [1]
    result, n = same_list(a, a)
    assert result is a and n == 2 and a == [1, 5]
    marker = 123456789
    b = [marker, 2]

    @njit
    def change_last(x):
        x[-1] = 7

    change_last(b)
    assert b == [123456789, 7] and b[0] is marker


@pytest.mark.parametrize("argument, text", [
    ([], "a list without elements"), ([1, 2.5], "element 0 is int64, element 1 is float64"), ([1, "a"], "element 1"), ([[1], []], "element 1 is a list without elements"), ([{}], "element 0 is a dict"),
])
def test_lists_that_have_no_type(argument, text):
    with pytest.raises(TypeError, match=text):
        njit(lambda a: len(a))(argument)


@pytest.mark.parametrize("values", [[5, 7], [0.5, 2.5], [(1, 2.5), (3, 4.0)]])
def test_changes_before_an_exception_are_kept(values):
    def change(x, y, n):
        y[0] = x[-1]
        x.append(x[0])
        x.pop(0)
        x.reverse()
        return [0][n // (n - 1)]

    def after(function, n):
        first, second = values[:], values[:]
        try:
            function(first, second, n)
        except (IndexError, ZeroDivisionError) as error:
            return first, second, type(error), str(error)

    compiled = njit(change)
    assert after(compiled, 2) == after(change, 2)
    assert after(compiled, 1)[:3] == after(change, 1)[:3]
    same, expected = values[:], values[:]
    for function, both in ((compiled, same), (change, expected)):
        with pytest.raises(IndexError):
            function(both, both, 2)
    assert same == expected


def test_lists_that_own_memory_stay_as_they_were_when_a_call_raises():
    @njit
    def change(arrays, texts):
        arrays.append(arrays[0] * 2)
        texts[0] = texts[0] + "!"
        raise ValueError("no")

    arrays, texts = [np.ones(3)], ["a", "b"]
    before = arrays[0]
    with pytest.raises(ValueError, match="no"):
        change(arrays, texts)
    assert len(arrays) == 1 and arrays[0] is before and texts == ["a", "b"]


def test_a_list_that_contains_itself():
    a = [1]
    a[0] = a
    with pytest.raises(TypeError, match="nested too deeply"):
        njit(lambda x: len(x))(a)


def test_a_parameter_does_not_widen():
    @njit
    def f(a):
        a.append(2.5)

    with pytest.raises(TypingError, match=r"list\(int64\) would have to be list\(float64\)"):
        f([1])


def test_a_callee_decides_the_elements():
    @njit
    def fill(a, n):
        for i in range(n):
            a.append(i * 1.5)

    @njit
    def f(n):
        a = []
        fill(a, n)
        b = [1]
        fill(b, 2)
        return a, b

    assert f(3) == ([0.0, 1.5, 3.0], [1.0, 0.0, 1.5])
    assert type(f(3)[1][0]) is float


def test_signatures():
    from numbra import types

    @njit("float64(List(float64))")
    def total(a):
        return sum(a)

    assert total([1.5, 2.0]) == 3.5
    assert types.List(types.int64).name == "list(int64)"
    compiled = njit(lambda a: a)
    compiled([1])
    assert compiled.signatures == [(types.List(types.int64),)]


@pytest.mark.parametrize("values", [[3, 1, 2], [2.5, -0.0, 0.0, -1.5], [(2, 1.0), (1, 2.0), (2, 0.5)], [[2], [1, 5], [1]], [True, False, True]])
@pytest.mark.parametrize("reverse", [False, True])
def test_sorting_is_stable(values, reverse):
    def f(a, reverse):
        b = sorted(a, reverse=reverse)
        a.sort(reverse=reverse)
        return b

    check(f, values, reverse)


def test_large_sizes_are_memory_errors():
    @njit
    def f(n):
        return len([0] * n)

    assert f(1000) == 1000
    assert f(-5) == 0
    with pytest.raises(MemoryError):
        f(1 << 61)


@njit
def rearrange(lists):
    lists.insert(1, np.arange(4))
    lists.append(lists.pop(0))


def test_arrays_that_move_in_a_list_from_python_stay_alive():
    # Nothing but the list holds the arrays: they must not go when their places are written.
    for _ in range(200):
        lists = [np.arange(3), np.arange(5)]
        rearrange(lists)
        assert [len(a) for a in lists] == [4, 5, 3] and lists[1].sum() == 10


def test_steps_that_are_one_at_run_time():
    @njit
    def put(a, v, step):
        a[0:2:step] = v
        return a

    @njit
    def own(a):
        a[0:1:1] = a
        return a

    for values, step in (([5, 6, 7], 1), ([5], 1), ([5], 2), ([5, 6], 2)):
        mine, theirs = [1, 2, 3, 4], [1, 2, 3, 4]
        try:
            put.py_func(theirs, values, step)
        except ValueError as error:
            with pytest.raises(ValueError, match=str(error)):
                put(mine, values, step)
        else:
            put(mine, values, step)
        assert mine == theirs
    assert put(["a", "b", "c"], ["x"], 1) == ["x", "c"]
    assert own([1, 2, 3]) == [1, 2, 3, 2, 3]
