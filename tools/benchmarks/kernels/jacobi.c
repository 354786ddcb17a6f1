#include <stdint.h>
static void step(const double *from, double *to, int64_t height, int64_t width) {
  for (int64_t i = 1; i < height - 1; i++)
    for (int64_t j = 1; j < width - 1; j++)
      to[i * width + j] = 0.25 * (from[(i - 1) * width + j] + from[(i + 1) * width + j] + from[i * width + j - 1] + from[i * width + j + 1]);
}
void jacobi(double *a, int64_t height, int64_t width, double *b, int64_t height2, int64_t width2, int64_t iterations) {
  for (int64_t n = 0; n < iterations; n++) {
    step(a, b, height, width);
    step(b, a, height, width);
  }
}
