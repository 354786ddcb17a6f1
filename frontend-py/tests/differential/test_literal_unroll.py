"""Loops over tuples with one body per element."""
import math
import subprocess
import sys

import numpy as np
import pytest

import numbra
from numbra import errors, literal_unroll, literally, njit

from .check import same


def total(t):
    result = 0.0
    for x in literal_unroll(t):
        if isinstance(x, str):
            result += len(x)
        elif isinstance(x, np.ndarray):
            result += x.sum()
        else:
            result += x * 2
    return result


def lengths(t):
    count = 0
    for x in literal_unroll(t):
        count += len(x)
    else:
        count += 100
    return count


def first_large(t, limit):
    k = 0
    for x in numbra.literal_unroll(t):
        k += 1
        if x < 0:
            continue
        if x > limit:
            break
        k += 10
    else:
        return -k
    return k


def pairs(s, t):
    result = 0.0
    for a in literal_unroll(s):
        for b in literal_unroll(t):
            result = result * 2 + a * b
    return result


def last(t):
    x = None
    for x in literal_unroll(t):
        pass
    return x


def unbound(t):
    for x in literal_unroll(t):
        y = x
    return y


def named(t):
    result = 0.0
    for i, (key, value) in literal_unroll(t):
        f = lambda v: v * i
        if key == 1:
            result += f(value)
        else:
            result += sum(f(v) for v in (value, value))
    return result


a = np.arange(4.0)


@pytest.mark.parametrize("function, args", [
    (total, ((1, 2.5, a),)),
    (total, ((True, np.float32(0.5), np.int8(-3), a.reshape(2, 2)),)),
    (total, ((),)),
    (total, ((7,),)),
    (total, (tuple(range(16)),)),
    (lengths, ((a, (1, 2), (3, 4.0, a), np.zeros((3, 2), np.int8)),)),
    (lengths, ((),)),
    (first_large, ((1, -2.5, 3, 9.5, 11), 9)),
    (first_large, ((1, -2.5, 3, 9.5, 11), 1)),
    (first_large, ((1, -2.5), 9)),
    (first_large, ((1.5, np.float32("nan"), np.int64(20)), 9)),
    (first_large, ((), 9)),
    (pairs, ((1, 2.5), (3.0, 4, True))),
    (pairs, ((), (3.0, 4))),
    (pairs, ((1, 2), ())),
    (last, ((1, 2.5),)),
    (last, ((1, None),)),
    (last, ((),)),
    (unbound, ((1, 2),)),
    (unbound, ((),)),
    (named, (((1, (1, 2.5)), (2.0, (3, 4))),)),
])
def test_elements_keep_their_types(function, args):
    same(function, *args)


def test_constants_stay_constants():
    def f(x):
        result = 0.0
        for name in literal_unroll(("sin", "cos", 3)):
            if name == "sin":
                result += math.sin(x)
            elif name == "cos":
                result += math.cos(x)
            else:
                result += (x, 2 * x, 3 * x, "four")[name - 1]
        return result

    same(f, 0.5)


def listed():
    """Lists of constants keep the types of their elements, in variables and where they stand."""
    numbers, names, result = [12, 12.7, 3j, -4], ["apple", "pear"], 0
    for x in literal_unroll(numbers):
        result += x
        if result.real > 20:
            for name in literal_unroll(names):
                result += name == "pear"
    for x in literal_unroll([1, "two", None, (2.5, 3)]):
        result += 1 if x is None else len(str(x))
    return result, numbers[0], names[1], len(numbers)


def by_position(t, z):
    mixed, result = (t, 2.5, z), 0
    for i in range(len(literal_unroll(mixed))):
        if i == 1:
            continue
        result += len(mixed[i])
    words, seen = ["a", "b", "c"], []
    for i in range(len(literal_unroll(words))):
        if words[i] == "b":
            seen.append(str(i))
        else:
            seen.append(words[i])
    return result, seen


def test_lists_of_constants_and_positions():
    same(listed)
    same(by_position, (1, "x"), np.ones(3))


def test_lists_that_are_more_than_read_stay_lists():
    def appended(x):
        values = [1, 2.5]
        for v in literal_unroll(values):
            x += v
        values.append(x)
        return values

    def twice(x):
        values = [1, 2.5]
        values = [x, 2.5]
        for v in literal_unroll(values):
            x += v
        return x

    for function in (appended, twice):
        diagnostic = refused(function, 1.5)[0]
        assert "takes a tuple, not list(float64)" in diagnostic["message"] and "only subscripted" in str(diagnostic)


def test_literally_gives_back_its_argument():
    def f(x):
        return literally(x) + literally(2), literally((1, "a"))[0]

    same(f, 1.5)
    same(f, 3)
    value = object()
    assert numbra.literally(value) is value and numbra.literal_unroll(value) is value


def refused(function, *args):
    with pytest.raises(errors.TypingError) as caught:
        njit(function)(*args)
    return caught.value.diagnostics


def test_other_arguments_are_refused():
    assert "`literal_unroll` takes a tuple, not array(float64, 1d, C)" in refused(total, a)[0]["message"]
    diagnostics = refused(total, tuple(range(17)))
    assert len(diagnostics) == 1 and "at most 16 elements, not of 17" in diagnostics[0]["message"]


def test_errors_in_the_body_are_told_once():
    def unknown(t):
        for x in literal_unroll(t):
            nonsense(x)  # noqa: F821

    with pytest.raises(errors.NumbaError) as caught:
        njit(unknown)((1, 2.0))
    assert len(caught.value.diagnostics) == 1

    def wrong(t):
        r = 0
        for x in literal_unroll(t):
            r += x << 1
        return r

    diagnostics = refused(wrong, (1, 2.0))
    assert len(diagnostics) == 1 and "does not take float64" in diagnostics[0]["message"]


def test_deep_nests_are_refused():
    def deep(t):
        r = 0
        for x in literal_unroll(t):
            for y in literal_unroll(t):
                for z in literal_unroll(t):
                    r += x * y * z
        return r

    with pytest.raises(errors.UnsupportedError, match="nested more than 2 deep"):
        njit(deep)((1, 2.0))


def test_it_is_numba_s_name_too(tmp_path):
    script = tmp_path / "script.py"
    script.write_text("import numba\nfrom numba import njit, literal_unroll\n\n@njit\ndef f(t):\n    r = 0.0\n    for x in literal_unroll(t):\n        r += x\n    for x in numba.literal_unroll(t):\n        r += numba.literally(x)\n    return r\n\nprint(f((1, 2.5)))\n")
    assert subprocess.run([sys.executable, "-m", "numbra", str(script)], capture_output=True, text=True, check=True).stdout == "7.0\n"
