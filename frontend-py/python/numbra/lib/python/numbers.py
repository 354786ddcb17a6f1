"""Methods and attributes of Python's numbers."""
import math

import numpy as np
from numbra.intrinsics import dtype_size, kind, refuse
from numbra.lib import implements


def _is_integer(x):
    return kind(x) == "int" or kind(x) == "bool"


def _magnitude(n):
    return np.uint64(n) if n >= 0 else np.uint64(-(n + 1)) + np.uint64(1)


@implements("number.bit_length")
def bit_length(self):
    if not _is_integer(self):
        refuse("only integers have `bit_length`, not", self)
    rest = _magnitude(np.int64(self))
    n = 0
    for width in (32, 16, 8, 4, 2, 1):
        if rest >> np.uint64(width) != np.uint64(0):
            rest = rest >> np.uint64(width)
            n += width
    return n + int(rest)


@implements("number.bit_count")
def bit_count(self):
    if not _is_integer(self):
        refuse("only integers have `bit_count`, not", self)
    x = _magnitude(np.int64(self))
    x = x - ((x >> np.uint64(1)) & np.uint64(0x5555555555555555))
    x = (x & np.uint64(0x3333333333333333)) + ((x >> np.uint64(2)) & np.uint64(0x3333333333333333))
    x = (x + (x >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return int((x * np.uint64(0x0101010101010101)) >> np.uint64(56))


@implements("unsigned.__pow__")
def unsigned_power(base, exponent):
    """A power of a number of an unsigned type by a Python integer, which NumPy would have in that type."""
    if exponent < 0:
        raise OverflowError(f"Python integer {exponent} out of bounds for uint{8 * dtype_size(type(base))}")
    return np.int64(base) ** exponent


@implements("number.__hash__", "str.__hash__", "tuple.__hash__")
def hash_of(x):
    """`hash(x)`, written as a method."""
    return hash(x)


@implements("number.is_integer")
def is_integer(self):
    if _is_integer(self):
        return True
    if kind(self) != "float":
        refuse("only real numbers have `is_integer`, not", self)
    return math.isfinite(self) and np.floor(self) == self


@implements("number.as_integer_ratio")
def as_integer_ratio(self):
    """Numerator and denominator, as far as 64 bits hold them."""
    if _is_integer(self):
        return np.int64(self), 1
    if kind(self) != "float":
        refuse("only real numbers have `as_integer_ratio`, not", self)
    if math.isnan(self):
        raise ValueError("cannot convert NaN to integer ratio")
    if math.isinf(self):
        raise OverflowError("cannot convert Infinity to integer ratio")
    m, e = math.frexp(np.float64(self))
    for _ in range(300):
        if m == np.floor(m):
            break
        m *= 2.0
        e -= 1
    numerator = np.int64(m)
    if e > 0:
        if abs(m) * 2.0 ** e >= 9223372036854775808.0:
            raise OverflowError("Python int too large to convert to C long")
        return numerator << e, 1
    if e < -62:
        raise OverflowError("Python int too large to convert to C long")
    return numerator, 1 << -e


@implements("number.@numerator")
def numerator(self):
    if not _is_integer(self):
        refuse("only integers have `numerator`, not", self)
    return np.int64(self)


@implements("number.@denominator")
def denominator(self):
    if not _is_integer(self):
        refuse("only integers have `denominator`, not", self)
    return 1


@implements("otherwise:builtins.round")
def round_integer(number, ndigits=None):
    """An integer rounded to tens, hundreds, ..., halves to even multiples."""
    if not _is_integer(number):
        refuse("round takes a real number, not", number)
    if kind(ndigits) != "int" and kind(ndigits) != "bool":
        refuse("round takes an integer as number of digits, not", ndigits)
    x = np.int64(number) if kind(number) == "bool" else number
    if ndigits >= 0:
        return x
    if ndigits < -19:
        return x.dtype(0)
    # In steps of ten, as 10**19 is no 64-bit integer: what a digit is rounded by, and whether there were others behind it.
    rest, digit, others, scale = x, 0, False, 1
    for i in range(-ndigits):
        others = others or digit != 0
        digit = rest % 10
        rest //= 10
        scale *= 10
    if digit > 5 or (digit == 5 and (others or rest % 2 != 0)):
        rest += 1
    return x.dtype(rest * scale)
