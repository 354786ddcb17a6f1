"""Values as text against CPython: formatted strings, `str`, `repr`, `ascii`, `format`, exceptions with messages made at run time, `print` of strings."""
import contextlib
import io
import math
import re

import numbra
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from numbra import njit

from .check import agrees as same, outcome
from .sources import function

VALUES = [0, -1, 2**63 - 1, True, False, 0.1, -0.0, 1e16, 1e-5, 5e-324, math.pi, math.inf, math.nan, 2 - 3j, None, "text", "it's\n", "é€😀", (1, "a", 2.5), ("x",), [1, 2], ["a", "b'c"], np.float32(0.1), np.int8(-3), np.uint64(2**64 - 1), range(3)]
INT_SPECS = ["", "d", "5", "05d", "<6", "^7d", "*>8", "=+6", "+", " d", ",", "_", "x", "#x", "X", "#o", "b", "#010b", "_b", "c", ".2f", "e", "g", "%", "08,", "012_d", "é^9"]
FLOAT_SPECS = ["", "f", ".3f", ".0f", "#.0f", "e", ".2E", "g", ".3g", "#g", "G", "%", ".1%", "10.2f", "<10.2f", "^10", "+.1f", " .1f", "010.2f", ",.2f", "_.1f", "012,.1f", ".3", ".1", "=10", "*=+10.1f", "F", "30.20f", ".400f"]
STR_SPECS = ["", "s", "5", "<7", ">7", "^7", "*^9", ".2", "10.3s", "05", "é>6"]


@njit
def shown(x):
    return str(x), repr(x), ascii(x), f"{x}", f"<{x!r}>", f"{x!s}|{x!a}", str((x, 1)), repr([x]), f"{(x, 'q')}"


@njit
def message(name, x, i):
    return f"{name}: {x:.3f} [{i:>5}] {name!r:<8}|{i:+d}{{}}{x=}"


@njit
def dynamic(x, spec):
    return format(x, spec)


@njit
def nested(x, w, p):
    return f"{x:{w}.{p}f}|{x:>{w}}|{w:0{p}d}"


def formatter(expression):
    return function(expression, "x")[1]


@pytest.mark.parametrize("x", VALUES, ids=repr)
def test_values(x):
    if isinstance(x, range):
        assert njit(lambda x: (str(x), f"{x}"))(x) == (str(x), f"{x}")
    else:
        same(shown, x)


def test_formatted_strings():
    for name in ("abc", "żółć", "", "it's"):
        same(message, name, 2.0 / 3, 12)


@settings(max_examples=60, deadline=None)
@given(st.floats(), st.integers(-(2**63), 2**63 - 1))
def test_digits(x, i):
    assert shown(x)[0] == str(x) and shown(i)[0] == str(i)
    same(message, "n", x, i)


# One compilation for all: the specification is read at run time.
@pytest.mark.parametrize("values, specs", [([0, 5, -42, 65, 1234567, -(2**63), True], INT_SPECS), ([0.0, -0.0, 1.0, -2.5, 3.14159, 1e-7, 123456789.125, 1e22, 0.04, 9.995, math.inf, -math.inf, math.nan, 5e-324, 1.7e308], FLOAT_SPECS), (["", "abc", "żółć 😀", "x" * 12], STR_SPECS)])
def test_specifications(values, specs):
    for spec in specs:
        for x in values:
            if spec == "c" and not 0 <= x < 0x110000:
                continue
            same(dynamic, x, spec)


@settings(max_examples=60, deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from("feg%"), st.integers(0, 25))
def test_rounding(x, kind, precision):
    same(dynamic, x, f".{precision}{kind}")
    same(dynamic, x, f"#.{precision}{kind}")
    same(dynamic, x, f".{precision}")


def test_constant_specifications():
    for spec, values in ((">8.2f", (1.5, 2, True)), ("#06x", (255, -1)), ("^9", ("ab", 3, 2.5)), (",", (1234567, 1234567.5))):
        f = formatter(f"f'{{x:{spec}}}', format(x, {spec!r})")
        for x in values:
            same(f, x)


def test_nested_specifications():
    for x in (3.14159, -2.0):
        for w in (1, 10):
            same(nested, x, w, 2)


def test_wrong_specifications():
    for x, spec in ((1, ".2d"), (1.5, "d"), ("a", "d"), (1, "s"), (1, "5.5.5"), ("a", "=5"), ("a", "+"), (1, ",x"), ((1, 2), "5")):
        got, want = outcome(dynamic, x, spec), outcome(format, x, spec)
        if isinstance(x, tuple):
            continue
        assert got[0] is want[0] is ValueError
    for source, text in (("f'{x:.2d}'", "Precision not allowed"), ("f'{x:q}'", "Unknown format code 'q'"), ("f'{(x, 1):5}'", "does not take a format specification"), ("f'{x:{1.5}}'", "Invalid|Unknown|precision|not allowed")):
        with pytest.raises((numbra.NumbaError, ValueError), match=text):
            formatter(source)(3)
    with pytest.raises(numbra.NumbaError, match="cannot be formatted"):
        njit(lambda a: f"{a}")(np.zeros(2, [("a", "i4")]))


def test_messages_of_exceptions():
    @njit
    def f(i, n, name):
        if i >= n:
            raise IndexError(f"index {i} out of {n} in {name!r}")
        assert i >= 0, "negative: " + str(i)
        if name == "":
            raise KeyError(name, i, 2.5)
        return i

    for args in ((5, 3, "a"), (-1, 3, "é€"), (1, 3, ""), (1, 3, "x")):
        expected, got = outcome(f.py_func, *args), outcome(f, *args)
        if expected != got:
            # pytest adds lines to the texts of its own assertions.
            assert got[0] is expected[0] and expected[1].splitlines()[0] == got[1]


def test_lone_surrogates_in_messages():
    @njit
    def f(s):
        raise ValueError(s)

    with pytest.raises(ValueError) as caught:
        f("a\ud800b")
    assert caught.value.args == ("a\ufffdb",)


def test_unions_and_optionals():
    @njit
    def f(n):
        x = None
        if n > 0:
            x = "some"
        y = n if n > 1 else (n, 2)
        return f"{x} {y} {x!r} {[x, 'a']} {(y, x)}"

    for n in range(3):
        same(f, n)


def test_printing():
    @njit
    def f(s, names):
        print(s, names, (s, 1), sep=s, end=s + "\n")
        print(f"{s:>6}", s[1:], s.upper())
        for c in s:
            print(c, end=",")

    for s in ("abc", "é€", "😀\0"):
        texts = []
        for g in (f, f.py_func):
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                g(s, [s, "x'"])
            texts.append(out.getvalue())
        assert texts[0] == texts[1]
    with contextlib.redirect_stdout(io.StringIO()), pytest.raises(UnicodeError, match="surrogates not allowed"):
        f("\ud800", ["a"])


@njit
def templates(x, y, s):
    return (
        "{} and {:>5}|{!r}".format(s, x, y), "{0} {1!r} {0:^{w}} {name:.2f} {{}}".format(x, s, name=y, w=7), "{:{}.{}f} {}".format(y, 10, 2, (x, "a")), "a{{b}}c".format(),
        "%s %r %a|%5s|%-5s|%.1s %%" % (x, s, s, y, s, s), "%d|%5d|%-5d|%05d|%+d|% d|%i|%u" % (x, x, x, x, x, x, x, x), "%x|%#x|%X|%#X|%o|%#o|%#08x" % (x, x, x, x, x, x, x),
        "%f|%.0f|%#.0f|%e|%.3E|%g|%G|%10.2f|%-10.2f|%+f|% f|%08.2f|%-08.2f" % (y, y, y, y, y, y, y, y, y, y, y, y, y), "%*d|%-*d|%.*f" % (5, x, 4, x, 2, y),
        "%s" % x, "%s" % ((x, s),), "%c%c" % (65, "\u00e9"), "%s %s %s" % (None, [1, 2], (s,)), PERCENT % y,
    )


PERCENT = "v=%5.1f"


@njit
def arrays_shown(a):
    return f"{a}|{a!r}", str(a), repr(a), ascii(a), repr([a, a]), str((a, 1)), f"{a.T} {a * 2}", "{} %s".format(a), "%s" % a


ARRAYS = [
    np.arange(3), np.arange(3) / 3, np.array([[1.5, 2], [3, 4]]), np.array([True, False]), np.zeros(0), np.zeros((0, 3)), np.arange(2000.0), np.array([1e10, 1e-5]), np.array([1 + 2j, 3.5]), np.array(5),
    np.array([1, 2], np.uint8), np.float32([1.1, np.nan, -np.inf]), np.arange(12).reshape(3, 4)[::-1, ::2], np.asfortranarray(np.arange(6.0).reshape(2, 3)), np.zeros((2, 2, 2), np.int8),
]


@njit
def told_with(a):
    raise ValueError(f"bad {a}")


@njit
def printed(a):
    print(a, [a], sep=";", end="!\n")
    print("x", a.T, (a, 1))


def test_arrays():
    for a in ARRAYS:
        same(arrays_shown, a)
    same(told_with, np.arange(3))
    with np.printoptions(precision=2, suppress=True):
        same(arrays_shown, np.arange(3) / 3)


def test_printed_arrays(capsys):
    for a in ARRAYS[:4]:
        printed(a)
        found = capsys.readouterr().out
        printed.py_func(a)
        assert found == capsys.readouterr().out


@njit(parallel=True)
def shown_in_parallel(n):
    lengths = np.zeros(n, np.int64)
    for i in numbra.prange(n):
        lengths[i] = len(f"{np.arange(i)}")
    return lengths


def test_arrays_on_several_threads():
    assert shown_in_parallel(40).tolist() == [len(str(np.arange(i))) for i in range(40)]


@njit
def truncated(y):
    return "%d %5i" % (y, -y)


@njit
def told(n, s):
    raise ValueError("bad %d of %s" % (n, s) + "{:>4}".format(n))


def test_templates():
    for x in (0, 3, -255, 2**62, True):
        for y in (0.0, -0.0, 2.75, -1e20, 1e-7, math.inf, math.nan):
            same(templates, x, y, "é'x")
    same(truncated, 2.7)
    same(truncated, -2.7)
    same(told, 3, "q")


@pytest.mark.parametrize("body, text", [
    ("'{} {}'.format(x)", "replacement field for argument 1"), ("'{0} {}'.format(x, x)", "automatic and manual"), ("'{a}'.format(x)", "replacement field `a`"), ("'{0.real}'.format(x)", "takes its value apart"),
    ("'{'.format(x)", "Single '{'"), ("'}'.format(x)", "Single '}'"), ("'{!z}'.format(x)", "conversion"), ("'{:q}'.format(x)", "format code"), ("s.format(x)", "only at run time"), ("s % x", "only at run time"),
    ("'%d' % s", "a real number is required"), ("'%x' % (x + 0.5)", "an integer is required"), ("'%y' % x", "unsupported format character"), ("'%' % x", "incomplete format"), ("'abc' % x", "not all arguments"),
    ("'%s' % (x, x)", "not all arguments"), ("'%s %s' % x", "not enough arguments"), ("'%(a)s' % x", "dictionary"), ("'%*d' % (x, x)", "only at run time"), ("'%.3d' % x", "precision of an integer"),
])
def test_templates_that_do_not_fit(body, text):
    _, compiled = function(body, "x, s")
    with pytest.raises(numbra.errors.NumbaError, match=re.escape(text)):
        compiled(1, "a")


@njit
def in_other_bases(n):
    return hex(n), oct(n), bin(n), hex(-n), bin(True)


def test_other_bases():
    for n in (0, 255, -17, 2**62):
        same(in_other_bases, n)
    with pytest.raises(numbra.NumbaError, match="take an integer, not float64"):
        in_other_bases(2.5)
