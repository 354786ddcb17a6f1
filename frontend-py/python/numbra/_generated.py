"""Functions that numbra writes as source text: compiled like a program's own, their text is kept for the compiler and for tracebacks."""
import itertools
import linecache

_COUNT = itertools.count()


def code(text, file):
    """The code of a text under a file name of its own, by which the compiler and tracebacks find the text."""
    linecache.cache[file] = (len(text), None, text.splitlines(True), file)
    return compile(text, file, "exec")


def function(text, name, space, **options):
    """The compiled function of this name in a text; `space` holds what the text names, and gets the function too."""
    from . import njit

    exec(code(text, f"<numbra {name} {next(_COUNT)}>"), space)
    made = space[name] = njit(**options)(space[name])
    return made
