#include <stdint.h>
static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
void matmul_tiled(double *a, int64_t n, int64_t m, double *b, int64_t m2, int64_t p, double *c, int64_t n2, int64_t p2, int64_t tile) {
  for (int64_t i0 = 0; i0 < n; i0 += tile)
    for (int64_t k0 = 0; k0 < m; k0 += tile)
      for (int64_t j0 = 0; j0 < p; j0 += tile)
        for (int64_t i = i0; i < least(i0 + tile, n); i++)
          for (int64_t k = k0; k < least(k0 + tile, m); k++) {
            double factor = a[i * m + k];
            for (int64_t j = j0; j < least(j0 + tile, p); j++) c[i * p + j] += factor * b[k * p + j];
          }
}
