"""What a call came to, and when two outcomes are the same.

Scalars are equal when their kinds (bool, int, float, complex) and values are: numba returns Python's numbers where NumPy has scalars of its
own. Arrays also need the same dtype and shape. NaN equals NaN and -0.0 differs from 0.0. Floats may differ by what another order of
summation or another correctly working implementation of `sin` makes: `TOLERANCE`, relative to the magnitude.
"""
import enum
import math
import types

import numpy as np

TOLERANCE = {4: 3e-6, 8: 2e-13, 2: 2e-3, 16: 2e-13}    # by the bytes of a real number
LONGEST = 2000    # how much of a generator is taken


class Outcome:
    """Value or exception of a call, its arguments afterwards, and what was printed."""

    def __init__(self, value=None, error=None, arguments=(), printed=""):
        self.value, self.error, self.arguments, self.printed = value, error, arguments, printed

    def words(self):
        """A few words for reports."""
        text = f"{type(self.error).__name__}{self.error.args!r}" if self.error is not None else shown(self.value)
        return text + (f", printed {self.printed[:80]!r}" if self.printed else "")


def shown(value, limit=160):
    """A short, typed representation."""
    try:
        text = f"{value!r} ({value.dtype})" if isinstance(value, np.ndarray) else repr(value)
    except Exception as error:
        text = f"<{type(value).__name__} without representation: {error}>"
    text = " ".join(text.split())
    return text if len(text) <= limit else text[:limit] + " ..."


def _kind(value):
    """Kind letter of a scalar, or None."""
    if isinstance(value, (bool, np.bool_)):
        return "b"
    if isinstance(value, np.timedelta64):
        return "m"
    if isinstance(value, (int, np.integer)) and not isinstance(value, enum.Enum):
        return "i"
    if isinstance(value, (float, np.floating)):
        return "f"
    return "c" if isinstance(value, (complex, np.complexfloating)) else None


def _close(a, b, tolerance):
    if math.isnan(a) or math.isnan(b):
        return math.isnan(a) and math.isnan(b)
    if a == b:
        return a != 0 or math.copysign(1, a) == math.copysign(1, b)
    return not math.isinf(a) and not math.isinf(b) and abs(a - b) <= tolerance


def _real_size(value):
    size = getattr(value, "itemsize", 8) if isinstance(value, np.generic) else 8
    return size // 2 if isinstance(value, np.complexfloating) else size


def _floats(a, b):
    relative = max(TOLERANCE[_real_size(a)], TOLERANCE[_real_size(b)])
    return _close(float(a), float(b), relative * max(abs(float(a)), abs(float(b))))


def _complexes(a, b):
    relative = max(TOLERANCE[_real_size(a)], TOLERANCE[_real_size(b)])
    a, b = complex(a), complex(b)
    size = max((abs(x) for x in (a.real, a.imag, b.real, b.imag) if math.isfinite(x)), default=0.0)
    return _close(a.real, b.real, relative * size) and _close(a.imag, b.imag, relative * size)


def _arrays(a, b):
    if a.dtype != b.dtype or a.shape != b.shape:
        return False
    if a.dtype.names:
        return all(_arrays(np.asarray(a[name]), np.asarray(b[name])) for name in a.dtype.names)
    if a.dtype.kind in "fc":
        if a.dtype.kind == "c":
            return all(map(_complexes, a.ravel().tolist(), b.ravel().tolist())) if a.dtype.itemsize == 16 else all(map(_complexes, a.ravel(), b.ravel()))
        nan = np.isnan(a)
        if not np.array_equal(nan, np.isnan(b)):
            return False
        with np.errstate(all="ignore"):
            # Sums that cancel leave an error that is small beside the other elements.
            size = np.abs(a[np.isfinite(a)]).max(initial=0)
            near = (a == b) | (np.isfinite(a) & np.isfinite(b) & (np.abs(a - b) <= TOLERANCE[a.itemsize] * np.maximum(np.abs(a), size * 1e-3)))
        signs = (a != 0) | (b != 0) | (np.signbit(a) == np.signbit(b))
        return bool(np.all(nan | (near & signs)))
    if a.dtype.kind in "mM":
        return np.array_equal(a.view(np.int64) if a.ndim else a.astype(np.int64), b.view(np.int64) if b.ndim else b.astype(np.int64))
    return np.array_equal(a, b)


def same(a, b):
    """Whether two results are the same."""
    if _kind(a) or _kind(b):
        if _kind(a) != _kind(b):
            return False
        if _kind(a) == "f":
            return _floats(a, b)
        if _kind(a) == "c":
            return _complexes(a, b)
        if _kind(a) == "m":
            return a.dtype == b.dtype and a.view(np.int64) == b.view(np.int64)
        return int(a) == int(b)
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return _arrays(a, b)
    if isinstance(a, str) and isinstance(b, str) and np.str_ in (type(a), type(b)):
        # As for numbers: both compilers give Python's.
        return str(a) == str(b)
    if isinstance(a, np.datetime64) and isinstance(b, np.datetime64):
        return a.dtype == b.dtype and a.view(np.int64) == b.view(np.int64)
    if isinstance(a, np.void) and isinstance(b, np.void):
        return _arrays(np.asarray(a), np.asarray(b))
    if isinstance(a, (tuple, list)) and isinstance(b, (tuple, list)):
        return _class(a) == _class(b) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return len(a) == len(b) and all(key in b and same(value, b[key]) for key, value in a.items())
    if callable(a) and callable(b):
        return getattr(a, "__name__", a) == getattr(b, "__name__", b)
    try:
        return type(a) is type(b) and bool(a == b)
    except Exception:
        return False


def _class(value):
    """Lists are lists; a named tuple is known by name and fields, as each compiler makes a class of its own."""
    return (type(value).__name__, getattr(value, "_fields", None)) if isinstance(value, tuple) else list


def same_outcome(a, b):
    """Whether two calls did the same: value or exception class, effects on the arguments, output."""
    if (a.error is None) != (b.error is None) or a.printed != b.printed:
        return False
    alike = type(a.error) is type(b.error) if a.error is not None else same(a.value, b.value)
    return alike and len(a.arguments) == len(b.arguments) and all(map(same, a.arguments, b.arguments))


def consumed(value):
    """Generators and other iterators as the tuple of what they yield; anything else as it is."""
    if isinstance(value, types.GeneratorType) or hasattr(value, "__next__"):
        items = []
        for item in value:
            items.append(item)
            if len(items) == LONGEST:
                break
        return ("iterator", *items)
    return value
