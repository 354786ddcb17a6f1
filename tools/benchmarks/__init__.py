"""Benchmarks behind `tools/bench`: numbra against numba, in one run, as ratios."""
