"""Functions that several tests compile; here so that they can be pickled by name."""
from numbra import njit


@njit
def add(a, b):
    return a + b


@njit
def identity(x):
    return x


@njit
def with_defaults(a, b=2, *, c=3):
    return a * 100 + b * 10 + c


@njit
def nothing():
    pass


class Holder:
    """A class with compiled methods."""

    factor = 3

    @njit
    def first(self_value, other):
        return self_value

    @staticmethod
    @njit
    def double(x):
        return x * 2
