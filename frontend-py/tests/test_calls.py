"""Binding of arguments, explicit signatures, and exceptions that leave compiled code."""
import traceback

import numpy as np
import pytest

import numbra
from numbra import njit, types

from .kernels import add, nothing, with_defaults


def same_error(compiled, *args, **kwargs):
    """The compiled function refuses a call with Python's text."""
    with pytest.raises(TypeError) as expected:
        compiled.py_func(*args, **kwargs)
    with pytest.raises(TypeError) as found:
        compiled(*args, **kwargs)
    assert str(found.value) == str(expected.value).partition(". Did you mean")[0]


def test_positions_keywords_and_defaults():
    f = with_defaults
    assert f(1) == 123 and f(1, 5) == 153 and f(1, b=5) == 153 and f(b=5, a=1) == 153 and f(1, c=7) == 127 and f(a=1, c=7, b=0) == 107
    assert f(*[1], **{"".join("c"): 4}) == 124 and f(1, 2.5) == 128.0
    assert nothing() is None


def test_wrong_calls():
    f = with_defaults
    same_error(f)
    same_error(f, 1, 2, 3)
    same_error(f, 1, 2, 3, 4)
    same_error(f, 1, d=3)
    same_error(f, 1, a=3)
    same_error(f, 1, 2, 3, c=5)
    same_error(f, 1, 2, 3, 4, 5)
    same_error(nothing, 1)
    same_error(add)
    same_error(add, 1)
    same_error(add, 1, 2, 3)

    @njit
    def three(a, b, c):
        return a

    @njit
    def kinds(a, /, b, *, c, d):
        return a

    same_error(three)
    same_error(kinds, 1)
    same_error(kinds, 1, 2)
    same_error(kinds, 1, 2, c=3)
    same_error(kinds, a=1, b=2, c=3, d=4)
    same_error(kinds, 1, 2, 3, d=4)


def test_kinds_of_parameters():
    @njit
    def callee(a, /, b=2, *, c, d=0.5):
        return a * 1000 + b * 100 + c * 10 + d

    @njit
    def caller(x):
        return callee(x, c=3), callee(x, 4, d=1, c=x)

    for _ in range(2):
        assert callee(1, c=3) == 1230.5 and callee(1, 4, d=1, c=3) == 1431 and callee(1, c=3, b=5) == 1530.5
        same_error(callee, 1, 2, 3, 4)
        same_error(callee, 1, 2)
    assert caller(1) == (1230.5, 1411)
    assert callee.compile("(i8, i8, i8, i8)").signature.args == (types.int64,) * 4

    @njit
    def by_position(x):
        return callee(x, 2, 3)

    @njit
    def by_keyword(x):
        return callee(a=x, c=3)

    with pytest.raises(numbra.TypingError, match="takes 2 positional arguments, but 3 are given"):
        by_position(1)
    with pytest.raises(numbra.TypingError, match="takes its parameter `a` by position only"):
        by_keyword(1)
    callee.py_func.__kwdefaults__ = None
    assert callee(1, c=3) == 1230.5


def test_defaults_in_calls_between_compiled_functions():
    @njit
    def callee(x, z=1j, t=(np.float32(1), 2.5j, None), k=abs, e=..., s="text", u=np.uint8(3), unused=[]):
        return z * x, t[0], t[1], k(x), u

    @njit
    def caller(x):
        return callee(x, unused=0)

    @njit
    def using(x):
        return callee(x)

    result = caller(-2)
    assert result == (-2j, 1.0, 2.5j, 2, 3) and [types.float32, types.complex128] == list(caller.nopython_signatures[0].return_type.types[1:3])
    with pytest.raises(numbra.NumbaError, match="default of `callee`'s parameter `unused` is a Python `list`"):
        using(1)


def test_lambdas_on_one_line():
    assert [njit(lambda x: x + 1)(3), njit(lambda x: x * 10)(3), njit(lambda y: y)(3)] == [4, 30, 3]
    outer = lambda a: njit(lambda b: b + 1)(a) * 2; ä = njit(lambda b: b * 5)  # noqa: E702, E731
    assert outer(3) == 8 and ä(3) == 15
    spread = [njit(lambda x: (x +
                              1)), njit(lambda x: x - 1)]
    assert [f(3) for f in spread] == [4, 2]
    renamed = lambda x: x + 7, lambda x: x + 8  # noqa: E731
    renamed[1].__name__ = "other"
    assert njit(renamed[1])(1) == 9


def test_eager_signatures():
    @njit("f8(f8, f8)")
    def f(a, b):
        return a + b

    assert f.signatures == [(types.float64, types.float64)]
    assert f(1, True) == 2.0 and type(f(1, 2)) is float and f(np.float32(1.5), 2) == 3.5
    with pytest.raises(TypeError, match=r"no matching definition.*\(complex128, int64\)"):
        f(1j, 2)
    with pytest.raises(numbra.TypingError, match="argument `b` of .* is a dict"):
        f(1, {})
    with pytest.raises(TypeError, match=r"no matching definition.*\(int64, unicode_type\)"):
        f(1, "x")


def test_the_best_signature_is_taken():
    @njit(["f8(f8)", types.int64(types.int64), (types.complex128,)])
    def f(x):
        return x + x

    assert type(f(2)) is int and type(f(2.0)) is float and type(f(2j)) is complex
    assert f(np.complex64(1 + 2j)) == 2 + 4j
    assert type(f(True)) is int and type(f(np.float32(1))) is float and type(f(np.complex64(1))) is complex and type(f(np.int8(3))) is int


def test_ambiguous_signatures():
    @njit(["i8(f8, i8)", "i8(i8, f8)"])
    def f(a, b):
        return 0

    with pytest.raises(TypeError, match="ambiguous"):
        f(True, True)


def test_values_that_do_not_fit_a_signature():
    @njit("i1(i1)")
    def f(x):
        return x

    assert f(-128) == -128 and f(100.7) == 100
    for value in (128, -129, 1e10):
        with pytest.raises(OverflowError, match="does not fit int8"):
            f(value)
    with pytest.raises(ValueError):
        f(float("nan"))


def test_arrays_and_explicit_signatures():
    @njit("f8(f8[:, :])")
    def corner(a):
        return a[-1, -1]

    data = np.arange(6.0).reshape(2, 3)
    assert corner(data) == corner(data.T) == corner(data[::-1, ::-1][::-1, ::-1]) == 5
    with pytest.raises(TypeError, match="no matching definition"):
        corner(data.astype("f4"))
    data.flags.writeable = False
    with pytest.raises(TypeError, match="readonly array"):
        corner(data)

    @njit("f8[:](f8[::1])")
    def same(a):
        return a

    ones = np.ones(3)
    assert same(ones) is ones
    with pytest.raises(TypeError, match="no matching definition"):
        same(ones[::2])


def test_declared_results():
    @njit("f8(i8)")
    def whole(x):
        return x

    @njit("i4(i8)")
    def narrow(x):
        return x + 1

    @njit("f4(f8)")
    def single(x):
        return x

    @njit("Tuple((c16, b1))(i8)")
    def pair(x):
        return x, x

    assert type(whole(2)) is float and whole.nopython_signatures == [types.float64(types.int64)]
    assert narrow(2**31 - 1) == -(2**31)
    assert single(0.1) == np.float32(0.1)
    assert pair(3) == (3 + 0j, True) and type(pair(3)[0]) is complex
    with pytest.raises(numbra.TypingError, match="returns complex128 .* says float64"):
        njit("f8(c16)")(lambda x: x)


def test_defaults_complete_a_signature():
    @njit("f8(f8)")
    def f(a, b=2):
        return a * b

    assert f(2.5) == 5.0 and f(2.5, 3) == 7.5


def test_recursion_of_an_eager_function():
    @njit("i8(i8)")
    def fib(n):
        return n if n < 2 else fib(n - 1) + fib(n - 2)

    assert fib(20) == 6765


def test_exceptions_have_the_class_text_and_line():
    @njit
    def check(a, i):
        if i < 0:
            raise ValueError("negative")
        return a[i] // i

    data = np.array([1, 2, 3])
    for i, error, text, line in [(-1, ValueError, "negative", 'raise ValueError("negative")'), (7, IndexError, "out of bounds", "return a[i] // i"), (0, ZeroDivisionError, "zero", "return a[i] // i")]:
        with pytest.raises(error, match=text) as caught:
            check(data, i)
        last = traceback.extract_tb(caught.value.__traceback__)[-1]
        assert last.filename == __file__ and last.name == "check" and last.line == line
    assert check(data, 1) == 2


def test_exceptions_without_arguments_and_through_calls():
    @njit
    def inner(x):
        if x > 2:
            raise KeyError
        return x

    @njit
    def outer(x):
        a = np.ones(x + 1)
        return inner(x) + a[0]

    assert outer(1) == 2
    for _ in range(50):
        with pytest.raises(KeyError) as caught:
            outer(3)
    assert caught.value.args == ()
    assert traceback.extract_tb(caught.value.__traceback__)[-1].name.endswith("inner")


def test_compile_errors():
    @njit
    def wrong(a):
        return a + undefined_name

    with pytest.raises(numbra.TypingError, match="undefined_name") as caught:
        wrong(1)
    assert "error[NB0206]" in str(caught.value) and "return a + undefined_name" in str(caught.value)
    first = caught.value.diagnostics[0]
    assert first["code"] == "NB0206" and first["file"] == __file__ and first["line"] > 0
    assert isinstance(caught.value, numbra.NumbaError) and caught.value.reproducer is None
    assert wrong.signatures == []


def test_unsupported_constructs():
    @njit
    def f(x):
        with open("x"):
            pass

    with pytest.raises(numbra.UnsupportedError, match="NB01"):
        f(1)


def test_source_that_cannot_be_found():
    space = {}
    exec("def f(x):\n    return x\n", space)
    with pytest.raises(numbra.errors.SourceError, match="source text of `f` is not available"):
        njit(space["f"])(1)


def test_keyword_arguments_of_methods_and_other_callers():
    import functools

    partial = functools.partial(add, b=5)
    assert partial(1) == 6 and list(map(add, [1, 2], [3, 4])) == [4, 6] and add.__call__(1, 2) == 3
