"""Names of numba that programs import, and that numbra does not have: using one is an error which says so."""
from .errors import UnsupportedError


class Absent:
    """Stands for a function or class; every use raises."""

    def __init__(self, name, why):
        self.__name__ = self.__qualname__ = name
        self._why = why

    def __repr__(self):
        return f"<{self.__name__}, which numbra does not have>"

    def _refuse(self, *arguments, **options):
        raise UnsupportedError(f"{self.__name__} is not supported: {self._why}")

    __call__ = __enter__ = __getitem__ = _refuse

    def __exit__(self, *exception):
        return False


def decorator(name, why):
    """A decorator, with or without arguments, whose result raises when it is used: modules that only define such things can be imported."""

    def decorate(*arguments, **options):
        if len(arguments) == 1 and not options and callable(arguments[0]):
            return Absent(f"{name} ({getattr(arguments[0], '__qualname__', '?')})", why)
        return lambda decorated: Absent(f"{name} ({getattr(decorated, '__qualname__', '?')})", why)

    decorate.__name__ = name
    return decorate


objmode = Absent("objmode", "numbra has no object mode; leave compiled code with the values that Python needs")
cfunc = decorator("cfunc", "numbra makes no function pointers for C")
