"""Functions of C in compiled code: of `ctypes`, and objects that tell their address and signature."""
import ctypes
import ctypes.util
import math

import numbra
import numpy as np
import pytest
from numbra import njit, types

C = ctypes.CDLL(ctypes.util.find_library("m") or None)
LIBC = ctypes.CDLL(ctypes.util.find_library("c") or None)


def declared(library, name, result, *arguments):
    function = library[name]
    function.restype, function.argtypes = result, arguments
    return function


cos = declared(C, "cos", ctypes.c_double, ctypes.c_double)
cosf = declared(C, "cosf", ctypes.c_float, ctypes.c_float)
labs = declared(LIBC, "labs", ctypes.c_long, ctypes.c_long)
toupper = declared(LIBC, "toupper", ctypes.c_int, ctypes.c_int)
ldexp = declared(C, "ldexp", ctypes.c_double, ctypes.c_double, ctypes.c_int)
memset = declared(LIBC, "memset", ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t)


def test_globals():
    @njit
    def calls(x, n):
        total = 0.0
        for i in range(n):
            total += cos(x + i)
        return total, cosf(np.float32(x)), labs(-n), toupper(97), ldexp(x, 3)

    total, single, absolute, upper, scaled = calls(0.5, 10)
    assert total == pytest.approx(sum(math.cos(0.5 + i) for i in range(10))) and single == pytest.approx(math.cos(0.5), abs=1e-6)
    assert (absolute, upper, scaled) == (10, 65, 4.0)


def test_arguments():
    @njit
    def apply(f, x):
        return f(x)

    assert apply(cos, 0.0) == 1.0 and apply(labs, -3) == 3 and apply(cos, 1.0) == math.cos(1.0)

    @njit
    def each(functions, x):
        return [f(x) for f in functions]

    assert each([cos, njit(lambda x: x + 1.0)], 0.0) == [1.0, 1.0]
    real = types.FunctionType(types.float64(types.float64))
    integrate = njit(types.float64(real, types.float64))(lambda f, x: f(x) + f(0.0))
    assert integrate(cos, 0.0) == 2.0
    with pytest.raises(numbra.TypingError, match="is passed as FunctionType"):
        integrate(ldexp, 0.0)


def test_callbacks_of_python():
    seen = []

    @ctypes.CFUNCTYPE(ctypes.c_int8, ctypes.c_int8, ctypes.c_uint16, ctypes.c_bool)
    def callback(a, b, flag):
        seen.append((a, b, flag))
        return a

    assert njit(lambda a, b: callback(a, b, b > 3))(-5, 65535) == -5 and seen == [(-5, 65535, True)]
    noted = ctypes.CFUNCTYPE(None, ctypes.c_double)(seen.append)
    assert njit(lambda x: noted(x))(1.5) is None and seen[-1] == 1.5


def test_memory():
    data = np.ones(4, np.uint8)
    njit(lambda address, n: memset(address, 7, n))(data.ctypes.data, 3)
    assert data.tolist() == [7, 7, 7, 1]


class Wrapped(types.WrapperAddressProtocol):
    def __init__(self, function, signature):
        self._address, self._signature = ctypes.cast(function, ctypes.c_void_p).value, signature

    def __wrapper_address__(self):
        return self._address

    def signature(self):
        return self._signature


def test_objects_with_an_address():
    wrapped = Wrapped(cos, types.float64(types.float64))
    assert njit(lambda f, x: f(x))(wrapped, 0.0) == 1.0 and njit(lambda x: wrapped(x))(0.0) == 1.0
    real = types.FunctionType(types.float64(types.float64))
    assert njit(types.float64(real, types.float64))(lambda f, x: f(x))(wrapped, 0.0) == 1.0
    wrong = Wrapped(cos, types.float64(types.float64[:]))
    with pytest.raises(numbra.NumbaError, match="which is no number"):
        njit(lambda f, x: f(x))(wrong, 0.0)


def test_what_is_refused():
    bare = ctypes.CDLL(ctypes.util.find_library("m") or None)["sin"]
    pointer = declared(ctypes.CDLL(ctypes.util.find_library("c") or None), "strlen", ctypes.c_size_t, ctypes.c_char_p)
    for function, text in [(bare, "without `argtypes`"), (pointer, "a value of type c_char_p"), (ctypes.pythonapi.PyErr_Clear, "argtypes|own interface")]:
        with pytest.raises(numbra.NumbaError, match=text):
            njit(lambda: function(1))()
        with pytest.raises(numbra.NumbaError, match=text):
            njit(lambda f: f(1))(function)
    with pytest.raises(numbra.NumbaError, match="takes 1 argument"):
        njit(lambda: cos(1.0, 2.0))()
