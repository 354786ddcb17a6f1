"""Rows of samples and coefficients: differences, convolution, windows, polynomials."""
