"""Whether a typing function and the implementation that it returns have the same parameters."""
import inspect

_KINDS = inspect.Parameter


def difference(typing, implementation):
    """What differs, in words; None where calls of the one are calls of the other."""
    mine, theirs = (list(inspect.signature(f).parameters.values()) for f in (typing, implementation))
    if [p.kind for p in mine] == [_KINDS.VAR_POSITIONAL]:
        # A typing function that takes everything leaves the parameters to the implementation.
        return None
    for a, b in zip(mine, theirs):
        if a.name != b.name:
            return f"parameter `{a}` of the one is `{b}` in the other"
        if a.kind != b.kind:
            return f"`{a}` is {a.kind.description} in the one, `{b}` {b.kind.description} in the other"
        if not _same(a.default, b.default):
            return f"their default values differ: `{a}` and `{b}`"
    longer, which = (mine, "implementation") if len(mine) > len(theirs) else (theirs, "typing function")
    if len(mine) != len(theirs):
        return f"the {which} lacks the parameter `{longer[min(len(mine), len(theirs))]}`"
    return None


def _same(a, b):
    if a is b:
        return True
    try:
        return type(a) is type(b) and bool(a == b)
    except Exception:
        return False
