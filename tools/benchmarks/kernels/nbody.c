#include <math.h>
#include <stdint.h>
typedef double row[3];
static double energy(row *p, row *v, double *mass, int64_t n) {
  double total = 0;
  for (int64_t i = 0; i < n; i++) {
    total += 0.5 * mass[i] * (v[i][0] * v[i][0] + v[i][1] * v[i][1] + v[i][2] * v[i][2]);
    for (int64_t j = i + 1; j < n; j++) {
      double dx = p[i][0] - p[j][0], dy = p[i][1] - p[j][1], dz = p[i][2] - p[j][2];
      total -= mass[i] * mass[j] / sqrt(dx * dx + dy * dy + dz * dz);
    }
  }
  return total;
}
double nbody(row *p, int64_t n, int64_t three, row *v, int64_t n2, int64_t three2, double *mass, int64_t n3, int64_t steps, double dt) {
  for (int64_t step = 0; step < steps; step++) {
    for (int64_t i = 0; i < n; i++)
      for (int64_t j = i + 1; j < n; j++) {
        double dx = p[i][0] - p[j][0], dy = p[i][1] - p[j][1], dz = p[i][2] - p[j][2];
        double square = dx * dx + dy * dy + dz * dz, pull = dt / (square * sqrt(square));
        v[i][0] -= dx * mass[j] * pull;
        v[i][1] -= dy * mass[j] * pull;
        v[i][2] -= dz * mass[j] * pull;
        v[j][0] += dx * mass[i] * pull;
        v[j][1] += dy * mass[i] * pull;
        v[j][2] += dz * mass[i] * pull;
      }
    for (int64_t i = 0; i < n; i++)
      for (int axis = 0; axis < 3; axis++) p[i][axis] += dt * v[i][axis];
  }
  return energy(p, v, mass, n);
}
