INLINE void dots_pairs(real *const *products, int64_t step, const real *rows, int64_t count, int64_t features,
                       const real *const *factors, const int more, const int pairs, const int ragged)
{
    const int64_t whole = features / VECTOR * VECTOR;
    for (int64_t row = 0; row < count; row += GROUP) {
        vector totals[PAIRS][GROUP], folded[PAIRS];
        const real *from[GROUP];
        for (int k = 0; k < GROUP; ++k) {
            from[k] = rows + (row + k < count ? row + k : row) * features;
            for (int pair = 0; pair < pairs; ++pair)
                totals[pair][k] = (vector){0};
        }
        for (int64_t f = 0; f < whole; f += VECTOR) {
            vector value[GROUP];
            for (int k = 0; k < GROUP; ++k)
                value[k] = load(from[k] + f);
            for (int k = 0; k < GROUP; ++k)
                IN_REGISTER(value[k]);
            for (int pair = 0; pair < pairs; ++pair) {
                vector factor = load(factors[pair] + f);
                IN_REGISTER(factor);
                for (int k = 0; k < GROUP; ++k)
                    totals[pair][k] += value[k] * factor;
            }
        }
        if (ragged)
            for (int pair = 0; pair < pairs; ++pair) {
                const vector factor = load_part(factors[pair] + whole, features - whole);
                for (int k = 0; k < GROUP; ++k)
                    totals[pair][k] += load_part(from[k] + whole, features - whole) * factor;
            }
        for (int pair = 0; pair < PAIRS; ++pair)
            folded[pair] = pair < pairs ? fold(totals[pair]) : folded[0];
        real sums[PAIRS * GROUP];
        fold_blocks(sums, folded);
        for (int pair = 0; pair < pairs; ++pair) {
            real *product = products[pair] + row * step;
            if (step == 1 && row + GROUP <= count) {
                group sum = *(const group *)(sums + pair * GROUP);
                if (more)
                    sum += *(const group *)product;
                *(group *)product = sum;
            } else
                for (int k = 0; k < GROUP; ++k)
                    if (row + k < count)
                        product[k * step] = more ? product[k * step] + sums[pair * GROUP + k] : sums[pair * GROUP + k];
        }
    }
}

/* products[k][row * step] = sum over f of rows[row][f] * factors[k][f], for up to PAIRS pairs; += where there is `more`. */
static void dots(real *const *products, int64_t step, const real *rows, int64_t count, int64_t features,
                 const real *const *factors, const int more, int64_t pairs)
{
    switch (features % VECTOR ? 0 : pairs) {
    case 4:
        dots_pairs(products, step, rows, count, features, factors, more, 4 <= PAIRS ? 4 : PAIRS, 0);
        break;
    case 3:
        dots_pairs(products, step, rows, count, features, factors, more, 3 <= PAIRS ? 3 : PAIRS, 0);
        break;
    case 2:
        dots_pairs(products, step, rows, count, features, factors, more, 2 <= PAIRS ? 2 : PAIRS, 0);
        break;
    case 1:
        dots_pairs(products, step, rows, count, features, factors, more, 1 <= PAIRS ? 1 : PAIRS, 0);
        break;
    default:
        for (int64_t pair = 0; pair < pairs; ++pair)
            dots_pairs(products + pair, step, rows, count, features, factors + pair, more, 1, 1);
    }
}
