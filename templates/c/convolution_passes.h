/* Sums over the lanes of `HARMONICS` vectors, one pair's part of arrays [entry][CHUNK]. */
static void sum_lanes(real *to, const vector *sums)
{
    for (int64_t entry = 0; entry < HARMONICS; entry += PAIRS * GROUP) {
        vector folded[PAIRS];
        real found[PAIRS * VECTOR];
        for (int k = 0; k < PAIRS; ++k)
            folded[k] = fold(sums + entry + k * GROUP);
        fold_blocks(found, folded);
        for (int64_t k = 0; k < PAIRS * GROUP && entry + k < HARMONICS; ++k)
            to[(entry + k) * CHUNK] = found[k];
    }
}

/* Sums over the pairs of every receiver, which `add` adds up for those that stand side by side in a chunk. */
static int walk_rows(const struct lists *l, int64_t begin, int64_t end, const real *const *in, real *out,
                     const real *u_vectors,
                     void (*add)(real *, const struct chunk *, int64_t, int64_t, const real *const *, int64_t))
{
    const int64_t stop = l->row_pointer[end], size = ROWS * l->features;
    struct chunk chunk;
    struct block block;
    int64_t cleared = begin, atom = begin;
    int status = make_block(&block, stop - l->row_pointer[begin], 0, 1, 0);
    if (status)
        return status;
    for (int64_t position = l->row_pointer[begin]; position < stop; position += block.count) {
        if ((status = open_rows(&block, l, position, stop, atom)))
            break;
        atom = block.receiver[block.count - 1];
        for (int64_t at = 0; at < block.count; at += chunk.count) {
            open_chunk(&chunk, &block, NULL, at);
            open_geometry(&chunk, in[0]);
            if (u_vectors)
                open_along(&chunk, u_vectors);
            for (int64_t lane = 0, next; lane < chunk.count; lane = next) {
                next = same_owner(chunk.receiver, lane, chunk.count, CHUNK);
                clear_until(out, &cleared, chunk.receiver[lane], size);
                add(out + chunk.receiver[lane] * size, &chunk, lane, next, in, l->features);
            }
        }
    }
    clear_until(out, &cleared, end - 1, size);
    close_block(&block);
    return status;
}

/* Sums over the pairs of every source. */
static int walk_columns(const struct lists *l, int64_t begin, int64_t end, const real *const *in, real *out,
                        const real *u_vectors,
                        void (*add)(real *, const struct chunk *, int64_t, int64_t, const real *const *, int64_t))
{
    const int64_t stop = l->column_pointer[end], size = SOURCE_ROWS * l->features;
    struct chunk chunk;
    struct block block;
    int64_t cleared = begin, source = begin;
    int status = make_block(&block, stop - l->column_pointer[begin], 0, 1, 0);
    if (status)
        return status;
    for (int64_t position = l->column_pointer[begin]; position < stop; position += block.count) {
        if ((status = open_columns(&block, l, position, stop, source)))
            break;
        source = block.source[block.count - 1];
        for (int64_t at = 0; at < block.count; at += chunk.count) {
            open_chunk(&chunk, &block, NULL, at);
            open_geometry(&chunk, in[0]);
            if (u_vectors)
                open_along(&chunk, u_vectors);
            for (int64_t lane = 0, next; lane < chunk.count; lane = next) {
                next = same_owner(chunk.source, lane, chunk.count, CHUNK);
                clear_until(out, &cleared, chunk.source[lane], size);
                add(out + chunk.source[lane] * size, &chunk, lane, next, in, l->features);
            }
        }
    }
    clear_until(out, &cleared, end - 1, size);
    close_block(&block);
    return status;
}

/* in: vectors, weights, features; out: sums (atoms, ROWS, channels). */
static int pass_value(const struct lists *l, int64_t begin, int64_t end, const real *const *in, real *const *out)
{
    return walk_rows(l, begin, end, in, out[0], NULL, add_value);
}

/* in: vectors, weights, features, and the change of each; out: the change of the sums. */
static int pass_jvp(const struct lists *l, int64_t begin, int64_t end, const real *const *in, real *const *out)
{
    return walk_rows(l, begin, end, in, out[0], in[3], add_jvp);
}

/* in: vectors, weights, features, bar of the sums; out: bar of the features. */
static int pass_vjp_columns(const struct lists *l, int64_t begin, int64_t end, const real *const *in, real *const *out)
{
    return walk_columns(l, begin, end, in, out[0], NULL, add_vjp_columns);
}

/* in: vectors, weights, features, bar of the sums, u of the first three; out: the gradient by the features. */
static int pass_second_columns(const struct lists *l, int64_t begin, int64_t end, const real *const *in,
                               real *const *out)
{
    return walk_columns(l, begin, end, in, out[0], in[4], add_second_columns);
}

/* Gradients by vectors and weights, pair by pair; either may be absent. */
static int walk_pairs(const struct lists *l, int64_t begin, int64_t end, const real *const *in, real *const *out,
                      const int along)
{
    const int64_t stop = l->row_pointer[end], size = WEIGHT_ROWS * l->features;
    struct chunk chunk;
    struct block block;
    int64_t atom = begin;
    int status = make_block(&block, stop - l->row_pointer[begin], 0, 1, size);
    if (status)
        return status;
    for (int64_t position = l->row_pointer[begin]; position < stop; position += block.count) {
        if ((status = open_rows(&block, l, position, stop, atom)))
            break;
        atom = block.receiver[block.count - 1];
        for (int64_t at = 0; at < block.count; at += chunk.count) {
            open_chunk(&chunk, &block, NULL, at);
            open_geometry(&chunk, in[0]);
            if (along)
                open_along(&chunk, in[4]);
            for (int64_t lane = 0; lane < chunk.count; ++lane) {
                real *bar = out[1] ? out[1] + chunk.pair[lane] * size : block.extra;
                vector first[PADDED] = {0}, second[PADDED] = {0};
                if (along) {
                    pair_second(&chunk, lane, in, bar, l->features, first, second);
                    sum_lanes(chunk.second + lane, second);
                } else
                    pair_vjp(&chunk, lane, in, bar, l->features, first, second);
                sum_lanes(chunk.first + lane, first);
            }
            if (!out[0])
                continue;
            for (int64_t lane = chunk.count; lane < CHUNK; ++lane)
                for (int64_t entry = 0; entry < HARMONICS; ++entry) {
                    chunk.first[entry * CHUNK + lane] = 0;
                    chunk.second[entry * CHUNK + lane] = 0;
                }
            if (along)
                geometry_second(chunk.result, chunk.unit, chunk.inverse, chunk.unit_along, chunk.u, chunk.first,
                                chunk.second);
            else
                geometry_vjp(chunk.result, chunk.unit, chunk.inverse, chunk.first);
            scatter_vectors(out[0], chunk.result, &chunk);
        }
    }
    close_block(&block);
    return status;
}

/* in: vectors, weights, features, bar of the sums; out: bars of vectors and weights. */
static int pass_vjp_rows(const struct lists *l, int64_t begin, int64_t end, const real *const *in, real *const *out)
{
    return walk_pairs(l, begin, end, in, out, 0);
}

/* in: vectors, weights, features, bar of the sums, u of the first three; out: gradients by vectors, weights and bar of
 * the inner product of u and the vjp. */
static int pass_second_rows(const struct lists *l, int64_t begin, int64_t end, const real *const *in, real *const *out)
{
    const real *const changes[6] = {in[0], in[1], in[2], in[4], in[5], in[6]};
    const int status = walk_pairs(l, begin, end, in, out, 1);
    return status ? status : pass_jvp(l, begin, end, changes, out + 2);
}
