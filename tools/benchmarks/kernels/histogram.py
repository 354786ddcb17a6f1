"""Histogram of values between two limits."""
import numpy as np


def histogram(values, low, high, bins):
    scale = len(bins) / (high - low)
    for i in range(len(values)):
        value = values[i]
        if value >= low and value < high:
            bins[int((value - low) * scale)] += 1


FUNCTIONS = ["histogram"]
RETURNS = None


def arguments(full):
    return np.random.default_rng(8).random(1_000_000 if full else 200), 0.1, 0.9, np.zeros(64, np.int64)
