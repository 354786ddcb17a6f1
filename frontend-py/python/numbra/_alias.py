"""`import numba` served by numbra, for scripts run by `python -m numbra`."""
import sys


class _Refuser:
    """Answers for modules of numba that numbra does not have, before the import system finds another file for them."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.startswith("numba."):
            raise ModuleNotFoundError(f"numbra serves `import numba`, and has no module for {name!r} yet", name=name)
        return None


def install():
    """Makes `numba` and the submodules that exist mean numbra's."""
    import numbra
    import numbra.core

    for name in [n for n in sys.modules if n == "numbra" or n.startswith("numbra.")]:
        last = name.rpartition(".")[2]
        if not last.startswith("_"):
            sys.modules["numba" + name[len("numbra"):]] = sys.modules[name]
    sys.modules["numba"] = numbra
    sys.meta_path.insert(0, _Refuser)
