"""Exceptions of classes that are not builtin: those of the program and of NumPy."""
import traceback

import numpy as np
import pytest

import numbra
from numbra import njit


class Plain(Exception):
    pass


class Detailed(ValueError):
    def __init__(self, code, text="none"):
        super().__init__(code, text)
        self.code, self.text = code, text


@njit
def fails(i, x):
    if i == 1:
        raise Plain
    if i == 2:
        raise Plain("with a text", i)
    if i == 3:
        raise Detailed(i + 4)
    if i == 4:
        raise Detailed(x, "both")
    if i == 5:
        raise np.linalg.LinAlgError("singular")
    if i == 6:
        raise np.exceptions.AxisError(3, 2)
    return i


@pytest.mark.parametrize("i", range(7))
def test_the_same_exception(i):
    def outcome(f):
        try:
            return f(i, 2.5)
        except Exception as error:
            return type(error), error.args, str(error), getattr(error, "code", None)

    assert outcome(fails) == outcome(fails.py_func)


def test_the_place_is_told():
    with pytest.raises(Plain) as raised:
        fails(2, 0.0)
    assert traceback.extract_tb(raised.tb)[-1].line == 'raise Plain("with a text", i)'


def test_a_class_of_a_function_and_one_of_the_same_name():
    def make(text):
        class Local(Exception):
            def __str__(self):
                return text

        return Local, njit(lambda: raises(Local))

    def raises(error):
        raise error

    raises = njit(raises)
    (one, first), (two, second) = make("one"), make("two")
    for cls, f in ((one, first), (two, second)):
        with pytest.raises(cls) as caught:
            f()
        assert type(caught.value) is cls


def test_arguments_that_are_refused():
    with pytest.raises(numbra.TypingError, match="takes strings and real numbers, not array"):
        @njit
        def f(a):
            raise Plain(a)

        f(np.arange(3))
    with pytest.raises(numbra.TypingError, match="no keyword argument"):
        @njit
        def g():
            raise Detailed(code=1)

        g()
