"""Complex arithmetic and attributes."""
# RUN: numba-opt %s --run 'arithmetic(3j, 2j)' | FileCheck %s --check-prefix=C0 --match-full-lines
# C0: ((0.0+5.0j), (0.0+1.0j), (-6.0+0.0j), (1.5+0.0j), (-0.0-3.0j))
# RUN: numba-opt %s --run 'parts(3j)' | FileCheck %s --check-prefix=C1 --match-full-lines
# C1: (0.0, 3.0, 3.0, True)
# RUN: numba-opt %s --run 'mandelbrot(1j)' | FileCheck %s --check-prefix=C2 --match-full-lines
# C2: 50
# RUN: numba-opt %s --run 'mandelbrot(2.5j)' | FileCheck %s --check-prefix=C3 --match-full-lines
# C3: 1

def arithmetic(a, b):
    return a + b, a - b, a * b, a / b, -a


def parts(z):
    return z.real, z.imag, abs(z), z == z


def mandelbrot(c):
    z = 0j
    n = 0
    while n < 50 and abs(z) <= 2.0:
        z = z * z + c
        n += 1
    return n
