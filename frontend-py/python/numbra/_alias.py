"""`import numba` served by numbra, for scripts run by `python -m numbra`."""
import importlib
import importlib.machinery
import importlib.util
import sys


class _Loader:
    """Gives numbra's module of the same path."""

    def __init__(self, own):
        self.own, self.spec = own, None

    def create_module(self, spec):
        module = importlib.import_module(self.own)
        self.spec = module.__spec__
        return module

    def exec_module(self, module):
        # The import system has put the other name there.
        module.__spec__ = self.spec


class _Finder:
    """Answers for `numba.*`, before the import system finds other files: modules are numbra's, or missing."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if not name.startswith("numba."):
            return None
        own = "numbra" + name[len("numba"):]
        if name.rpartition(".")[2].startswith("_") or not _exists(own):
            raise ModuleNotFoundError(f"numbra serves `import numba`, and has no module for {name!r} yet", name=name)
        return importlib.machinery.ModuleSpec(name, _Loader(own), is_package=True)


def _exists(own):
    if own in sys.modules:
        return True
    try:
        return importlib.util.find_spec(own) is not None
    except ModuleNotFoundError:
        return False


def install():
    """Makes `numba` and its submodules mean numbra's."""
    import numbra
    import numbra.core
    import numbra.extending

    for name in [n for n in sys.modules if n == "numbra" or n.startswith("numbra.")]:
        last = name.rpartition(".")[2]
        if not last.startswith("_"):
            sys.modules["numba" + name[len("numbra"):]] = sys.modules[name]
    sys.modules["numba"] = numbra
    sys.meta_path.insert(0, _Finder)
