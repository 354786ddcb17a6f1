"""Gravity among five bodies, leapfrog steps; returns the energy."""
import math

import numpy as np


def energy(position, velocity, mass):
    total = 0.0
    n = len(mass)
    for i in range(n):
        total += 0.5 * mass[i] * (velocity[i, 0] ** 2 + velocity[i, 1] ** 2 + velocity[i, 2] ** 2)
        for j in range(i + 1, n):
            dx = position[i, 0] - position[j, 0]
            dy = position[i, 1] - position[j, 1]
            dz = position[i, 2] - position[j, 2]
            total -= mass[i] * mass[j] / math.sqrt(dx * dx + dy * dy + dz * dz)
    return total


def nbody(position, velocity, mass, steps, dt):
    n = len(mass)
    for step in range(steps):
        for i in range(n):
            for j in range(i + 1, n):
                dx = position[i, 0] - position[j, 0]
                dy = position[i, 1] - position[j, 1]
                dz = position[i, 2] - position[j, 2]
                square = dx * dx + dy * dy + dz * dz
                pull = dt / (square * math.sqrt(square))
                velocity[i, 0] -= dx * mass[j] * pull
                velocity[i, 1] -= dy * mass[j] * pull
                velocity[i, 2] -= dz * mass[j] * pull
                velocity[j, 0] += dx * mass[i] * pull
                velocity[j, 1] += dy * mass[i] * pull
                velocity[j, 2] += dz * mass[i] * pull
        for i in range(n):
            for axis in range(3):
                position[i, axis] += dt * velocity[i, axis]
    return energy(position, velocity, mass)


FUNCTIONS = ["energy", "nbody"]
RETURNS = "float"


def arguments(full):
    position = np.array([[0.0, 0.0, 0.0], [4.8, -1.2, -0.1], [8.3, 4.1, -0.4], [12.9, -15.1, -0.2], [15.4, -25.9, 0.2]])
    velocity = np.array([[0.0, 0.0, 0.0], [0.6, 2.8, -0.02], [-1.0, 1.8, 0.008], [1.1, 0.9, -0.01], [1.0, 0.6, -0.03]])
    mass = np.array([39.5, 0.038, 0.011, 0.0017, 0.002])
    return position, velocity, mass, 20_000 if full else 10, 0.01
