"""Stencils by slices: each neighbour is a view."""
import math

import numpy as np


def jacobi(a):
    return 0.25 * (a[:-2, 1:-1] + a[2:, 1:-1] + a[1:-1, :-2] + a[1:-1, 2:])


def heat_3d(a):
    centre = a[1:-1, 1:-1, 1:-1]
    return (centre + 0.125 * (a[2:, 1:-1, 1:-1] - 2.0 * centre + a[:-2, 1:-1, 1:-1])
            + 0.125 * (a[1:-1, 2:, 1:-1] - 2.0 * centre + a[1:-1, :-2, 1:-1])
            + 0.125 * (a[1:-1, 1:-1, 2:] - 2.0 * centre + a[1:-1, 1:-1, :-2]))


def game_of_life(grid):
    around = (grid[:-2, :-2] + grid[:-2, 1:-1] + grid[:-2, 2:] + grid[1:-1, :-2] + grid[1:-1, 2:]
              + grid[2:, :-2] + grid[2:, 1:-1] + grid[2:, 2:])
    alive = (around == 3) | ((around == 2) & (grid[1:-1, 1:-1] == 1))
    return alive.astype(np.uint8)


def square(n):
    side = math.isqrt(n)
    return (np.random.default_rng(21).random((side, side)),)


def cube(n):
    side = round(n ** (1 / 3))
    return (np.random.default_rng(22).random((side, side, side)),)


def cells(n):
    side = math.isqrt(n)
    return (np.random.default_rng(23).integers(0, 2, (side, side)).astype(np.uint8),)


PROGRAMS = [
    (jacobi, square),
    (heat_3d, cube),
    (game_of_life, cells),
]
