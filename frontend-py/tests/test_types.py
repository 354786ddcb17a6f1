"""`numbra.types`: names, notation, equality, text and signatures."""
import pickle

import numpy as np
import pytest

import numbra
from numbra import types, typeof


@pytest.mark.parametrize("names", ["int64 i8 int_ intp long_ longlong ssize_t", "uint8 u1 uchar byte", "float64 f8 double", "bool_ b1 boolean", "complex128 c16", "none void"])
def test_names_of_one_type(names):
    first, *rest = names.split()
    for name in rest:
        assert getattr(types, name) is getattr(types, first)
        if name not in ("float_",):
            assert getattr(numbra, name) is getattr(types, name)


@pytest.mark.parametrize(
    "text, shown, described",
    [
        ("float64", "float64", "float64"),
        ("float64[:, ::1]", "Array(float64, 2, 'C', False, aligned=True)", "array(float64, 2d, C)"),
        ("float64[::1, :]", "Array(float64, 2, 'F', False, aligned=True)", "array(float64, 2d, F)"),
        ("float64[:]", "Array(float64, 1, 'A', False, aligned=True)", "array(float64, 1d, A)"),
        ("Array(int8, 2, 'A', readonly=True)", "Array(int8, 2, 'A', True, aligned=True)", "readonly array(int8, 2d, A)"),
        ("Tuple((int64, float64))", "Tuple((int64, float64))", "Tuple(int64, float64)"),
        ("Tuple((int64, int64))", "UniTuple(int64, 2)", "UniTuple(int64 x 2)"),
        ("UniTuple(int64, 3)", "UniTuple(int64, 3)", "UniTuple(int64 x 3)"),
        ("Tuple(())", "Tuple(())", "Tuple()"),
        ("boolean", "bool", "bool"),
        ("void", "none", "none"),
        ("float64(int64, float64)", "(int64, float64) -> float64", "(int64, float64) -> float64"),
        ("void()", "() -> none", "() -> none"),
        ("UniTuple(f8, 2)(f8)", "(float64,) -> UniTuple(float64 x 2)", "(float64,) -> UniTuple(float64 x 2)"),
        ("f8(f8[:], i8)", "(Array(float64, 1, 'A', False, aligned=True), int64) -> float64", None),
    ],
)
def test_text_is_that_of_numba(text, shown, described):
    value = types.parse(text)
    assert repr(value) == shown
    assert described is None or str(value) == described


def test_equality_and_hash():
    assert types.float64[:, ::1] == types.Array(types.float64, 2, "C")
    assert hash(types.float64[:, ::1]) == hash(types.Array(types.float64, 2, "C"))
    assert types.float64[:] != types.float64[::1] != types.float32[::1]
    assert types.Array(types.int8, 1, "C") != types.Array(types.int8, 1, "C", readonly=True)
    assert types.UniTuple(types.int64, 2) == types.Tuple((types.int64, types.int64))
    assert types.int64 != "int64"
    assert {types.int64(types.int64): 1}[types.int64(types.int64)] == 1


def test_types_can_be_pickled():
    for value in (types.int64, types.float32[:, :], types.Tuple((types.int64, types.none)), types.int64(types.float64)):
        assert pickle.loads(pickle.dumps(value)) == value


def test_properties():
    assert types.int32.bitwidth == 32 and types.int32.signed and not types.uint8.signed
    assert (types.int8.minval, types.int8.maxval, types.uint8.minval, types.uint8.maxval) == (-128, 127, 0, 255)
    assert types.complex64.underlying_float is types.float32
    array = types.float64[:, ::1]
    assert (array.ndim, array.layout, array.dtype, array.readonly, array.is_contig) == (2, "C", types.float64, False, True)
    assert array.copy(readonly=True).readonly
    assert list(types.Tuple((types.int64, types.none))) == [types.int64, types.none]
    assert types.int64 in types.integer_domain


def test_scalar_types_cast_values():
    assert types.int64(3.7) == 3 and type(types.int64(3.7)) is np.int64
    assert type(types.float32(1)) is np.float32
    assert type(types.boolean(2)) is np.bool_


@pytest.mark.parametrize(
    "value, expected",
    [
        (1, "int64"), (True, "boolean"), (1.5, "float64"), (1j, "complex128"), (None, "none"), (2**63, "uint64"), (-(2**63), "int64"),
        ((1, (2.0, True)), "Tuple((int64, Tuple((float64, boolean))))"), ((), "Tuple(())"), ((1, 2), "UniTuple(int64, 2)"),
        (np.zeros((2, 3)), "float64[:, ::1]"), (np.zeros((2, 3), order="F"), "float64[::1, :]"), (np.zeros((4, 6))[::2, ::2], "float64[:, :]"),
        (np.zeros(4)[::2], "float64[:]"), (np.zeros(4)[::-1], "float64[:]"), (np.zeros(()), "Array(float64, 0, 'C')"),
        (np.zeros((3, 0)), "float64[:, ::1]"), (np.zeros((1, 5)).T, "float64[:, ::1]"), (np.zeros((3, 3, 3), "u2"), "u2[:, :, ::1]"),
    ],
)
def test_typeof(value, expected):
    assert typeof(value) == types.parse(expected)


@pytest.mark.parametrize("name", ["bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64", "complex64", "complex128"])
def test_typeof_numpy_scalars_and_arrays(name):
    scalar = np.dtype(name).type(1)
    expected = getattr(types, "boolean" if name == "bool" else name)
    assert typeof(scalar) == expected
    assert typeof(np.ones(3, name)) == expected[::1]
    readonly = np.ones(3, name)
    readonly.flags.writeable = False
    assert typeof(readonly) == types.Array(expected, 1, "C", readonly=True)


def test_typeof_c_names_of_integers():
    assert typeof(np.longlong(1)) == types.int64 == typeof(np.int_(1))
    assert typeof(np.zeros(2, np.ulonglong)) == types.uint64[::1]
    assert typeof(np.intc(1)) == types.int32


@pytest.mark.parametrize(
    "make, error, text",
    [
        (lambda: types.float64[0], KeyError, "one `:` for each dimension"),
        (lambda: types.float64[::1, ::1], KeyError, "one dimension"),
        (lambda: types.float64[:, ::1, :], KeyError, "one dimension"),
        (lambda: types.float64[:][:], TypeError, "number of dimensions"),
        (lambda: types.Array(types.none, 1, "C"), TypeError, "element type"),
        (lambda: types.Array(types.int8, -1, "C"), TypeError, "number of dimensions"),
        (lambda: types.Array(types.int8, 1, "B"), ValueError, "layout"),
        (lambda: types.Array(types.int8, 1, "C", aligned=False), numbra.UnsupportedError, "aligned"),
        (lambda: types.Tuple((1, 2)), TypeError, "is a type"),
        (lambda: types.float64(types.int64, 3), TypeError, "argument 2"),
        (lambda: types.parse("flaot64(i8)"), NameError, "did you mean"),
        (lambda: types.parse("f8(f8[:]"), ValueError, "is not a signature"),
        (lambda: types.parse("().__class__"), ValueError, "is not a signature"),
        (lambda: types.parse(3), TypeError, "a signature is"),
    ],
)
def test_wrong_types_are_explained(make, error, text):
    with pytest.raises(error, match=text):
        make()


def test_qualified_names_in_strings():
    assert types.parse("types.float64(numba.int64)") == types.float64(types.int64)


def test_function_types():
    function = types.FunctionType(types.float64(types.int64, types.float64[:]))
    assert function == types.parse("FunctionType(float64(int64, float64[:]))") and types.from_code(function._code()) == function
    assert function.nargs == 2 and function.return_type == types.float64 and function.argument_types == (types.int64, types.float64[:])
    assert str(function) == "FunctionType(float64(int64, array(float64, 1d, A)))"
    for wrong in (types.float64, types.parse("(float64,)"), "float64(float64)"):
        with pytest.raises(TypeError, match="takes a signature with its result"):
            types.FunctionType(wrong)
