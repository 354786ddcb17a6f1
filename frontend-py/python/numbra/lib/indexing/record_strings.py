"""Fields of records that are strings of fixed length: text in four bytes for each character, or bytes. Zeros at the end are not part of it."""
from numbra.intrinsics import buffer_of, is_readonly, kind, refuse, string_kind, string_place
from numbra.lib import Static, implements
from numbra.lib.python.buffers import data_of, is_buffer


def _code(place, i):
    """The character at a position; the memory may lie anywhere, so it is read byte by byte."""
    at = 4 * i
    return int(place[at]) | int(place[at + 1]) << 8 | int(place[at + 2]) << 16 | int(place[at + 3]) << 24


@implements("numbra.record_string")
def string(r, field: Static):
    place = string_place(r, field)
    n = place.shape[0]
    if string_kind(r, field) == "S":
        while n > 0 and place[n - 1] == 0:
            n -= 1
        return buffer_of("bytes", place[:n].copy())
    n = n // 4
    while n > 0 and _code(place, n - 1) == 0:
        n -= 1
    characters = [""][:0]
    for i in range(n):
        characters.append(chr(_code(place, i)))
    return "".join(characters)


def _put(place, i, c):
    at = 4 * i
    place[at], place[at + 1], place[at + 2], place[at + 3] = c & 255, c >> 8 & 255, c >> 16 & 255, c >> 24


@implements("numbra.set_record_string")
def set_string(r, field: Static, value):
    """What is too long is cut off, as in NumPy."""
    place = string_place(r, field)
    if is_readonly(place):
        refuse("the record is read-only: work on a copy of the array, not on", r)
    if string_kind(r, field) == "U":
        if kind(value) != "str":
            refuse("a field of text is assigned strings, not", value)
        n = min(len(value), place.shape[0] // 4)
        for i in range(n):
            _put(place, i, ord(value[i]))
        place[4 * n:] = 0
    elif kind(value) == "str":
        n = min(len(value), place.shape[0])
        for i in range(len(value)):
            if ord(value[i]) > 127:
                raise UnicodeError("'ascii' codec can't encode the character " + str(ord(value[i])))
        for i in range(n):
            place[i] = ord(value[i])
        place[n:] = 0
    elif is_buffer(value):
        source = data_of(value)
        n = min(source.shape[0], place.shape[0])
        place[:n] = source[:n]
        place[n:] = 0
    else:
        refuse("a field of bytes is assigned bytes and strings, not", value)
