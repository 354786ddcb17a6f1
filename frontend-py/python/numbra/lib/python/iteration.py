"""Iterables taken apart: into variables, and for the loops of `itertools`."""
from numbra.intrinsics import kind, refuse
from numbra.lib import Static, implements


@implements("numbra.unpack")
def unpack(x, count: Static, star: Static):
    """The values of `count` targets, as a tuple; the one at `star` (none if negative) gets a list of what the others leave."""
    if kind(x) == "array" and x.ndim == 0:
        refuse("a 0-dimensional array cannot be unpacked", x)
    n = len(x)
    if star < 0:
        if n != count:
            _misfit(n, count)
        return _items(x, 0, count)
    if n < count - 1:
        _few(n, count - 2, count)
    return _items(x, 0, star) + (list(x[star:n - (count - 1 - star)]),) + _items_from(x, n - (count - 1 - star), 0, count - 1 - star)


def _items(x, i: Static, stop: Static):
    if i == stop:
        return ()
    return (x[i],) + _items(x, i + 1, stop)


def _items_from(x, start, i: Static, stop: Static):
    if i == stop:
        return ()
    return (x[start + i],) + _items_from(x, start, i + 1, stop)


def _misfit(n, count: Static):
    if n > count:
        raise ValueError(f"too many values to unpack (expected {count})")
    _short(n, count - 1, count)


def _short(n, k: Static, count: Static):
    if n == k:
        raise ValueError(f"not enough values to unpack (expected {count}, got {k})")
    if k > 0:
        _short(n, k - 1, count)


def _few(n, k: Static, count: Static):
    if n == k:
        raise ValueError(f"not enough values to unpack (expected at least {count - 1}, got {k})")
    if k > 0:
        _few(n, k - 1, count)


@implements("numbra.pool")
def pool(x):
    """The elements of an iterable, which nothing changes."""
    if kind(x) == "range" or kind(x) == "tuple":
        return x
    return list(x)


@implements("numbra.islice_limits")
def islice_limits(start, stop, step):
    if stop == -1:
        raise ValueError("Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
    if start < 0 or stop < -1:
        raise ValueError("Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
    if step < 1:
        raise ValueError("Step for islice() must be a positive integer or None.")
    return start, stop, step
