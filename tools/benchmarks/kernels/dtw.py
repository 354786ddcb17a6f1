"""Dynamic time warping of two series over the full cost matrix."""
import numpy as np


def dtw(a, b):
    n = len(a)
    m = len(b)
    cost = np.full((n + 1, m + 1), np.inf)
    cost[0, 0] = 0.0
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            distance = abs(a[i - 1] - b[j - 1])
            cost[i, j] = distance + min(cost[i - 1, j], min(cost[i, j - 1], cost[i - 1, j - 1]))
    return cost[n, m]


FUNCTIONS = ["dtw"]
RETURNS = "float"


def arguments(full):
    n = 1000 if full else 20
    random = np.random.default_rng(10)
    return random.random(n).cumsum(), random.random(n + 3).cumsum()
