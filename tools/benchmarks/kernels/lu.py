"""LU decomposition in place, without pivoting, of a matrix with a heavy diagonal."""
import numpy as np


def lu(a):
    n = a.shape[0]
    for k in range(n):
        for i in range(k + 1, n):
            factor = a[i, k] / a[k, k]
            a[i, k] = factor
            for j in range(k + 1, n):
                a[i, j] -= factor * a[k, j]


FUNCTIONS = ["lu"]
RETURNS = None


def arguments(full):
    n = 250 if full else 9
    return (np.random.default_rng(4).random((n, n)) + n * np.eye(n),)
