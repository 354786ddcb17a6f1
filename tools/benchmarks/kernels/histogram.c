#include <stdint.h>
void histogram(const double *values, int64_t n, double low, double high, int64_t *bins, int64_t count) {
  double scale = count / (high - low);
  for (int64_t i = 0; i < n; i++) {
    double value = values[i];
    if (value >= low && value < high) bins[(int64_t)((value - low) * scale)]++;
  }
}
