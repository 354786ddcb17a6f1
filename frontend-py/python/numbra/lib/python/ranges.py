"""Ranges: slices of them, comparison, searching."""
from numbra.intrinsics import kind
from numbra.lib import implements


@implements("range.__getitem__")
def getitem(r, s):
    """The range of the elements that a slice names."""
    start, stop, step = s.indices(len(r))
    return range(r.start + start * r.step, r.start + stop * r.step, r.step * step)


@implements("range.__eq__")
def equal(a, b):
    """Whether two ranges have the same elements."""
    n = len(a)
    if n != len(b):
        return False
    if n == 0:
        return True
    if a.start != b.start:
        return False
    return n == 1 or a.step == b.step


@implements("range.__ne__")
def differ(a, b):
    return not equal(a, b)


def _position(r, value):
    """Where an element stands; -1 for what is none."""
    if kind(value) == "int" or kind(value) == "bool":
        return (value - r.start) // r.step if value in r else -1
    if kind(value) == "float":
        n = int(value)
        return (n - r.start) // r.step if n == value and n in r else -1
    return -1


@implements("range.index")
def index(self, value):
    at = _position(self, value)
    if at < 0:
        raise ValueError("sequence.index(x): x not in sequence")
    return at


@implements("range.count")
def count(self, value):
    return 1 if _position(self, value) >= 0 else 0
