"""`numpy.nditer` over one array or several: the elements, in the order in which NumPy takes them from memory."""
import numpy as np
from numbra.intrinsics import kind, refuse, view
from numbra.lib import Static, implements
from numbra.lib.layout.shapes import broadcast_shapes, shape_of
from numbra.lib.layout.views import broadcast_to


@implements(np.nditer)
def nditer(op):
    """The elements of an array as arrays without dimensions; of several arrays, which are broadcast, tuples of these."""
    if kind(op) == "list":
        refuse("nditer takes an array or a tuple of arrays, not", op)
    if kind(op) == "tuple":
        return _elements(_expanded(op, _shape(op)))
    found = _elements(_expanded((op,), shape_of(op)))
    return [one for (one,) in found]


def _shape(operands):
    if len(operands) == 0:
        return ()
    return broadcast_shapes(shape_of(operands[0]), _shape(operands[1:]))


def _expanded(operands, shape):
    if len(operands) == 0:
        return ()
    return (broadcast_to(np.asarray(operands[0]), shape),) + _expanded(operands[1:], shape)


def _elements(operands):
    shape = operands[0].shape
    if operands[0].size == 0:
        raise ValueError("Iteration of zero-sized operands is not enabled")
    ndim = len(shape)
    steps = np.zeros((ndim + 1, len(operands)), np.int64)
    _read_steps(operands, steps, 0)
    order = _order(steps, ndim)
    lengths = np.empty(ndim + 1, np.int64)
    _read_lengths(shape, lengths, 0)
    offsets = np.empty(len(operands), np.int64)
    found = []
    for position in range(operands[0].size):
        rest = position
        offsets[:] = 0
        for axis in order:
            i = rest % lengths[axis]
            rest //= lengths[axis]
            if _runs_backwards(steps, axis):
                i = lengths[axis] - 1 - i
            for k in range(len(operands)):
                offsets[k] += i * steps[axis, k]
        found.append(_at(operands, offsets, 0))
    return found


def _read_lengths(shape, lengths, axis: Static):
    if axis < len(shape):
        lengths[axis] = shape[axis]
        _read_lengths(shape, lengths, axis + 1)


def _read_steps(operands, steps, k: Static):
    """Strides by axis and operand; 0 where there is nothing to step over."""
    if k < len(operands):
        _read_strides(operands[k].shape, operands[k].strides, steps[:, k], 0)
        _read_steps(operands, steps, k + 1)


def _read_strides(shape, strides, steps, axis: Static):
    if axis < len(shape):
        if shape[axis] != 1:
            steps[axis] = strides[axis]
        _read_strides(shape, strides, steps, axis + 1)


def _order(steps, ndim):
    """The axes from the innermost loop to the outermost: those with smaller strides further in, the order of indices where operands differ."""
    order = [ndim - 1 - i for i in range(ndim)]
    for i in range(1, ndim):
        axis = order[i]
        place = i
        for j in range(i - 1, -1, -1):
            ambiguous = True
            inside = False
            for k in range(steps.shape[1]):
                mine, other = abs(steps[axis, k]), abs(steps[order[j], k])
                if mine != 0 and other != 0:
                    if other <= mine:
                        inside = False
                    elif ambiguous:
                        inside = True
                    ambiguous = False
            if not ambiguous:
                if not inside:
                    break
                place = j
        order.insert(place, order.pop(i))
    return order


def _runs_backwards(steps, axis):
    """Whether no operand steps forwards along an axis."""
    negative = False
    for k in range(steps.shape[1]):
        if steps[axis, k] > 0:
            return False
        negative = negative or steps[axis, k] < 0
    return negative


def _at(operands, offsets, k: Static):
    if k == len(operands):
        return ()
    return (view(operands[k], offsets[k], ()),) + _at(operands, offsets, k + 1)
