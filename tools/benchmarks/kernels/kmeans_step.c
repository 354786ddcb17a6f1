#include <stdint.h>
#include <stdlib.h>
double kmeans_step(const double *points, int64_t n, int64_t dimensions, double *centres, int64_t k, int64_t d2, int64_t *labels, int64_t n2) {
  double *sums = calloc(k * dimensions, sizeof *sums), total = 0;
  int64_t *counts = calloc(k, sizeof *counts);
  for (int64_t i = 0; i < n; i++) {
    int64_t best = 0;
    double least = 1e300;
    for (int64_t c = 0; c < k; c++) {
      double distance = 0;
      for (int64_t d = 0; d < dimensions; d++) {
        double difference = points[i * dimensions + d] - centres[c * dimensions + d];
        distance += difference * difference;
      }
      if (distance < least) {
        least = distance;
        best = c;
      }
    }
    labels[i] = best;
    counts[best]++;
    total += least;
    for (int64_t d = 0; d < dimensions; d++) sums[best * dimensions + d] += points[i * dimensions + d];
  }
  for (int64_t c = 0; c < k; c++)
    if (counts[c] > 0)
      for (int64_t d = 0; d < dimensions; d++) centres[c * dimensions + d] = sums[c * dimensions + d] / counts[c];
  free(sums);
  free(counts);
  return total;
}
