"""Edit distance of two byte strings, one row at a time."""
import numpy as np


def levenshtein(a, b):
    n = len(b)
    row = np.empty(n + 1, np.int64)
    for j in range(n + 1):
        row[j] = j
    for i in range(len(a)):
        diagonal = row[0]
        row[0] = i + 1
        for j in range(n):
            cost = diagonal if a[i] == b[j] else diagonal + 1
            diagonal = row[j + 1]
            row[j + 1] = min(cost, min(diagonal + 1, row[j] + 1))
    return row[n]


FUNCTIONS = ["levenshtein"]
RETURNS = "int"


def arguments(full):
    n = 1500 if full else 20
    random = np.random.default_rng(6)
    return random.integers(97, 101, n).astype(np.uint8), random.integers(97, 101, n + 7).astype(np.uint8)
