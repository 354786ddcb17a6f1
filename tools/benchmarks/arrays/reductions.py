"""Programs that reduce and scan: norms, rows and columns in both layouts, running sums, distances."""
import math

import numpy as np


def softmax(x):
    e = np.exp(x - np.max(x))
    return e / np.sum(e)


def layer_norm(x, gain, bias):
    n = x.shape[1]
    centred = x - (np.sum(x, axis=1) / n)[:, None]
    variance = np.sum(centred * centred, axis=1) / n
    return centred / np.sqrt(variance + 1e-5)[:, None] * gain + bias


def l2_norm(x):
    return np.sqrt(np.sum(x * x))


def variance(x):
    return np.var(x)


def rolling_mean(x):
    total = np.cumsum(x)
    return (total[20:] - total[:-20]) / 20.0


def cumsum_of_product(a, b):
    return np.cumsum(a * b)


def pairwise_distances(p):
    d = p[:, None, :] - p[None, :, :]
    return np.sqrt(np.sum(d * d, axis=2))


def sum_rows(m):
    return np.sum(m, axis=1)


def sum_columns(m):
    return np.sum(m, axis=0)


def sum_rows_fortran(f):
    return np.sum(f, axis=1)


def sum_columns_fortran(f):
    return np.sum(f, axis=0)


def vector(n):
    return (np.random.default_rng(11).standard_normal(n),)


def matrix(n):
    columns = 1000 if n > 10_000 else 100
    return np.random.default_rng(12).random((n // columns, columns))


def layer(n):
    m = matrix(n)
    return m, np.linspace(0.5, 1.5, m.shape[1]), np.linspace(-1.0, 1.0, m.shape[1])


PROGRAMS = [
    (softmax, vector, {"memory_bound": False}),
    (layer_norm, layer),
    (l2_norm, vector),
    (variance, vector),
    (rolling_mean, vector),
    (cumsum_of_product, lambda n: (vector(n)[0], np.random.default_rng(13).random(n))),
    # Three coordinates each, so that the array of differences would have n elements.
    (pairwise_distances, lambda n: (np.random.default_rng(14).random((math.isqrt(n // 3), 3)),), {"memory_bound": False}),
    (sum_rows, lambda n: (matrix(n),)),
    (sum_columns, lambda n: (matrix(n),)),
    (sum_rows_fortran, lambda n: (np.asfortranarray(matrix(n)),)),
    (sum_columns_fortran, lambda n: (np.asfortranarray(matrix(n)),)),
]
