"""`math` on integers, and exact sums. Results that 64 bits do not hold raise OverflowError."""
import math
import numpy as np
from numbra.intrinsics import kind, refuse
from numbra.lib import implements


def _integer(n):
    """Refuses what is not an integer."""
    if kind(n) != "int" and kind(n) != "bool":
        refuse("an integer is needed, not", n)


def _times(a, b):
    """The product of two numbers that are not negative."""
    if b != 0 and a > 9223372036854775807 // b:
        raise OverflowError("Python int too large to convert to C long")
    return a * b


@implements("math.factorial")
def factorial(x):
    _integer(x)
    n = np.int64(x)
    if n < 0:
        raise ValueError("factorial() not defined for negative values")
    if n > 20:
        raise OverflowError("Python int too large to convert to C long")
    result = 1
    for i in range(2, n + 1):
        result *= i
    return result


def _counts(n, k):
    """Two integers that are not negative."""
    _integer(n)
    _integer(k)
    if n < 0:
        raise ValueError("n must be a non-negative integer")
    if k < 0:
        raise ValueError("k must be a non-negative integer")
    return np.int64(n), np.int64(k)


@implements("math.comb")
def comb(n, k):
    """In how many ways k of n things can be chosen."""
    m, r = _counts(n, k)
    if r > m:
        return 0
    r = min(r, m - r)
    result = 1
    for i in range(1, r + 1):
        # The quotient is exact; taking common divisors out first keeps the product small.
        divisor = math.gcd(result, i)
        result = _times(result // divisor, (m - r + i) // (i // divisor))
    return result


@implements("math.perm")
def perm(n, k=None):
    """In how many orders k of n things can be chosen; all of them without k."""
    if k is None:
        return factorial(n)
    m, r = _counts(n, k)
    if r > m:
        return 0
    result = 1
    for i in range(r):
        result = _times(result, m - i)
    return result


@implements("math.isqrt")
def isqrt(n):
    """The largest integer whose square is not above n."""
    _integer(n)
    m = np.int64(n)
    if m < 0:
        raise ValueError("isqrt() argument must be nonnegative")
    root = min(np.int64(math.sqrt(np.float64(m))), 3037000499)
    while root * root > m:
        root -= 1
    while root < 3037000499 and (root + 1) * (root + 1) <= m:
        root += 1
    return root


@implements("math.ulp")
def ulp(x):
    """The value of the last bit of a float."""
    value = abs(np.float64(x))
    if not math.isfinite(value):
        return value
    above = math.nextafter(value, math.inf)
    if above == math.inf:
        return value - math.nextafter(value, 0.0)
    return above - value


@implements("otherwise:math.prod")
def prod(iterable, /, *, start=1):
    """The product of the elements of what the compiler itself knows no product of."""
    if kind(iterable) != "list" and kind(iterable) != "range":
        refuse("`math.prod` takes a tuple, a list, a range or a 1-dimensional array, not", iterable)
    result = start
    for x in iterable:
        result = result * x
    return result


@implements("math.fsum")
def fsum(seq):
    """The sum of floats, rounded once: partial sums that do not overlap are kept (Shewchuk)."""
    if kind(seq) == "array":
        if seq.ndim != 1:
            refuse("fsum takes a one-dimensional array, not", seq)
    elif kind(seq) != "tuple" and kind(seq) != "list" and kind(seq) != "range":
        refuse("fsum takes an array, a list or a tuple, not", seq)
    partials = np.empty(64)
    n = 0
    special = 0.0
    for item in seq:
        x = np.float64(item)
        if not math.isfinite(x):
            special += x
            continue
        kept = 0
        for j in range(n):
            y = partials[j]
            if abs(x) < abs(y):
                x, y = y, x
            high = x + y
            low = y - (high - x)
            if low != 0.0:
                partials[kept] = low
                kept += 1
            x = high
        if math.isinf(x):
            raise OverflowError("intermediate overflow in fsum")
        partials[kept] = x
        n = kept + 1
    if special != 0.0:
        return special
    if n == 0:
        return 0.0
    n -= 1
    total = partials[n]
    low = 0.0
    while n > 0:
        n -= 1
        x = total
        total = x + partials[n]
        low = partials[n] - (total - x)
        if low != 0.0:
            break
    # Half-way cases: the sign of what is left decides.
    if n > 0 and low < 0.0 and partials[n - 1] < 0.0 or n > 0 and low > 0.0 and partials[n - 1] > 0.0:
        twice = low * 2.0
        x = total + twice
        if twice == x - total:
            total = x
    return total
