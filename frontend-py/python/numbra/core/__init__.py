"""Modules under the paths at which programs written for numba import them."""
import sys

from .. import errors, types

sys.modules[__name__ + ".types"] = types
sys.modules[__name__ + ".errors"] = errors

__all__ = ["errors", "types"]
