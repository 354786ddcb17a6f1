"""Functions that compiled code knows and that do nothing elsewhere."""


def literal_unroll(container):
    """In compiled code, `for x in literal_unroll(t)` has one body per element of a tuple, so that the elements may have different types."""
    return container


def literally(obj):
    """Gives back what it gets: compiled code knows constants wherever they are written."""
    return obj
