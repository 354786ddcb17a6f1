"""`operator.itemgetter`: functions that take an element. One for each of the first places, so that tuples of several types have their element's own type."""
from numbra.intrinsics import kind, known
from numbra.lib import Static, implements


def _first(x):
    return x[0]


def _second(x):
    return x[1]


def _third(x):
    return x[2]


def _fourth(x):
    return x[3]


def _fifth(x):
    return x[4]


def _last(x):
    return x[-1]


def _getter(item: Static):
    if kind(item) == "int" and known(item):
        if item == 0:
            return _first
        if item == 1:
            return _second
        if item == 2:
            return _third
        if item == 3:
            return _fourth
        if item == 4:
            return _fifth
        if item == -1:
            return _last
    return lambda x: x[item]


@implements("operator.itemgetter")
def itemgetter(item: Static, second: Static = None, third: Static = None, /):
    """A function of an object that gives its element at an index; of several indices, a tuple."""
    one = _getter(item)
    if second is None:
        return one
    two = _getter(second)
    if third is None:
        return lambda x: (one(x), two(x))
    three = _getter(third)
    return lambda x: (one(x), two(x), three(x))
