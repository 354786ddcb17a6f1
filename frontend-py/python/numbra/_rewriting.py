"""`numbra.explain_rewrite` and `numbra.rewrite_rules`: what becomes of array expressions, and rules of the program's own."""
import os
import sys

from . import _core, types
from .errors import NumbaError


def explain_rewrite(function, args, file=None, statistics=False):
    """Implements `numbra.explain_rewrite`."""
    from . import njit
    from ._inspection import _argument_codes

    file = sys.stdout if file is None else file
    dispatcher = function if isinstance(function, _core.Dispatcher) else njit(function)
    codes = _argument_codes(dispatcher, tuple(types.from_code(_core.typeof_code(a)) for a in args))
    try:
        found = _core.rewrites(dispatcher, codes)
    except NumbaError as error:
        print(str(error).strip("\n"), file=file)
        return
    if not found:
        print("nothing is rewritten", file=file)
    for name, line, before, after, steps, (old, new), numbers in found:
        print(f"{name}, line {line}: {before}", file=file)
        width = max((len(rule) for rule, _ in steps), default=0)
        for rule, expression in steps:
            print(f"  {rule:{width}}  {expression}", file=file)
        print(f"  => {after}  # cost {old:.0f} -> {new:.0f}", file=file)
        if statistics:
            print(f"  {numbers}", file=file)


def rewrite_rules(rules):
    """Implements `numbra.rewrite_rules`."""
    if rules is None:
        _core.use_rules(None, "")
        return
    text, file = read(rules)
    refuse(_core.use_rules(text, file), text, file)


def of_function(rules):
    """The text of rules that are to be those of one function; raises for wrong ones."""
    text, file = read(rules)
    refuse(_core.check_rules(text, file), text, file)
    return text


def read(rules):
    """The text of rules and the name of their file; a string without an arrow is a file's name."""
    if isinstance(rules, os.PathLike) or "\n" not in rules and "=>" not in rules:
        file = os.fspath(rules)
        with open(file, encoding="utf-8") as source:
            return source.read(), file
    return rules, "<rules>"


def refuse(errors, text, file):
    """Raises ValueError for rules that are wrong, with their places."""
    if not errors:
        return
    lines = text.splitlines()
    parts = []
    for line, column, reason in errors:
        shown = lines[line - 1] if 0 < line <= len(lines) else ""
        parts.append(f"{file}:{line}:{column}: {reason}\n    {shown}\n    {' ' * (column - 1)}^")
    raise ValueError("\n".join(parts))
