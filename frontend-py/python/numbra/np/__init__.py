"""Modules under the paths of `numba.np`."""
