"""Jacobi iterations of Laplace's equation on a grid, between two arrays."""
import numpy as np


def jacobi(a, b, iterations):
    height, width = a.shape
    for iteration in range(iterations):
        for i in range(1, height - 1):
            for j in range(1, width - 1):
                b[i, j] = 0.25 * (a[i - 1, j] + a[i + 1, j] + a[i, j - 1] + a[i, j + 1])
        for i in range(1, height - 1):
            for j in range(1, width - 1):
                a[i, j] = 0.25 * (b[i - 1, j] + b[i + 1, j] + b[i, j - 1] + b[i, j + 1])


FUNCTIONS = ["jacobi"]
RETURNS = None


def arguments(full):
    n = 250 if full else 9
    grid = np.random.default_rng(5).random((n, n))
    return grid, grid.copy(), 20 if full else 3
