"""Functions of the module `operator` on elements of arrays, lists and tuples."""
import operator
from numbra.lib import Static, implements


@implements(operator.getitem)
def getitem(a, b: Static):
    return a[b]


@implements(operator.setitem)
def setitem(a, b: Static, c):
    a[b] = c


@implements(operator.countOf)
def countOf(a, b):
    """How many elements equal a value."""
    n = 0
    for x in a:
        if x == b:
            n += 1
    return n


@implements(operator.indexOf)
def indexOf(a, b):
    """The place of the first element that equals a value."""
    i = 0
    for x in a:
        if x == b:
            return i
        i += 1
    raise ValueError("sequence.index(x): x not in sequence")
