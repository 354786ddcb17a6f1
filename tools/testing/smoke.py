"""Runs in a fresh environment with only the wheel: the main paths of numbra, on any supported Python."""
import sys

import numpy as np
from numbra import njit


@njit
def collatz(n):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


@njit
def dot(a, b):
    total = 0.0
    for i in range(len(a)):
        total += a[i] * b[i]
    return total


@njit
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


@njit
def element(a, i):
    return a[i]


def main():
    assert collatz(27) == collatz.py_func(27) == 111
    a = np.arange(10.0)
    assert dot(a, a) == 285.0 and dot(a[::-2], a[::-2]) == 165.0
    assert fib(20) == 6765
    try:
        element(a, 10)
    except IndexError as error:
        assert "10" in str(error)
    else:
        raise AssertionError("no IndexError")
    print(f"smoke: Python {sys.version.split()[0]}, NumPy {np.__version__}: all good")


if __name__ == "__main__":
    main()
