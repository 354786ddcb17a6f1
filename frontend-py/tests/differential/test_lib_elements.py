"""Every universal function and function of elements on whole arrays, against NumPy: of one and two axes, beside a literal and a number, as the rewriting sees them.
Which there are is asked of NumPy, so that none is forgotten. What NumPy refuses for a type is refused here too."""
import warnings

import numpy as np
import pytest

import numbra

from .sources import load
from .test_lib_ufuncs import same

DTYPES = ["bool", "int8", "int64", "uint64", "float32", "float64", "complex128"]
UFUNCS = {f.__name__: f for f in vars(np).values() if isinstance(f, np.ufunc) and f.signature is None and f is not np.isnat}
UNARY = [n for n, f in UFUNCS.items() if f.nin == 1] + "angle fix i0 imag iscomplex isneginf isposinf isreal nan_to_num real round sinc".split()
BINARY = [n for n, f in UFUNCS.items() if f.nin == 2]
VALUES = {
    "b": [True, False, True, True, False, True],
    "i": [3, -7, 1, 2, 5, -1],
    "u": [3, 7, 1, 2, 5, 4],
    "f": [0.5, -1.25, 2.0, 3.0, np.nan, np.inf],
    "c": [1 + 2j, -0.5 + 0.25j, 2 - 1j, 0.75 + 0j, -1 - 1j, 3 + 0.5j],
}
# Integers as exponents and shifts are not negative.
POSITIVE = {"left_shift", "right_shift", "power"}
# So many calls in one function cost least.
TOGETHER = 16


def call(f, *args):
    """What NumPy's function gives; small integers in float32 where NumPy takes float16."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            found = f(*args)
        except TypeError as error:
            return error
        results = found if isinstance(found, tuple) else (found,)
        if any(getattr(r, "dtype", None) == np.float16 for r in results):
            wide = [a.astype(np.float32) if isinstance(a, np.ndarray) and a.dtype.itemsize == 1 else a for a in args]
            return f(*wide[:1], *(args if f is np.ldexp else wide)[1:])
        return found


def compiled(calls, parameters):
    """One function that makes all calls."""
    lines = "".join(f"    r{i} = {c}\n" for i, c in enumerate(calls))
    names = "".join(f"r{i}, " for i in range(len(calls)))
    return load(f"import numpy as np\nfrom numbra import njit\n\n\n@njit\ndef f({parameters}):\n{lines}    return ({names})\n").f


def sweep(forms, arguments):
    """Calls of functions by name, with arguments as texts, against NumPy's with the same arguments."""
    want = {form: call(getattr(np, form[0]), *[eval(a, {}, arguments) for a in form[1]]) for form in forms}
    text = {form: f"np.{form[0]}({', '.join(form[1])})" for form in forms}
    taken = [f for f in forms if not isinstance(want[f], TypeError)]
    wrong, results = [], []
    for i in range(0, len(taken), TOGETHER):
        results += compiled([text[f] for f in taken[i:i + TOGETHER]], ", ".join(arguments))(*arguments.values())
    for form, got in zip(taken, results):
        try:
            same(got, want[form], zeros=not form[0].startswith(("f", "m")))
        except AssertionError as error:
            wrong.append(f"{text[form]}: {error}")
    for form in forms:
        if form not in taken:
            try:
                wrong.append(f"{text[form]} gives {compiled([text[form]], ', '.join(arguments))(*arguments.values())}, which NumPy refuses: {want[form]}")
            except numbra.NumbaError:
                pass
    assert not wrong, "\n".join([f"of {arguments}", *wrong])


@pytest.mark.parametrize("dtype", DTYPES)
def test_unary(dtype):
    a = np.array(VALUES[np.dtype(dtype).kind]).astype(dtype)
    sweep([(n, ("g",)) for n in UNARY if not (n == "reciprocal" and a.dtype.kind in "iu")], {"g": np.asfortranarray(a.reshape(2, 3))[:, ::-1]})


@pytest.mark.parametrize("dtype", DTYPES)
def test_binary(dtype):
    kind = np.dtype(dtype).kind
    a = np.array(VALUES[kind]).astype(dtype)
    b = np.abs(np.roll(a, 2)) if kind == "i" else np.roll(a, 2)
    forms = [(n, ("g", "b")) for n in BINARY]
    if dtype in ("int8", "float32"):
        # Of a literal and small integers `ldexp` is float64, where NumPy takes float16.
        forms += [(n, x) for i, n in enumerate(BINARY) for x in (("a", "2"), ("2", "a"))[:1 if n in POSITIVE | {"ldexp"} or i % 2 else 2]]
    if dtype == "float32":
        forms += [(n, x) for n in BINARY for x in (("a", "n"), ("n", "a"))[len(n) % 2:][:1]]
    sweep(forms, {"a": a, "b": b[:3], "g": a.reshape(2, 3)[::-1], "n": 3})


def test_exceptions_of_elements():
    """What an element raises, and shapes that do not fit, also where the rewriting has put functions together."""
    f = compiled(["np.power(a, b)", "a + 1", "np.negative(np.power(a, b)) * 2"], "a, b")
    for dtype in ("int8", "int64"):
        a, b = np.array([2, 3, 4], dtype), np.array([1, 0, 2], dtype)
        for got, want in zip(f(a, b), (a ** b, a + 1, -(a ** b) * 2)):
            same(got, want)
        for wrong in (b - 1, np.array([[0], [-2]], dtype)):
            with pytest.raises(ValueError, match="Integers to negative integer powers are not allowed"):
                f(a, wrong)
        assert f(a[:0], b[:0] - 5)[0].size == 0
    g = compiled(["np.hypot(np.abs(a), b)", "np.gcd(np.asarray(a, np.int64), 6)"], "a, b")
    with pytest.raises(ValueError, match="could not be broadcast together"):
        g(np.ones(3), np.ones(4))
