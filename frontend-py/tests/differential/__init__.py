"""Differential tests: what numbra computes against what CPython and NumPy compute, on generated and on tabulated inputs."""
