"""Matrix product in tiles, the innermost loop along rows."""
import numpy as np


def matmul_tiled(a, b, c, tile):
    n, m = a.shape
    p = b.shape[1]
    for i0 in range(0, n, tile):
        for k0 in range(0, m, tile):
            for j0 in range(0, p, tile):
                for i in range(i0, min(i0 + tile, n)):
                    for k in range(k0, min(k0 + tile, m)):
                        factor = a[i, k]
                        for j in range(j0, min(j0 + tile, p)):
                            c[i, j] += factor * b[k, j]


FUNCTIONS = ["matmul_tiled"]
RETURNS = None


def arguments(full):
    n = 250 if full else 9
    random = np.random.default_rng(2)
    return random.random((n, n)), random.random((n, n)), np.zeros((n, n)), 64 if full else 4
