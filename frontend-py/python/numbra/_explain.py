"""`numbra.explain`: how inference comes to the types of a function and of those that it calls."""
import ast
import functools
import linecache
import sys

from . import _core, types


def explain(function, args, file=None):
    """Implements `numbra.explain`."""
    from . import njit
    from ._inspection import _argument_codes
    from .errors import NumbaError

    file = sys.stdout if file is None else file
    dispatcher = function if isinstance(function, _core.Dispatcher) else njit(function)
    codes = _argument_codes(dispatcher, tuple(types.from_code(_core.typeof_code(a)) for a in args))
    text_of = functools.cache(_Text)
    try:
        for trail in _core.trails(dispatcher, codes):
            for line in _lines(trail, text_of):
                print(line, file=file)
        # The trails hold what was found beside the errors; this stage tells the errors.
        _core.stage(dispatcher, codes, "typed")
    except NumbaError as error:
        print(str(error).strip("\n"), file=file)


def _lines(trail, text_of):
    """The lines for one version of a function."""
    parameters = ", ".join(f"{name}: {type_name}" for name, type_name in trail["parameters"])
    called = ""
    if trail["caller"] is not None:
        caller, place = trail["caller"]
        called = f"  # for the call in {caller}()" + (f", line {place[1]}" if place is not None else "")
    yield f"{trail['function']}({parameters}) -> {trail['result']}{called}"
    for step in trail["steps"]:
        text = text_of(step["place"][0])
        what = text.at(step["place"])
        names = text.assigned(step["place"])
        if step["constant"]:
            if names is None:
                continue
            why = "constant"
        else:
            parts = [_part(part, step["place"], text_of) for part in step["parts"]]
            how = step["how"] if parts else step["how"].removesuffix(" for")
            why = " ".join(filter(None, (how or ("from" if parts else ""), ", ".join(parts))))
        yield f"  {step['place'][1]}: {names + ' = ' if names else ''}{what} :: {step['type']}" + (f"  <- {why}" if why else "")


def _part(part, place, text_of):
    """A value that a step used: a parameter, or an expression, with the line if that is another one."""
    parameter, where, type_name = part
    if parameter is not None:
        return f"{parameter} :: {type_name}"
    if where is None:
        return type_name
    line = f" (line {where[1]})" if where[1] != place[1] else ""
    return f"{text_of(where[0]).at(where)} :: {type_name}{line}"


class _Text:
    """The text of a file, and which expressions are assigned to names."""

    def __init__(self, name):
        self.lines = linecache.getlines(name)
        self.names = {}
        try:
            tree = ast.parse("".join(self.lines))
        except SyntaxError:
            return
        for node in ast.walk(tree):
            value = getattr(node, "value", None)
            if isinstance(node, ast.Assign):
                targets = node.targets
            elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)):
                targets = [node.target]
            else:
                continue
            if value is not None:
                self.names[self._place(value)] = " = ".join(ast.unparse(t) for t in targets)

    def _place(self, node):
        return node.lineno, self._column(node.lineno, node.col_offset), node.end_lineno, self._column(node.end_lineno, node.end_col_offset)

    def _column(self, line, offset):
        """1-based column in characters of an offset in bytes."""
        return len(self.lines[line - 1].encode()[:offset].decode(errors="replace")) + 1

    def at(self, place):
        """The text of a place, in one line."""
        _, line, column, end_line, end_column = place
        if not 1 <= line <= end_line <= len(self.lines):
            return "?"
        parts = [self.lines[i - 1][column - 1 if i == line else 0:end_column - 1 if i == end_line else None] for i in range(line, end_line + 1)]
        return " ".join(" ".join(parts).split())

    def assigned(self, place):
        """The names that a place is assigned to, or None."""
        return self.names.get(place[1:])
