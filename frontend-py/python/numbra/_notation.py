"""How types are written: `float64[:, ::1]`, and signatures as strings."""

# Types that are written with their parameters.
CONSTRUCTORS = ("NPDatetime", "NPTimedelta", "Array", "FunctionType", "List", "Optional", "Tuple", "Union", "UniTuple")


def parse(text):
    """The type, signature or tuple of argument types that a string spells."""
    if not isinstance(text, str):
        raise TypeError(f"a signature is a string, a type or a tuple of types, not {text!r}")
    from . import types

    names = {name: value for name, value in vars(types).items() if isinstance(value, types.Type)}
    names.update((name, getattr(types, name)) for name in CONSTRUCTORS)
    if "__" in text or "." in text.replace("types.", "").replace("numba.", "").replace("numbra.", ""):
        raise ValueError(f"{text!r} is not a signature; write for example 'float64(float64[:], int64)'")
    for prefix in ("numbra.types.", "numba.types.", "types.", "numbra.", "numba."):
        text = text.replace(prefix, "")
    try:
        return eval(text.strip(), {"__builtins__": {}, "True": True, "False": False}, names)
    except NameError as error:
        from difflib import get_close_matches

        close = get_close_matches(error.name or "", names, 1) if getattr(error, "name", None) else []
        hint = f"; did you mean {close[0]!r}?" if close else ""
        raise NameError(f"in the signature {text!r}: {error}{hint}") from None
    except SyntaxError:
        raise ValueError(f"{text!r} is not a signature; write for example 'float64(float64[:], int64)'") from None


def layout_of(index):
    """Dimensions and layout of `float64[index]`."""
    axes = index if isinstance(index, tuple) else (index,)
    if not all(isinstance(axis, slice) and axis.start is None and axis.stop is None and axis.step in (None, 1) for axis in axes):
        raise KeyError(f"an array type is written with one `:` for each dimension, and `::1` for a contiguous one, not {index!r}")
    contiguous = [i for i, axis in enumerate(axes) if axis.step == 1]
    if not contiguous:
        return len(axes), "A"
    if contiguous == [len(axes) - 1]:
        return len(axes), "C"
    if contiguous == [0]:
        return len(axes), "F"
    raise KeyError("one dimension can be contiguous: the last (`float64[:, ::1]`) or the first (`float64[::1, :]`)")
