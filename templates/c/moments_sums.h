/* to += from. */
INLINE void add(real *to, const real *from, int64_t count)
{
    int64_t k = 0;
    for (; k + VECTOR <= count; k += VECTOR)
        store(to + k, load(to + k) + load(from + k));
    for (; k < count; ++k)
        to[k] += from[k];
}

/* sums[row][f] += sum over pairs of weight[row, pair] * terms[pair][f], in the order of the pairs. `rows` and `width`
 * are constants wherever this is inlined. `left` is how many features there are from the first one on. */
INLINE void accumulate_tile(real *sums, int64_t features, const real *weights, int64_t row_step, int64_t pair_step,
                            const real *const *terms, int64_t first, int64_t pairs, const int rows, const int width,
                            int64_t left, const int whole, int how)
{
    vector total[ROWS][TILE];
    if (how == MORE) {
        for (int row = 0; row < rows; ++row)
            for (int part = 0; part < width; ++part)
                total[row][part] = whole ? load(sums + row * features + part * VECTOR) : load_part(sums + row * features, left);
    } else {
        for (int row = 0; row < rows; ++row)
            for (int part = 0; part < width; ++part)
                total[row][part] = (vector){0};
    }
    for (int64_t pair = 0; pair < pairs; ++pair) {
        const real *term = terms[pair] + first;
        const real *weight = weights + pair * pair_step;
        vector value[TILE];
        for (int part = 0; part < width; ++part)
            value[part] = whole ? load(term + part * VECTOR) : load_part(term, left);
        for (int part = 0; part < width; ++part)
            IN_REGISTER(value[part]);
        for (int row = 0; row < rows; ++row)
            for (int part = 0; part < width; ++part)
                total[row][part] += weight[row * row_step] * value[part];
    }
#if defined(STREAM)
    if (whole && how == STREAMED) {
        for (int row = 0; row < rows; ++row)
            for (int part = 0; part < width; ++part)
                STREAM(sums + row * features + part * VECTOR, total[row][part]);
        return;
    }
#endif
    for (int row = 0; row < rows; ++row)
        for (int part = 0; part < width; ++part) {
            if (whole)
                store(sums + row * features + part * VECTOR, total[row][part]);
            else
                store_part(sums + row * features, total[row][part], left);
        }
}

INLINE void accumulate_rows(real *sums, int64_t features, const real *weights, int64_t row_step, int64_t pair_step,
                            const real *const *terms, int64_t pairs, const int rows, int how)
{
    int64_t first = 0;
    for (; first + TILE * VECTOR <= features; first += TILE * VECTOR)
        accumulate_tile(sums + first, features, weights, row_step, pair_step, terms, first, pairs, rows, TILE, 0, 1, how);
    for (; first + VECTOR <= features; first += VECTOR)
        accumulate_tile(sums + first, features, weights, row_step, pair_step, terms, first, pairs, rows, 1, 0, 1, how);
    if (first < features)
        accumulate_tile(sums + first, features, weights, row_step, pair_step, terms, first, pairs, rows, 1,
                        features - first, 0, how);
}

/* sums[row][f] += sum over pairs of weights[row * row_step + pair * pair_step] * terms[pair][f], for `count` rows, in
 * passes over the pairs for up to ROWS rows, as equally many in each as there can be. */
static void accumulate(real *sums, int64_t count, int64_t features, const real *weights, int64_t row_step,
                       int64_t pair_step, const real *const *terms, int64_t pairs, int how)
{
    int64_t rows;
    for (int64_t passes = (count + ROWS - 1) / ROWS; passes > 0; --passes, count -= rows) {
        rows = (count + passes - 1) / passes;
        switch (rows) {
        case 1:
            accumulate_rows(sums, features, weights, row_step, pair_step, terms, pairs, 1, how);
            break;
        case 2:
            accumulate_rows(sums, features, weights, row_step, pair_step, terms, pairs, 2, how);
            break;
        case 3:
            accumulate_rows(sums, features, weights, row_step, pair_step, terms, pairs, 3, how);
            break;
        case 4:
            accumulate_rows(sums, features, weights, row_step, pair_step, terms, pairs, 4, how);
            break;
        case 5:
            accumulate_rows(sums, features, weights, row_step, pair_step, terms, pairs, 5, how);
            break;
        case 6:
            accumulate_rows(sums, features, weights, row_step, pair_step, terms, pairs, 6, how);
            break;
        }
        sums += rows * features;
        weights += rows * row_step;
    }
}

/* results[k][f] = sum over rows of weights[k][row * step] * rows[row][f], for `pairs` pairs that share the rows. */
INLINE void combine_tile(real *const *results, const real *rows, int64_t count, int64_t features,
                         const real *const *weights, int64_t step, int64_t first, const int pairs, const int width,
                         int64_t left, const int more, const int whole)
{
    vector total[PAIRS][TILE];
    for (int pair = 0; pair < pairs; ++pair)
        for (int part = 0; part < width; ++part) {
            const real *from = results[pair] + first + part * VECTOR;
            total[pair][part] = !more ? (vector){0} : whole ? load(from) : load_part(from, left);
        }
    for (int64_t row = 0; row < count; ++row) {
        const real *from = rows + row * features + first;
        vector value[TILE];
        for (int part = 0; part < width; ++part)
            value[part] = whole ? load(from + part * VECTOR) : load_part(from, left);
        for (int part = 0; part < width; ++part)
            IN_REGISTER(value[part]);
        for (int pair = 0; pair < pairs; ++pair)
            for (int part = 0; part < width; ++part)
                total[pair][part] += weights[pair][row * step] * value[part];
    }
    for (int pair = 0; pair < pairs; ++pair)
        for (int part = 0; part < width; ++part) {
            real *to = results[pair] + first + part * VECTOR;
            if (whole)
                store(to, total[pair][part]);
            else
                store_part(to, total[pair][part], left);
        }
}

INLINE void combine_pairs(real *const *results, const real *rows, int64_t count, int64_t features,
                          const real *const *weights, int64_t step, const int more, const int pairs)
{
    int64_t first = 0;
    for (; first + TILE * VECTOR <= features; first += TILE * VECTOR)
        combine_tile(results, rows, count, features, weights, step, first, pairs, TILE, 0, more, 1);
    for (; first + VECTOR <= features; first += VECTOR)
        combine_tile(results, rows, count, features, weights, step, first, pairs, 1, 0, more, 1);
    if (first < features)
        combine_tile(results, rows, count, features, weights, step, first, pairs, 1, features - first, more, 0);
}

/* The same for up to PAIRS pairs; += where there is `more`. */
static void combine(real *const *results, const real *rows, int64_t count, int64_t features, const real *const *weights,
                    int64_t step, const int more, int64_t pairs)
{
    switch (pairs) {
    case 4:
        combine_pairs(results, rows, count, features, weights, step, more, 4 <= PAIRS ? 4 : PAIRS);
        break;
    case 3:
        combine_pairs(results, rows, count, features, weights, step, more, 3 <= PAIRS ? 3 : PAIRS);
        break;
    case 2:
        combine_pairs(results, rows, count, features, weights, step, more, 2 <= PAIRS ? 2 : PAIRS);
        break;
    case 1:
        combine_pairs(results, rows, count, features, weights, step, more, 1 <= PAIRS ? 1 : PAIRS);
        break;
    }
}
