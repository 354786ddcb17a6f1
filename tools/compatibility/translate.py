"""A function that numba compiles, made into one that numbra compiles: captured and global numba objects are replaced by numbra's."""
import types

import numba
import numbra
import numbra.extending
from numba.core.ccallback import CFunc
from numba.core.dispatcher import Dispatcher
from numba.core.extending import _Intrinsic as Intrinsic
from numba.core.types import Type

OPTIONS = ("error_model", "fastmath", "boundscheck", "inline", "debug", "locals")
# What exists only to write extensions or to leave compiled code: cases that use it say nothing.
FOREIGN_MODULES = ("numba.core", "numba.extending", "numba.experimental", "numba.typed", "numba.cpython", "numba.np", "numba.misc")


class Translator:
    """Translates functions; what it made for a dispatcher is kept on the dispatcher."""

    def __init__(self):
        self.foreign = set()

    def dispatcher(self, numba_dispatcher):
        """numbra's dispatcher for numba's. May raise numbra's errors, or Untranslatable."""
        made = numba_dispatcher.__dict__.get("_compat_numbra")
        if made is None:
            function = numba_dispatcher.py_func
            copy, space = bare_copy(function)
            signatures = eager_signatures(numba_dispatcher)
            made = numbra.njit(**translated_options(numba_dispatcher.targetoptions))(copy)
            # Kept before the globals are mapped: the function may name itself.
            numba_dispatcher.__dict__["_compat_numbra"] = made
            self.fill(function, copy, space)
            if signatures:
                made = numbra.njit(signatures, **translated_options(numba_dispatcher.targetoptions))(copy)
                numba_dispatcher.__dict__["_compat_numbra"] = made
            numba_dispatcher.__dict__["_compat_foreign"] = set(self.foreign)
        self.foreign |= numba_dispatcher.__dict__.get("_compat_foreign", set())
        return made

    def fill(self, function, copy, space):
        """Maps what the function names."""
        for name in names_of(function.__code__):
            if name in function.__globals__:
                space[name] = self.value(function.__globals__[name])
        if copy.__closure__:
            for mine, theirs in zip(copy.__closure__, function.__closure__):
                try:
                    mine.cell_contents = self.value(theirs.cell_contents)
                except ValueError:
                    pass    # not assigned yet

    def jitable(self, function):
        """numbra's dispatcher for a function that numba was told to call from compiled code."""
        made = function.__dict__.get("_compat_numbra")
        if made is None:
            copy, space = bare_copy(function)
            made = function.__dict__["_compat_numbra"] = numbra.njit(**translated_options(function.__dict__["_compat_jitable"]))(copy)
            self.fill(function, copy, space)
        return made

    def overloads(self, function):
        """Registers with numbra what overloads a function for numba."""
        pending = function.__dict__["_compat_overloads"]
        while pending:
            typing, options = pending.pop(0)
            copy, space = bare_copy(typing)
            kept = {name: options[name] for name in ("strict", "prefer_literal") if name in options}
            numbra.extending.overload(function, **kept)(copy)
            self.fill(typing, copy, space)

    def argument(self, value):
        """An argument with numbra's dispatchers in place of numba's, also inside tuples and lists."""
        if isinstance(value, Dispatcher):
            return self.dispatcher(value)
        if type(value) in (tuple, list):
            items = [self.argument(item) for item in value]
            return value if all(a is b for a, b in zip(items, value)) else type(value)(items)
        return value

    def value(self, value):
        """numbra's counterpart of a captured value, or the value itself."""
        if isinstance(value, types.FunctionType) and "_compat_jitable" in value.__dict__:
            return self.jitable(value)
        if isinstance(value, types.FunctionType) and "_compat_overloads" in value.__dict__:
            self.overloads(value)
            return value
        if type(value) is tuple:
            items = tuple(self.value(item) for item in value)
            return value if all(a is b for a, b in zip(items, value)) else items
        if isinstance(value, Dispatcher):
            return self.dispatcher(value)
        if value is numba:
            return numbra
        if isinstance(value, Type):
            made = translated_type(value)
            return value if made is None else made
        if value is numba.types:
            return numbra.types
        if isinstance(value, (Intrinsic, CFunc, numba.types.WrapperAddressProtocol)):
            self.foreign.add(getattr(value, "__name__", type(value).__name__))
            return value
        home = getattr(value, "__module__", None) or (value.__name__ if isinstance(value, types.ModuleType) else "")
        if isinstance(home, str) and home.split(".")[0] == "numba" and not home.startswith("numba.tests"):
            name = getattr(value, "__name__", None)
            if isinstance(name, str) and getattr(numba, name, None) is value and hasattr(numbra, name):
                return getattr(numbra, name)
            if home.startswith(FOREIGN_MODULES) and (not isinstance(name, str) or getattr(numba, name, None) is not value):
                self.foreign.add(str(name or type(value).__name__))
        return value


def names_of(code):
    """Global names that the code and the functions within it read."""
    found = set(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            found |= names_of(constant)
    return found


def bare_copy(function):
    """The function with globals and cells of its own, both still empty."""
    space = {"__name__": function.__globals__.get("__name__", "__main__"), "__builtins__": function.__globals__.get("__builtins__", __builtins__)}
    cells = tuple(types.CellType() for _ in function.__closure__) if function.__closure__ else None
    copy = types.FunctionType(function.__code__, space, function.__name__, function.__defaults__, cells)
    copy.__kwdefaults__ = function.__kwdefaults__
    copy.__qualname__, copy.__module__, copy.__annotations__ = function.__qualname__, function.__module__, dict(function.__annotations__)
    return copy, space


def translated_options(options):
    """Those of numba's options that change what a function computes."""
    kept = {name: options[name] for name in OPTIONS if options.get(name) not in (None, {}, False)}
    if "locals" in kept:
        kept["locals"] = {name: translated_type(declared) or declared for name, declared in kept["locals"].items()}
    if kept.get("inline") == "never" or callable(kept.get("inline")):
        del kept["inline"]
    return kept


def translated_type(numba_type):
    """numbra's type for numba's, or None."""
    kinds = numba.types
    if isinstance(numba_type, (kinds.Number, kinds.Boolean)) and not isinstance(numba_type, kinds.Literal):
        return getattr(numbra.types, str(numba_type), None)
    if numba_type == kinds.none:
        return numbra.types.none
    if isinstance(numba_type, kinds.BaseTuple) and not isinstance(numba_type, kinds.BaseNamedTuple):
        items = [translated_type(item) for item in numba_type.types]
        return None if None in items else numbra.types.Tuple(tuple(items))
    if type(numba_type) is kinds.Array:
        element = translated_type(numba_type.dtype)
        if element is None:
            return None
        return numbra.types.Array(element, numba_type.ndim, numba_type.layout, not numba_type.mutable)
    return None


def eager_signatures(numba_dispatcher):
    """numbra's signatures for those that the program gave, or None when it gave none or one has no counterpart."""
    from numba.core.sigutils import normalize_signature

    translated = []
    for signature in numba_dispatcher.__dict__.get("_compat_signatures") or ():
        arguments, result = normalize_signature(signature)
        if not arguments:
            return None
        made = [translated_type(t) for t in arguments]
        if None in made:
            return None
        # A declared result type is a conversion; without a counterpart the inferred type must do.
        given = translated_type(result) if result is not None else None
        translated.append(given(*made) if given is not None else tuple(made))
    return translated or None
