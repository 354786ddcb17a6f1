"""Structured arrays and records against NumPy: packed and aligned layouts, nested records, fields that are arrays."""
import numpy as np
import pytest

import numbra
from numbra import errors, njit, types

PACKED = np.dtype([("flag", "?"), ("n", "i4"), ("x", "f8"), ("z", "c16"), ("small", "i1"), ("when", "M8[s]")])
ALIGNED = np.dtype([("flag", "?"), ("n", "i4"), ("x", "f8"), ("z", "c16"), ("small", "i1"), ("when", "M8[s]")], align=True)
POINT = np.dtype([("x", "f8"), ("y", "f8")])
NESTED = np.dtype([("id", "i2"), ("at", POINT), ("grid", "f4", (2, 3)), ("tail", POINT, 2)])
NAMED = np.dtype((np.record, [("x", "f8"), ("n", "u2")]))
GAPS = np.dtype({"names": ["b", "a"], "formats": ["i8", "i2"], "offsets": [16, 3], "itemsize": 40})


def filled(dtype, n=4):
    """An array of this dtype with bytes that differ; bools are bools."""
    a = np.zeros(n, dtype)
    for i, name in enumerate(dtype.names):
        if dtype[name].names:
            a[name] = filled(dtype[name], n)
        elif dtype[name].subdtype:
            for k in range(n):
                base, shape = dtype[name].subdtype
                a[name][k] = filled(base, int(np.prod(shape))).reshape(shape) if base.names else np.arange(np.prod(shape)).reshape(shape) + k
        else:
            a[name] = (np.arange(n) + i).astype(dtype[name]) if dtype[name].kind != "b" else np.arange(n) % 2 == 0
    return a


def agree(function, *arguments):
    """Same result and same effects as the plain function."""
    mine, theirs = [a.copy() if isinstance(a, np.ndarray) else a for a in arguments], [a.copy() if isinstance(a, np.ndarray) else a for a in arguments]
    found, expected = function(*mine), function.py_func(*theirs)
    np.testing.assert_equal(np.asarray(found).tolist(), np.asarray(expected).tolist())
    for a, b in zip(mine, theirs):
        if isinstance(a, np.ndarray):
            assert a.dtype == b.dtype and a.tolist() == b.tolist()
    return found


@pytest.mark.parametrize("dtype", [PACKED, ALIGNED], ids=["packed", "aligned"])
def test_fields_are_read_and_written(dtype):
    @njit
    def read(a, i):
        r = a[i]
        return r["x"] + a[i]["n"] + r["small"], r["z"], r["flag"], r["when"], r[1], len(r)

    @njit
    def write(a):
        for i in range(len(a)):
            r = a[i]
            r["x"] = i + 0.5
            r["n"] = -i
            a[i]["z"] = 1j * i
            r["flag"] = i == 2
            r["small"] = i
            r["when"] = np.datetime64(i, "m")
            r["x"] += 2
        return a[1]["x"]

    a = filled(dtype)
    for i in (0, 3, -1):
        found, expected = read(a, i), read.py_func(a, i)
        assert found == expected, (found, expected)
    agree(write, a)
    agree(write, a[::-1])
    agree(write, a[1:3])
    with pytest.raises(IndexError):
        read(a, 4)


def test_attributes():
    @njit
    def move(points, dx):
        for p in points:
            p.x += dx
            p.n = p.n + 1
        points[0].x = -1
        return points[1].x, points[-1].n

    a = filled(NAMED).view(np.recarray)
    plain = np.asarray(a).copy()
    b = plain.copy()
    assert move(b, 2.5) == (3.5, 5)
    expected = plain.copy()
    expected["x"] += 2.5
    expected["n"] += 1
    expected["x"][0] = -1
    np.testing.assert_array_equal(b, expected)


def test_record_arrays():
    @njit
    def double(a):
        for i in range(len(a)):
            a[i].x *= 2
        return a, a.x, a[0]

    a = np.recarray(3, dtype=[("x", "f8"), ("n", "u2")])
    a.x, a.n = [1, 2, 3], 7
    found, column, first = double(a)
    assert found is a and a.x.tolist() == [2, 4, 6] and np.shares_memory(column, a) and first.n == 7
    assert isinstance(first, np.record) and numbra.typeof(a) == numbra.typeof(np.asarray(a))


def test_columns_are_views():
    @njit
    def columns(a):
        x = a["x"]
        x[1] = 99.0
        total = 0.0
        for v in a.x:
            total += v
        a["y"] = 7
        a.y[2:] = 8.0
        a["x"][0] += 1
        return total + x.sum()

    agree_on = filled(POINT, 6)
    expected = agree_on.copy()
    expected["x"][1] = 99
    total = expected["x"].sum()
    expected["y"] = 7
    expected["y"][2:] = 8
    expected["x"][0] += 1
    for view in (slice(None), slice(None, None, -1), slice(1, None, 2)):
        a = agree_on.copy()
        found = columns(a)
        np.testing.assert_array_equal(a, expected)
        assert found == total + expected["x"].sum()
        break
    whole = filled(POINT, 6).reshape(2, 3)
    column = njit(lambda a: a["y"])(whole)
    assert column.base is not None and np.shares_memory(column, whole)
    np.testing.assert_array_equal(column, whole["y"])
    assert column.strides == whole["y"].strides


def test_nested_records_and_array_fields():
    @njit
    def work(a):
        total = 0.0
        for i in range(len(a)):
            r = a[i]
            total += r["at"]["x"] + r["grid"][1, 2] + r["tail"][1]["y"]
            r["at"]["y"] = i
            r["grid"][0, :] = 3
            r["grid"][1, i % 3] = total
            r["tail"][0] = r["at"]
            r["at"] = r["tail"][1]
        a["grid"][0] = 5
        return total, a["at"]["x"].sum(), a["grid"].shape

    a = filled(NESTED)
    b = a.copy()
    found, expected = work(a), work.py_func(b)
    assert found[0] == expected[0] and found[1] == expected[1] and found[2] == expected[2]
    np.testing.assert_equal(a.tolist(), b.tolist())


def test_records_are_copied_into_arrays():
    @njit
    def swap(a, i, j):
        keep = a[i : i + 1].copy()
        a[i] = a[j]
        a[j] = keep[0]
        return a[i]["x"]

    @njit
    def spread(a):
        a[1:] = a[0]
        b = np.full(2, a[0])
        b.fill(a[1])
        return b

    for dtype in (PACKED, ALIGNED, NAMED):
        agree(swap, filled(dtype), 0, 3)
    agree(spread, filled(POINT))


def test_new_arrays():
    @njit
    def make(n):
        a = np.empty(n, dtype=PACKED)
        b = np.zeros((n, 2), NAMED)
        for i in range(n):
            a[i]["x"] = i
            a[i]["n"] = 2 * i
            b[i, 1].x = a[i]["x"]
        return a, b, np.empty_like(a), np.zeros(n, a.dtype)

    a, b, c, d = make(3)
    assert a.dtype == PACKED and b.dtype == NAMED and c.dtype == PACKED and c.shape == (3,) and d.dtype == PACKED
    np.testing.assert_array_equal(a["x"], [0, 1, 2])
    np.testing.assert_array_equal(a["n"], [0, 2, 4])
    np.testing.assert_array_equal(b["x"], [[0, 0], [0, 1], [0, 2]])
    assert make(0)[0].shape == (0,)


def test_records_cross_the_boundary():
    @njit
    def touch(r):
        r["x"] = r["x"] * 2
        return r

    a = filled(POINT)
    record = a[2]
    found = touch(record)
    assert found is record and a[2]["x"] == 4
    named = filled(NAMED).view(np.recarray)[1]
    assert touch(named) is named and isinstance(named, np.record)
    alone = np.zeros((), POINT)[()]
    touch(alone)

    @njit
    def pick(a, i):
        return a[i], a[i]["x"]

    record, x = pick(a, 1)
    assert record.dtype == POINT and record["x"] == x == a[1]["x"]
    a[1]["x"] = 50
    assert record["x"] == 50

    @njit
    def fresh():
        a = np.zeros(3, NESTED)
        a[1]["id"] = 7
        return a[1]

    record = fresh()
    assert record["id"] == 7 and record.dtype == NESTED
    identity = njit(lambda a: a)
    assert identity(a) is a and identity(record) is record
    np.testing.assert_array_equal(identity(record["grid"]), record["grid"])
    assert isinstance(njit(lambda: np.zeros(2, NAMED))()[0], np.record)


def test_a_record_outlives_the_array_it_was_taken_from():
    @njit
    def chain(n):
        r = np.zeros(2, POINT)[0]
        for i in range(n):
            b = np.zeros(2, POINT)
            b[1]["x"] = r["x"] + i
            r = b[1]
        return r["x"], r

    x, record = chain(50)
    assert x == record["x"] == sum(range(50))


def test_gaps_in_a_layout():
    @njit
    def both(a):
        a[1]["a"] = a[0]["a"] + 1
        return a[0]["b"], a["a"].sum()

    a = filled(GAPS)
    b = a.copy()
    assert both(a) == both.py_func(b)
    assert a.tolist() == b.tolist()


def test_branches_and_calls():
    @njit
    def larger(a, b):
        return a if a["x"] > b["x"] else b

    @njit
    def best(points):
        top = points[0]
        for p in points:
            top = larger(top, p)
        top["y"] = -1
        return top["x"]

    a = filled(POINT)
    agree(best, a)


def test_read_only():
    a = filled(POINT)
    a.flags.writeable = False

    @njit
    def write(a):
        a[0]["x"] = 1

    assert njit(lambda a: a[1]["x"])(a) == 1
    with pytest.raises(errors.TypingError, match="is read-only"):
        write(a)
    with pytest.raises(errors.TypingError, match="is read-only"):
        write(a[:1])


def test_wrong_uses():
    a = filled(POINT)
    for body, message in [
        (lambda a: a[0]["w"], "has no field `w`: it has x, y"), (lambda a: a[0].xx, "no field `xx`"), (lambda a: a["q"], "no field `q`"), (lambda a: a[0][2], "out of range"),
        (lambda a: a[0] < a[1], "does not take"), (lambda a: a[0] + 1, "does not take"), (lambda a: a.sum(), "takes an array of real numbers"), (lambda a: np.full(2, "text", POINT), "full takes a scalar type and a number"),
        (lambda a: a.foo, "no attribute `foo`"), (lambda a: max(a), "takes"), (lambda a: np.sin(a), "not take"),
    ]:
        with pytest.raises(errors.NumbaError, match=message):
            njit(body)(a)

    @njit
    def store(r, x):
        r["x"] = x

    for value in (1j, None, a[0], np.datetime64(1, "s")):
        with pytest.raises(errors.NumbaError, match="cannot be stored in the field `x`"):
            store(a[0], value)

    @njit
    def by_name(r, i):
        return r[i]

    with pytest.raises(errors.NumbaError, match="must be a constant"):
        by_name(a[0], 1)

    @njit
    def attribute(x):
        x.foo = 1

    with pytest.raises(errors.NumbaError, match="cannot be set"):
        attribute(1.0)


def test_fields_of_strings_go_along():
    dtype = np.dtype([("x", "f8"), ("s", "U5"), ("b", "S3", (2,)), ("y", "i2")])
    a = np.zeros(3, dtype)
    a["x"], a["s"], a["b"], a["y"] = [1.5, 2, 3], ["one", "two", "three"], [[b"a", b"b"]] * 3, [7, 8, 9]

    @njit
    def f(a):
        a[0].x += a[1].y
        a["y"][1] = 5
        a[2] = a[0]
        return a[1], a.copy(), a[::-1], np.zeros(2, a.dtype)

    expected = a.copy()
    expected["x"][0] += 8
    expected["y"][1] = 5
    expected[2] = expected[0]
    record, copied, reverse, empty = f(a)
    assert a.dtype == dtype and a.tobytes() == expected.tobytes()
    assert record.tobytes() == expected[1].tobytes() and record["s"] == "two" and copied.dtype == dtype and copied.tobytes() == expected.tobytes()
    assert reverse.base is a and reverse.tobytes() == expected[::-1].tobytes() and empty.tobytes() == np.zeros(2, dtype).tobytes()
    named = a.view(np.recarray)
    assert njit(lambda r: r.x + r.y)(named[1]) == named[1].x + named[1].y
    assert numbra.from_dtype(dtype).dtype == dtype
    for use in (lambda a: a["s"], lambda a: a[0]["b"], lambda a: a[0].b):
        with pytest.raises(numbra.TypingError, match="holds strings .*single ones only"):
            njit(use)(a)


def test_fields_of_strings():
    # Neither field begins at a multiple of four bytes.
    dtype = np.dtype([("k", "u1"), ("s", "U5"), ("b", "S3"), ("inner", [("t", "U2"), ("n", "i4")])])

    def fresh():
        a = np.zeros(5, dtype)
        a["s"], a["b"], a["k"] = ["one", "żółć", "", "12345", "a\0b"], [b"a", b"abc", b"", b"\xff\0x", b"12"], range(5)
        a["inner"]["t"] = ["x", "yy", "", "é", "😀"]
        return a

    def read(a, i):
        r = a[i]
        return r["s"], r["b"], r["inner"]["t"], len(r["s"]), r["s"] == "one", r["b"] == b"abc", r[1] + "!", r[2] + b"!", r["s"].upper(), r["k"]

    def search(a, text):
        found = 0
        for r in a:
            if r["s"] == text or text in r["s"]:
                found += r["k"] + 1
        return found

    def write(a, text, raw):
        for r in a:
            r["s"] = text
            r["b"] = raw
            r["inner"]["t"] = r["s"] + "1"
        a[0]["b"] = "xy"
        a[1]["s"] = a[2]["s"] + a[1]["s"]

    for i in range(5):
        assert njit(read)(fresh(), i) == read(fresh(), i)
    for text in ("one", "", "2", "ó", "absent"):
        assert njit(search)(fresh(), text) == search(fresh(), text)
    compiled = njit(write)
    for text, raw in [("ab", b"z"), ("too long for it", b"much too long"), ("", b""), ("日本", b"\0\1")]:
        mine, theirs = fresh(), fresh()
        compiled(mine, text, raw)
        write(theirs, text, raw)
        assert mine.tobytes() == theirs.tobytes()

    @njit
    def attributes(r):
        r.s = r.s + r.inner.t
        return r.s, r == r

    named = fresh().view(np.recarray)
    assert attributes(named[1]) == ("żółćy", True) and named[1].s == "żółćy"
    locked = fresh()
    locked.flags.writeable = False
    for use, text in [(write_number, "assigned strings, not int64"), (write_float, "assigned bytes and strings, not float64")]:
        with pytest.raises(numbra.TypingError, match=text):
            njit(use)(fresh())
    with pytest.raises(numbra.NumbaError, match="read-only"):
        njit(write)(locked, "a", b"b")
    with pytest.raises(UnicodeError):
        njit(write_text)(fresh(), "é")


def write_number(a):
    a[0]["s"] = 1


def write_float(a):
    a[0]["b"] = 1.5


def write_text(a, text):
    a[0]["b"] = text


def test_refused_dtypes():
    identity = njit(lambda x: x)
    for value, message in [
        (np.zeros(2, [("s", ">U3")]), "byte order"), (np.zeros(2, [("o", "O")]), "field `o` holds Python objects"),
        (np.zeros(2, [("x", ">f8")]), "byte order"), (np.zeros(2, "V8"), "raw memory"), (np.zeros(2, "S5"), "strings"), (np.zeros(2, "U5"), "strings"),
        (np.zeros(2, [("in", [("s", "O")])]), "field `in` holds records whose field `s`"), (np.bytes_(b"abc"), "NB0105"), (np.zeros(1, [("h", "f2")])[0], "float type"),
    ]:
        with pytest.raises(TypeError, match=message):
            identity(value)


def test_types():
    t = numbra.from_dtype(POINT)
    assert t == numbra.typeof(filled(POINT)[0]) and t.dtype == POINT and t[:].ndim == 1
    assert t[::1] == numbra.typeof(filled(POINT)) and numbra.typeof(filled(NESTED)).dtype.dtype == NESTED
    assert t.fields == {"x": types.float64, "y": types.float64} and t.size == 16
    c = types.Record.make_c_struct([("flag", types.int8), ("x", types.float64)])
    assert c.dtype.isalignedstruct and c.dtype.fields["x"][1] == 8
    assert numbra.from_dtype(np.dtype("f4")) == types.float32 and numbra.from_dtype(np.dtype("m8[s]")) == types.NPTimedelta("s")

    @njit(types.float64(t[:], types.int64))
    def get(a, i):
        return a[i].x

    assert get(filled(POINT)[::2], 1) == 2.0
    with pytest.raises(TypeError):
        get(filled(NAMED), 0)
    # Dtypes that are alike are one type, whoever made them.
    again = np.dtype([("x", "f8"), ("y", "f8")])
    f = njit(lambda a: a[0]["y"])
    f(filled(POINT))
    f(filled(again))
    assert len(f.signatures) == 1


@pytest.mark.parametrize("dtype", [POINT, NESTED, GAPS], ids=["point", "nested", "gaps"])
def test_numbers_for_all_fields(dtype):
    def put(a, b):
        a[0] = 5
        a[1:3] = 2.5
        b[...] = True
        return np.full_like(a, 3), np.ones_like(b), np.full(2, 4, dtype), np.ones((1, 2), dtype)

    theirs, mine = (filled(dtype), np.zeros((2, 2), dtype)), (filled(dtype), np.zeros((2, 2), dtype))
    expected, found = put(*theirs), njit(put)(*mine)
    for x, y in zip((*mine, *found), (*theirs, *expected), strict=True):
        assert x.dtype == y.dtype and x.shape == y.shape and repr(x.tolist()) == repr(y.tolist())
