"""Functions that numbra writes as source text: compiled like a program's own, their text is kept for the compiler and for tracebacks."""
import itertools
import linecache

_COUNT = itertools.count()


def function(text, name, space, **options):
    """The compiled function of this name in a text; `space` holds what the text names, and gets the function too."""
    from . import njit

    file = f"<numbra {name} {next(_COUNT)}>"
    linecache.cache[file] = (len(text), None, text.splitlines(True), file)
    exec(compile(text, file, "exec"), space)
    made = space[name] = njit(**options)(space[name])
    return made
