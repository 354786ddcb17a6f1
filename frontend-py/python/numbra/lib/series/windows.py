"""Windows for the analysis of signals, and the Bessel function that one of them needs."""
import math
import numpy as np
from numbra.intrinsics import kind, refuse
from numbra.lib import implements


def _bessel(x):
    """I0 of a number that is not negative: its power series, whose terms are all positive, or the series in 1 / x for large numbers."""
    total, term, k = 1.0, 1.0, 1.0
    if x < 40.0:
        square = x * x / 4.0
        while term > total * 1e-18:
            term *= square / (k * k)
            total += term
            k += 1.0
        return total
    while term > total * 1e-18:
        term *= (2.0 * k - 1.0) * (2.0 * k - 1.0) / (8.0 * k * x)
        total += term
        k += 1.0
    # exp(x) alone would overflow first.
    half = math.exp(x / 2.0)
    return half * (total / math.sqrt(2.0 * math.pi * x)) * half


@implements(np.i0, elementwise=True, error_model="numpy")
def i0(x):
    """The modified Bessel function of the first kind, of order 0."""
    if kind(x) == "complex":
        refuse("i0 takes real numbers, not", x)
    value = np.abs(np.float64(x))
    result = _bessel(value) if value == value else value
    if kind(x) == "float":
        return x.dtype(result)
    return result


def _places(m):
    """Twice the distances of the points of a window from its middle."""
    return np.arange(1.0 - np.float64(m), np.float64(m), 2.0)


def _cosines(m, a, b, c):
    """a + b cos(t) + c cos(2 t), which is 1 in the middle; 1 for a window of one point."""
    n = _places(m)
    for i in range(n.shape[0]):
        t = math.pi * n[i] / (m - 1) if m != 1 else 0.0
        n[i] = a + b * math.cos(t) + c * math.cos(2.0 * t)
    if m == 1:
        n[0] = 1.0
    return n


@implements(np.blackman)
def blackman(M):
    return _cosines(M, 0.42, 0.5, 0.08)


@implements(np.hamming)
def hamming(M):
    return _cosines(M, 0.54, 0.46, 0.0)


@implements(np.hanning)
def hanning(M):
    return _cosines(M, 0.5, 0.5, 0.0)


@implements(np.bartlett)
def bartlett(M):
    """A triangle with zeros at its ends."""
    n = _places(M)
    if M == 1:
        n[0] = 1.0
    else:
        for i in range(n.shape[0]):
            n[i] = 1.0 + n[i] / (M - 1) if n[i] <= 0 else 1.0 - n[i] / (M - 1)
    return n


@implements(np.kaiser)
def kaiser(M, beta):
    n = np.arange(0.0, np.float64(M))
    if M == 1:
        n[0] = 1.0
    else:
        middle = (M - 1) / 2.0
        top = _bessel(abs(np.float64(beta)))
        for i in range(n.shape[0]):
            x = (n[i] - middle) / middle
            n[i] = _bessel(abs(beta * math.sqrt(max(0.0, 1.0 - x * x)))) / top
    return n
