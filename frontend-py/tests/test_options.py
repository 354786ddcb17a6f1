"""Options of the decorators and what the decorators refuse."""
import numpy as np
import pytest

import numbra
from numbra import jit, njit, types
from numbra.errors import UnsupportedError


def plain(x):
    return x


@pytest.mark.parametrize(
    "options",
    [
        {}, {"fastmath": True}, {"fastmath": {"nnan", "contract"}}, {"fastmath": "contract"}, {"fastmath": False}, {"boundscheck": False}, {"boundscheck": None},
        {"error_model": "numpy"}, {"nogil": True}, {"inline": "always"}, {"locals": {}}, {"debug": True}, {"cache": True}, {"nopython": True}, {"parallel": False},
    ],
)
def test_accepted(options):
    compiled = njit(**options)(plain)
    assert compiled.targetoptions == options
    assert compiled.py_func is plain


@pytest.mark.parametrize(
    "options, error, text",
    [
        ({"fastmth": True}, TypeError, "unknown option 'fastmth'; did you mean 'fastmath'.*the options are boundscheck"),
        ({"zzz": True}, TypeError, "unknown option 'zzz'; the options are"),
        ({"fastmath": 3}, TypeError, "set of flags out of nnan"),
        ({"fastmath": {"nnnan"}}, ValueError, "did you mean 'nnan'"),
        ({"boundscheck": "yes"}, TypeError, "takes True or False"),
        ({"nogil": 1}, TypeError, "takes True or False"),
        ({"error_model": "pyton"}, ValueError, "takes 'python' or 'numpy'.*did you mean 'python'"),
        ({"error_model": True}, TypeError, "takes 'python' or 'numpy'"),
        ({"inline": "sometimes"}, ValueError, "'never' or 'always'"),
        ({"inline": lambda *a: True}, UnsupportedError, "cost model"),
        ({"locals": {"x": types.float64[:]}}, UnsupportedError, "declares scalar types"),
        ({"locals": {3: types.int8}}, TypeError, "is not a name"),
        ({"locals": 3}, TypeError, "takes a dict"),
        ({"parallel": 1}, TypeError, "takes True or False"),
        ({"nopython": False}, UnsupportedError, "no object mode"),
        ({"forceobj": True}, UnsupportedError, "no object mode"),
    ],
)
def test_refused(options, error, text):
    with pytest.raises(error, match=text):
        njit(**options)(plain)


@pytest.mark.parametrize(
    "argument, text",
    [
        (3, "a signature is a string"), (len, "functions written in Python"), (int, "not classes"), (types.int64, "names the argument types"),
        (staticmethod(plain), "goes below @staticmethod"), (numbra.njit(plain), "compiled already"), ([3], "a signature is a string"),
    ],
)
def test_wrong_arguments_of_the_decorator(argument, text):
    with pytest.raises(TypeError, match=text):
        njit(argument)(plain)


def test_jit_is_njit():
    assert type(jit(plain)) is type(njit(plain)) is type(jit(nopython=True)(plain))


def test_unknown_names_of_the_package():
    with pytest.raises(AttributeError, match="did you mean 'njit'"):
        numbra.nijt
    # What imports ask for: nothing is suggested, as that takes as long as compiling a small function.
    with pytest.raises(AttributeError, match="no attribute '_nijt'$"):
        numbra._nijt
    assert "float64" in dir(numbra) and "types" in dir(numbra)


def test_everything_public_exists():
    for name in numbra.__all__:
        assert getattr(numbra, name) is not None


def test_locals_declare_the_types_of_variables():
    def f(n):
        x = n
        return x

    assert numbra.njit(locals={"x": types.int8})(f)(300) == 44
    assert numbra.njit(locals={"n": types.float64})(f)(1) == 1.0 and isinstance(numbra.njit(locals={"n": types.float64})(f)(1), float)
