"""Messages about typical mistakes: what is underlined, what is said of the other places, and that the advice is one that helps."""
import json
import linecache
import math
import os

import numpy as np
import pytest

from numbra import njit
from numbra.errors import TypingError, UnsupportedError

A = np.arange(6.0)
TABLE = {"a": 1}
PRIMES = [2, 3, 5]


def below(a, b):
    return a < b


below = njit(below)


class Thing:
    x = 1


THING = Thing()


def refusal(function, *arguments):
    with pytest.raises((TypingError, UnsupportedError)) as caught:
        njit(function)(*arguments)
    return caught.value


def says(function, *arguments):
    """The title of the only error, and the advice and notes."""
    lines = str(refusal(function, *arguments)).split("\n")
    titles = [line for line in lines if line.startswith("error[")]
    assert len(titles) == 1, "\n".join(lines)
    return titles[0].split(": ", 1)[1], [line.strip(" =") for line in lines if line.lstrip().startswith("= ")]


def place(function, *arguments):
    """The source from where the first error begins, and the whole text."""
    error = refusal(function, *arguments)
    first = error.diagnostics[0]
    return linecache.getline(first["file"], first["line"])[first["column"] - 1:].rstrip(), str(error)


def test_operators_of_arrays_name_what_the_program_says():
    def add(x): return x + "a"
    def compare(x): return x < "a"
    def bits(x): return x & x
    def divide(n):
        n /= 2
        return n
    assert says(add, A) == ('operator `+` does not take array(float64, 1d, C) and literal string "a"', ['note: a function of elements takes numbers and arrays, not literal string "a"'])
    assert says(compare, A)[0] == 'operator `<` does not take array(float64, 1d, C) and literal string "a"'
    assert says(bits, A)[0] == "operator `&` does not take array(float64, 1d, C) and array(float64, 1d, C)"
    assert says(lambda x: ~x, A)[0] == "operator `~` does not take array(float64, 1d, C)"
    assert says(lambda x: x @ 3, A)[0] == "operator `@` does not take array(float64, 1d, C) and int64"
    assert says(divide, np.arange(3))[0] == "operator `/=` does not take array(int64, 1d, C) and int64"
    source, text = place(add, A)
    assert source.startswith('x + "a"')
    assert "the argument `x` is array(float64, 1d, C)" in text and 'this is literal string "a"' in text


def test_one_error_for_one_call_of_the_library():
    def axis(x): return x.sum(axis="a")
    def shape(x): return x.reshape("a")
    def key(x): return sorted(x, key="a")
    assert says(axis, A)[0] == 'an axis is an int, a tuple of ints or None, not literal string "a"'
    title, notes = says(shape, A)
    assert title == "`reshape` does not take these arguments"
    assert notes[-1].startswith("note: found in") and "numbra/lib/construction/reshape.py:" in notes[-1]
    assert says(key, A)[0] == "`builtins.sorted` does not take these arguments"
    source, text = place(axis, A)
    assert source.startswith('x.sum(axis="a")')
    assert "this is method `sum` of array(float64, 1d, C)" in text


def test_errors_of_a_helper_show_the_call():
    def compares(x): return below(x, "a")
    source, text = place(compares, A)
    assert source.startswith("a < b")
    assert "the argument `b` is literal string" in text and "`below` is compiled for this call" in text


def test_calls_that_do_not_fit_show_the_definition():
    def few(x): return below(x)
    def keyword(x): return below(x, c=1)
    def of_lambda(x):
        f = lambda a, b: a + b
        return f(x)
    for function, title in ((few, "`below` misses its argument `b`"), (keyword, "`below` has no parameter `c`")):
        assert says(function, A)[0] == title
        assert "`below` is defined here" in place(function, A)[1]
    source, text = place(of_lambda, A)
    assert source.startswith("f(x)") and "`<lambda>` is defined here" in text


def test_misspelt_names_and_types():
    def name(x):
        total = x.sum()
        return totl
    def dtype(x): return x.astype("flaot64")
    def known_later(x, d): return np.zeros(3, d)
    assert says(name, A)[1] == ["help: did you mean `total`?"]
    assert says(lambda x: np.cumsun(x), A)[1] == ["help: did you mean `cumsum`?"]
    assert says(lambda x: np.zeros(3, np.flaot64), A)[1] == ["help: did you mean `float64`?"]
    assert says(lambda x: np.sum(x, axes=0), A)[1] == ["help: did you mean `axis`?"]
    assert "help: did you mean `float64`?" in says(dtype, A)[1]
    assert says(lambda x: np.zeros(3, "f9"), A)[1] == ["help: write for example `np.float64`, `'f8'` or `a.dtype`"]
    assert says(known_later, A, "f8")[1] == ["help: the text must be known when the function is compiled, since the types of results depend on it"]


def test_what_is_not_supported_comes_with_another_way():
    def dictionary(x): return dict()
    def by_name(x, n): return getattr(x, n)
    def deletes(x):
        del x[0]
    assert says(dictionary, A) == ("`builtins.dict` is not supported", ["help: use arrays for keys and values"])
    assert says(lambda x: np.random.rand(3), A)[1] == ["help: draw the numbers in the calling Python code, and pass the array"]
    assert says(lambda x: os.getcwd(), A)[1] == ["help: call it in the calling Python code, and pass what it returns"]
    assert says(by_name, A, "sum")[1] == ["help: name the attribute by a constant string"]
    assert says(deletes, A) == ("elements of array(float64, 1d, C) cannot be deleted", ["help: `np.delete` makes an array without them"])
    assert says(lambda x: math.sqrt(x), A)[1] == ["help: `np.sqrt` takes whole arrays"]


def test_globals_of_other_types():
    def helps(function):
        return [n for n in says(function, A)[1] if n.startswith("help")]
    def changes(x):
        PRIMES.append(7)
    assert helps(changes) == ["help: make it a tuple or an array, or pass it as an argument"]
    assert helps(lambda x: TABLE["a"]) == ["help: use tuples or arrays for keys and values"]
    assert helps(lambda x: Thing.x) == ["help: use a named tuple or a tuple for the data; enumerations of numbers can be used too"]
    assert helps(lambda x: THING.x) == ["help: pass what the function needs of it as arguments: numbers, strings, tuples, arrays"]
    assert helps(lambda x: json.dumps(x)) == ["help: decorate it with `njit`, or call it in the calling Python code and pass what it returns"]


def test_loops_and_unpacking():
    def counts(x):
        for i in x.size:
            pass
    def takes_apart(x):
        a, b, c = x.shape
        return a
    assert says(counts, A) == ("int64 cannot be iterated", ["help: `range(n)` counts up to n"])
    assert place(counts, A)[0] == "x.size:"
    assert says(takes_apart, A)[0] == "1 element cannot be unpacked into 3 variables"


def test_texts_and_numbers():
    def joins(x): return "size " + x.size
    def told(x): return "size " + str(x.size)
    assert says(joins, A) == ('operator `+` does not take literal string "size " and int64', ["help: make a text of the number: `str(x)`, or a formatted string"])
    assert njit(told)(A) == "size 6"


def test_results_of_many_types():
    def many(n):
        if n == 1:
            return 1
        if n == 2:
            return "a"
        if n == 3:
            return np.zeros(3)
        if n == 4:
            return (1, 2)
        return [1]
    title, notes = says(many, 1)
    assert title.startswith("`many` returns Union(") and title.endswith("on one path and list(int64) on another")
    assert notes == ["help: return values of one type on every path, or of up to four types"]
    assert "here it returns list(int64)" in place(many, 1)[1]


def test_types_that_meet():
    def meets(n):
        if n > 2:
            y = "abc"
        else:
            y = np.zeros(3)
        return y.upper()
    title, notes = says(meets, 3)
    assert title == 'array(float64, 1d, C) and literal string "abc" have no common type: array(float64, 1d, C) has no attribute `upper` in compiled code'
    text = place(meets, 3)[1]
    assert 'this is literal string "abc"' in text and "the call returns array(float64, 1d, C)" in text
    # The advice is one that works.
    def told_apart(n):
        y = "abc" if n > 2 else np.zeros(3)
        if isinstance(y, str):
            return y.upper()
        return "none"
    assert njit(told_apart)(3) == "ABC" and njit(told_apart)(1) == "none"
