"""Records from tuples, and comparison of records, field by field."""
from numbra.intrinsics import kind, refuse
from numbra.lib import Static, implements


@implements("record.__setitem__")
def setitem(r, field: Static, value):
    """A field that is a record itself gets the elements of a tuple."""
    if kind(r[field]) == "record":
        put_fields(r[field], value)
    else:
        r[field][...] = value


def put_fields(r, value):
    """The elements of a tuple become the fields; a number becomes each of them."""
    if kind(value) != "tuple":
        _put_one(r, value, 0)
    elif len(value) != len(r):
        refuse("a record is assigned tuples with as many elements as it has fields, not", value)
    else:
        _put(r, value, 0)


def _put_one(r, value, i: Static):
    if i < len(r):
        if kind(r[i]) == "record":
            put_fields(r[i], value)
        elif kind(r[i]) == "array":
            r[i][...] = value
        else:
            r[i] = value
        _put_one(r, value, i + 1)


def _put(r, value, i: Static):
    if i < len(value):
        r[i] = value[i]
        _put(r, value, i + 1)


@implements("record.__eq__")
def equal(a, b):
    if len(a) != len(b):
        refuse("records with different fields are not compared:", a, b)
    return _equal(a, b, 0)


def _equal(a, b, i: Static):
    if i == len(a):
        return True
    if kind(a[i]) == "array":
        refuse("records with fields that are arrays are not compared:", a)
    elif kind(a[i]) == "record":
        if not equal(a[i], b[i]):
            return False
    elif a[i] != b[i]:
        return False
    return _equal(a, b, i + 1)


@implements("record.__ne__")
def differ(a, b):
    return not equal(a, b)
