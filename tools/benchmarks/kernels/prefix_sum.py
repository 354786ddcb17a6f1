"""Running sum of an array."""
import numpy as np


def prefix_sum(values, sums):
    total = 0.0
    for i in range(len(values)):
        total += values[i]
        sums[i] = total


FUNCTIONS = ["prefix_sum"]
RETURNS = None


def arguments(full):
    values = np.random.default_rng(9).random(1_000_000 if full else 200)
    return values, np.zeros_like(values)
