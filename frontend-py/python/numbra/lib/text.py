"""Methods of strings that are loops over characters."""
from numbra.lib import implements


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
