"""`print` against CPython: the same text, to whatever `sys.stdout` is."""
import contextlib
import io
import math
import sys

import numpy as np
import numbra
import pytest
from hypothesis import example, given, strategies as st
from numbra import njit

from .sources import function


def printed(function, *arguments):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        function(*arguments)
    return out.getvalue()


def same(function, *arguments):
    expected = printed(function, *arguments)
    assert printed(njit(function), *arguments) == expected
    return expected


def one(x):
    print(x)


def inside(x):
    print((x, 1), [x, x])


compiled_one, compiled_inside = njit(one), njit(inside)

FLOATS = [0.0, -0.0, 1.0, -2.5, 0.1, 1e15, 1e16, 123456789012345680.0, 9007199254740993.0, 1e-4, 1e-5, 1.5e300, 5e-324, 1 / 3, math.pi, math.inf, -math.inf, math.nan]


@pytest.mark.parametrize("x", [0, -1, 2**63 - 1, -(2**63), 2**63, True, False, None, *FLOATS])
def test_scalars(x):
    assert printed(compiled_one, x) == printed(one, x)
    assert printed(compiled_one, x) == f"{x}\n"


@pytest.mark.parametrize("re", [0.0, -0.0, 1.0, -2.5, 1e16, math.nan, math.inf])
@pytest.mark.parametrize("im", [0.0, -0.0, 1.0, -2.5, 1e-7, math.nan, -math.inf])
def test_complex(re, im):
    for x in (complex(re, im), np.complex64(complex(re, im))):
        assert printed(compiled_one, x) == printed(one, x)


@given(st.floats())
@example(562949953421312.25)
def test_digits_of_float64(x):
    assert printed(compiled_one, x) == f"{x!r}\n"


@given(st.floats(width=32))
def test_digits_of_float32(x):
    assert printed(compiled_one, np.float32(x)) == f"{str(np.float32(x))}\n"


@pytest.mark.parametrize("x", [np.float32(1e-4), np.float32(1e16), np.float32(999999.94), np.float32(1e6), np.float32(16777216), np.float32(123456789012), np.int8(-128), np.uint8(255), np.uint64(2**64 - 1), np.int32(7)])
def test_numpy_scalars(x):
    assert printed(compiled_one, x) == printed(one, x)
    assert printed(compiled_inside, x) == printed(inside, x)


@pytest.mark.parametrize("x", [3, True, 0.1, math.nan, 1 - 2j, -0.0])
def test_inside_tuples_and_lists(x):
    assert printed(compiled_inside, x) == printed(inside, x)


def test_arguments_and_separators():
    def f(x, y):
        print()
        print(x, y)
        print(x, "a", None, True, 1.5, 2j, sep=", ", end="!\n")
        print(x, y, sep="")
        print(x, y, sep=None, end=None, file=None, flush=False)
        print("no", "end", end="")
        print("é\u20ac", end="\U0001f600")
        print(end="")
        print(sep="-")
        print(*(x, y, (x, y)), sep="\n")

    assert same(f, 1, 2.5).startswith("\n1 2.5\n1, a, None, True, 1.5, 2j!\n")


def test_tuples_lists_ranges_and_strings_in_them():
    def f(x, t, a):
        print((), (x,), t, ((x, 1.0), (None, True)))
        print([], [x], a, [[x], []], [(x, 0.5)])
        print(range(x), range(1, x), range(1, x, -2))
        print(("a", x, "it's", "'\"", "\\\n\t\r\x01\x7f", "é\xa0\u200b\u0301\U000e0001"))

    same(f, 3, (1, (2.0, False)), [0.1, 1e22])


def test_formatted_strings():
    size = 3

    def f(x):
        print(f"size is {size}, {True} {None} {'text'}", x)

    assert same(f, 1) == "size is 3, True None text 1\n"


def test_optional_and_union():
    def f(n):
        x = None
        if n > 0:
            x = n
        print(x, (x, 1))
        y = 1.5 if n > 1 else (n, 2)
        print(y, [y])

    for n in (0, 1, 2):
        same(f, n)


def test_in_loops_and_called_functions():
    @njit
    def inner(i):
        print(i, end=" ")
        return i + 1

    def f(n):
        total = 0
        for i in range(n):
            total += inner(i)
        print(total)

    assert printed(njit(f), 1000) == printed(f, 1000)


def test_order_with_an_exception():
    def f(x):
        print("before")
        if x > 0:
            raise ValueError("stop")
        print("after")

    out = io.StringIO()
    with contextlib.redirect_stdout(out), pytest.raises(ValueError, match="stop"):
        njit(f)(1)
    assert out.getvalue() == "before\n"


def test_standard_output_itself(capsys):
    compiled_one(5)
    print("between")
    compiled_one(6.5)
    assert capsys.readouterr().out == "5\nbetween\n6.5\n"


@pytest.mark.parametrize("nogil", [False, True])
def test_exceptions_of_the_stream(nogil):
    class Special(Exception):
        pass

    class Broken:
        def __init__(self, error):
            self.error = error

        def write(self, text):
            raise self.error

    @njit(nogil=nogil)
    def f(n):
        a = [n, n]
        print("x", a)
        return a

    for error in (Special("mine", 3), OSError(28, "full"), KeyboardInterrupt(), UnicodeEncodeError("ascii", "é", 0, 1, "no")):
        with contextlib.redirect_stdout(Broken(error)), pytest.raises(type(error)) as caught:
            f(1)
        assert caught.value is error
        names = [entry.name for entry in caught.traceback]
        assert "f" in names and names[-1] == "write"
        assert printed(f, 1) == "x [1, 1]\n"

    with contextlib.redirect_stdout(object()), pytest.raises(AttributeError, match="write"):
        f(1)
    with contextlib.redirect_stdout(None):
        assert f(1) == [1, 1]


def test_lost_stream(monkeypatch):
    monkeypatch.delattr(sys, "stdout")
    with pytest.raises(RuntimeError, match="lost sys.stdout"):
        compiled_one(1)


@pytest.mark.parametrize("nogil", [False, True])
def test_streams_that_call_compiled_functions(nogil):
    @njit(nogil=nogil)
    def twice(x):
        if x < 0:
            raise ValueError("negative")
        return 2 * x

    @njit(nogil=nogil)
    def f(x):
        a = [x]
        print(x)
        a.append(x)
        return a

    class Calling:
        seen = []

        def write(self, text):
            self.seen.append(twice(int(text)))
            try:
                twice(-1)
            except ValueError:
                self.seen.append("caught")

    with contextlib.redirect_stdout(Calling()):
        assert f(4) == [4, 4]
    assert Calling.seen == [8, "caught"]


def test_without_the_gil_from_threads():
    from concurrent.futures import ThreadPoolExecutor

    @njit(nogil=True)
    def f(n):
        for i in range(100):
            print(n, i)

    out = io.StringIO()
    with contextlib.redirect_stdout(out), ThreadPoolExecutor(4) as pool:
        list(pool.map(f, range(4)))
    assert sorted(out.getvalue().split("\n")) == sorted([""] + [f"{n} {i}" for n in range(4) for i in range(100)])


@pytest.mark.parametrize("call, text", [
    ("print(len)", "does not take"), ("print(math.sqrt)", "does not take"), ("print((1, math.sqrt))", "does not take"),
    ("print(1, sep=2)", "a string as `sep`"), ("print(1, end=1)", "a string as `end`"),
    ("print(1, file=1)", "`file`"), ("print(1, flush=True)", "`flush`"), ("print(1, ends='')", "ends"),
])
def test_refused(call, text):
    with pytest.raises(numbra.NumbaError) as caught:
        function(call, "a")[1](np.zeros(2))
    assert text in str(caught.value)
