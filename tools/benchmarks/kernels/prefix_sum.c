#include <stdint.h>
void prefix_sum(const double *values, int64_t n, double *sums, int64_t n2) {
  double total = 0;
  for (int64_t i = 0; i < n; i++) {
    total += values[i];
    sums[i] = total;
  }
}
