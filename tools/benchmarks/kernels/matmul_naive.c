#include <stdint.h>
void matmul_naive(double *a, int64_t n, int64_t m, double *b, int64_t m2, int64_t p, double *c, int64_t n2, int64_t p2) {
  for (int64_t i = 0; i < n; i++)
    for (int64_t j = 0; j < p; j++) {
      double total = 0;
      for (int64_t k = 0; k < m; k++) total += a[i * m + k] * b[k * p + j];
      c[i * p + j] = total;
    }
}
