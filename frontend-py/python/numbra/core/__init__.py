"""Modules under the paths at which programs written for numba import them."""
import sys

from .. import config, errors, extending, types
from ..extending import _intrinsics, _models
from . import cgutils

sys.modules[__name__ + ".config"] = config
sys.modules[__name__ + ".types"] = types
sys.modules[__name__ + ".errors"] = errors
sys.modules[__name__ + ".extending"] = extending
# What numba has in several modules is in few here.
typing = sys.modules[__name__ + ".typing"] = types
imputils = sys.modules[__name__ + ".imputils"] = _intrinsics
datamodel = sys.modules[__name__ + ".datamodel"] = _models

__all__ = ["cgutils", "config", "datamodel", "errors", "extending", "imputils", "types", "typing"]
