"""What compiles with a warning: the class, the place, how often, and what gives none."""
import warnings

import numpy as np
import pytest

from numbra import njit
from numbra.errors import NumbaTypeSafetyWarning

BIG = np.uint64(2**63)


def mixed(a, b):
    c = a + 1
    return a + b, c * b  # the line of both


def found(f, *arguments):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        njit(f)(*arguments)
    return caught


def test_unsigned_and_signed_integers_that_become_a_float():
    caught = found(mixed, BIG, 3)
    line = mixed.__code__.co_firstlineno + 2
    assert [(w.category, w.filename, w.lineno) for w in caught] == [(NumbaTypeSafetyWarning, __file__, line)] * 2
    assert [str(w.message).split(";")[0] for w in caught] == [f"NB0400: `{op}` of uint64 and int64 is float64, which holds whole numbers up to 2**53 only" for op in "+*"]


def test_a_version_warns_once_and_a_warning_can_be_an_error():
    compiled = njit(mixed)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(NumbaTypeSafetyWarning, match="NB0400"):
            compiled(BIG, 3)
    with pytest.warns(NumbaTypeSafetyWarning):
        assert compiled(BIG, 3) == (float(2**63 + 3), float(3 * (2**63 + 1)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        compiled(BIG, 4)


@pytest.mark.parametrize("f, arguments", [
    (lambda a: (a + 1, a - 2, 3 * a, a // 7), (BIG,)),
    (lambda a, b: (a & b, a | b, a / b, a < b), (BIG, 3)),
    (lambda a, b: a + b, (BIG, np.uint8(3))),
    (lambda a, b: a + b, (np.arange(3, dtype=np.uint64), 3)),
    (lambda a, b: a + b, (np.arange(3, dtype=np.uint64), np.arange(3))),
    (lambda a: np.sum(a) + np.uint64(1), (np.arange(3, dtype=np.uint64),)),
])
def test_what_gives_no_warning(f, arguments):
    assert found(f, *arguments) == []
