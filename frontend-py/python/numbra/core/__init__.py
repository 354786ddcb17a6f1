"""Modules under the paths at which programs written for numba import them."""
import sys

from .. import config, errors, types

sys.modules[__name__ + ".config"] = config
sys.modules[__name__ + ".types"] = types
sys.modules[__name__ + ".errors"] = errors

__all__ = ["config", "errors", "types"]
