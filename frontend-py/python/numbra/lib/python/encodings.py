"""Bytes that stand for something else: texts in UTF-8, ASCII and Latin-1, and integers."""
import numpy as np
from numbra.intrinsics import buffer_of, dtype_kind, kind, refuse
from numbra.lib import Static, implements
from numbra.lib.python.buffers import data_of


def _encoding(name: Static):
    """The usual name of an encoding."""
    if name == "utf-8" or name == "utf8" or name == "UTF-8" or name == "utf_8":
        return "utf-8"
    if name == "ascii" or name == "ASCII" or name == "us-ascii":
        return "ascii"
    if name == "latin-1" or name == "latin1" or name == "iso-8859-1" or name == "latin_1":
        return "latin-1"
    refuse("the encodings of compiled code are utf-8, ascii and latin-1, not", name)


def _strict(errors: Static):
    if errors != "strict":
        refuse("errors of encodings are always raised in compiled code: leave `errors` out")


@implements("str.encode")
def encode(self, encoding: Static = "utf-8", errors: Static = "strict"):
    """The text as bytes."""
    name = _encoding(encoding)
    _strict(errors)
    largest = 4 * len(self) if name == "utf-8" else len(self)
    out = np.empty(largest, np.uint8)
    n = 0
    for character in self:
        c = ord(character)
        if c < 128 or (name == "latin-1" and c < 256):
            out[n] = c
            n += 1
        elif name != "utf-8":
            raise UnicodeError("'" + name + "' codec can't encode the character " + str(c))
        elif c < 0x800:
            out[n], out[n + 1] = 0xc0 | c >> 6, 0x80 | c & 63
            n += 2
        elif 0xd800 <= c < 0xe000:
            raise UnicodeError("'utf-8' codec can't encode the character " + str(c) + ": surrogates not allowed")
        elif c < 0x10000:
            out[n], out[n + 1], out[n + 2] = 0xe0 | c >> 12, 0x80 | c >> 6 & 63, 0x80 | c & 63
            n += 3
        else:
            out[n], out[n + 1], out[n + 2], out[n + 3] = 0xf0 | c >> 18, 0x80 | c >> 12 & 63, 0x80 | c >> 6 & 63, 0x80 | c & 63
            n += 4
    return buffer_of("bytes", out[:n].copy())


def _follows(data, i, n):
    """How many of the next n bytes continue a character."""
    found = 0
    while found < n and i + found < data.shape[0] and data[i + found] & 0xc0 == 0x80:
        found += 1
    return found


@implements("bytes.decode", "bytearray.decode")
def decode(self, encoding: Static = "utf-8", errors: Static = "strict"):
    """The text that bytes stand for."""
    name = _encoding(encoding)
    _strict(errors)
    data = data_of(self)
    characters = [""][:0]
    i = 0
    while i < data.shape[0]:
        c = int(data[i])
        more = 0
        if c >= 128 and name == "ascii":
            raise UnicodeError("'ascii' codec can't decode the byte at position " + str(i))
        if c >= 128 and name == "utf-8":
            more = 1 if c >> 5 == 6 else 2 if c >> 4 == 14 else 3 if c >> 3 == 30 else 0
            if more == 0 or _follows(data, i + 1, more) < more:
                raise UnicodeError("'utf-8' codec can't decode the byte at position " + str(i))
            c &= 63 >> more
            for k in range(more):
                c = c << 6 | int(data[i + 1 + k]) & 63
            least = 0x80 if more == 1 else 0x800 if more == 2 else 0x10000
            if c < least or c > 0x10ffff or 0xd800 <= c < 0xe000:
                raise UnicodeError("'utf-8' codec can't decode the byte at position " + str(i))
        characters.append(chr(c))
        i += 1 + more
    return "".join(characters)


def _is_little(byteorder):
    if byteorder != "little" and byteorder != "big":
        raise ValueError("byteorder must be either 'little' or 'big'")
    return byteorder == "little"


@implements("number.to_bytes")
def to_bytes(self, length=1, byteorder="big", *, signed=False):
    """The integer as so many bytes."""
    if kind(self) != "int" and kind(self) != "bool":
        refuse("only integers have `to_bytes`, not", self)
    little = _is_little(byteorder)
    value = self if dtype_kind(self.dtype) == "u" else np.int64(self)
    if length < 0:
        raise ValueError("length argument must be non-negative")
    if value < 0 and not signed:
        raise OverflowError("can't convert negative int to unsigned")
    # What is left of the number behind the bytes must be its sign.
    out = np.empty(length, np.uint8)
    rest = value
    for k in range(length):
        out[k if little else length - 1 - k] = rest & 255
        rest = rest >> 8
    fits = rest == 0 and (not signed or length == 0 or out[length - 1 if little else 0] < 128) or rest == -1 and signed and (length == 0 or out[length - 1 if little else 0] > 127)
    if not fits:
        raise OverflowError("int too big to convert")
    return buffer_of("bytes", out)


@implements("builtins.int.from_bytes")
def from_bytes(bytes, byteorder="big", *, signed=False):
    """The integer that bytes stand for; one beyond 64 bits is an OverflowError."""
    if kind(bytes) != "bytes" and kind(bytes) != "bytearray" and kind(bytes) != "memoryview":
        refuse("`int.from_bytes` takes bytes, not", bytes)
    little = _is_little(byteorder)
    data = data_of(bytes)
    n = data.shape[0]
    negative = signed and n > 0 and data[n - 1 if little else 0] > 127
    fill = 255 if negative else 0
    value = -1 if negative else 0
    for k in range(n):
        at = n - 1 - k if little else k
        if k < n - 8 and data[at] != fill:
            raise OverflowError("the integer of these bytes does not fit 64 bits")
        value = value << 8 | int(data[at])
    if n >= 8 and (value < 0) != negative:
        raise OverflowError("the integer of these bytes does not fit 64 bits")
    return value
