"""`bytes`, `bytearray` and `memoryview`: objects that hold an array of bytes. Their elements are ints, so that arithmetic with them does not wrap around."""
import numpy as np
from numbra.intrinsics import buffer, buffer_of, dtype_kind, is_readonly, kind, refuse, view
from numbra.lib import Static, implements


def is_buffer(x):
    """Whether a value is an object of one of the classes."""
    return kind(x) == "bytes" or kind(x) == "bytearray" or kind(x) == "memoryview"


def data_of(b):
    """The array that its elements are in."""
    return buffer(b)


def _is_index(i):
    return kind(i) == "int" or kind(i) == "bool"


def _missing(b):
    if kind(b) == "bytes":
        raise IndexError("index out of range")
    if kind(b) == "bytearray":
        raise IndexError("bytearray index out of range")
    raise IndexError("index out of bounds on dimension 1")


def _place(b, i):
    """The position of an element, counted from the start."""
    n = buffer(b).shape[0]
    if not _is_index(i):
        refuse("indices of bytes are integers or slices, not", i)
    if i < -n or i >= n:
        _missing(b)
    return i + n if i < 0 else i


@implements("buffer.__len__")
def length(b):
    """How many bytes there are."""
    return buffer(b).shape[0]


@implements("buffer.__bool__")
def truth(b):
    return buffer(b).shape[0] > 0


@implements("buffer.__not__")
def is_empty(b):
    return buffer(b).shape[0] == 0


@implements("buffer.__repr__")
def text(b):
    """As Python writes it: in the quotes that it does not have, if there are such; of a bytearray the single ones are escaped all the same."""
    if kind(b) == "memoryview":
        refuse("a memoryview has no text in compiled code: convert it with `bytes(x)`")
    data = buffer(b)
    single, double = False, False
    for x in data:
        single = single or x == 39
        double = double or x == 34
    quote = '"' if single and not double else "'"
    parts = ["b" + quote]
    for x in data:
        c = int(x)
        if c == 92 or (c == 39 and (quote == "'" or kind(b) == "bytearray")):
            parts.append("\\" + chr(c))
        elif c == 9:
            parts.append("\\t")
        elif c == 10:
            parts.append("\\n")
        elif c == 13:
            parts.append("\\r")
        elif c < 32 or c > 126:
            parts.append("\\x" + "0123456789abcdef"[c >> 4] + "0123456789abcdef"[c & 15])
        else:
            parts.append(chr(c))
    parts.append(quote)
    whole = "".join(parts)
    if kind(b) == "bytearray":
        return "bytearray(" + whole + ")"
    return whole


@implements("buffer.__getitem__")
def getitem(b, i):
    """An element as an int; a slice shares the memory of bytes and views, and copies that of a bytearray."""
    data = buffer(b)
    if kind(i) != "slice":
        return int(data[_place(b, i)])
    if kind(b) == "memoryview":
        return buffer_of("memoryview", data[i])
    start, stop, step = i.indices(data.shape[0])
    if step == 1 and kind(b) == "bytes":
        return buffer_of("bytes", view(data, start, (max(stop - start, 0),)))
    return buffer_of(kind(b), data[i].copy())


def _byte(b, x):
    """An int as an element."""
    if not _is_index(x):
        refuse("an element of bytes is an int, not", x)
    if x < 0 or x > 255:
        if kind(b) == "memoryview":
            raise ValueError("memoryview: invalid value for format 'B'")
        raise ValueError("byte must be in range(0, 256)")
    return np.uint8(x)


@implements("buffer.__setitem__")
def setitem(b, i, x):
    """Writes an element, or as many as a slice of a view has."""
    if kind(b) == "bytes":
        refuse("'bytes' object does not support item assignment; pass a bytearray")
    data = buffer(b)
    if is_readonly(data):
        refuse("cannot modify read-only memory: the object behind the memoryview is not writable")
    if kind(i) != "slice":
        data[_place(b, i)] = _byte(b, x)
    elif kind(b) == "bytearray":
        refuse("a slice of a bytearray cannot be assigned: it may change the length; assign the elements, or a slice of `memoryview(x)`")
    else:
        target = data[i]
        if not is_buffer(x):
            refuse("a slice of a memoryview is assigned from bytes, not from", x)
        if target.shape[0] != buffer(x).shape[0]:
            raise ValueError("memoryview assignment: lvalue and rvalue have different structures")
        target[:] = buffer(x)


def _order(a, b):
    """Below 0, 0, or above: the first difference decides, then the lengths."""
    n, m = a.shape[0], b.shape[0]
    for i in range(min(n, m)):
        if a[i] != b[i]:
            return -1 if a[i] < b[i] else 1
    return n - m


def _ordered(a, b):
    if kind(a) == "memoryview" or kind(b) == "memoryview" or not is_buffer(a) or not is_buffer(b):
        refuse("only bytes and bytearrays have an order, not", a)
    return _order(buffer(a), buffer(b))


@implements("buffer.eq")
def equal(a, b):
    if not is_buffer(a) or not is_buffer(b):
        return False
    return buffer(a).shape[0] == buffer(b).shape[0] and _order(buffer(a), buffer(b)) == 0


@implements("buffer.ne")
def different(a, b):
    return not equal(a, b)


@implements("buffer.lt")
def less(a, b):
    return _ordered(a, b) < 0


@implements("buffer.le")
def less_equal(a, b):
    return _ordered(a, b) <= 0


@implements("buffer.gt")
def greater(a, b):
    return _ordered(a, b) > 0


@implements("buffer.ge")
def greater_equal(a, b):
    return _ordered(a, b) >= 0


def _is_at(data, part, start):
    for k in range(part.shape[0]):
        if data[start + k] != part[k]:
            return False
    return True


@implements("buffer.__contains__")
def contains(x, b):
    """Whether an int is an element, or bytes are a part."""
    data = buffer(b)
    if is_buffer(x):
        if kind(b) == "memoryview":
            return False
        part = buffer(x)
        for start in range(data.shape[0] - part.shape[0] + 1):
            if _is_at(data, part, start):
                return True
        return False
    if not _is_index(x):
        refuse("an element of bytes is an int, not", x)
    if kind(b) != "memoryview" and (x < 0 or x > 255):
        raise ValueError("byte must be in range(0, 256)")
    for c in data:
        if int(c) == x:
            return True
    return False


@implements("buffer.__not_contains__")
def not_contains(x, b):
    return not contains(x, b)


@implements("buffer.add")
def add(a, b):
    """Both, one after the other, in the class of the first."""
    if not is_buffer(a) or not is_buffer(b) or kind(a) == "memoryview":
        refuse("bytes are added to bytes and bytearrays only, not", a)
    x, y = buffer(a), buffer(b)
    out = np.empty(x.shape[0] + y.shape[0], np.uint8)
    out[:x.shape[0]] = x
    out[x.shape[0]:] = y
    return buffer_of(kind(a), out)


@implements("buffer.mul")
def repeat(a, b):
    """Bytes so many times."""
    if not is_buffer(a):
        return repeat(b, a)
    if not _is_index(b) or kind(a) == "memoryview":
        refuse("bytes and bytearrays are multiplied by ints only, not", b)
    data = buffer(a)
    n = data.shape[0]
    out = np.empty(n * max(b, 0), np.uint8)
    for i in range(max(b, 0)):
        out[i * n:(i + 1) * n] = data
    return buffer_of(kind(a), out)


def raw(a):
    """The memory of an array in C order as bytes, copied."""
    if a.ndim == 0:
        return view(a.copy(), 0, (a.itemsize,), None, np.uint8)
    copy = np.empty(a.shape, a.dtype)
    copy[...] = a
    return view(copy, 0, (copy.nbytes,), None, np.uint8)


@implements("array.tobytes")
def tobytes(self, order: Static = "C"):
    """The elements in C order, or with order "F" in Fortran's."""
    if order == "F":
        return buffer_of("bytes", raw(self.T))
    if order is not None and order != "C":
        refuse("order is \"C\" or \"F\" in compiled code")
    return buffer_of("bytes", raw(self))


@implements("memoryview.tobytes")
def view_tobytes(self):
    return buffer_of("bytes", raw(buffer(self)))


@implements("memoryview.tolist")
def view_tolist(self):
    return list(self)


@implements("bytes.hex", "bytearray.hex", "memoryview.hex")
def to_hex(self):
    """Two digits for each byte."""
    out = ""
    for x in buffer(self):
        c = int(x)
        out += "0123456789abcdef"[c >> 4] + "0123456789abcdef"[c & 15]
    return out


@implements("memoryview.@nbytes")
def nbytes(self):
    return buffer(self).shape[0]


@implements("memoryview.@itemsize", "memoryview.@ndim")
def one(self):
    return 1


@implements("memoryview.@shape")
def shape(self):
    return buffer(self).shape


@implements("memoryview.@strides")
def strides(self):
    return buffer(self).strides


@implements("memoryview.@readonly")
def view_readonly(self):
    return is_readonly(buffer(self))


def _bytes_of(x, name: Static):
    """The bytes that `bytes` and `bytearray` make of an object: zeros, a copy, the elements."""
    if is_buffer(x):
        return raw(buffer(x))
    if kind(x) == "array":
        return raw(x)
    if _is_index(x):
        if x < 0:
            raise ValueError("negative count")
        return np.zeros(x, np.uint8)
    if kind(x) == "list" or kind(x) == "tuple" or kind(x) == "range":
        out = np.empty(len(x), np.uint8)
        k = 0
        for c in x:
            if not _is_index(c):
                refuse(name, "takes ints from 0 to 255, not", c)
            if c < 0 or c > 255:
                if name == "bytes":
                    raise ValueError("bytes must be in range(0, 256)")
                raise ValueError("byte must be in range(0, 256)")
            out[k] = np.uint8(c)
            k += 1
        return out
    refuse(name, "takes bytes, arrays, ints and sequences of ints, not", x)


@implements("builtins.bytes")
def to_bytes(source=(), /):
    if kind(source) == "bytes":
        return source
    return buffer_of("bytes", _bytes_of(source, "bytes"))


@implements("builtins.bytearray")
def to_bytearray(source=(), /):
    return buffer_of("bytearray", _bytes_of(source, "bytearray"))


@implements("builtins.memoryview")
def to_memoryview(object, /):
    if is_buffer(object):
        return buffer_of("memoryview", buffer(object))
    if kind(object) == "array":
        if object.ndim == 1 and dtype_kind(object.dtype) == "u" and object.itemsize == 1:
            return buffer_of("memoryview", object)
        refuse("a memoryview in compiled code is one of a row of uint8, not of", object)
    refuse("a memoryview is made of bytes, not of", object)
