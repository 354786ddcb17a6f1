"""One step of k-means: the nearest centre of each point, then the means; returns the sum of squared distances."""
import numpy as np


def kmeans_step(points, centres, labels):
    n, dimensions = points.shape
    k = centres.shape[0]
    sums = np.zeros((k, dimensions))
    counts = np.zeros(k, np.int64)
    total = 0.0
    for i in range(n):
        best = 0
        least = 1e300
        for c in range(k):
            distance = 0.0
            for d in range(dimensions):
                difference = points[i, d] - centres[c, d]
                distance += difference * difference
            if distance < least:
                least = distance
                best = c
        labels[i] = best
        counts[best] += 1
        total += least
        for d in range(dimensions):
            sums[best, d] += points[i, d]
    for c in range(k):
        if counts[c] > 0:
            for d in range(dimensions):
                centres[c, d] = sums[c, d] / counts[c]
    return total


FUNCTIONS = ["kmeans_step"]
RETURNS = "float"


def arguments(full):
    n = 10_000 if full else 30
    random = np.random.default_rng(7)
    points = random.random((n, 8))
    return points, points[:12].copy(), np.zeros(n, np.int64)
