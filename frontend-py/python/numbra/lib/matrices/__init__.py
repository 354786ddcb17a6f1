"""Linear algebra: products, `np.linalg`, diagonals, norms."""
