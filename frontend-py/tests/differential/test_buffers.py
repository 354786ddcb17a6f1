"""`bytes`, `bytearray` and `memoryview` against CPython: literals, arguments, results, elements, slices, operators, iteration, buffers of arrays."""
import copy

import numbra
import numpy as np
import pytest
from numbra import njit

from .check import agrees

GLOBAL = b"global\0\xff"
SAMPLES = [b"", b"a", b"abc", b"abcabc", bytes(range(256)), b"\0\0", b"\xff" * 40]


@njit
def elements(b, i, j, k):
    return b[i:j], b[i:], b[:j], b[::-1], b[i:j:k], b[1:][:-1], len(b), len(b[i:j]), b[i:j] == b[:2], not b, bool(b)


@njit
def item(b, i):
    return b[i], b[-1 - i], b[i] - 97, b[i] * 1000, b[i] + 256


@njit
def iterated(b):
    total = 7
    for c in b:
        total = (total * 31 + c) % 1000003
    for i, c in enumerate(b):
        total += i * (c - 128)
    for c, d in zip(b, b[1:]):
        total ^= c - d
    return total, list(b), sum(b), sorted(b), [c >> 1 for c in b], max(b, default=-1), any(b), all(b), list(reversed(b)), [*map(int, b)]


@njit
def operators(a, b, n):
    return a + b, a * n, n * b, a == b, a != b, a < b, a <= b, a > b, a >= b, a in b, b not in a, 97 in a, 300 - 203 in b, a.hex(), a == "text", isinstance(a, bytes), isinstance(a, (str, bytearray))


@njit
def literals(n):
    key = b"k\x00\xe9" if n > 0 else b""
    match key:
        case b"":
            found = 1
        case _:
            found = 2
    return key, key + GLOBAL, GLOBAL[n], (b"a", b"bc"), [b"x" * i for i in range(n)], found, b"one" b"two"


@pytest.mark.parametrize("make", [bytes, bytearray])
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: str(len(s)))
def test_samples(make, sample):
    b = make(sample)
    for i, j, k in [(0, 2, 1), (1, -1, 2), (-3, 3, -1), (5, 1, -2), (-9, 99, 3), (2, 2, 1)]:
        agrees(elements, b, i, j, k)
        agrees(item, b, i)
    agrees(iterated, b)
    for other in (b"abc", b"", b"b", make(sample)):
        for n in (-1, 0, 3):
            agrees(operators, b, make(other), n)


def test_literals():
    for n in (0, 1, 3):
        agrees(literals, n)


def test_identity():
    same = njit(lambda b: b)
    for b in (b"abc", bytearray(b"abc"), b""):
        assert same(b) is b
    view = memoryview(b"abc")
    assert same(view) == view and same(view[1:]) == b"bc"
    whole = njit(lambda b: b[:])
    array = bytearray(b"abc")
    assert whole(array) == array and whole(array) is not array


def test_writing():
    @njit
    def write(b, i, x):
        b[i] = x
        b[0] ^= 0x55
        return len(b)

    for args in [(1, 7), (-1, 255), (0, 0), (9, 1), (1, 256), (1, -1)]:
        for make in (bytearray, lambda s: memoryview(bytearray(s))):
            mine, theirs = make(b"hello"), make(b"hello")
            found, wanted = [], []
            for f, b, to in [(write, mine, found), (write.py_func, theirs, wanted)]:
                try:
                    to.append(f(b, *args))
                except (IndexError, ValueError) as error:
                    to.append((type(error), str(error)))
            assert found == wanted and mine == theirs

    @njit
    def upper(b):
        for i, c in enumerate(b):
            if 97 <= c <= 122:
                b[i] = c - 32
        view = memoryview(b)
        view[1:3] = b"??"
        return bytes(b), view[-2:].tobytes(), bytearray(view)

    data, expected = bytearray(b"some text"), bytearray(b"some text")
    assert upper(data) == upper.py_func(expected) and data == expected
    # The array can change its length again.
    data.append(1)


def test_views():
    @njit
    def about(v):
        return v.nbytes, v.itemsize, v.ndim, v.shape, v.strides, v.readonly, v.tolist(), v.tobytes(), v[::-2].tobytes(), v[1:] == b"bc", 98 in v, v.hex()

    for v in (memoryview(b"abc"), memoryview(bytearray(b"abc")), memoryview(np.array([97, 98, 99], np.uint8)), memoryview(b"xabcx")[1:-1]):
        agrees(about, v)
    owner = bytearray(b"abcdef")
    part = njit(lambda v: v[2:])(memoryview(owner))
    part[0] = 90
    assert owner == b"abZdef" and isinstance(part, memoryview)
    with pytest.raises(BufferError):
        owner.append(1)
    del part
    owner.append(1)


def test_conversions():
    @njit
    def convert(b, numbers, n):
        return bytes(b), bytearray(b), bytes(n), bytes(numbers), bytes((1, 2, n)), bytes(range(n)), bytes(memoryview(b)), bytes(), bytearray(n)

    for args in [(b"abc", [1, 2, 255], 3), (bytearray(b"x"), [7], 0), (b"", [256], 1), (b"", [-1], 1), (b"", [1], -1)]:
        agrees(convert, *args)


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.float64, np.complex64, "M8[s]"])
def test_buffers_of_arrays(dtype):
    @njit
    def through(a, b):
        return a.tobytes(), a[::-1].tobytes(), a.T.tobytes("F"), np.frombuffer(a.tobytes(), a.dtype), np.frombuffer(b, a.dtype, offset=16), np.frombuffer(b, np.uint8, 3)

    a = np.arange(12).reshape(3, 4).astype(dtype)
    for array in (a, a.T, a[:, ::2], a[:0]):
        for b in (bytes(range(48)), bytearray(range(48))):
            found, wanted = through(array, b), through.py_func(array, b)
            for x, y in zip(found, wanted):
                assert type(x) is type(y) and (x == y if isinstance(x, bytes) else x.dtype == y.dtype and x.tobytes() == y.tobytes())
    assert through(a, b"x" * 32)[4].flags.writeable is False and through(a, bytearray(32))[4].flags.writeable
    kept = np.frombuffer(b"x" * 16, np.uint8)
    assert njit(lambda x: x.tobytes())(np.array(1.5)) == np.float64(1.5).tobytes() and kept.size == 16
    for wrong in (b"abc", b""):
        agrees(njit(lambda b: np.frombuffer(b, np.float64, offset=4).size), wrong)


def test_texts(capsys):
    @njit
    def texts(b, n):
        print(b, n, b[:1], sep="|")
        return str(b), repr(b)

    for make in (bytes, bytearray):
        for sample in (*SAMPLES, b"it's", b'say "it\'s"', b"\t\n\r\\\x7f"):
            found, shown = texts(make(sample), 3), capsys.readouterr().out
            assert found == texts.py_func(make(sample), 3) and shown == capsys.readouterr().out


def test_containers():
    @njit
    def contained(texts, pair, maybe):
        longest = texts[0]
        for b in texts:
            if len(b) > len(longest):
                longest = b
        texts.append(longest + pair[1])
        return longest, pair[0][0], -1 if maybe is None else maybe[0], texts

    for args in [([b"a", b"abc", b""], (b"x", b"y"), None), ([b""], (b"\xff", b""), b"z")]:
        found, wanted = contained(*copy.deepcopy(args)), contained.py_func(*copy.deepcopy(args))
        assert found == wanted and [type(b) for b in found[3]] == [bytes] * len(found[3])


@pytest.mark.parametrize("function, text", [
    (lambda b: b["a"], "indices of bytes are integers or slices"),
    (lambda b: b.upper(), "no attribute `upper`"),
    (lambda b: b + "a", "bytes are added to bytes"),
    (lambda b: b * 1.5, "multiplied by ints only"),
    (lambda b: 1.5 in b, "an element of bytes is an int"),
    (lambda b: memoryview(b)[0:1] < b, "have an order"),
    (lambda b: bytes(1.5), "bytes takes bytes, arrays, ints"),
    (lambda b: memoryview(np.zeros(3)), "one of a row of uint8"),
    (lambda b: np.array(b), ""),
    (lambda b: print(memoryview(b)), "a memoryview has no text"),
    (lambda b: f"{b:>9}", "takes no format specification"),
    (lambda b: b % 3, ""),
    (lambda b: b + [1], "bytes are added to bytes"),
    (lambda b: hash(b), ""),
])
def test_what_is_refused(function, text):
    with pytest.raises(numbra.NumbaError) as error:
        njit(function)(b"abc")
    assert text in str(error.value) and "internal" not in str(error.value)


def test_what_cannot_be_written():
    def write(b):
        b[0] = 1

    for b, text in [(b"abc", "does not support item assignment"), (memoryview(b"abc"), "cannot modify read-only memory")]:
        with pytest.raises(numbra.NumbaError, match=text):
            njit(write)(b)
    with pytest.raises(numbra.NumbaError, match="may change the length"):
        def cut(b):
            b[0:1] = b"xyz"

        njit(cut)(bytearray(b"abc"))
    with pytest.raises(numbra.NumbaError, match="something else than a row of bytes"):
        njit(write)(memoryview(np.zeros(3)))
