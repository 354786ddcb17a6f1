"""From what numbra, plain Python and numba did to the status of a case. Knows neither compiler: tests drive it with made-up outcomes."""
import numpy as np

from .compare import same_outcome
from .journal import CRASHED, FAILED, INCOMPARABLE, PASSED, UNSUPPORTED


class Refused:
    """A compiler did not compile the function: diagnostic code and first line of the message."""

    error = None

    def __init__(self, code, message, internal=False):
        self.code, self.message, self.internal = code, message, internal

    def words(self):
        return f"{self.code}: {self.message}"


class Verdict:
    """Status of a case with its reason, and the two sides in words where they differ."""

    def __init__(self, status, reason="", got="", expected=""):
        self.status, self.reason, self.got, self.expected = status, reason, got, expected

    def record(self):
        return {name: text for name, text in vars(self).items() if text}


def classify(numbra, python, numba, python_again, uninitialised=False, raises=True, unordered=False, identity=False):
    """The verdict on one call.

    `numbra` is an Outcome or Refused, `python` an Outcome; `numba` and `python_again` are functions that run numba (giving an Outcome
    or Refused) and Python once more: they are called only where they decide something. `uninitialised` says that the function makes
    arrays with `empty`, whose contents mean nothing; `raises` that it has `raise` or `assert`: then the exception's arguments count;
    `unordered` that it asks for the order of elements, equal ones of which may come in any; `identity` that it asks for the hash of an
    object whose hash is its address.
    """
    if isinstance(numbra, Refused):
        if numbra.internal:
            return Verdict(CRASHED, numbra.message, numbra.words(), python.words())
        if python.error is not None and isinstance(numba(), Refused):
            return Verdict(INCOMPARABLE, "numba refuses, too")
        return Verdict(UNSUPPORTED, numbra.message, numbra.code)
    if same_outcome(numbra, python) and not (raises and messages_differ(numbra, python, numba)):
        return Verdict(PASSED)
    other = numba()
    if isinstance(other, Refused):
        other_words = "numba refuses: " + other.message
        if python.error is not None and numbra.error is None:
            return Verdict(INCOMPARABLE, "numba refuses, and Python raises")
    elif no_loop(python) and numbra.error is None and other.error is None:
        return Verdict(INCOMPARABLE, "NumPy has no operation for the two types")
    elif same_outcome(numbra, other) and not (raises and messages_differ(numbra, python, lambda: other)):
        return Verdict(PASSED)
    else:
        other_words = "numba: " + other.words()
        if not same_outcome(python, python_again()):
            return Verdict(INCOMPARABLE, "the result is another one each time")
        if identity and numbra.error is None and python.error is None and not same_outcome(python, other):
            return Verdict(INCOMPARABLE, "the hash of NaN is that of the object")
        if unordered and same_indices(numbra, python) and same_indices(other, python):
            return Verdict(INCOMPARABLE, "equal elements may come in any order")
        if uninitialised and python.error is None and numbra.error is None and not same_outcome(python, other):
            return Verdict(INCOMPARABLE, "memory that was never written")
    return Verdict(FAILED, failure(numbra, python), numbra.words(), f"Python: {python.words()}; {other_words}")


def same_indices(a, b):
    """Whether two results have the same indices in each row, in some order."""
    one, two = a.value, b.value
    if not (isinstance(one, np.ndarray) and isinstance(two, np.ndarray) and one.dtype.kind == "i" and one.shape == two.shape and one.ndim):
        return False
    return np.array_equal(np.sort(one, axis=-1), np.sort(two, axis=-1))


def no_loop(python):
    """Whether NumPy refused an operation because its types are not converted to those of any of its loops."""
    return isinstance(python.error, TypeError) and "not supported for the input types" in str(python.error)


def messages_differ(numbra, python, numba):
    """Whether numbra lost the arguments of an exception that the program made itself: there numba has what Python has."""
    if numbra.error is None or python.error is None or numbra.error.args == python.error.args:
        return False
    other = numba()
    return not isinstance(other, Refused) and other.error is not None and other.error.args == python.error.args


def failure(numbra, python):
    """The kind of difference."""
    if numbra.error is None and python.error is not None:
        return f"missing {type(python.error).__name__}"
    if numbra.error is not None:
        return f"{type(numbra.error).__name__} instead of {'a value' if python.error is None else type(python.error).__name__}"
    if type(numbra.value) is not type(python.value):
        return f"result of type {type(numbra.value).__name__}, not {type(python.value).__name__}"
    return "another value, effect or output"
