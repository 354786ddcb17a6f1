"""Shortest paths between all pairs of nodes."""
import numpy as np


def floyd_warshall(distance):
    n = distance.shape[0]
    for k in range(n):
        for i in range(n):
            for j in range(n):
                through = distance[i, k] + distance[k, j]
                if through < distance[i, j]:
                    distance[i, j] = through


FUNCTIONS = ["floyd_warshall"]
RETURNS = None


def arguments(full):
    n = 160 if full else 9
    return (np.random.default_rng(3).random((n, n)) * 100.0,)
