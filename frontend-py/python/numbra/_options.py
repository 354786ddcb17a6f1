"""Options of the decorators: names, accepted values and what the compiler gets."""
import os

from .errors import UnsupportedError

FASTMATH_FLAGS = ("nnan", "ninf", "nsz", "arcp", "contract", "afn", "reassoc")


def _boolean(name, value):
    if value is None or isinstance(value, bool):
        return value
    raise TypeError(f"option {name!r} takes True or False, not {value!r}")


def _choice(*accepted):
    def check(name, value):
        if isinstance(value, str) and value in accepted:
            return value
        if isinstance(value, str):
            raise ValueError(f"option {name!r} takes {_either(accepted)}, not {value!r}{_suggest(value, accepted)}")
        raise TypeError(f"option {name!r} takes {_either(accepted)}, not {value!r}")

    return check


def _fastmath(name, value):
    if isinstance(value, bool) or value is None:
        return list(FASTMATH_FLAGS) if value else []
    if isinstance(value, str):
        value = {value}
    if not isinstance(value, (set, frozenset, list, tuple)) or not all(isinstance(flag, str) for flag in value):
        raise TypeError(f"option 'fastmath' takes True, False or a set of flags out of {', '.join(FASTMATH_FLAGS)}, not {value!r}")
    if "fast" in value:
        return list(FASTMATH_FLAGS)
    for flag in value:
        if flag not in FASTMATH_FLAGS:
            raise ValueError(f"{flag!r} is not a fastmath flag{_suggest(flag, FASTMATH_FLAGS)}; the flags are {', '.join(FASTMATH_FLAGS)}")
    return [flag for flag in FASTMATH_FLAGS if flag in value]


def _inline(name, value):
    if callable(value):
        raise UnsupportedError("option 'inline' takes 'never' or 'always'; a cost model function is not supported yet")
    return _choice("never", "always")(name, value)


def _locals(name, value):
    if not isinstance(value, dict):
        raise TypeError(f"option 'locals' takes a dict of variable names and types, not {value!r}")
    from .types import Number

    for variable, declared in value.items():
        if not isinstance(variable, str):
            raise TypeError(f"option 'locals' takes a dict of variable names and types; {variable!r} is not a name")
        if not isinstance(declared, Number):
            raise UnsupportedError(f"option 'locals' declares scalar types; {declared!r} for {variable!r} is not one")
    return [(variable, declared.name) for variable, declared in value.items()] or None


def _rewrite_rules(name, value):
    if value is None:
        return None
    if not isinstance(value, (str, os.PathLike)):
        raise TypeError(f"option {name!r} takes the name of a file with rules, or their text, not {value!r}")
    from ._rewriting import of_function

    return of_function(value)


def _only(accepted, reason):
    def check(name, value):
        if _boolean(name, value) not in (accepted, None):
            raise UnsupportedError(f"option {name}={value!r} is not supported: {reason}")

    return check


# Name -> (check, whether the compiler gets it). A check returns None for "not given".
OPTIONS = {
    "boundscheck": (_boolean, True),
    "error_model": (_choice("python", "numpy"), True),
    "fastmath": (_fastmath, True),
    "inline": (_inline, True),
    "nogil": (_boolean, True),
    "debug": (_boolean, True),
    "cache": (_boolean, False),
    "locals": (_locals, True),
    "nopython": (_only(True, "numbra has no object mode; every function is compiled to machine code"), False),
    "forceobj": (_only(False, "numbra has no object mode"), False),
    "looplift": (_only(False, "numbra has no object mode to lift loops out of"), False),
    "parallel": (_boolean, True),
    "rewrite_rules": (_rewrite_rules, True),
}


def check(options):
    """The options for the compiler; raises for what is unknown, wrong or not supported."""
    checked = {}
    for name, value in options.items():
        row = OPTIONS.get(name)
        if row is None:
            raise TypeError(f"unknown option {name!r}{_suggest(name, OPTIONS)}; the options are {', '.join(OPTIONS)}")
        value = row[0](name, value)
        if row[1] and value is not None:
            checked[name] = value
    return checked


def _either(accepted):
    return " or ".join(map(repr, accepted))


def _suggest(word, accepted):
    from difflib import get_close_matches

    close = get_close_matches(word, accepted, 1, 0.5)
    return f"; did you mean {close[0]!r}?" if close else ""
