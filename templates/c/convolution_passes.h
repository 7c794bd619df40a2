/* Sums over the lanes of HARMONICS vectors, one pair's part of arrays [entry][CHUNK]. */
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

/* Sums over the pairs of every receiver, which `add` adds up for those that stand side by side in a chunk; `u` are the
 * changes of vectors, weights and features, or NULL. */
static int walk_rows(const struct call *call, int64_t begin, int64_t end, const real *const *in, real *out,
                     const real *const *u, void (*add)(real *, const struct chunk *, int64_t, int64_t, int64_t, int))
{
    const struct lists *l = &call->lists;
    const int64_t stop = l->row_pointer[end], size = ROWS * l->features, weights = WEIGHT_ROWS * l->features;
    const int along = u != NULL;
    struct chunk chunk;
    struct block block;
    int64_t cleared = begin, atom = begin;
    int status = make_block(&block, stop - l->row_pointer[begin], 0, 1, WEIGHT_ROOM(STREAMS, along) * weights);
    if (status)
        return status;
    for (int64_t position = l->row_pointer[begin]; position < stop; position += block.count) {
        if ((status = open_rows(&block, l, position, stop, atom)))
            break;
        atom = block.receiver[block.count - 1];
        for (int64_t at = 0; at < block.count; at += chunk.count) {
            open_chunk(&chunk, &block, NULL, at);
            open_matrices(&chunk, in[0], along ? u[0] : NULL);
            open_features(&chunk, in[2], along ? u[2] : NULL, l->features);
            open_weights(&chunk, call, in[1], along ? u[1] : NULL, along);
            for (int64_t lane = 0, next; lane < chunk.count; lane = next) {
                next = same_owner(chunk.receiver, lane, chunk.count, STREAMS);
                make_weights(&chunk, lane, next, in[1], along ? u[1] : NULL, along, weights, block.extra);
                /* The first pairs of a receiver begin its sums. */
                const int fresh = chunk.receiver[lane] >= cleared;
                clear_until(out, &cleared, chunk.receiver[lane] - 1, size);
                add(out + chunk.receiver[lane] * size, &chunk, lane, next, l->features, fresh);
                cleared = chunk.receiver[lane] + 1;
            }
        }
    }
    clear_until(out, &cleared, end - 1, size);
    close_block(&block);
    return status;
}

/* in: vectors, weights, features; out: sums (atoms, ROWS, channels). */
static int pass_value(const struct call *call, int64_t begin, int64_t end, const real *const *in, real *const *out)
{
    return walk_rows(call, begin, end, in, out[0], NULL, add_value);
}

/* in: vectors, weights, features, and the change of each; out: the change of the sums. */
static int pass_jvp(const struct call *call, int64_t begin, int64_t end, const real *const *in, real *const *out)
{
    return walk_rows(call, begin, end, in, out[0], in + 3, add_jvp);
}

/* Gradients, pair by pair, of the receivers from `begin` on: by vectors and weights, either of which may be absent, and
 * by features, to which they add. */
static int walk_pairs(const struct call *call, int64_t begin, int64_t end, const real *const *in, real *vectors_bar,
                      real *weights_bar, real *features_bar, const int along)
{
    const struct lists *l = &call->lists;
    const int64_t stop = l->row_pointer[end], size = WEIGHT_ROWS * l->features, rows = SOURCE_ROWS * l->features;
    const int64_t room = GRADIENT_ROOM(along) * size;
    const real *const *u = along ? in + 4 : NULL;
    struct chunk chunk;
    struct block block;
    int64_t atom = begin;
    int status = make_block(&block, stop - l->row_pointer[begin], 0, 1, room + rows);
    if (status)
        return status;
    /* Where gradients that nobody wants go; not what was left there, which may be slow to add to. */
    memset(block.extra, 0, (size_t)(room + rows) * sizeof(real));
    for (int64_t position = l->row_pointer[begin]; position < stop; position += block.count) {
        if ((status = open_rows(&block, l, position, stop, atom)))
            break;
        atom = block.receiver[block.count - 1];
        for (int64_t at = 0; at < block.count; at += chunk.count) {
            open_chunk(&chunk, &block, NULL, at);
            open_matrices(&chunk, in[0], along ? u[0] : NULL);
            open_features(&chunk, in[2], along ? u[2] : NULL, l->features);
            open_weights(&chunk, call, in[1], along ? u[1] : NULL, along);
            for (int64_t lane = 0; lane < chunk.count; ++lane)
                chunk.x_bar[lane] = features_bar ? features_bar + chunk.source[lane] * rows : block.extra + room;
            open_bars(&chunk, weights_bar, size, block.extra);
            for (int64_t lane = 0, next; lane < chunk.count; lane = next) {
                const real *bar = in[3] + chunk.receiver[lane] * ROWS * l->features;
                vector first[AT_ONCE][PADDED] = {0}, second[AT_ONCE][PADDED];
                if (along)
                    memset(second, 0, sizeof(second));
                next = same_owner(chunk.receiver, lane, chunk.count, AT_ONCE);
                make_weights(&chunk, lane, next, in[1], along ? u[1] : NULL, along, size, block.extra + room / 2);
                if (along)
                    pairs_second(&chunk, lane, next, bar, l->features, first, second);
                else
                    pairs_vjp(&chunk, lane, next, bar, l->features, first, second);
                for (int64_t k = lane; k < next; ++k) {
                    sum_lanes(chunk.first + k, first[k - lane]);
                    if (along)
                        sum_lanes(chunk.second + k, second[k - lane]);
                }
                close_weights(&chunk, lane, in, l->features, block.extra, weights_bar, along);
            }
            if (!vectors_bar)
                continue;
            for (int64_t entry = 0; entry < HARMONICS; ++entry)
                for (int64_t lane = chunk.count; lane < CHUNK; ++lane)
                    chunk.first[entry * CHUNK + lane] = chunk.second[entry * CHUNK + lane] = 0;
            if (along)
                geometry_second(chunk.result, chunk.unit, chunk.inverse, chunk.unit_along, chunk.u, chunk.first,
                                chunk.second);
            else
                geometry_vjp(chunk.result, chunk.unit, chunk.inverse, chunk.first);
            add_radial(&chunk, along);
            scatter_vectors(vectors_bar, chunk.result, &chunk);
        }
    }
    close_block(&block);
    return status;
}
