"""Elements of arrays in memory: copying them from one array to another, with conversion and broadcasting."""
from numbra.intrinsics import dtype_kind, kind, layout, view
from numbra.lib.layout.overlap import may_share
from numbra.lib.layout.shapes import pad
from numbra.lib.layout.views import broadcast_to, flat_view

# Rows shorter than this are written column by column.
FEW = 8


def _is_number(x):
    return kind(x) == "int" or kind(x) == "float" or kind(x) == "bool" or kind(x) == "complex"


def convert(x, dtype):
    """A number as one of a scalar type; of complex numbers that become real the real part. Times and records are converted where they are stored."""
    if not _is_number(x) or dtype_kind(dtype) == "M" or dtype_kind(dtype) == "m" or dtype_kind(dtype) == "V":
        return x
    if dtype_kind(dtype) != "c" and dtype_kind(dtype) != "b" and kind(x) == "complex":
        return dtype(x.real)
    return dtype(x)


def _store(out, a):
    if out.ndim == 0:
        out[()] = convert(a[()], out.dtype)
    elif out.ndim == 1:
        if layout(a) == "A" and a.strides[0] == -a.itemsize and a.shape[0] > 0:
            _store_reversed(out, view(a, (a.shape[0] - 1) * a.strides[0], a.shape))
        else:
            for i in range(out.shape[0]):
                out[i] = convert(a[i], out.dtype)
    elif out.ndim == 2 and out.shape[1] < FEW:
        for j in range(out.shape[1]):
            _store(out[:, j], a[:, j])
    else:
        for i in range(out.shape[0]):
            _store(out[i], a[i])


def _store_reversed(out, a):
    n = out.shape[0]
    for i in range(n):
        out[i] = convert(a[n - 1 - i], out.dtype)


def store(out, a):
    """Writes the elements of an array of the same shape, which shares no memory, converting each."""
    if out.ndim > 1 and layout(out) == "C" and layout(a) == "C":
        _store(flat_view(out), flat_view(a))
    else:
        _store(out, a)


def _fill(out, x):
    if out.ndim == 0:
        out[()] = x
    elif out.ndim == 1:
        for i in range(out.shape[0]):
            out[i] = x
    else:
        for i in range(out.shape[0]):
            _fill(out[i], x)


def fill(out, x):
    """Writes one number to all elements."""
    if out.ndim > 1 and layout(out) == "C":
        _fill(flat_view(out), convert(x, out.dtype))
    else:
        _fill(out, convert(x, out.dtype))


def apart(a, out):
    """The array, or a copy of it where it shares memory with `out`."""
    if kind(a) == "array" and may_share(a, out):
        return a.copy()
    return a


def broadcast_into(a, out):
    """An array or number as a source for each element of `out`. Lengths of 1 before those of `out` fall away; ValueError where the shapes do not fit."""
    if kind(a) != "array":
        return a
    if a.ndim == 0:
        return a[()]
    if a.ndim > out.ndim:
        if a.shape[0] != 1:
            _misfit(a, out)
        return broadcast_into(a[0], out)
    if pad(a.shape, out.ndim) != out.shape and not _fits(pad(a.shape, out.ndim), out.shape):
        _misfit(a, out)
    return broadcast_to(a, out.shape)


def _fits(have, want):
    if len(have) == 0:
        return True
    return (have[0] == want[0] or have[0] == 1) and _fits(have[1:], want[1:])


def _misfit(a, out):
    raise ValueError("could not broadcast input array into the shape of its target")


def assign(out, value):
    """`out[...] = value`: broadcasts and converts, as if the value was copied before anything is written."""
    source = broadcast_into(apart(value, out), out)
    if kind(source) == "array":
        store(out, source)
    else:
        fill(out, source)
