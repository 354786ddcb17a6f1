"""Rotations of pairs of rows: the steps of Jacobi's methods."""
import math
from numbra.lib import implements


@implements(boundscheck=False, fastmath=("contract", "nsz", "reassoc"))
def inner(a, b):
    """The sum of the products of the elements of one row with the conjugated ones of another."""
    total = a.dtype(0)
    for i in range(a.shape[0]):
        total += a[i] * b[i].conjugate()
    return total


@implements(error_model="numpy")
def rotation(first, second, both):
    """Cosine, sine and phase for which two rows become orthogonal: of their squares and their product."""
    size = abs(both)
    half = (second - first) / (2 * size)
    tangent = math.copysign(1.0, half) / (abs(half) + math.sqrt(1 + half * half))
    c = 1 / math.sqrt(1 + tangent * tangent)
    return c, c * tangent, both / size


@implements(boundscheck=False)
def rotate(a, p, q, c, s, phase):
    """Rows p and q become c p - s phase q and s p + c phase q."""
    for i in range(a.shape[1]):
        x, y = a[p, i], phase * a[q, i]
        a[p, i] = c * x - s * y
        a[q, i] = s * x + c * y
