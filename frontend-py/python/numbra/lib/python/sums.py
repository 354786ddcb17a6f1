"""`sum` of what is no number. Sums of numbers are the compiler's own."""
from numbra.intrinsics import kind, refuse
from numbra.lib import Static, implements


@implements("otherwise:builtins.sum")
def sum_of_arrays(iterable, start: Static = 0):
    """The sum of the rows of an array, or of the arrays and lists in a list."""
    if kind(iterable) == "array":
        if iterable.ndim < 2:
            refuse("`sum` takes numbers, not the elements of", iterable)
    elif kind(iterable) != "list" or (kind(iterable[0]) != "array" and kind(iterable[0]) != "list"):
        refuse("`sum` takes a list, a tuple or an array, of numbers or arrays, not", iterable)
    # Of nothing the sum is the start, whatever its type.
    if len(iterable) == 0:
        return start
    total = start + iterable[0]
    for i in range(1, len(iterable)):
        total = total + iterable[i]
    return total
