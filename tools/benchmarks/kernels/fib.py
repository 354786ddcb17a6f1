"""Fibonacci numbers by naive recursion: the cost of calls."""


def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)


FUNCTIONS = ["fib"]
RETURNS = "int"


def arguments(full):
    return (30 if full else 12,)
