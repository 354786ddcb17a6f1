"""Strings against CPython: arguments, results, operators, subscripts, iteration, containers, methods, numbers of texts."""
from collections import namedtuple

import numbra
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from numbra import njit, types

from .check import agrees as same, outcome

# Of every width: ASCII, Latin-1, two bytes, four bytes; combining characters, a NUL, lone surrogates.
SAMPLES = ["", "a", "abc", "héllo wörld", "żółć", "日本語 text", "😀 face 😀", "e\u0301", "\0mid\0", "\ud800 lone", "x" * 100, "ÿ", "Ā", "\uffff", "aXbXc", "  spaces\t", "ß", "ŉ", "ΑΣ", "İi"]
# Characters whose properties are the same in all versions of Unicode: `ƛ` has an upper case in new ones only.
TEXTS = st.text(st.characters(max_codepoint=0x24f, exclude_characters="ƛ") | st.sampled_from("abAB ,,\n日本語😀ΣσςİǆǅßﬁŉЖж٣²½\u2028\u0301"), max_size=20)


@njit
def identity(s):
    return s


@njit
def operators(s, t, n):
    return s + t, t + s + "é", s * n, n * t, len(s), len(s + t), s == t, s != t, s < t, s <= t, s > t, s >= t, s in t, t in s, "a" in s, s not in "abc", not s, bool(t), s == "abc", "" < s


@njit
def subscripts(s, i, j, k):
    return s[i:j], s[i:], s[:j], s[::k], s[i:j:k], s[::-1], s[i:j][1:], s[-1:]


@njit
def item(s, i):
    return s[i], s[-1 - i], s[i] == "a", ord(s[i])


@njit
def characters(s):
    out = ""
    for c in s:
        if c != "X":
            out = c + out
    pairs = [(i, c) for i, c in enumerate(s)]
    return out, [c for c in s], list(s), pairs, [a + b for a, b in zip(s, s[1:])], sorted(s), list(reversed(s))


def test_arguments_and_results():
    for s in SAMPLES:
        assert identity(s) is s and identity((s, [s]))[0] == s and identity([s, s + "é"]) == [s, s + "é"]
    assert identity.signatures[0] == (types.unicode_type,)

    @njit
    def made(n):
        if n == 0:
            return "constant"
        if n == 1:
            return "żółć 😀"
        return ""

    assert [made(i) for i in range(3)] == ["constant", "żółć 😀", ""]
    assert njit(lambda: "only")() == "only" and njit(lambda: ("a", 1, "é"))() == ("a", 1, "é")
    with pytest.raises(numbra.NumbaError, match="string of the class"):
        identity(np.str_("x"))


def test_operators():
    for s in SAMPLES:
        for t in SAMPLES:
            same(operators, s, t, len(t) % 4 - 1)


@settings(max_examples=60, deadline=None)
@given(TEXTS, TEXTS)
def test_comparison_and_membership(s, t):
    same(operators, s, t, 2)
    same(operators, s[1:3], s, 2)


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.integers(-25, 25), st.integers(-25, 25), st.integers(-4, 4))
def test_slices(s, i, j, k):
    same(subscripts, s, i, j, k)


def test_items():
    for s in SAMPLES:
        for i in range(-len(s) - 2, len(s) + 2):
            same(item, s, i)


def test_iteration():
    for s in SAMPLES:
        if "\ud800" not in s:
            same(characters, s)


def test_containers_and_unions():
    P = namedtuple("P", "name count")

    @njit
    def f(s, n):
        t = (s, "fixed", n)
        a, b, _ = t
        pairs = [(s, 1), ("lit", n)]
        names = [s, "x"]
        names.append(s + "!")
        names[0] = "first"
        x = None
        if n > 0:
            x = s
        y = s if n > 1 else n
        p = P(s, n)
        q = P("lit", 2) if n > 1 else P("other", 3)
        words = ("zero", "one", "two")
        return a + b, pairs, names, x, y, p, p.name * 2, q, words[n % 3], names.index("x"), s in names, names == ["first", "x", s + "!"], min(names), max("b", s), x == s, isinstance(y, str)

    for n in range(3):
        for s in ("abc", "żółć"):
            same(f, s, n)

    @njit
    def default(s, sep=", ", *, end="."):
        return s + sep + s + end

    assert default("a") == "a, a." and default("a", end="!") == "a, a!" and default("a", "é") == "aéa."

    @njit
    def total(names):
        out = ""
        for name in names:
            out += name[:2]
        return out, len(names)

    same(total, ["abc", "żółć", ""])
    same(total, ("abc", "żółć", ""))

    @njit
    def changed(names):
        names.append(names[0].upper())
        names.sort()
        return names[-1]

    names = ["b", "a", "ż"]
    assert changed(names) == "ż" and names == ["B", "a", "b", "ż"]


def test_views_live_as_long_as_they_are_used():
    @njit
    def f(n):
        kept = []
        last = ""
        for i in range(n):
            s = "number " + str(i) + " of many, long enough for a block of its own" * 2
            kept.append(s[7:12])
            last = s[-4:]
        return kept, last

    same(f, 200)

    @njit
    def failing(n):
        parts = [str(i) + "x" for i in range(n)]
        raise ValueError("-".join(parts))

    for _ in range(3):
        same(failing, 20)


def test_recursion_with_constants():
    @njit
    def f(n, s):
        return s if n == 0 else f(n - 1, s + "x")

    @njit
    def g(n):
        return f(n, "a")

    same(g, 60)


@njit
def cases(s):
    return s.upper(), s.lower(), s.title(), s.capitalize(), s.casefold(), s.swapcase(), s.strip(), s.lstrip(), s.rstrip(), s.splitlines(), s.splitlines(True), s.split(), s.zfill(9), s.expandtabs(), s.expandtabs(3), s.expandtabs(tabsize=-1)


@njit
def questions(s):
    return s.isalpha(), s.isdigit(), s.isalnum(), s.isspace(), s.isupper(), s.islower(), s.istitle(), s.isascii(), s.isdecimal(), s.isnumeric(), s.isprintable(), s.isidentifier()


@njit
def searches(s, t, i, j):
    return (
        s.find(t), s.rfind(t), s.count(t), s.find(t, i), s.rfind(t, i, j), s.count(t, i, j), s.startswith(t), s.endswith(t), s.startswith(t, i), s.endswith(t, i, j), s.startswith((t, "a")), s.replace(t, "-é"),
        s.replace(t, "", 1), s.strip(t), s.lstrip(t), s.rstrip(t), s.removeprefix(t), s.removesuffix(t), t.join([s, "x", s]), t.join(s), s.ljust(i, "*"), s.rjust(i), s.center(i, "é"), s.split(None, j), s.rsplit(None, 1),
    )


@njit
def parts(s, t):
    return s.split(t), s.split(t, 1), s.rsplit(t, 1), s.rsplit(t), s.partition(t), s.rpartition(t)


@njit
def indices(s, t):
    return s.index(t), s.rindex(t)


@pytest.mark.parametrize("f", [cases, questions])
def test_methods_of_samples(f):
    for s in SAMPLES + ["ǆ ǅ", "ﬁne", "ĳ", "ა", "٣", "²", "½", "1_000", "Title Case", "they're", "\x1c\x85\xa0", "a\r\nb\x0bc\u2028d", "a\tbc\t\n\td", "_a1", "1a", "été", "a b", "+12", "-5"]:
        same(f, s)


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_cases(s):
    same(cases, s)
    same(questions, s)


@settings(max_examples=60, deadline=None)
@given(TEXTS, TEXTS.map(lambda t: t[:2]), st.integers(-9, 25), st.integers(-3, 25))
def test_searches(s, t, i, j):
    same(searches, s, t, i, j)
    same(searches, s, s[1:3], i, j)
    same(parts, s, t)
    same(parts, t + s + t, t)
    same(indices, s, t)
    same(indices, s + t, t)


@njit
def as_int(s):
    return int(s)


@njit
def as_int_base(s, base):
    return int(s, base)


@njit
def as_float(s):
    return float(s)


def test_numbers_of_texts():
    for s in ("12", " -7 ", "+0", "1_000", "1__0", "_1", "", "abc", "12.5", "٣٤", "\u20037\n", "9223372036854775807", "-9223372036854775808", "0x10", "it's", '"'):
        same(as_int, s)
        same(as_float, s)
    for s in ("1.5", "-inf", "NaN", "Infinity", "1e400", "1e-400", ".5", "5.", ".", "1e", "1_0.0_1", "1_.0", "0x1p3", "2.2250738585072011e-308"):
        got, want = outcome(as_float, s), outcome(float, s)
        assert got == want or got != got and want != want
    for s, base in (("ff", 16), ("0xff", 16), ("0b11", 0), ("z", 36), ("012", 0), ("12", 2), ("1", 1), ("0o17", 8), ("0x", 16)):
        same(as_int_base, s, base)
    with pytest.raises(OverflowError):
        as_int("9223372036854775808")

    @njit
    def constants():
        return int("42"), float("2.5"), int("-1") + 1, str(3) + "x", chr(8364), ord("é")

    same(constants)


@njit
def code(i):
    return chr(i), ord(chr(i)), chr(i) + "x"


def test_characters():
    for i in (0, 65, 0xe9, 0x20ac, 0x1f600, 0xd800, 0x10ffff):
        same(code, i)
    with pytest.raises(ValueError, match=r"chr\(\) arg not in range\(0x110000\)"):
        code(0x110000)
    with pytest.raises(TypeError, match="ord.. expected a character, but string of length 2 found"):
        njit(lambda s: ord(s))("ab")


@njit
def hashes(i, x, b, t):
    return hash(i), hash(x), hash(b), hash(t), hash((i, x)), hash(()), hash(3), hash(2.5)


@settings(max_examples=60, deadline=None)
@given(st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False), st.booleans())
def test_hashes(i, x, b):
    same(hashes, i, x, b, (i, (x, b)))


def test_hashes_of_strings():
    @njit
    def f(s, t):
        return hash(s) == hash(t), hash((s, 1)) == hash((t, 1)), hash(s) == hash("abc"), hash((s + "€")[:-1]) == hash(t)

    assert f("abc", "abc") == (True, True, True, True) and f("abc", "abd") == (False, False, True, False)


def test_promised_differences():
    assert not questions("一")[9] and "一".isnumeric()
    assert hash("") == njit(lambda s: hash(s))("") == 0
    assert njit(lambda x: hash(x))(float("nan")) == 0
    with pytest.raises(OverflowError):
        as_int("99999999999999999999")


def test_keys_of_order():
    @njit
    def f(words, n):
        seen = []

        def key(w):
            seen.append(len(w))
            return len(w)

        a = sorted(words, key=lambda w: len(w))
        b = sorted(words, key=lambda w: len(w), reverse=True)
        c = list(words)
        c.sort(key=lambda w: w[::-1])
        d = sorted(range(n), key=lambda i: (i * 7) % n)
        e = sorted([(1, 2.0), (0, 5.0), (1, 1.0)], key=lambda p: p[0], reverse=True)
        return a, b, c, d, e, max(words, key=lambda w: len(w)), min(words, key=len), max(n, 3, key=lambda i: -i), sorted(words, key=None), sorted(words, key=str.lower if False else None)

    same(f, ["bb", "a", "ccc", "aa", "c", "dd"], 11)

    @njit
    def counted(items):
        calls = np.zeros(1)

        def key(x):
            calls[0] += 1
            return -x

        items.sort(key=key)
        return items, calls[0]

    assert counted([3, 1, 2]) == ([3, 2, 1], 3)

    @njit
    def empty(items):
        return max(items[:0], default=5), min(items[:0], key=lambda x: x)

    with pytest.raises(ValueError, match=r"min\(\) arg is an empty sequence"):
        empty([1])


@pytest.mark.parametrize("f, args, text", [
    (lambda s: s + 1, ("a",), r"operator `\+` does not take unicode_type"), (lambda s: s < 1, ("a",), "operator `<`"), (lambda s: 1 in s, ("a",), "looks for strings in a string"),
    (lambda s: s[1.5], ("a",), "float64 is not an index of a string"), (lambda s: s.find(1), ("a",), "takes a string"), (lambda s: s.uper(), ("a",), "did you mean `upper`"), (lambda s: s.format_map(1), ("a",), "no attribute `format_map`"),
    (lambda s: hash([s]), ("a",), "`builtins.hash` takes"), (lambda s: ",".join([1, 2]), ("a",), "takes strings"), (lambda s: np.zeros(2, s), ("f8",), "scalar type"), (lambda s: sorted([s], key=lambda x: None), ("a",), "order"),
])
def test_refused(f, args, text):
    with pytest.raises(numbra.NumbaError, match=text):
        njit(f)(*args)


def test_signatures():
    @njit("unicode_type(unicode_type, int64)")
    def f(s, n):
        return s * n

    @njit(types.unicode_type(types.string))
    def g(s):
        return "constant"

    assert f("ab", 2) == "abab" and g("x") == "constant" and types.unicode_type in f.signatures[0]
    with pytest.raises(TypeError):
        f(1, 2)
