"""Compiled functions against the same functions as plain Python."""
import numpy as np
from numbra import njit

from . import reference


def same(function, *arguments):
    """Compiled and plain, a function returns or raises the same and leaves the same arrays behind."""
    mine, theirs = [reference.copy(a) for a in arguments], [reference.copy(a) for a in arguments]
    with np.errstate(all="ignore"):
        expected = reference.run(function, theirs)
    found = reference.run(njit(function), mine)
    assert found[0] == expected[0] and reference.bits(found[1]) == reference.bits(expected[1]), f"CPython: {expected}, numbra: {found}"
    for a, b in zip(mine, theirs):
        assert reference.bits(a) == reference.bits(b)
    return found[1]


def outcome(f, *args):
    """What a call returns, or the class and text of what it raises."""
    try:
        return f(*args)
    except Exception as error:
        return type(error), str(error)


def agrees(f, *args):
    """A compiled function does what the function that it was made of does, with the same type of result and the same text of exceptions."""
    expected, got = outcome(f.py_func, *args), outcome(f, *args)
    assert got == expected and type(got) is type(expected), (args, got, expected)
