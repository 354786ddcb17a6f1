"""Kernels of the run-time table, each a module of plain Python functions and a C file of the same name.

A module has `FUNCTIONS` (compiled in this order, the last is called), `arguments(full)` (what it is called with: small enough
for plain Python, or for timing) and `RETURNS` (`"int"`, `"float"` or None: what the C function returns). A C function of the
same name gets for each array its data pointer and then its sizes, for each scalar its value as `int64_t` or `double`.
Results are the returned value and the arrays after the call.
"""

NAMES = ["fib", "mandelbrot", "sieve", "collatz", "nbody", "matmul_naive", "matmul_tiled", "floyd_warshall", "lu", "jacobi", "levenshtein", "kmeans_step", "histogram",
         "prefix_sum", "dtw"]
