"""Branches that cannot be taken may hold what compiled code has no meaning for; where control can reach such a thing, it is an error."""
import math

import numpy as np
import numbra
import pytest
from numbra import njit

DEBUG = False
VERSION = (2, 4)
MODE = "fast"
NOTHING = None


@njit
def unsupported(x):
    return {x: {1, 2}}


def by_a_global(x):
    if DEBUG:
        return np.gone(x)
    return np.gone(x) if DEBUG else x


def by_a_version(x):
    if VERSION >= (3, 0):
        return np.gone(x)
    elif VERSION < (2, 0) or MODE == "slow":
        return math.gone(x)
    return x


def by_an_attribute(x):
    if hasattr(np, "gone"):
        return np.gone(x)
    return x if hasattr(math, "sqrt") else math.gone(x)


def by_none(x):
    if NOTHING is not None:
        return NOTHING.gone(x)
    return x


def by_type(x):
    if isinstance(x, str):
        return {1: 2}[x]
    return x


def statements(x):
    if DEBUG:
        import os

        try:
            x = {}
        except ValueError:
            raise
        with open(x) as f:
            yield_none = eval(f)
        return unsupported(os, yield_none)
    while DEBUG:
        x = np.gone(x)
    return x


def operators(x):
    assert not DEBUG or np.gone(x)
    return DEBUG and np.gone(x) or x


def nested(x):
    def never_called(y):
        return {y}

    return x


def a_callee(x):
    return unsupported(x) if DEBUG else x


@pytest.mark.parametrize("function", [by_a_global, by_a_version, by_an_attribute, by_none, by_type, statements, operators, nested, a_callee])
def test_what_is_never_reached_is_no_error(function):
    assert njit(function)(5) == function(5) == 5


def test_what_is_reached_is_one():
    with pytest.raises(numbra.NumbaError, match="dictionaries are not supported") as error:
        njit(by_type)("a")
    assert str(error.value).count("error[") == 1


def test_all_that_is_reached_is_told_in_order_and_nothing_that_follows_from_it():
    def wrong(x):
        try:
            y = {1}
        except ValueError:
            return 0
        return y + np.gone(x)

    with pytest.raises(numbra.NumbaError) as error:
        njit(wrong)(1)
    text = str(error.value)
    places = [text.index(part) for part in ("`try` is not supported", "sets are not supported", "has no attribute `gone`")]
    assert places == sorted(places) and text.count("error[") == 3


def test_the_calls_that_lead_there_are_shown():
    def middle(x):
        return unsupported(x)

    with pytest.raises(numbra.NumbaError, match="`unsupported` is compiled for this call"):
        njit(lambda x: njit(middle)(x) if False else unsupported(x))(1)
