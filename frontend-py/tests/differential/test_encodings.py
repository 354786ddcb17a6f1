"""Texts and integers as bytes against CPython; products and sums of lists."""
import math

import numbra
import pytest
from numbra import njit

TEXTS = ["", "abc", "héllo wörld", "日本語 text", "😀 face 😀", "\0mid\0", "ÿĀ\uffff\U0010ffff", "\x7f\x80\u07ff\u0800"]
BROKEN = [b"\x80", b"a\xc3", b"\xc0\x80", b"\xe0\x80\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xf5\x80\x80\x80", b"\xff", b"\xe2\x82", b"\xf0\x9f\x98"]


def outcome(f, *args):
    try:
        return f(*args)
    except (UnicodeError, OverflowError, ValueError) as error:
        return UnicodeError if isinstance(error, UnicodeError) else type(error)


@njit
def utf8(s):
    return s.encode(), s.encode("utf8").decode("utf-8"), bytearray(s.encode()).decode()


@njit
def narrow(s):
    return s.encode("latin-1"), s.encode("latin-1").decode("latin1")


@njit
def ascii_only(s):
    return s.encode("ascii").decode("ascii")


@njit
def decoded(b):
    return b.decode()


@njit
def to_bytes(n, length, little, signed):
    return n.to_bytes(length, "little" if little else "big", signed=signed)


@njit
def from_bytes(b, little, signed):
    return int.from_bytes(b, "little" if little else "big", signed=signed)


@pytest.mark.parametrize("s", TEXTS + ["\ud800"])
def test_texts(s):
    for f in (utf8, narrow, ascii_only):
        assert outcome(f, s) == outcome(f.py_func, s)


def test_bytes_that_are_no_text():
    for b in BROKEN:
        for sample in (b, b"ab" + b, b + b"ab"):
            assert outcome(decoded, sample) == outcome(decoded.py_func, sample), sample
    for b in (b"\xff", b"a\x80"):
        assert outcome(njit(lambda b: b.decode("ascii")), b) is UnicodeError


def test_integers():
    for n in (0, 1, 127, 128, 255, 256, -1, -128, -129, 2**31, -2**31, 2**63 - 1, -2**63):
        for length in (0, 1, 2, 4, 8, 9):
            for signed in (False, True):
                for little in (False, True):
                    assert outcome(to_bytes, n, length, little, signed) == outcome(to_bytes.py_func, n, length, little, signed), (n, length, little, signed)
                    if type(b := outcome(to_bytes.py_func, n, length, little, signed)) is bytes and b:
                        assert from_bytes(b, little, signed) == n
    assert njit(lambda n: n.to_bytes(8, "big"))(2**64 - 1) == b"\xff" * 8
    assert outcome(to_bytes, 1, -1, True, False) is ValueError and njit(lambda n: n.to_bytes())(5) == (5).to_bytes(1, "big")
    for b, signed in [(b"\xff" * 8, False), (b"\x01" + bytes(8), True), (b"\xfe" + b"\xff" * 8, True)]:
        assert outcome(from_bytes, b, False, signed) is OverflowError


def test_products_and_sums():
    def of(a, n):
        return math.prod(a), math.prod(range(1, n)), math.prod([0.5] * n, start=3), math.fsum(a), math.fsum([0.1] * 10), math.fsum(range(n))

    for a, n in [([3, -2, 7], 5), ([0], 1)]:
        assert repr(njit(of)(a, n)) == repr(of(a, n))


@pytest.mark.parametrize("function, text", [
    (lambda s: s.encode("utf-16"), "the encodings of compiled code are utf-8, ascii and latin-1"),
    (lambda s: s.encode("ascii", "ignore"), "leave `errors` out"),
    (lambda s: (1.5).to_bytes(1), "only integers have `to_bytes`"),
    (lambda s: int.from_bytes(s), "takes bytes"),
    (lambda s: math.prod(s), "a tuple, a list, a range"),
])
def test_what_is_refused(function, text):
    with pytest.raises(numbra.TypingError, match=text):
        njit(function)("abc")
