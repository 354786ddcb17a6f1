"""The three ways to run a function once: plain Python, numbra, numba. Each gives an Outcome, or Refused where it did not compile."""
import contextlib
import io
import sys
import traceback
import warnings

import numba
import numpy as np
import numbra

from . import compare
from .classify import Refused

EXTERNAL = (KeyboardInterrupt, SystemExit)


def guarded(call, arguments, keywords):
    """Calls, with output and warnings caught."""
    printed, value, error = io.StringIO(), None, None
    with contextlib.redirect_stdout(printed), warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            value = compare.consumed(call(*arguments, **keywords))
        except EXTERNAL:
            raise
        except Exception as caught:
            error = caught
        sys.stdout.flush()
    return compare.Outcome(value, error, [*arguments, *keywords.values()], printed.getvalue())


def numbra_run(function, arguments, keywords):
    """Compiles and calls: `function` makes the dispatcher, so that its errors are caught, too."""
    outcome = guarded(lambda *a, **k: function()(*a, **k), arguments, keywords)
    error = outcome.error
    if error is None:
        return outcome
    first = str(error).partition("\n")[0]
    if isinstance(error, numbra.errors.NumbaError):
        found = error.diagnostics[0] if error.diagnostics else {}
        code = found.get("code") or (first[6:12] if first.startswith("error[") else type(error).__name__)
        message = found.get("message") or first.partition("]: ")[2] or first
        return Refused(code, message, isinstance(error, numbra.errors.InternalError) or code == "NB0900")
    if first.startswith("error[") or _raised_by_decorator(error):
        return Refused(first[6:12] if first.startswith("error[") else type(error).__name__, first.partition("]: ")[2] or first)
    if type(error).__name__ == "PanicException":
        return Refused("panic", first, True)
    return outcome


def raiser(error):
    """Raises again what was caught."""
    raise error


def _raised_by_decorator(error):
    """Whether numbra's Python code raised it: options or signatures that it does not take."""
    frames = traceback.extract_tb(error.__traceback__)
    return bool(frames) and "/numbra/" in frames[-1].filename.replace("\\", "/")


def numba_run(dispatcher, call, arguments, keywords):
    """The original call."""
    outcome = guarded(lambda *a, **k: call(dispatcher, *a, **k), arguments, keywords)
    if isinstance(outcome.error, numba.errors.NumbaError):
        return Refused(type(outcome.error).__name__, next((line for line in str(outcome.error).splitlines() if line.strip()), ""))
    return outcome
