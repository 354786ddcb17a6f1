"""Views of the same memory with other strides: as_strided and sliding_window_view."""
from numbra.intrinsics import kind, readonly, refuse, view
from numbra.lib import Static, implements
from numbra.lib.layout.axes import normalize_axis
from numbra.lib.reduction.reductions import as_array


def _tuple(x: Static):
    if kind(x) == "tuple":
        return x
    return (x,)


@implements("numpy.lib.stride_tricks.as_strided")
def as_strided(x, shape=None, strides=None, subok=False, writeable=True):
    """A view with any shape and strides, in bytes. Nothing is checked."""
    a = as_array(x)
    if shape is None:
        return as_strided(a, a.shape, strides)
    if strides is None:
        if len(_tuple(shape)) != a.ndim:
            refuse("as_strided needs `strides` where the number of dimensions changes")
        return view(a, 0, _tuple(shape), a.strides)
    return view(a, 0, _tuple(shape), _tuple(strides))


def _all(n: Static, at: Static):
    if at == n:
        return ()
    return (at,) + _all(n, at + 1)


def _axes(axes: Static, ndim: Static):
    if len(axes) == 0:
        return ()
    return (normalize_axis(axes[0], ndim),) + _axes(axes[1:], ndim)


def _lengths(shape, axis: Static, width, at: Static):
    """The shape with the length of one axis as many as windows begin there."""
    if len(shape) == 0:
        return ()
    if at == axis:
        return (_windows(shape[0], width),) + shape[1:]
    return shape[:1] + _lengths(shape[1:], axis, width, at + 1)


def _windows(n, width):
    if width < 0:
        raise ValueError("`window_shape` cannot contain negative values")
    if width > n:
        raise ValueError("window shape cannot be larger than input array shape")
    return n - width + 1


def _shorter(shape, axes: Static, widths):
    if len(axes) == 0:
        return shape
    return _shorter(_lengths(shape, axes[0], widths[0], 0), axes[1:], widths[1:])


def _steps(strides, axes: Static):
    if len(axes) == 0:
        return ()
    return (strides[axes[0]],) + _steps(strides, axes[1:])


@implements("numpy.lib.stride_tricks.sliding_window_view")
def sliding_window_view(x, window_shape, axis: Static = None, subok=False, writeable: Static = False):
    """All windows of a shape, as axes behind those of the array: a view that cannot be written unless that is asked for."""
    a = as_array(x)
    widths = _tuple(window_shape)
    if axis is None:
        axes = _all(a.ndim, 0)
    else:
        axes = _axes(_tuple(axis), a.ndim)
    if len(widths) != len(axes):
        raise ValueError("sliding_window_view needs a window length for each of the axes")
    windows = view(a, 0, _shorter(a.shape, axes, widths) + widths, a.strides + _steps(a.strides, axes))
    if writeable:
        return windows
    return readonly(windows)
