"""Arrays of blocks: `block`."""
import numpy as np
from numbra.intrinsics import kind, refuse
from numbra.lib import Static, implements
from numbra.lib.construction.joining import concatenate, concatenate_list
from numbra.lib.construction.reshape import expand_dims


def _levels(blocks):
    """How deep the sequences of blocks are nested."""
    if kind(blocks) == "tuple" or kind(blocks) == "list":
        return 1 + _levels(blocks[0])
    return 0


def _block_rank(blocks):
    """The most axes that a block has."""
    if kind(blocks) == "tuple":
        return _block_rank(blocks[0]) if len(blocks) == 1 else max(_block_rank(blocks[0]), _block_rank(blocks[1:]))
    if kind(blocks) == "list":
        return _block_rank(blocks[0])
    return np.asarray(blocks).ndim


def _with_axes(a, rank: Static):
    """A view with axes of length 1 in front."""
    if a.ndim < rank:
        return _with_axes(expand_dims(a, 0), rank)
    return a


def _joined(blocks, levels: Static, rank: Static):
    if levels == 0:
        if kind(blocks) == "tuple" or kind(blocks) == "list":
            refuse("blocks are nested to different depths")
        return _with_axes(np.asarray(blocks), rank)
    if kind(blocks) == "list":
        return concatenate_list([_joined(b, levels - 1, rank) for b in blocks], rank - levels, None)
    if kind(blocks) != "tuple":
        refuse("blocks are nested to different depths")
    return concatenate(_join_each(blocks, levels - 1, rank), rank - levels)


def _join_each(blocks, levels: Static, rank: Static):
    if len(blocks) == 0:
        return ()
    return (_joined(blocks[0], levels, rank),) + _join_each(blocks[1:], levels, rank)


@implements(np.block)
def block(arrays):
    """An array of blocks: those of the innermost lists lie side by side along the last axis, the lists around them along the axes before."""
    levels = _levels(arrays)
    if levels == 0:
        return np.array(arrays)
    return _joined(arrays, levels, max(levels, _block_rank(arrays)))
