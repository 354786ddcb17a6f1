"""Iterations until z*z + c leaves the circle of radius 2, for each point of a grid."""
import numpy as np


def mandelbrot(counts, limit):
    height, width = counts.shape
    for row in range(height):
        imaginary = -1.25 + 2.5 * row / height
        for column in range(width):
            real = -2.0 + 2.5 * column / width
            x = 0.0
            y = 0.0
            n = 0
            while n < limit and x * x + y * y <= 4.0:
                x, y = x * x - y * y + real, 2.0 * x * y + imaginary
                n += 1
            counts[row, column] = n


FUNCTIONS = ["mandelbrot"]
RETURNS = None


def arguments(full):
    size = 160 if full else 12
    return np.zeros((size, size), np.int64), 200 if full else 20
