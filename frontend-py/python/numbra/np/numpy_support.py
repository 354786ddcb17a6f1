"""Types from NumPy's dtypes, and back."""
from ..types import from_dtype

__all__ = ["as_dtype", "from_dtype"]


def as_dtype(nbtype):
    """NumPy's dtype of a type of numbers, times or records."""
    dtype = getattr(nbtype, "dtype", None)
    import numpy

    if not isinstance(dtype, numpy.dtype):
        raise NotImplementedError(f"{nbtype} is the type of no NumPy scalar")
    return dtype
