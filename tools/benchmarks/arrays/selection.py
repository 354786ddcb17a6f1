"""Masks and `where`."""
import numpy as np


def where_nested(a, b):
    return np.where(a > b, a - b, np.where(a < 0.5, 0.0, b * 2.0))


def masked_assignment(a, b):
    result = a * b
    result[a < 0.5] = -1.0
    return result


def masked_assignment_jax(a, b):
    return np.where(a < 0.5, -1.0, a * b)


def select_by_mask(a):
    return a[(a > 0.5) & (a < 1.0)]


def sum_by_mask(a, b):
    return np.sum(np.where(a > b, a, 0.0))


def numbers(count):
    return lambda n: tuple(np.random.default_rng(31 + k).random(n) + 0.25 for k in range(count))


PROGRAMS = [
    (where_nested, numbers(2)),
    (masked_assignment, numbers(2), {"jax": masked_assignment_jax}),
    (select_by_mask, numbers(1), {"selects": True}),
    (sum_by_mask, numbers(2)),
]
