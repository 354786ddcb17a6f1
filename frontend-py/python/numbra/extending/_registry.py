"""The tables of overloads, and how the compiler asks them.

A path is what compiled code knows an object by: `numpy.sin`, `user:module.function`, and for methods and attributes `method:name` and `attribute:name`.
"""
import inspect

from .. import _core, types
from ..errors import NumbaError
from ..types import Literal, unliteral

# By path, in the order of registration.
TABLE = {}


class Entry:
    """One overload: a typing function, and what is done with what it returns."""

    __slots__ = ("typing", "name", "cls", "answer", "prefer_literal")

    def __init__(self, typing, name, answer, cls=None, prefer_literal=False):
        self.typing, self.name, self.answer, self.cls, self.prefer_literal = typing, name, answer, cls, prefer_literal

    def takes(self, receiver):
        """Whether it is for methods or attributes of such an object."""
        return self.cls is None or isinstance(receiver, self.cls)


def register(path, entry):
    """Adds an overload; what is compiled from now on sees it."""
    TABLE.setdefault(path, []).append(entry)
    _core.set_overloaded(path)


def _has_literal(t):
    return isinstance(t, Literal) or isinstance(t, types.BaseTuple) and any(map(_has_literal, t.types))


def resolve(path, codes, keyword_codes):
    """How a call is done: a tuple that the compiler reads, or None where no overload takes the arguments."""
    exact = tuple(map(types.from_code, codes))
    exact_keywords = {name: types.from_code(code) for name, code in keyword_codes.items()}
    general = tuple(map(unliteral, exact))
    general_keywords = {name: unliteral(t) for name, t in exact_keywords.items()}
    constants = any(map(_has_literal, (*exact, *exact_keywords.values())))
    refusals = []
    for entry in TABLE.get(path, ()):
        if entry.cls is not None and not (exact and entry.takes(general[0])):
            continue
        for literal in (True, False) if entry.prefer_literal else (False, True):
            if literal and not constants:
                continue
            args, keywords = (exact, exact_keywords) if literal else (general, general_keywords)
            try:
                inspect.signature(entry.typing).bind(*args, **keywords)
            except TypeError as error:
                refusals.append(f"`{entry.name}` has other parameters: {error}")
                break
            try:
                made = entry.typing(*args, **keywords)
            except NumbaError as error:
                refusals.append(str(error).strip())
                continue
            if made is not None:
                return entry.answer(made, entry, literal)
    if not refusals:
        return None
    first, *rest = dict.fromkeys(refusals)
    return "refuse", first, "other overloads say: " + "; ".join(rest) if rest else None


def has_method(code, name):
    """Whether a method of such an object is overloaded."""
    receiver = unliteral(types.from_code(code))
    return any(entry.takes(receiver) for entry in TABLE.get(f"method:{name}", ()))


def describe_error(error):
    """What went wrong in a typing function, as message and advice."""
    trace = error.__traceback__
    place = None
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename != __file__:
            place = f"raised at {code.co_filename}:{trace.tb_lineno}, in `{code.co_name}`"
        trace = trace.tb_next
    text = str(error).strip()
    if isinstance(error, NumbaError):
        return text, None
    return f"a typing function raised {type(error).__name__}{': ' if text else ''}{text}", place
