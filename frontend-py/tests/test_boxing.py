"""Values on their way into compiled code and back."""
import gc
import math
import sys
import weakref

import numpy as np
import pytest

import numbra
from numbra import njit, types

from .differential.sources import function
from .kernels import add, identity

DTYPES = ["bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64", "complex64", "complex128"]
SCALARS = [
    0, 1, -1, 255, 2**30 - 1, 2**30, -(2**30), 2**31, 2**45 + 3, -(2**45) - 3, 2**60, 2**62, 2**63 - 1, -(2**63), 2**63, 2**64 - 1, True, False, 0.0, 1.5,
    -0.0, math.inf, 5e-324, 1j, 3 - 4j, None, (), (1,), (1, 2.5), (1, (2.0, (True, None)), 1j), (None, None),
]


@pytest.mark.parametrize("value", SCALARS, ids=repr)
def test_scalars_and_tuples(value):
    result = identity(value)
    assert result == value and type(result) is type(value)
    assert math.copysign(1, result) == math.copysign(1, value) if isinstance(value, float) else True


def test_nan():
    assert math.isnan(identity(math.nan)) and math.isnan(identity(complex(1, math.nan)).imag)


@pytest.mark.parametrize("name", DTYPES)
def test_numpy_scalars_come_back_as_python_values(name):
    kind = np.dtype(name).type
    if name == "bool":
        values = [True, False]
    elif name[0] in "iu":
        values = [np.iinfo(name).min, 0, np.iinfo(name).max]
    else:
        values = [0, 1.5, -2.25] + ([1 - 2j] if name[0] == "c" else [])
    for value in values:
        result = identity(kind(value))
        assert result == kind(value).item() and type(result) in (bool, int, float, complex)


def test_bool_and_int_are_told_apart():
    @njit
    def f(x):
        return x

    assert f(True) is True and f(1) is not True and f(np.bool_(True)) is True
    assert f.signatures == [(types.boolean,), (types.int64,)]


def test_ints_beyond_64_bits():
    with pytest.raises(OverflowError, match="argument `x` of `identity` is an int outside the range"):
        identity(2**64)
    with pytest.raises(OverflowError):
        identity(-(2**63) - 1)


def arrays(name):
    base = np.arange(48).reshape(6, 8).astype(name)
    yield from (base, base.copy("F"), base.T, base[::2, ::-2], base[::-1], base[1:1], base[:, :1], base[0], base[0, ::3], base.reshape(2, 3, 8)[:, ::2, ::-1])
    yield from (np.zeros((), name), np.zeros((0, 4), name), np.zeros((2, 1, 3, 1), name), np.broadcast_to(base[0], (3, 8)))


@pytest.mark.parametrize("name", DTYPES)
def test_arrays_come_back_as_themselves(name):
    for array in arrays(name):
        before = sys.getrefcount(array)
        assert identity(array) is array
        assert identity((array, 1))[0] is array
        assert sys.getrefcount(array) == before
        locked = array.view()
        locked.flags.writeable = False
        assert identity(locked) is locked


def test_strides_that_are_no_multiple_of_the_item_size():
    records = np.zeros(5, [("a", "i4"), ("b", "u1"), ("c", "i1")])[["a", "b", "c"]]
    bytes_ = records["b"]
    bytes_[:] = range(5)
    assert bytes_.strides == (6,)

    @njit
    def last(a):
        return a[-1]

    assert last(bytes_) == 4


def test_views_keep_their_array():
    @njit
    def middle(a):
        return a[1:-1]

    data = np.arange(5.0)
    view = middle(data)
    assert view.base is data and list(view) == [1, 2, 3]
    view[0] = 10
    assert data[1] == 10
    reference = weakref.ref(data)
    del data
    gc.collect()
    assert reference() is not None and view[0] == 10
    del view
    gc.collect()
    assert reference() is None


def test_readonly_views_stay_readonly():
    @njit
    def middle(a):
        return a[1:-1]

    data = np.arange(5.0)
    data.flags.writeable = False
    assert not middle(data).flags.writeable


def test_new_arrays():
    @njit
    def table(n, m):
        a = np.zeros((n, m))
        for i in range(n):
            for j in range(m):
                a[i, j] = i * 10 + j
        return a

    result = table(3, 4)
    assert result.flags.c_contiguous and result.flags.writeable and result.dtype == np.float64 and result.shape == (3, 4)
    assert (result == np.add.outer(np.arange(3) * 10, np.arange(4))).all()
    assert result.ctypes.data % 64 == 0
    row = result[2]
    del result
    gc.collect()
    assert list(row) == [20, 21, 22, 23]


def test_arrays_that_share_memory_in_a_result():
    @njit
    def pair(n):
        a = np.ones(n)
        return a, a[::2], a

    a, b, c = pair(6)
    a[0] = 7
    assert b[0] == 7 == c[0]
    del a, c
    gc.collect()
    assert list(b) == [7, 1, 1]


def test_memory_is_given_back():
    @njit
    def block(n):
        return np.ones(n)

    def resident():
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * 4096

    if sys.platform != "linux":
        pytest.skip("reads /proc")
    block(1 << 20)
    before = resident()
    for _ in range(200):
        assert block(1 << 20)[5] == 1
    assert resident() - before < 64 << 20


def test_results_that_stay_inside():
    @njit
    def f(n):
        return zip(range(n))

    with pytest.raises(numbra.UnsupportedError, match="zip.range.int64.. cannot be returned"):
        f(5)


def test_many_arguments():
    names = [f"a{i}" for i in range(40)]
    f = function(", ".join(names), ", ".join(names))[1]
    assert f(*range(40)) == tuple(range(40))
    data = [np.full((2, 2), i) for i in range(40)]
    assert all(a is b for a, b in zip(f(*data), data))


def test_memmap(tmp_path):
    data = np.memmap(tmp_path / "m", "f8", "w+", shape=(4,))
    data[:] = range(4)
    assert add(data[1], data[3]) == 4 and identity(data) is data


@pytest.mark.parametrize(
    "make, text",
    [
        (lambda: [], "is a list without elements.*numpy.empty"), (lambda: {}, "is a dict"), (lambda: np.str_("text"), r"is a string of the class str_.*str\(x\)"), (lambda: memoryview(np.zeros(2)), "is a memoryview of something else.*asarray"),
        (lambda: object(), "is an object of type object"), (lambda: np.float16(1), "float16 scalar.*float32"), (lambda: (1, [{}]), "a tuple whose element 1 is a list whose element 0 is a dict"),
        (lambda: np.zeros(2, ">i4" if sys.byteorder == "little" else "<i4"), "byte order of another machine.*newbyteorder"),
        (lambda: np.frombuffer(bytes(17), "u1")[1:].view("f8"), "not aligned.*copy"), (lambda: np.array([None]), "array of Python objects"),
        (lambda: np.zeros(2, [("x", "O")]), r"array of records whose field `x` holds Python objects.*a\[\['x', 'y'\]\]"), (lambda: np.array(["a"]), "array of strings"), (lambda: np.zeros(1, "M8[2s]"), "array of dates in multiples of 2 units.*astype"),
        (lambda: np.ma.zeros(3), "array of the class MaskedArray.*asarray"), (lambda: np.zeros(1, "f2"), "float type"),
        (lambda: (lambda: 0), "is a Python function"),
    ],
)
def test_refused_arguments(make, text):
    with pytest.raises(TypeError, match="(?s)argument `x` of `identity` is .*" + text.removeprefix("is ")) as caught:
        identity(make())
    assert isinstance(caught.value, numbra.TypingError)


def test_scalar_types_come_back_as_dtypes():
    @njit
    def types_of(a):
        return a.dtype, np.dtype("i2"), [a.dtype], np.float32

    for dtype in ("f4", "i4", "u8", "?", "c16", "M8[s]", "m8[D]", [("x", "i1"), ("y", "f8", (2,))]):
        array = np.zeros(2, dtype)
        found = types_of(array)
        assert found == types_of.py_func(array)
        assert all(isinstance(d, np.dtype) for d in (found[0], found[1], found[2][0], found[3]))
    assert njit(lambda: (int, float))() == (int, float)
