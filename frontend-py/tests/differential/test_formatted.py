"""Formatted strings in messages."""
import numbra
import pytest
from numbra import njit

SIZE = 7
NAME = "width"


@njit
def checked(x):
    assert x > 0, f"{NAME} must be positive"
    if x > SIZE:
        raise ValueError(f"{NAME} is above {SIZE}, {True}, {None}: " f"{'too'} large{{}}")
    return x


def test_constant_parts():
    assert checked(3) == 3
    for x, kind, text in ((0, AssertionError, "width must be positive"), (9, ValueError, "width is above 7, True, None: too large{}")):
        with pytest.raises(kind) as compiled:
            checked(x)
        with pytest.raises(kind) as plain:
            checked.py_func(x)
        assert str(compiled.value) == text
        # pytest adds lines to the texts of its own assertions.
        assert str(plain.value).splitlines()[0] == text


def test_other_parts_are_refused_or_right():
    @njit
    def f(x):
        if x > 1:
            raise ValueError(f"{x!r:>5} is large")
        return x

    try:
        f(2)
    except numbra.NumbaError as error:
        assert "cannot be formatted" in str(error) and "help:" in str(error)
    except ValueError as error:
        assert str(error) == "    2 is large"
