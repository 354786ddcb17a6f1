"""What dispatchers offer beyond calls: signatures, explicit compilation and the texts of the compiler's stages.

Functions that carry the name of a dispatcher's method or property implement it.
"""
from . import _core, types
from ._notation import parse
from .types import Signature


class Overload:
    """One compiled version of a function."""

    __slots__ = ("signature", "_dispatcher")

    def __init__(self, dispatcher, signature):
        self._dispatcher = dispatcher
        self.signature = signature

    def __repr__(self):
        return f"<compiled {self._dispatcher.__qualname__}{self.signature}>"

    def inspect(self, stage="typed"):
        """The text of one compiler stage."""
        return inspect_ir(self._dispatcher, stage, self.signature)


def parse_signatures(value):
    """The signatures of a decorator's first argument: one, or a list of them."""
    return [parse_signature(s) for s in value] if isinstance(value, list) else [parse_signature(value)]


def parse_signature(value):
    """A signature from a Signature, a string, or a tuple of argument types."""
    if isinstance(value, str):
        value = parse(value)
    if isinstance(value, Signature):
        return value
    if isinstance(value, tuple):
        return Signature(None, value)
    if isinstance(value, types.Type):
        raise TypeError(f"a signature names the argument types too: write {value!r}(...), with the types of the arguments in the parentheses")
    raise TypeError(f"a signature is a string, result(arguments...), or a tuple of argument types, not {value!r}")


def compile_eagerly(dispatcher, signatures):
    """Compiles the signatures of a decorator and nothing else from then on."""
    _core.set_decorating(dispatcher, True)
    try:
        for signature in signatures:
            compile(dispatcher, signature)
    finally:
        _core.set_decorating(dispatcher, False)
    _core.can_compile(dispatcher, False)
    return dispatcher


def refuse(function):
    """Raises the error for an object that a decorator does not take."""
    if isinstance(function, _core.Dispatcher):
        raise TypeError(f"{function.__qualname__} is compiled already; decorate {function.__qualname__}.py_func to compile it with other options")
    if isinstance(function, type):
        raise TypeError(f"njit compiles functions, not classes: {function!r}")
    if isinstance(function, (staticmethod, classmethod, property)):
        raise TypeError(f"njit goes below @{type(function).__name__}: the decorator next to the function is applied first")
    raise TypeError(f"njit compiles functions written in Python, not {function!r} of type {type(function).__name__}")


def missing_name(name):
    """The text for a name that the package does not have."""
    from difflib import get_close_matches

    from . import __all__ as names

    close = get_close_matches(name, names, 1)
    return f"module 'numbra' has no attribute {name!r}" + (f"; did you mean {close[0]!r}?" if close else "")


def _argument_codes(dispatcher, value):
    """Codes of all parameters: those that the signature leaves out have defaults."""
    given = parse_signature(value).args
    code = dispatcher.py_func.__code__
    count = code.co_argcount + code.co_kwonlyargcount
    defaults = dispatcher.py_func.__defaults__ or ()
    named = dispatcher.py_func.__kwdefaults__ or {}
    codes = [t._code() for t in given]
    for i in range(len(given), count):
        name = code.co_varnames[i]
        first = code.co_argcount - len(defaults)
        if first <= i < code.co_argcount:
            codes.append(_core.typeof_code(defaults[i - first]))
        elif name in named:
            codes.append(_core.typeof_code(named[name]))
    if len(codes) != count:
        raise TypeError(f"the signature of {dispatcher.__qualname__}() has {len(given)} argument types, the function has {count} parameters")
    return tuple(codes)


def _known(dispatcher):
    return [Signature(types.from_code(result), tuple(map(types.from_code, arguments))) for arguments, result in _core.overloads(dispatcher)]


def compile(dispatcher, sig):
    """Compiles for a signature and returns the compiled version."""
    wanted = parse_signature(sig)
    codes = _argument_codes(dispatcher, wanted)
    _core.compile_overload(dispatcher, codes, None if wanted.return_type is None else wanted.return_type._code())
    return _find(dispatcher, codes)


def _find(dispatcher, codes):
    for arguments, result in _core.overloads(dispatcher):
        if arguments == codes:
            return Overload(dispatcher, Signature(types.from_code(result), tuple(map(types.from_code, arguments))))
    raise KeyError(tuple(map(types.from_code, codes)))


def get_overload(dispatcher, sig):
    """The compiled version for a signature."""
    return _find(dispatcher, _argument_codes(dispatcher, sig))


def recompile(dispatcher):
    """Compiles all versions again."""
    known = _core.overloads(dispatcher)
    _core.forget_overloads(dispatcher)
    eager = not _core.can_compile(dispatcher)
    for arguments, result in known:
        _core.compile_overload(dispatcher, arguments, result if eager else None)


def disable_compile(dispatcher, val=True):
    """Stops compiling for new argument types, or starts again."""
    _core.can_compile(dispatcher, not val)


def signatures(dispatcher):
    """Argument types of the compiled versions."""
    return [s.args for s in _known(dispatcher)]


def nopython_signatures(dispatcher):
    """Signatures of the compiled versions."""
    return _known(dispatcher)


def overloads(dispatcher):
    """Compiled versions by argument types."""
    return {s.args: Overload(dispatcher, s) for s in _known(dispatcher)}


def signature(dispatcher):
    """The signature of the Python function, for `inspect`."""
    import inspect

    return inspect.signature(dispatcher.py_func)


def _chosen(dispatcher, sig):
    return [s for s in _known(dispatcher)] if sig is None else [Signature(None, tuple(map(types.from_code, _argument_codes(dispatcher, sig))))]


def _text(dispatcher, stage, sig):
    return _core.stage(dispatcher, tuple(t._code() for t in sig.args), stage)


def inspect_ir(dispatcher, stage="typed", signature=None):
    """The text of one compiler stage, of one signature or of all compiled versions."""
    names = [name for name, _ in _core.stages()]
    if stage not in names:
        from ._options import _suggest

        raise ValueError(f"there is no stage {stage!r}{_suggest(str(stage), names)}; the stages are {', '.join(names)}")
    chosen = _chosen(dispatcher, signature)
    if len(chosen) == 1:
        return _text(dispatcher, stage, chosen[0])
    mark = {"llvmir": ";", "asm": "#"}.get(stage, "//")
    return "\n".join(f"{mark} {dispatcher.__qualname__}{s.args}\n{_text(dispatcher, stage, s)}" for s in chosen)


def _by_signature(dispatcher, stage, sig):
    if sig is not None:
        return _text(dispatcher, stage, _chosen(dispatcher, sig)[0])
    return {s.args: _text(dispatcher, stage, s) for s in _known(dispatcher)}


def inspect_llvm(dispatcher, signature=None):
    """Optimised LLVM IR."""
    return _by_signature(dispatcher, "llvmir", signature)


def inspect_asm(dispatcher, signature=None):
    """Assembly."""
    return _by_signature(dispatcher, "asm", signature)


def inspect_types(dispatcher, file=None, signature=None):
    """Prints, for each compiled version, the source with the types of its parameters and expressions."""
    import inspect
    import sys

    file = sys.stdout if file is None else file
    lines, first = inspect.getsourcelines(dispatcher.py_func)
    # The whole file's first line counts as 0 there.
    first = max(first, 1)
    lines = [line.rstrip("\r\n") for line in lines]
    for s in _chosen(dispatcher, signature):
        types_of = _types_by_line(dispatcher, s, lines, first)
        print(f"{dispatcher.__qualname__} ({', '.join(map(str, s.args))})", file=file)
        print("-" * 80, file=file)
        print(f"# File: {dispatcher.py_func.__code__.co_filename}", file=file)
        for number, line in enumerate(lines, first):
            print(f"# --- LINE {number} ---\n{line}", file=file)
            indent = line[:len(line) - len(line.lstrip())]
            for what, type_name in types_of.get(number, ()):
                print(f"{indent}#   {what} :: {type_name}", file=file)
        print("=" * 80, file=file)


def _types_by_line(dispatcher, sig, lines, first):
    """Pairs of expression and type, by the line that the expression starts in; each pair once."""
    found = {}
    for (line, column), (end_line, end_column), what, type_name in _core.annotations(dispatcher, tuple(t._code() for t in sig.args)):
        part = [text[column - 1 if number == line else 0:end_column - 1 if number == end_line else None]
                for number, text in enumerate(lines, first) if line <= number <= end_line]
        pair = (" ".join(text.strip() for text in part) or what, type_name)
        if pair not in found.setdefault(line, []):
            found[line].append(pair)
    return found


def parallel_diagnostics(dispatcher, signature=None, level=1):
    """Prints for each compiled version, by source line, what was fused or hoisted, what runs on several threads and what does not. From level 2 on lines of the library count, too."""
    import linecache
    import os

    if level not in (1, 2, 3, 4):
        raise ValueError(f"the level is 1, 2, 3 or 4, not {level!r}")
    library = os.path.join(os.path.dirname(__file__), "lib") + os.sep
    for s in _chosen(dispatcher, signature):
        print(f"{dispatcher.__qualname__} ({', '.join(map(str, s.args))})")
        found = []
        for kind, file, line, text in _core.remarks(dispatcher, tuple(t._code() for t in s.args)):
            if level > 1 or not (file.startswith(library) or file.startswith("numbra/lib")):
                record = (file, line, kind, text)
                if record not in found:
                    found.append(record)
        if not found:
            print("  nothing for several threads" + ("" if dispatcher.targetoptions.get("parallel") else ": compiled without parallel=True"))
        place = None
        for file, line, kind, text in sorted(found):
            if place != (file, line):
                place = (file, line)
                print(f"  {file}:{line}: {linecache.getline(file, line).strip()}")
            print(f"    {kind}: {text}")
