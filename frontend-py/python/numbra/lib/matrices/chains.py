"""Products of several matrices, in the order that takes the fewest multiplications: what array expressions may be rewritten to where rounding may differ."""
from numbra.lib.matrices.products import matmul


def _check(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("matmul: Input operand 1 has a mismatch in its core dimension 0")


def _left(n, k, l, m):
    """Multiplications of (n x k @ k x l) @ l x m."""
    return n * l * (k + m)


def _right(n, k, l, m):
    """Multiplications of n x k @ (k x l @ l x m)."""
    return k * m * (l + n)


def _lengths(a, b):
    # As floats, since a product of four lengths may be larger than an integer.
    return float(a.shape[0]), float(a.shape[1]), float(b.shape[1])


def product_of_three(a, b, c):
    """`a @ b @ c`"""
    _check(a, b)
    _check(b, c)
    n, k, l = _lengths(a, b)
    m = float(c.shape[1])
    if _left(n, k, l, m) <= _right(n, k, l, m):
        return matmul(matmul(a, b), c)
    return matmul(a, matmul(b, c))


def product_of_four(a, b, c, d):
    """`a @ b @ c @ d`"""
    _check(a, b)
    _check(b, c)
    _check(c, d)
    n, k, l = _lengths(a, b)
    m, p = float(c.shape[1]), float(d.shape[1])
    first = k * n * p + min(_left(k, l, m, p), _right(k, l, m, p))
    middle = n * k * l + l * m * p + n * l * p
    last = n * m * p + min(_left(n, k, l, m), _right(n, k, l, m))
    if middle <= first and middle <= last:
        return matmul(matmul(a, b), matmul(c, d))
    if last <= first:
        return matmul(product_of_three(a, b, c), d)
    return matmul(a, product_of_three(b, c, d))
