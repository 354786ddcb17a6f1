#include <math.h>
#include <stdint.h>
#include <stdlib.h>
static double least(double a, double b) { return b < a ? b : a; }
double dtw(const double *a, int64_t n, const double *b, int64_t m) {
  double *cost = malloc((n + 1) * (m + 1) * sizeof *cost);
  int64_t w = m + 1;
  for (int64_t i = 0; i < (n + 1) * w; i++) cost[i] = INFINITY;
  cost[0] = 0;
  for (int64_t i = 1; i <= n; i++)
    for (int64_t j = 1; j <= m; j++) {
      double distance = fabs(a[i - 1] - b[j - 1]);
      cost[i * w + j] = distance + least(cost[(i - 1) * w + j], least(cost[i * w + j - 1], cost[(i - 1) * w + j - 1]));
    }
  double result = cost[n * w + m];
  free(cost);
  return result;
}
