"""What NumExpr runs: strings over the same arrays, and NumPy where its language ends. Programs that it has no functions for are not here."""
import numexpr as ne
import numpy as np


def temporaries(a, b, c):
    return ne.evaluate("((2.0 * a + 3.0 * b) - (a - b) * c) / (c * c + 2.0) + (a - b) * (c + 1.0)")


def polynomial(x):
    return ne.evaluate("(x * x + 1.0) * (x * x + 1.0) - 3.0 * (x * x) * x + 2.0 * (x * x + 1.0) / (1.0 + x * x * x * x)")


def sigmoid_float32(x):
    one = np.float32(1.0)  # noqa: F841  (names in the strings are local variables)
    return ne.evaluate("one / (one + exp(-x))")


def mixed_types(i, g, d):
    half = np.float32(0.5)  # noqa: F841
    return ne.evaluate("(i * d + g) * half - i")


def transposed_add(m, t):
    t = t.T
    return ne.evaluate("m + t")


def softmax(x):
    greatest = np.max(x)  # noqa: F841
    e = ne.evaluate("exp(x - greatest)")
    total = np.sum(e)  # noqa: F841
    return ne.evaluate("e / total")


def layer_norm(x, gain, bias):
    n = x.shape[1]
    mean = (np.sum(x, axis=1) / n)[:, None]
    centred = ne.evaluate("x - mean")
    variance = (ne.evaluate("sum(centred * centred, axis=1)") / n)[:, None]  # noqa: F841
    return ne.evaluate("centred / sqrt(variance + 1e-5) * gain + bias")


def l2_norm(x):
    return np.sqrt(ne.evaluate("sum(x * x)"))


def variance(x):
    mean = ne.evaluate("sum(x)") / len(x)  # noqa: F841
    return ne.evaluate("sum((x - mean) * (x - mean))") / len(x)


def pairwise_distances(p):
    a, b = p[:, None, :], p[None, :, :]  # noqa: F841
    return np.sqrt(ne.evaluate("sum((a - b) * (a - b), axis=2)"))


def sum_rows(m):
    return ne.evaluate("sum(m, axis=1)")


def sum_columns(m):
    return ne.evaluate("sum(m, axis=0)")


sum_rows_fortran, sum_columns_fortran = sum_rows, sum_columns


def jacobi(a):
    up, down, left, right = a[:-2, 1:-1], a[2:, 1:-1], a[1:-1, :-2], a[1:-1, 2:]  # noqa: F841
    return ne.evaluate("0.25 * (up + down + left + right)")


def heat_3d(a):
    c = a[1:-1, 1:-1, 1:-1]  # noqa: F841
    x0, x1, y0, y1, z0, z1 = a[:-2, 1:-1, 1:-1], a[2:, 1:-1, 1:-1], a[1:-1, :-2, 1:-1], a[1:-1, 2:, 1:-1], a[1:-1, 1:-1, :-2], a[1:-1, 1:-1, 2:]  # noqa: F841
    return ne.evaluate("c + 0.125 * (x1 - 2.0 * c + x0) + 0.125 * (y1 - 2.0 * c + y0) + 0.125 * (z1 - 2.0 * c + z0)")


def where_nested(a, b):
    return ne.evaluate("where(a > b, a - b, where(a < 0.5, 0.0, b * 2.0))")


def masked_assignment(a, b):
    return ne.evaluate("where(a < 0.5, -1.0, a * b)")


def select_by_mask(a):
    return a[ne.evaluate("(a > 0.5) & (a < 1.0)")]


def sum_by_mask(a, b):
    return ne.evaluate("sum(where(a > b, a, 0.0))")
