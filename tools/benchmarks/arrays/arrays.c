// The programs as a C programmer writes them: one loop each, no temporaries. A function gets where its result goes, then for each array its data and its sizes,
// and scalars as double; it returns how many elements the result has where that depends on values, and -1 otherwise.
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#define FOR(i, n) for (int64_t i = 0; i < (n); i++)
typedef double *restrict out_t;
typedef const double *restrict in_t;

int64_t temporaries(out_t r, in_t a, int64_t n, in_t b, int64_t nb, in_t c, int64_t nc) {
    FOR(i, n) r[i] = ((2.0 * a[i] + 3.0 * b[i]) - (a[i] - b[i]) * c[i]) / (c[i] * c[i] + 2.0) + (a[i] - b[i]) * (c[i] + 1.0);
    return -1;
}

int64_t polynomial(out_t r, in_t a, int64_t n) {
    FOR(i, n) {
        double x = a[i], y = x * x + 1.0;
        r[i] = y * y - 3.0 * (x * x) * x + 2.0 * y / (1.0 + x * x * x * x);
    }
    return -1;
}

int64_t black_scholes(out_t r, in_t price, int64_t n, in_t strike, int64_t n1, in_t years, int64_t n2, double rate, double volatility) {
    FOR(i, n) {
        double deviation = volatility * sqrt(years[i]);
        double d1 = (log(price[i] / strike[i]) + (rate + 0.5 * volatility * volatility) * years[i]) / deviation, d2 = d1 - deviation;
        r[i] = price[i] * (0.5 + 0.5 * erf(d1 * 0.7071067811865476)) - strike[i] * exp(-rate * years[i]) * (0.5 + 0.5 * erf(d2 * 0.7071067811865476));
    }
    return -1;
}

int64_t sigmoid_float32(float *restrict r, const float *restrict x, int64_t n) {
    FOR(i, n) r[i] = 1.0f / (1.0f + expf(-x[i]));
    return -1;
}

int64_t mixed_types(out_t r, const int32_t *restrict i32, int64_t n, const float *restrict g, int64_t n1, in_t d, int64_t n2) {
    FOR(i, n) r[i] = (i32[i] * d[i] + g[i]) * 0.5 - i32[i];
    return -1;
}

int64_t transposed_add(out_t r, in_t m, int64_t rows, int64_t columns, in_t t, int64_t r1, int64_t c1) {
    // By tiles that stay in the first cache.
    for (int64_t i0 = 0; i0 < rows; i0 += 32)
        for (int64_t j0 = 0; j0 < columns; j0 += 32) {
            int64_t i1 = i0 + 32 < rows ? i0 + 32 : rows, j1 = j0 + 32 < columns ? j0 + 32 : columns;
            for (int64_t i = i0; i < i1; i++)
                for (int64_t j = j0; j < j1; j++) r[i * columns + j] = m[i * columns + j] + t[j * rows + i];
        }
    return -1;
}

int64_t matrix_chain(out_t r, in_t a, int64_t n, int64_t k, in_t b, int64_t kb, int64_t m, in_t c, int64_t kc, int64_t p) {
    double *row = malloc(m * sizeof(double));
    FOR(i, n) {
        memset(row, 0, m * sizeof(double));
        FOR(x, k) FOR(j, m) row[j] += a[i * k + x] * b[x * m + j];
        FOR(j, p) r[i * p + j] = 0.0;
        FOR(x, m) FOR(j, p) r[i * p + j] += row[x] * c[x * p + j];
        FOR(j, p) r[i * p + j] += a[i * k + j];
    }
    free(row);
    return -1;
}

int64_t softmax(out_t r, in_t x, int64_t n) {
    double greatest = -INFINITY, total = 0.0;
    FOR(i, n) greatest = x[i] > greatest ? x[i] : greatest;
    FOR(i, n) total += r[i] = exp(x[i] - greatest);
    FOR(i, n) r[i] /= total;
    return -1;
}

int64_t layer_norm(out_t r, in_t x, int64_t rows, int64_t n, in_t gain, int64_t n1, in_t bias, int64_t n2) {
    FOR(k, rows) {
        in_t row = x + k * n;
        double sum = 0.0, squares = 0.0;
        FOR(i, n) sum += row[i];
        double mean = sum / n;
        FOR(i, n) squares += (row[i] - mean) * (row[i] - mean);
        double deviation = sqrt(squares / n + 1e-5);
        FOR(i, n) r[k * n + i] = (row[i] - mean) / deviation * gain[i] + bias[i];
    }
    return -1;
}

int64_t l2_norm(out_t r, in_t x, int64_t n) {
    double sum = 0.0;
    FOR(i, n) sum += x[i] * x[i];
    *r = sqrt(sum);
    return -1;
}

int64_t variance(out_t r, in_t x, int64_t n) {
    double sum = 0.0, squares = 0.0;
    FOR(i, n) sum += x[i];
    double mean = sum / n;
    FOR(i, n) squares += (x[i] - mean) * (x[i] - mean);
    *r = squares / n;
    return -1;
}

int64_t rolling_mean(out_t r, in_t x, int64_t n) {
    double *total = malloc(n * sizeof(double)), sum = 0.0;
    FOR(i, n) total[i] = sum += x[i];
    FOR(i, n - 20) r[i] = (total[i + 20] - total[i]) / 20.0;
    free(total);
    return -1;
}

int64_t cumsum_of_product(out_t r, in_t a, int64_t n, in_t b, int64_t n1) {
    double sum = 0.0;
    FOR(i, n) r[i] = sum += a[i] * b[i];
    return -1;
}

int64_t pairwise_distances(out_t r, in_t p, int64_t n, int64_t k) {
    FOR(i, n) FOR(j, n) {
        double sum = 0.0;
        FOR(x, k) sum += (p[i * k + x] - p[j * k + x]) * (p[i * k + x] - p[j * k + x]);
        r[i * n + j] = sqrt(sum);
    }
    return -1;
}

int64_t sum_rows(out_t r, in_t m, int64_t rows, int64_t columns) {
    FOR(i, rows) {
        double sum = 0.0;
        FOR(j, columns) sum += m[i * columns + j];
        r[i] = sum;
    }
    return -1;
}

int64_t sum_columns(out_t r, in_t m, int64_t rows, int64_t columns) {
    FOR(j, columns) r[j] = 0.0;
    FOR(i, rows) FOR(j, columns) r[j] += m[i * columns + j];
    return -1;
}

int64_t sum_rows_fortran(out_t r, in_t f, int64_t rows, int64_t columns) { return sum_columns(r, f, columns, rows); }

int64_t sum_columns_fortran(out_t r, in_t f, int64_t rows, int64_t columns) { return sum_rows(r, f, columns, rows); }

int64_t jacobi(out_t r, in_t a, int64_t rows, int64_t n) {
    FOR(i, rows - 2) FOR(j, n - 2) r[i * (n - 2) + j] = 0.25 * (a[i * n + j + 1] + a[(i + 2) * n + j + 1] + a[(i + 1) * n + j] + a[(i + 1) * n + j + 2]);
    return -1;
}

int64_t heat_3d(out_t r, in_t a, int64_t depth, int64_t rows, int64_t n) {
    FOR(k, depth - 2) FOR(i, rows - 2) FOR(j, n - 2) {
        in_t c = a + ((k + 1) * rows + i + 1) * n + j + 1;
        r[(k * (rows - 2) + i) * (n - 2) + j] = *c + 0.125 * (c[rows * n] - 2.0 * *c + c[-rows * n]) + 0.125 * (c[n] - 2.0 * *c + c[-n]) + 0.125 * (c[1] - 2.0 * *c + c[-1]);
    }
    return -1;
}

int64_t game_of_life(uint8_t *restrict r, const uint8_t *restrict a, int64_t rows, int64_t n) {
    FOR(i, rows - 2) FOR(j, n - 2) {
        const uint8_t *c = a + (i + 1) * n + j + 1;
        uint8_t around = c[-n - 1] + c[-n] + c[-n + 1] + c[-1] + c[1] + c[n - 1] + c[n] + c[n + 1];
        r[i * (n - 2) + j] = (around == 3) | ((around == 2) & (*c == 1));
    }
    return -1;
}

int64_t where_nested(out_t r, in_t a, int64_t n, in_t b, int64_t n1) {
    FOR(i, n) r[i] = a[i] > b[i] ? a[i] - b[i] : a[i] < 0.5 ? 0.0 : b[i] * 2.0;
    return -1;
}

int64_t masked_assignment(out_t r, in_t a, int64_t n, in_t b, int64_t n1) {
    FOR(i, n) r[i] = a[i] < 0.5 ? -1.0 : a[i] * b[i];
    return -1;
}

int64_t select_by_mask(out_t r, in_t a, int64_t n) {
    int64_t count = 0;
    FOR(i, n) {
        r[count] = a[i];
        count += (a[i] > 0.5) & (a[i] < 1.0);
    }
    return count;
}

int64_t sum_by_mask(out_t r, in_t a, int64_t n, in_t b, int64_t n1) {
    double sum = 0.0;
    FOR(i, n) sum += a[i] > b[i] ? a[i] : 0.0;
    *r = sum;
    return -1;
}

// What memory can do; the roofline is measured with it, also on several threads at once.
int64_t copy(out_t r, in_t a, int64_t n) {
    memcpy(r, a, n * sizeof(double));
    return -1;
}
