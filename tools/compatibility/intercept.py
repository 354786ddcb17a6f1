"""Takes the place of the call of numba's dispatchers while a test runs.

In the quick mode the test gets what plain Python gives (run on its own arguments, so that effects are where it looks for them), and
numba is asked only where numbra and Python differ. In the thorough mode, and where a test expects that numba refuses a function, the
test gets what numba gives. Calls below a plain Python run stay in plain Python.
"""
import dis
import hashlib
import os
import types
import unittest.case

import numpy as np
import numbra
from numba.core import decorators, errors
from numba.core.ccallback import CFunc
from numba.core.dispatcher import Dispatcher, _DispatcherBase
from numba.core.types import WrapperAddressProtocol

from . import copies, runs
from .classify import Refused, Verdict, classify
from .compare import Outcome, same_outcome, shown
from .journal import FAILED, INCOMPARABLE, PASSED, UNSUPPORTED
from .translate import Translator, names_of, translated_type

NATIVE_CALL = _DispatcherBase.__call__
CALLS_PER_CASE = 40
WORDS_OF_EMPTY = {"empty", "empty_like", "ndarray"}
WORDS_OF_ORDER = {"argsort", "argpartition", "run_quicksort"}


class Harness:
    """State of one worker process."""

    def __init__(self, journal, crashed):
        self.journal, self.crashed = journal, set(crashed)
        self.active = False
        self.thorough = self.suspected = False
        self.refusals_expected = 0
        self.inside = 0
        self.test = ""
        self.cases = {}

    def call(self, dispatcher, arguments, keywords):
        """What a call of a dispatcher from Python does now."""
        if self.inside and dispatcher.targetoptions.get("no_cpython_wrapper"):
            # numba crashes when Python calls such a function.
            return dispatcher.py_func(*arguments, **keywords)
        if not self.active or not ours(dispatcher):
            return NATIVE_CALL(dispatcher, *arguments, **keywords)
        if self.inside:
            return dispatcher.py_func(*arguments, **keywords)
        if dispatcher.targetoptions.get("forceobj") or self.refusals_expected:
            materialise(dispatcher)
            return NATIVE_CALL(dispatcher, *arguments, **keywords)
        self.inside += 1
        try:
            return self.compared(dispatcher, arguments, keywords)
        finally:
            self.inside -= 1

    def compared(self, dispatcher, arguments, keywords):
        """Runs all that is needed, records the verdict and gives the test its result."""
        key, about = case_of(dispatcher, arguments, keywords)
        case = self.cases.setdefault(key, {"calls": 0, "status": None})
        case["calls"] += 1
        fresh = case["status"] is None or case["status"] == PASSED and case["calls"] <= CALLS_PER_CASE or self.thorough and case.get("suspect")
        again = mine = None
        if fresh and key not in self.crashed:
            try:
                mine, again = copies.copied(arguments, keywords), copies.copied(arguments, keywords)
            except copies.Uncopied as why:
                self.settle(key, case, about, Verdict(INCOMPARABLE, str(why)), arguments)
        if again is None:
            if self.thorough:
                return self.numba(dispatcher, arguments, keywords)
            return self.python(dispatcher, arguments, keywords)
        text = [shown(a) for a in (*arguments, *keywords.values())]
        if foreign := foreign_arguments(arguments, keywords):
            self.settle(key, case, about, Verdict(INCOMPARABLE, f"an argument is numba's own function object: {foreign}"), text)
            return self.numba(dispatcher, arguments, keywords) if self.thorough else self.python(dispatcher, arguments, keywords)
        if case["status"] is None:
            self.journal.write(begin=key, test=self.test, **about, arguments=text)
        numbra = self.numbra(dispatcher, *mine)
        if self.thorough:
            other = runs.numba_run(materialise(dispatcher), NATIVE_CALL, arguments, keywords)
            python = runs.guarded(dispatcher.py_func, *again)
            verdict = classify(numbra, python, lambda: other, lambda: runs.guarded(dispatcher.py_func, *copies.copied(arguments, keywords)), **traits(dispatcher, arguments))
            result = self.numba(dispatcher, arguments, keywords) if isinstance(other, Refused) else other
        else:
            kept = copies.copied(arguments, keywords)
            python = runs.guarded(dispatcher.py_func, arguments, keywords)
            answers = []

            def numba():
                if not answers:
                    answers.append(runs.numba_run(materialise(dispatcher), NATIVE_CALL, *again))
                return answers[0]

            verdict = classify(numbra, python, numba, lambda: runs.guarded(dispatcher.py_func, *kept), **traits(dispatcher, arguments))
            result = python
        if verdict.status == FAILED and isinstance(numbra, Outcome) and self.agrees_with_cast(dispatcher, numbra, text, arguments, keywords):
            verdict = Verdict(PASSED)
        if verdict.status == UNSUPPORTED and (foreign := dispatcher.__dict__.get("_compat_foreign")):
            verdict = Verdict(INCOMPARABLE, f"uses numba's internals: {', '.join(sorted(foreign))}")
        self.settle(key, case, about, verdict, text)
        if isinstance(result, Outcome):
            print(result.printed, end="")
            if result.error is not None:
                raise result.error
            return rebuilt(result.value)
        return result

    def agrees_with_cast(self, dispatcher, numbra, text, arguments, keywords):
        """Whether numbra did what Python does with NumPy scalars of the declared argument types."""
        from numba.core.sigutils import normalize_signature

        for signature in dispatcher.__dict__.get("_compat_signatures") or ():
            declared = normalize_signature(signature)[0]
            kinds = [getattr(translated_type(t), "cast_python_value", None) for t in declared]
            if None in kinds or len(kinds) != len(arguments) or keywords or any(isinstance(a, np.ndarray) for a in arguments):
                continue
            with np.errstate(all="ignore"):
                try:
                    cast = [kind(a) for kind, a in zip(kinds, arguments)]
                except (TypeError, ValueError, OverflowError):
                    continue
            # A declared int64 or float64 is Python's number as well as NumPy's.
            for values in cast, [c.item() if c.dtype.char in "?ldD" else c for c in cast]:
                python = runs.guarded(dispatcher.py_func, values, {})
                python.arguments = numbra.arguments
                if same_outcome(numbra, python):
                    return True
        return False

    def numbra(self, dispatcher, arguments, keywords):
        translator = Translator()
        try:
            arguments = tuple(map(translator.argument, arguments))
            keywords = {name: translator.argument(value) for name, value in keywords.items()}
        except numbra.errors.NumbaError as error:
            return runs.numbra_run(lambda: runs.raiser(error), (), {})
        return runs.numbra_run(lambda: Translator().dispatcher(dispatcher), arguments, keywords)

    def python(self, dispatcher, arguments, keywords):
        return dispatcher.py_func(*arguments, **keywords)

    def numba(self, dispatcher, arguments, keywords):
        return NATIVE_CALL(materialise(dispatcher), *arguments, **keywords)

    def settle(self, key, case, about, verdict, arguments):
        """Records a verdict; a case passes while all of its calls do. A failure in the quick mode is decided in the thorough one."""
        if case["status"] is None or verdict.status != case["status"] and case["status"] in (PASSED, INCOMPARABLE) or case.get("suspect"):
            case["status"] = verdict.status
            case["suspect"] = verdict.status == FAILED and not self.thorough
            self.suspected |= case["suspect"]
            self.journal.write(case=key, test=self.test, **about, arguments=[a if isinstance(a, str) else shown(a) for a in arguments], **verdict.record())


def foreign_arguments(arguments, keywords):
    """The classes of objects among the arguments that stand for compiled functions by numba's own protocols."""
    found = set()

    def look(value):
        if isinstance(value, (tuple, list)):
            for item in value:
                look(item)
        elif isinstance(value, (CFunc, WrapperAddressProtocol)) or type(value).__module__ == "ctypes" or type(value).__name__ == "CFunctionType":
            found.add(type(value).__name__)

    look([*arguments, *keywords.values()])
    return ", ".join(sorted(found))


def rebuilt(value):
    """A consumed iterator becomes one again."""
    return iter(value[1:]) if isinstance(value, tuple) and value[:1] == ("iterator",) else value


def ours(dispatcher):
    """Whether the function is a test's and not one of numba's library."""
    module = dispatcher.py_func.__module__ or ""
    return not module.startswith("numba.") or module.startswith("numba.tests")


def has_nan(values):
    """Whether NaN is among numbers and tuples of them."""
    return any(has_nan(v) if isinstance(v, tuple) else isinstance(v, (float, complex, np.inexact)) and v != v for v in values)


def traits(dispatcher, arguments):
    """What the verdict must know of the code: whether it makes unwritten memory, whether it raises, and whether its result is determined."""
    code = dispatcher.py_func.__code__
    cells = []
    for cell in dispatcher.py_func.__closure__ or ():
        try:
            cells.append(cell.cell_contents)
        except ValueError:
            pass
    captured = {getattr(value, "__name__", None) for value in cells if callable(value)}
    words = names_of(code) | captured
    return {"unordered": not WORDS_OF_ORDER.isdisjoint(words), "identity": "hash" in words and has_nan(arguments), "uninitialised": not WORDS_OF_EMPTY.isdisjoint(words), "raises": any(i.opname == "RAISE_VARARGS" for i in dis.get_instructions(code))}


def case_of(dispatcher, arguments, keywords):
    """Key of the case and what a report says about it."""
    function = dispatcher.py_func
    code = function.__code__
    cells = []
    for cell in function.__closure__ or ():
        try:
            value = cell.cell_contents
            cells.append(getattr(value, "__qualname__", None) or shown(value, 60))
        except ValueError:
            cells.append("")
    kinds = ", ".join([copies.described(a) for a in arguments] + [f"{name}={copies.described(a)}" for name, a in keywords.items()])
    given = dispatcher.__dict__.get("_compat_signatures")
    options = {k: v for k, v in dispatcher.targetoptions.items() if k in ("error_model", "fastmath", "boundscheck") and v}
    constants = [c for c in code.co_consts if not isinstance(c, types.CodeType)]
    body = hashlib.sha256(repr((code.co_code, constants, code.co_names, cells, str(given), sorted(map(str, options.items())))).encode()).hexdigest()[:8]
    about = {"function": function.__qualname__, "file": os.path.basename(code.co_filename), "line": code.co_firstlineno, "types": kinds}
    if given:
        about["signatures"] = str(given)
    return f"{about['file']}:{about['line']}:{function.__name__}:{body}({kinds})", about


def materialise(dispatcher):
    """Compiles the signatures that were put off."""
    pending = dispatcher.__dict__.pop("_compat_pending", None)
    if pending:
        for signature in pending:
            dispatcher.compile(signature)
        dispatcher.disable_compile()
    return dispatcher


def mark_extensions():
    """Remembers which functions are registered to be called from compiled code, and what overloads them; before the test module is imported."""
    import numba.extending
    from numba.core import extending

    register, overload = extending.register_jitable, extending.overload

    def marking(*arguments, **keywords):
        made = register(*arguments, **keywords)
        if arguments and isinstance(made, types.FunctionType) and made is arguments[0]:
            made.__dict__["_compat_jitable"] = {}
            return made

        def decorate(function):
            made(function).__dict__["_compat_jitable"] = keywords
            return function

        return decorate

    def marking_overload(function, *arguments, **keywords):
        decorate = overload(function, *arguments, **keywords)

        def decorating(typing):
            home = typing.__module__ or ""
            if isinstance(function, types.FunctionType) and (home.startswith("numba.tests") or not home.startswith("numba.")):
                function.__dict__.setdefault("_compat_overloads", []).append((typing, keywords))
            return decorate(typing)

        return decorating

    extending.register_jitable = numba.extending.register_jitable = marking
    extending.overload = numba.extending.overload = marking_overload


def install(harness):
    """Puts the harness between tests and dispatchers."""
    eager_jit = decorators._jit

    def postponing_jit(sigs, locals, target, cache, targetoptions, **others):
        if sigs is None or target != "cpu" or not harness.active:
            return eager_jit(sigs, locals=locals, target=target, cache=cache, targetoptions=targetoptions, **others)

        def decorate(function):
            module = getattr(function, "__module__", None) or ""
            put_off = not (harness.thorough or harness.refusals_expected or targetoptions.get("forceobj"))
            if module.startswith("numba.") and not module.startswith("numba.tests"):
                return eager_jit(sigs, locals=locals, target=target, cache=cache, targetoptions=targetoptions, **others)(function)
            made = eager_jit(None if put_off else sigs, locals=locals, target=target, cache=cache, targetoptions=targetoptions, **others)(function)
            made.__dict__["_compat_signatures"] = list(sigs)
            if put_off:
                made.__dict__["_compat_pending"] = list(sigs)
            return made
        return decorate

    decorators._jit = postponing_jit
    Dispatcher.__call__ = lambda self, *arguments, **keywords: harness.call(self, arguments, keywords)
    _materialise_before("get_call_template")
    _materialise_property("signatures")
    _materialise_property("nopython_signatures")
    _watch_expected_refusals(harness)


def _materialise_before(name):
    plain = getattr(Dispatcher, name)
    setattr(Dispatcher, name, lambda self, *a, **k: plain(materialise(self), *a, **k))


def _materialise_property(name):
    plain = getattr(_DispatcherBase, name).fget
    setattr(Dispatcher, name, property(lambda self: plain(materialise(self))))


def _watch_expected_refusals(harness):
    """Counts the open `assertRaises` of one of numba's own errors."""
    context = unittest.case._AssertRaisesContext
    enter, leave = context.__enter__, context.__exit__

    def refusal(self):
        expected = self.expected if isinstance(self.expected, tuple) else (self.expected,)
        return any(issubclass(e, (errors.NumbaError, errors.NumbaWarning)) for e in expected)

    def __enter__(self):
        harness.refusals_expected += refusal(self)
        return enter(self)

    def __exit__(self, *exception):
        harness.refusals_expected -= refusal(self)
        return leave(self, *exception)

    context.__enter__, context.__exit__ = __enter__, __exit__
