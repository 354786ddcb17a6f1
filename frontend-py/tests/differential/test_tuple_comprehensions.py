"""`tuple(...)` of comprehensions over tuples, whose elements keep their types, and the least and greatest of tuples, against CPython."""
from collections import namedtuple

import numpy as np
import numbra
import pytest
from numbra import njit

Point = namedtuple("Point", "x y")
MIXED = (1, 2.5, -3)


@pytest.mark.parametrize(
    "function, arguments",
    [
        (lambda t: tuple(x * 2 for x in t), [MIXED]),
        (lambda t: tuple([x * 2 for x in t]), [(1, True, 2j)]),
        (lambda s, t: tuple(x + y for x, y in zip(s, t)), [MIXED, (4, 5)]),
        (lambda s, t: tuple(p for p in zip(s, t, s)), [MIXED, ("a", None)]),
        (lambda t: tuple(i * x for i, x in enumerate(t)), [MIXED]),
        (lambda a: tuple(a.shape[i] + i for i in range(a.ndim)), [np.zeros((3, 4, 5))]),
        (lambda a: np.ones(tuple(n // 2 for n in a.shape)), [np.zeros((3, 4, 5))]),
        (lambda t: tuple(str(x) for x in t), [(1, 2.5, "a", None, Point(1, 2))]),
        (lambda t: tuple(tuple(-y for y in x) for x in t), [((1, 2), (3.5,), ())]),
        (lambda t: tuple(x if x > 1 else -x for x in t), [MIXED]),
        (lambda p: tuple(-v for v in p), [Point(1, 2.5)]),
        (lambda t: tuple(x for x in ()) + tuple(x for x in range(2)), [MIXED]),
        (lambda t: tuple(lambda: x for x in t)[0](), [(1, 2)]),
        (lambda t: tuple(x for x in t), [tuple(range(16))]),
        (lambda n: max(tuple((i * i % 7, i) for i in range(9))), [0]),
    ],
)
def test_elements_keep_their_types(function, arguments):
    got, want = njit(function)(*arguments), function(*arguments)
    if isinstance(want, np.ndarray):
        assert got.shape == want.shape
    else:
        assert (got, repr(got)) == (want, repr(want))


@pytest.mark.parametrize(
    "function, argument, message",
    [
        (lambda t: tuple(x for x in t), [1, 2], "takes a tuple, not list"),
        (lambda n: tuple(x for x in range(n)), 3, "must be known when the function is compiled"),
        (lambda n: tuple(x for x in range(17)), 3, "at most 16 elements, not 17"),
        (lambda t: tuple(x for x in t), tuple(range(17)), "at most 16 elements, not 17"),
        (lambda t: tuple(x for x in t if x > 1), MIXED, "takes a tuple, not list"),
        (lambda t: tuple(tuple(tuple(z for z in y) for y in x) for x in t), ((((1,),),)), "nested more than 2 deep"),
    ],
)
def test_what_has_no_known_length(function, argument, message):
    with pytest.raises(numbra.NumbaError, match=message) as error:
        njit(function)(argument)
    assert str(error.value).count("error[") == 1


def test_least_and_greatest_of_tuples():
    def extrema(n):
        best = (0, 0)
        for i in range(n):
            best = max(best, (i * i % 7, i))
        points = [Point(3, n), Point(2, n)]
        return best, min((3, 1.5), (2, 9.5), (2, 9.0)), max(Point(1, n), Point(1, n + 1)), min(points), max(((n, 2), (3, 4))), max((n, "b"), (n, "a")), max(Point(1, n))

    got, want = njit(extrema)(9), extrema(9)
    assert repr(got) == repr(want)
    with pytest.raises(numbra.NumbaError, match="not Tuple"):
        njit(lambda: max((1, 2), 3))()
