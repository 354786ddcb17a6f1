#include <stdint.h>
void mandelbrot(int64_t *counts, int64_t height, int64_t width, int64_t limit) {
  for (int64_t row = 0; row < height; row++) {
    double imaginary = -1.25 + 2.5 * row / height;
    for (int64_t column = 0; column < width; column++) {
      double real = -2.0 + 2.5 * column / width, x = 0, y = 0;
      int64_t n = 0;
      while (n < limit && x * x + y * y <= 4.0) {
        double t = x * x - y * y + real;
        y = 2.0 * x * y + imaginary;
        x = t;
        n++;
      }
      counts[row * width + column] = n;
    }
  }
}
