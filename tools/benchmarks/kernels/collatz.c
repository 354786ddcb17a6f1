#include <stdint.h>
int64_t collatz(int64_t n) {
  int64_t longest = 0, best = 1;
  for (int64_t start = 1; start < n; start++) {
    int64_t value = start, steps = 0;
    while (value != 1) {
      value = (value & 1) == 0 ? value >> 1 : 3 * value + 1;
      steps++;
    }
    if (steps > longest) {
      longest = steps;
      best = start;
    }
  }
  return best;
}
