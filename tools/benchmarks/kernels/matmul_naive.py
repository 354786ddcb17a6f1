"""Matrix product by three loops in the order of the definition."""
import numpy as np


def matmul_naive(a, b, c):
    n, m = a.shape
    p = b.shape[1]
    for i in range(n):
        for j in range(p):
            total = 0.0
            for k in range(m):
                total += a[i, k] * b[k, j]
            c[i, j] = total


FUNCTIONS = ["matmul_naive"]
RETURNS = None


def arguments(full):
    n = 192 if full else 9
    random = np.random.default_rng(1)
    return random.random((n, n)), random.random((n, n)), np.zeros((n, n))
