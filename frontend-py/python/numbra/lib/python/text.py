"""Methods of strings that are loops over characters, integers in other bases, and lists as text."""
from numbra.intrinsics import kind, refuse
from numbra.lib import implements


@implements("builtins.hex")
def hexadecimal(x, /):
    if kind(x) != "int" and kind(x) != "bool":
        refuse("hex, oct and bin take an integer, not", x)
    else:
        return f"{x:#x}"


@implements("builtins.oct")
def octal(x, /):
    if kind(x) != "int" and kind(x) != "bool":
        refuse("hex, oct and bin take an integer, not", x)
    else:
        return f"{x:#o}"


@implements("builtins.bin")
def binary(x, /):
    if kind(x) != "int" and kind(x) != "bool":
        refuse("hex, oct and bin take an integer, not", x)
    else:
        return f"{x:#b}"


@implements("list.__repr__")
def list_text(values):
    """A list whose elements have their class in their type; others are shown by the runtime."""
    return "[" + ", ".join([repr(x) for x in values]) + "]"


@implements("str.expandtabs")
def expandtabs(self, tabsize=8):
    parts = []
    column = 0
    for c in self:
        if c == "\t":
            if tabsize > 0:
                missing = tabsize - column % tabsize
                parts.append(" " * missing)
                column += missing
        else:
            parts.append(c)
            column = 0 if c == "\n" or c == "\r" else column + 1
    return "".join(parts)
