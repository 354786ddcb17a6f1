"""Element-wise programs: expressions with temporaries, functions, mixed types, transposes, matrices."""
import math

import numpy as np


def erf(x):
    """Of one number: workers replace this by what their package applies to arrays."""
    return math.erf(x)


def temporaries(a, b, c):
    difference = a - b
    product = difference * c
    scaled = 2.0 * a + 3.0 * b
    denominator = c * c + 2.0
    return (scaled - product) / denominator + difference * (c + 1.0)


def polynomial(x):
    return (x * x + 1.0) * (x * x + 1.0) - 3.0 * (x * x) * x + 2.0 * (x * x + 1.0) / (1.0 + x * x * x * x)


def black_scholes(price, strike, years, rate, volatility):
    deviation = volatility * np.sqrt(years)
    d1 = (np.log(price / strike) + (rate + 0.5 * volatility * volatility) * years) / deviation
    d2 = d1 - deviation
    discounted = strike * np.exp(-rate * years)
    return price * (0.5 + 0.5 * erf(d1 * 0.7071067811865476)) - discounted * (0.5 + 0.5 * erf(d2 * 0.7071067811865476))


def sigmoid_float32(x):
    return np.float32(1.0) / (np.float32(1.0) + np.exp(-x))


def mixed_types(i, g, d):
    return (i * d + g) * np.float32(0.5) - i


def transposed_add(m, t):
    return m + t.T


def matrix_chain(a, b, c):
    return a @ b @ c + a


def numbers(count, seed):
    return lambda n: tuple(np.random.default_rng(seed + k).random(n) + 0.25 for k in range(count))


def options(n):
    random = np.random.default_rng(5)
    return random.uniform(5.0, 30.0, n), random.uniform(1.0, 100.0, n), random.uniform(0.25, 10.0, n), 0.02, 0.3


def mixed(n):
    random = np.random.default_rng(6)
    return random.integers(-1000, 1000, n).astype(np.int32), random.random(n).astype(np.float32), random.random(n)


def squares(n):
    random, side = np.random.default_rng(7), math.isqrt(n)
    return random.random((side, side)), random.random((side, side))


def thin(n):
    random = np.random.default_rng(8)
    return random.random((n // 16, 16)), random.random((16, 16)), random.random((16, 16))


PROGRAMS = [
    (temporaries, numbers(3, 1)),
    (polynomial, numbers(1, 2)),
    (black_scholes, options, {"memory_bound": False}),
    (sigmoid_float32, lambda n: (np.random.default_rng(4).standard_normal(n).astype(np.float32),), {"memory_bound": False}),
    (mixed_types, mixed),
    (transposed_add, squares),
    (matrix_chain, thin, {"memory_bound": False}),
]
