"""A first look at numbra: three kernels on real input, checked against NumPy and timed, and one compiler error.

    ./tools/run frontend-py/examples/quickstart.py [PICTURE.png|.pgm|.ppm] [POINTS.csv]

The picture's edges are found and written to quickstart.png; stars (the bodies of the CSV: x, y, z, mass) attract each other;
each star's nearest neighbour is searched. Without arguments the files in data/ are used.
"""
import csv
import math
import pathlib
import sys
import time

import numpy as np
import pictures
from numbra import njit
from numbra.errors import TypingError

DATA = pathlib.Path(__file__).parent / "data"


# --- the kernels: plain Python, one decorator each ------------------------------------------------------------------
@njit
def convolve(image, weights, out):
    """Weighted sum of the neighbourhood of each pixel; beyond the border the nearest pixel counts."""
    height, width = image.shape
    reach = weights.shape[0] // 2
    for y in range(height):
        for x in range(width):
            total = 0.0
            for dy in range(-reach, reach + 1):
                row = min(max(y + dy, 0), height - 1)
                for dx in range(-reach, reach + 1):
                    column = min(max(x + dx, 0), width - 1)
                    total += weights[dy + reach, dx + reach] * image[row, column]
            out[y, x] = total


@njit
def attract(position, velocity, mass, steps, dt):
    """Moves bodies under each other's gravity; softened, so that close meetings stay tame."""
    n = len(mass)
    for step in range(steps):
        for i in range(n):
            ax, ay, az = 0.0, 0.0, 0.0
            for j in range(n):
                dx = position[j, 0] - position[i, 0]
                dy = position[j, 1] - position[i, 1]
                dz = position[j, 2] - position[i, 2]
                square = dx * dx + dy * dy + dz * dz + 0.01
                pull = mass[j] / (square * math.sqrt(square))
                ax += dx * pull
                ay += dy * pull
                az += dz * pull
            velocity[i, 0] += ax * dt
            velocity[i, 1] += ay * dt
            velocity[i, 2] += az * dt
        for i in range(n):
            for axis in range(3):
                position[i, axis] += velocity[i, axis] * dt


@njit
def nearest(points, found):
    """Index of the nearest other point of each point."""
    n, dimensions = points.shape
    for i in range(n):
        least = np.inf
        for j in range(n):
            if i == j:
                continue
            distance = 0.0
            for d in range(dimensions):
                difference = points[i, d] - points[j, d]
                distance += difference * difference
            if distance < least:
                least = distance
                found[i] = j


@njit
def wrong(prices):
    total = 0.0
    for price in prices:
        total += price
    return total / prices.shape


# --- the same in NumPy ----------------------------------------------------------------------------------------------
def convolve_numpy(image, weights, out):
    height, width = image.shape
    reach = weights.shape[0] // 2
    padded = np.pad(image, reach, mode="edge")
    out[...] = 0.0
    for dy in range(weights.shape[0]):
        for dx in range(weights.shape[1]):
            out += weights[dy, dx] * padded[dy:dy + height, dx:dx + width]


def attract_numpy(position, velocity, mass, steps, dt):
    for _ in range(steps):
        difference = position[None, :, :] - position[:, None, :]
        square = (difference ** 2).sum(axis=2) + 0.01
        velocity += (difference * (mass[None, :] / (square * np.sqrt(square)))[:, :, None]).sum(axis=1) * dt
        position += velocity * dt


def nearest_numpy(points, found):
    for start in range(0, len(points), 256):    # in blocks, or the table of all distances would not fit
        block = points[start:start + 256]
        distance = ((block[:, None, :] - points[None, :, :]) ** 2).sum(axis=2)
        distance[np.arange(len(block)), np.arange(start, start + len(block))] = np.inf
        found[start:start + 256] = distance.argmin(axis=1)


# --- input, timing, table -------------------------------------------------------------------------------------------
def read_points(path):
    """Columns x, y, z and mass; a first line that is no numbers is a heading."""
    with open(path, newline="") as file:
        rows = list(csv.reader(file))
    try:
        float(rows[0][0])
    except ValueError:
        rows = rows[1:]
    table = np.array([[float(cell) for cell in row] for row in rows if row])
    if table.ndim != 2 or table.shape[1] < 4:
        raise ValueError(f"{path}: four columns are wanted: x, y, z, mass")
    return np.ascontiguousarray(table[:, :3]), np.ascontiguousarray(table[:, 3])


def timed(function, *arguments):
    """Seconds of one call, on copies of the arrays, and those copies."""
    copies = [a.copy() if isinstance(a, np.ndarray) else a for a in arguments]
    began = time.perf_counter()
    function(*copies)
    return time.perf_counter() - began, copies


def measure(name, compiled, in_numpy, arguments, small, share):
    """A row: Python (on `small`, which is `share` of the work), NumPy, numbra, its first call. Checks all results."""
    first, _ = timed(compiled, *small)
    python, by_python = timed(compiled.py_func, *small)
    _, by_numbra = timed(compiled, *small)
    check(name, by_python, by_numbra)
    numpy_time, by_numpy = min((timed(in_numpy, *arguments) for _ in range(3)), key=lambda t: t[0])
    numbra_time, by_numbra = min((timed(compiled, *arguments) for _ in range(5)), key=lambda t: t[0])
    check(name, by_numpy, by_numbra)
    return name, python / share, numpy_time, numbra_time, first


def check(name, expected, found):
    for a, b in zip(expected, found):
        if not np.allclose(a, b, rtol=1e-9, atol=1e-9):
            raise SystemExit(f"{name}: the results differ")


def main():
    given = sys.argv[1:]
    picture = next((p for p in given if not p.endswith(".csv")), DATA / "picture.png")
    stars = next((p for p in given if p.endswith(".csv")), DATA / "stars.csv")
    image = pictures.read(picture)
    position, mass = read_points(stars)
    print(f"{pathlib.Path(picture).name}: {image.shape[1]} x {image.shape[0]} pixels; {pathlib.Path(stars).name}: {len(mass)} stars\n")

    # Laplacian of a Gaussian: answers where brightness changes.
    weights = np.array([[0, 0, -1, 0, 0], [0, -1, -2, -1, 0], [-1, -2, 16, -2, -1], [0, -1, -2, -1, 0], [0, 0, -1, 0, 0]], dtype=np.float64)
    part, few = image[:60, :80].copy(), 80
    rows = [
        measure("convolution 5 x 5", convolve, convolve_numpy, (image, weights, np.zeros_like(image)), (part, weights, np.zeros_like(part)), part.size / image.size),
        measure("n-body, 5 steps", attract, attract_numpy, (position, np.zeros_like(position), mass, 5, 0.001),
                (position[:few], np.zeros_like(position[:few]), mass[:few], 1, 0.001), few ** 2 / len(mass) ** 2 / 5),
        measure("nearest neighbours", nearest, nearest_numpy, (position, np.zeros(len(mass), np.int64)), (position[:few], np.zeros(few, np.int64)), few ** 2 / len(mass) ** 2),
    ]
    print(f"{'milliseconds':20}{'Python*':>10}{'NumPy':>10}{'numbra':>10}{'first call':>12}   numbra is faster than")
    for name, python, in_numpy, compiled, first in rows:
        print(f"{name:20}{python * 1e3:10.0f}{in_numpy * 1e3:10.2f}{compiled * 1e3:10.2f}{first * 1e3:12.1f}   Python {python / compiled:.0f} times, NumPy {in_numpy / compiled:.1f} times")
    print("* estimated from a part of the input. All results agree. The first call compiles.\n")

    out = np.zeros_like(image)
    convolve(image, weights, out)
    pictures.write("quickstart.png", 255.0 - 1.5 * np.abs(out))
    print("quickstart.png: the edges of the picture\n")

    print("A mistake, as the compiler tells it (a float divided by a tuple):")
    try:
        wrong(np.ones(3))
    except TypingError as error:
        print(error)


if __name__ == "__main__":
    main()
