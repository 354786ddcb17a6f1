#include <stdint.h>
#include <stdlib.h>
static int64_t least(int64_t a, int64_t b) { return b < a ? b : a; }
int64_t levenshtein(const uint8_t *a, int64_t m, const uint8_t *b, int64_t n) {
  int64_t *row = malloc((n + 1) * sizeof *row);
  for (int64_t j = 0; j < n + 1; j++) row[j] = j;
  for (int64_t i = 0; i < m; i++) {
    int64_t diagonal = row[0];
    row[0] = i + 1;
    for (int64_t j = 0; j < n; j++) {
      int64_t cost = a[i] == b[j] ? diagonal : diagonal + 1;
      diagonal = row[j + 1];
      row[j + 1] = least(cost, least(diagonal + 1, row[j] + 1));
    }
  }
  int64_t result = row[n];
  free(row);
  return result;
}
