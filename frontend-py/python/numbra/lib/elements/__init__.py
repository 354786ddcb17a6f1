"""Functions of elements: what NumPy calls universal functions, how they are applied to arrays, and what operators and conversions mean for these."""
