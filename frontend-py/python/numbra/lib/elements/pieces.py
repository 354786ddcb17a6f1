"""Functions that are given piece by piece: `piecewise`."""
import numpy as np
from numbra.intrinsics import kind, refuse
from numbra.lib import implements
from numbra.lib.construction.sequences import is_sequence


def _set(out, x, where, value, args):
    """Writes one piece: what a function gives for the elements there, or a number."""
    if callable(value):
        part = x[where]
        if part.size > 0:
            out[where] = value(part, *args)
    else:
        out[where] = value


def _pieces(out, x, conditions, values, rest, args):
    """Writes the pieces of tuples; `rest` is where no condition before held."""
    if len(conditions) == 0:
        if len(values) > 0:
            _set(out, x, rest, values[0], args)
    else:
        where = np.asarray(conditions[0])
        _set(out, x, where, values[0], args)
        _pieces(out, x, conditions[1:], values[1:], rest & ~where, args)


@implements(np.piecewise)
def piecewise(x, condlist, funclist, *args):
    """An array of the type of x, in which each condition says where which function of the elements, or number, counts; one more is for the rest."""
    if kind(x) != "array" or x.ndim == 0:
        if is_sequence(x):
            return piecewise(np.asarray(x), condlist, funclist, *args)
        refuse("piecewise takes an array with axes, not", x)
    if kind(condlist) == "array" and x.ndim == 1 and condlist.ndim == 1:
        return piecewise(x, (condlist,), funclist, *args)
    if not is_sequence(condlist):
        refuse("piecewise takes a list or tuple of conditions, not", condlist)
    if not is_sequence(funclist):
        refuse("piecewise takes a list or tuple of functions and numbers, not", funclist)
    out = np.zeros_like(x)
    rest = np.ones(x.shape, np.bool_)
    if kind(condlist) == "tuple" and kind(funclist) == "tuple":
        if len(funclist) != len(condlist) and len(funclist) != len(condlist) + 1:
            refuse("piecewise takes as many functions as conditions, or one more for where none holds")
        _pieces(out, x, condlist, funclist, rest, args)
        return out
    n = len(condlist)
    if len(funclist) != n and len(funclist) != n + 1:
        raise ValueError("with " + str(n) + " condition(s), either " + str(n) + " or " + str(n + 1) + " functions are expected")
    for i in range(n):
        where = np.asarray(condlist[i])
        _set(out, x, where, funclist[i], args)
        rest &= ~where
    if len(funclist) == n + 1:
        _set(out, x, rest, funclist[n], args)
    return out
