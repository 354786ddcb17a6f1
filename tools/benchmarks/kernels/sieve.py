"""Sieve of Eratosthenes: the number of primes up to n."""
import numpy as np


def sieve(n):
    prime = np.ones(n + 1, np.uint8)
    prime[0] = 0
    prime[1] = 0
    i = 2
    while i * i <= n:
        if prime[i]:
            for j in range(i * i, n + 1, i):
                prime[j] = 0
        i += 1
    count = 0
    for k in range(n + 1):
        if prime[k]:
            count += 1
    return count


FUNCTIONS = ["sieve"]
RETURNS = "int"


def arguments(full):
    return (2_000_000 if full else 500,)
