"""`a op= b` on arrays."""
import numpy as np
from numbra.intrinsics import dtype_kind, element, kind, refuse, result_dtype
from numbra.lib import Static, implements
from numbra.lib.elements.elementwise import casting_rank, elementwise
from numbra.lib.layout.memory import assign, convert


def _operand(b, dtype):
    """A number in the element type of the array where that keeps its kind, as NumPy treats Python's numbers; other operands as they are."""
    if kind(b) != "array" and kind(b) != "bool":
        if casting_rank(b.dtype) <= casting_rank(dtype) or (kind(b) == "int" and dtype_kind(dtype) == "u"):
            return convert(b, dtype)
    return b


@implements("numbra.inplace")
def inplace(f, a, b: Static):
    """`a op= b`, f being the function of the operator: the result is cast by the rule 'same_kind' and written to the elements of `a`."""
    if kind(b) == "list" or kind(b) == "tuple":
        return inplace(f, a, np.asarray(b))
    if f is np.matmul:
        assign(a, np.matmul(a, b))
        return a
    x = _operand(b, a.dtype)
    if casting_rank(result_dtype(f, element(a), element(x))) > casting_rank(a.dtype):
        refuse("Cannot cast the result of the operator with casting rule 'same_kind' to the elements of", a)
    return elementwise(f, a, x, None, a)
