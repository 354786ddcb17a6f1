"""The rules of overloads: what comes before what, which parameters agree, and what mistakes are told."""
import subprocess
import sys

import pytest

from numbra import njit, types
from numbra.errors import TypingError
from numbra.extending import overload

# Overloads of what others use too stay in a process of their own.
KNOWN = """
import operator
import numpy as np
from numbra import njit, types
from numbra.errors import TypingError
from numbra.extending import overload, overload_attribute


def refused(function, *arguments):
    try:
        function(*arguments)
    except TypingError as error:
        return str(error)
    raise AssertionError("no error")


@overload(np.linalg.matrix_power)
def overload_matrix_power(a, n):
    if isinstance(a, types.Array) and a.ndim == 2:

        def implementation(a, n):
            result = np.eye(len(a))
            for _ in range(n):
                result = result @ a
            return result

        return implementation


@njit
def cube(a):
    return np.linalg.matrix_power(a, 3)


# A function that is not known otherwise.
a = np.array([[1.0, 2.0], [3.0, 4.0]])
np.testing.assert_allclose(cube(a), np.linalg.matrix_power(a, 3))
assert "matrix_power" in refused(cube, np.zeros(3))


@overload(np.fliplr)
def overload_fliplr(m):
    if isinstance(m, types.Integer):
        return lambda m: -m
    if isinstance(m, types.Float):
        raise TypingError("no floats")
    if m.ndim == 3:
        raise TypingError("the library knows better")


@njit
def fliplr(m):
    return np.fliplr(m)


# A known one: what no overload takes or what one refuses is the library's.
assert fliplr(3) == -3
for a in (np.arange(6).reshape(2, 3), np.arange(8).reshape(2, 2, 2)):
    np.testing.assert_array_equal(fliplr(a), np.fliplr(a))
refused(fliplr, 1.5)


@overload(operator.mul)
def overload_mul(a, b):
    if isinstance(a, types.BaseTuple) and isinstance(b, types.BaseTuple):
        return lambda a, b: a[0] * b[0]
    if isinstance(a, types.Number):
        return lambda a, b: 1000


@njit
def multiply(a, b):
    return a * b, operator.mul(a, b)


# Operators on numbers are the language's own; the function of that name is not.
assert multiply((2, 5), (3,)) == (6, 6)
assert multiply(2, 3) == (6, 1000)
np.testing.assert_array_equal(multiply(np.arange(3), np.arange(3))[0], [0, 1, 4])


@overload_attribute(types.Array, "shape")
def array_shape(a):
    if a.ndim == 4:
        return lambda a: 4


@njit
def shape(a):
    return a.shape, len(a.ravel())


# Library functions see what they would see without the program.
assert shape(np.zeros((2, 1, 1, 3))) == (4, 6)
assert shape(np.zeros((2, 3))) == ((2, 3), 6)
"""


def test_known_functions_operators_and_attributes(tmp_path):
    file = tmp_path / "program.py"
    file.write_text(KNOWN)
    done = subprocess.run([sys.executable, str(file)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("implementation, says", [
    (lambda z, b=1: z, "parameter `a` of the one is `z` in the other"),
    (lambda a, b=2: a, "their default values differ: `b=1` and `b=2`"),
    (lambda a: a, "the implementation lacks the parameter `b=1`"),
    (lambda a, b=1, c=2: a, "the typing function lacks the parameter `c=2`"),
    (lambda a, *b: a, "`b=1` is positional or keyword in the one, `*b` variadic positional in the other"),
])
def test_typing_function_and_implementation_agree(implementation, says):
    def different(a, b=1):
        raise NotImplementedError

    @overload(different)
    def typing(a, b=1):
        return implementation

    @njit
    def f(a):
        return different(a)

    with pytest.raises(TypingError) as caught:
        f(1)
    assert says in str(caught.value)
    overload(different, strict=False)(typing)


def test_parameters_are_not_compared_where_that_is_asked():
    def anything(x):
        raise NotImplementedError

    @overload(anything, strict=False)
    def typing(x):
        return lambda y: y + 1

    @njit
    def f(x):
        return anything(x)

    assert f(1) == 2


def test_mistakes_in_typing_functions():
    def broken(x):
        raise NotImplementedError

    @overload(broken)
    def typing(x):
        if isinstance(x, types.Integer):
            return x.no_such_attribute
        if isinstance(x, types.Float):
            return 5

        def implementation(x):
            return x.missing

        return implementation

    @njit
    def f(x):
        return broken(x)

    with pytest.raises(TypingError, match=r"(?s)a typing function raised AttributeError.*no_such_attribute.*test_overload_rules.py"):
        f(1)
    with pytest.raises(TypingError, match=r"returned 5: it returns a function written in Python, or None"):
        f(1.5)
    with pytest.raises(TypingError, match=r"(?s)no attribute `missing`.*return x.missing.*is compiled for this call"):
        f(True)


def test_wrong_uses_of_the_decorator():
    with pytest.raises(TypeError, match="only what can be called"):
        overload(3)
    with pytest.raises(TypeError, match="is compiled already"):
        overload(njit(lambda x: x))
    with pytest.raises(TypeError, match="overload has no option 'speed'"):
        overload(abs, speed=1)
    with pytest.raises(ValueError, match="inline is"):
        overload(abs, inline="sometimes")
    with pytest.raises(ValueError, match="target"):
        overload(abs, target="cuda")
