/* Weights of a pair: a[c, nu] = T_c s_nu, times the features of its source. */

static void weigh(real *restrict weights, const real *restrict harmonics, const real *restrict radial, int64_t count,
                  int64_t lane)
{
    for (int64_t c = 0; c < HARMONICS; ++c)
        for (int64_t nu = 0; nu < count; ++nu)
            weights[c * count + nu] = harmonics[c * CHUNK + lane] * radial[nu];
}

static void weigh_along(real *restrict weights, const struct chunk *chunk, const real *restrict radial,
                        const real *restrict radial_along, int64_t count, int64_t lane)
{
    for (int64_t c = 0; c < HARMONICS; ++c)
        for (int64_t nu = 0; nu < count; ++nu)
            weights[c * count + nu] = chunk->harmonics_along[c * CHUNK + lane] * radial[nu]
                + chunk->harmonics[c * CHUNK + lane] * radial_along[nu];
}

/* The weights of a chunk of pairs, `step` numbers apart, and their changes along u. */
static void weigh_chunk(real *weights, int64_t step, const struct chunk *chunk, const real *radial, int64_t count)
{
    for (int64_t lane = 0; lane < chunk->count; ++lane)
        weigh(weights + lane * step, chunk->harmonics, radial + chunk->pair[lane] * count, count, lane);
}

static void weigh_chunk_along(real *weights, int64_t step, const struct chunk *chunk, const real *radial,
                              const real *radial_along, int64_t count)
{
    for (int64_t lane = 0; lane < chunk->count; ++lane)
        weigh_along(weights + lane * step, chunk, radial + chunk->pair[lane] * count,
                    radial_along + chunk->pair[lane] * count, count, lane);
}

/* Where the features of the sources of a chunk stand, `step` pointers apart. */
static void features_of(const real **terms, int64_t step, const struct chunk *chunk, const real *features,
                        int64_t width)
{
    for (int64_t lane = 0; lane < chunk->count; ++lane) {
        terms[lane * step] = features + chunk->source[lane] * width;
        prefetch(terms[lane * step], width);
    }
}

/* From bars of the weights to bars of harmonics, and of the radial values. */
static void weigh_vjp(real *restrict harmonics_bar, real *restrict radial_bar, const real *restrict bars,
                      const struct chunk *chunk, const real *restrict radial, int64_t count, int64_t lane)
{
    for (int64_t nu = 0; nu < count; ++nu)
        radial_bar[nu] = 0;
    for (int64_t c = 0; c < HARMONICS; ++c) {
        real total = 0;
        for (int64_t nu = 0; nu < count; ++nu) {
            total += bars[c * count + nu] * radial[nu];
            radial_bar[nu] += bars[c * count + nu] * chunk->harmonics[c * CHUNK + lane];
        }
        harmonics_bar[c * CHUNK + lane] = total;
    }
}

/* The same for <bars, weights along u> + <bars_along, weights>. */
static void weigh_second(struct chunk *chunk, real *restrict radial_grad, const real *restrict bars,
                         const real *restrict bars_along, const real *restrict radial,
                         const real *restrict radial_along, int64_t count, int64_t lane)
{
    for (int64_t nu = 0; nu < count; ++nu)
        radial_grad[nu] = 0;
    for (int64_t c = 0; c < HARMONICS; ++c) {
        const real t = chunk->harmonics[c * CHUNK + lane], t_along = chunk->harmonics_along[c * CHUNK + lane];
        real first = 0, second = 0;
        for (int64_t nu = 0; nu < count; ++nu) {
            const real bar = bars[c * count + nu], bar_along = bars_along[c * count + nu];
            first += bar * radial[nu];
            second += bar * radial_along[nu] + bar_along * radial[nu];
            radial_grad[nu] += bar * t_along + bar_along * t;
        }
        chunk->first[c * CHUNK + lane] = first;
        chunk->second[c * CHUNK + lane] = second;
    }
}

/* in: vectors, radial, features; out: moments (atoms, HARMONICS, radial, features). */
static int pass_value(const struct lists *l, int64_t begin, int64_t end, const real *const *in, real *const *out)
{
    const int64_t width = l->features, rows = HARMONICS * l->radial, stop = l->row_pointer[end];
    struct chunk chunk;
    struct block block;
    const real *terms[CHUNK];
    int64_t owner = begin, cleared = begin;
    int status = make_block(&block, stop - l->row_pointer[begin], width, 0, CHUNK * rows);
    if (status)
        return status;
    for (int64_t position = l->row_pointer[begin]; position < stop; position += block.count) {
        if ((status = open_rows(&block, l, position, stop, owner)))
            break;
        owner = block.receiver[block.count - 1];
        for (int64_t at = 0; at < block.count; at += chunk.count) {
            open_chunk(&chunk, &block, NULL, at);
            open_geometry(&chunk, in[0]);
            features_of(terms, 1, &chunk, in[2], width);
            weigh_chunk(block.extra, rows, &chunk, in[1], l->radial);
            add_up(&chunk, chunk.receiver, out[0], rows, width, block.extra, 1, rows, terms, 1, &cleared);
        }
    }
    clear_until(out[0], &cleared, end - 1, rows * width);
    close_block(&block);
    return status;
}

/* in: vectors, radial, features, bar of the moments; out: bars of vectors and radial. */
static int pass_vjp_rows(const struct lists *l, int64_t begin, int64_t end, const real *const *in, real *const *out)
{
    const int64_t width = l->features, rows = HARMONICS * l->radial, stop = l->row_pointer[end];
    struct chunk chunk;
    struct block block;
    const real *terms[CHUNK];
    int64_t owner = begin;
    int status = make_block(&block, stop - l->row_pointer[begin], width, 0, CHUNK * rows);
    if (status)
        return status;
    for (int64_t position = l->row_pointer[begin]; position < stop; position += block.count) {
        if ((status = open_rows(&block, l, position, stop, owner)))
            break;
        owner = block.receiver[block.count - 1];
        for (int64_t at = 0; at < block.count; at += chunk.count) {
            open_chunk(&chunk, &block, NULL, at);
            open_geometry(&chunk, in[0]);
            features_of(terms, 1, &chunk, in[2], width);
            receive(&chunk, chunk.receiver, in[3], rows, width, block.extra, 1, rows, 0, terms, 0);
            for (int64_t lane = 0; lane < chunk.count; ++lane)
                weigh_vjp(chunk.first, out[1] + chunk.pair[lane] * l->radial, block.extra + lane * rows, &chunk,
                          in[1] + chunk.pair[lane] * l->radial, l->radial, lane);
            geometry_vjp(chunk.result, chunk.unit, chunk.inverse, chunk.first);
            scatter_vectors(out[0], chunk.result, &chunk);
        }
    }
    close_block(&block);
    return status;
}

/* in: vectors, radial, features, bar of the moments; out: bar of the features. */
static int pass_vjp_columns(const struct lists *l, int64_t begin, int64_t end, const real *const *in, real *const *out)
{
    const int64_t width = l->features, rows = HARMONICS * l->radial, stop = l->column_pointer[end];
    struct chunk chunk;
    struct block block;
    const real *terms[CHUNK], one = 1;
    int64_t owner = begin, cleared = begin;
    int status = make_block(&block, stop - l->column_pointer[begin], width, 1, CHUNK * rows);
    if (status)
        return status;
    for (int64_t position = l->column_pointer[begin]; position < stop; position += block.count) {
        if ((status = open_columns(&block, l, position, stop, owner)))
            break;
        owner = block.source[block.count - 1];
        sort_block(&block, block.receiver);
        for (int64_t at = 0; at < block.count; at += chunk.count) {
            open_chunk(&chunk, &block, block.order, at);
            open_geometry(&chunk, in[0]);
            weigh_chunk(block.extra, rows, &chunk, in[1], l->radial);
            send(&chunk, chunk.receiver, in[3], rows, width, block.extra, 1, rows, 0, block.messages, 0);
        }
        for (int64_t at = 0; at < block.count; at += chunk.count) {
            open_chunk(&chunk, &block, NULL, at);
            messages_of(terms, 1, &chunk, block.messages, width);
            add_up(&chunk, chunk.source, out[0], 1, width, &one, 0, 0, terms, 1, &cleared);
        }
    }
    clear_until(out[0], &cleared, end - 1, width);
    close_block(&block);
    return status;
}

/* in: vectors, radial, features, their changes; out: the change of the moments. */
static int pass_jvp(const struct lists *l, int64_t begin, int64_t end, const real *const *in, real *const *out)
{
    const int64_t width = l->features, rows = HARMONICS * l->radial, stop = l->row_pointer[end];
    struct chunk chunk;
    struct block block;
    const real *terms[2 * CHUNK];
    int64_t owner = begin, cleared = begin;
    int status = make_block(&block, stop - l->row_pointer[begin], width, 0, 2 * CHUNK * rows);
    if (status)
        return status;
    for (int64_t position = l->row_pointer[begin]; position < stop; position += block.count) {
        if ((status = open_rows(&block, l, position, stop, owner)))
            break;
        owner = block.receiver[block.count - 1];
        for (int64_t at = 0; at < block.count; at += chunk.count) {
            open_chunk(&chunk, &block, NULL, at);
            open_geometry(&chunk, in[0]);
            open_along(&chunk, in[3]);
            features_of(terms, 2, &chunk, in[5], width);
            features_of(terms + 1, 2, &chunk, in[2], width);
            weigh_chunk(block.extra, 2 * rows, &chunk, in[1], l->radial);
            weigh_chunk_along(block.extra + rows, 2 * rows, &chunk, in[1], in[4], l->radial);
            add_up(&chunk, chunk.receiver, out[0], rows, width, block.extra, 1, rows, terms, 2, &cleared);
        }
    }
    clear_until(out[0], &cleared, end - 1, rows * width);
    close_block(&block);
    return status;
}

/* in: vectors, radial, features, bar of the moments, u of vectors, radial, features; out: gradients by vectors,
 * radial and bar of the inner product of u and the vjp. */
static int pass_second_rows(const struct lists *l, int64_t begin, int64_t end, const real *const *in, real *const *out)
{
    const int64_t width = l->features, rows = HARMONICS * l->radial, stop = l->row_pointer[end];
    struct chunk chunk;
    struct block block;
    const real *terms[CHUNK], *terms_along[CHUNK], *along[6] = {in[0], in[1], in[2], in[4], in[5], in[6]};
    int64_t owner = begin;
    int status = make_block(&block, stop - l->row_pointer[begin], width, 0, 2 * CHUNK * rows);
    if (status)
        return status;
    for (int64_t position = l->row_pointer[begin]; position < stop; position += block.count) {
        if ((status = open_rows(&block, l, position, stop, owner)))
            break;
        owner = block.receiver[block.count - 1];
        for (int64_t at = 0; at < block.count; at += chunk.count) {
            open_chunk(&chunk, &block, NULL, at);
            open_geometry(&chunk, in[0]);
            open_along(&chunk, in[4]);
            features_of(terms, 1, &chunk, in[2], width);
            features_of(terms_along, 1, &chunk, in[6], width);
            receive(&chunk, chunk.receiver, in[3], rows, width, block.extra, 1, rows, 0, terms, 0);
            receive(&chunk, chunk.receiver, in[3], rows, width, block.extra + CHUNK * rows, 1, rows, 0, terms_along, 0);
            for (int64_t lane = 0; lane < chunk.count; ++lane) {
                const int64_t at_radial = chunk.pair[lane] * l->radial;
                weigh_second(&chunk, out[1] + at_radial, block.extra + lane * rows, block.extra + (CHUNK + lane) * rows,
                             in[1] + at_radial, in[5] + at_radial, l->radial, lane);
            }
            geometry_second(chunk.result, chunk.unit, chunk.inverse, chunk.unit_along, chunk.u, chunk.first, chunk.second);
            scatter_vectors(out[0], chunk.result, &chunk);
        }
    }
    close_block(&block);
    return status ? status : pass_jvp(l, begin, end, along, out + 2);
}

/* in: as above; out: the gradient by the features. */
static int pass_second_columns(const struct lists *l, int64_t begin, int64_t end, const real *const *in, real *const *out)
{
    const int64_t width = l->features, rows = HARMONICS * l->radial, stop = l->column_pointer[end];
    struct chunk chunk;
    struct block block;
    const real *terms[CHUNK], one = 1;
    int64_t owner = begin, cleared = begin;
    int status = make_block(&block, stop - l->column_pointer[begin], width, 1, CHUNK * rows);
    if (status)
        return status;
    for (int64_t position = l->column_pointer[begin]; position < stop; position += block.count) {
        if ((status = open_columns(&block, l, position, stop, owner)))
            break;
        owner = block.source[block.count - 1];
        sort_block(&block, block.receiver);
        for (int64_t at = 0; at < block.count; at += chunk.count) {
            open_chunk(&chunk, &block, block.order, at);
            open_geometry(&chunk, in[0]);
            open_along(&chunk, in[4]);
            weigh_chunk_along(block.extra, rows, &chunk, in[1], in[5], l->radial);
            send(&chunk, chunk.receiver, in[3], rows, width, block.extra, 1, rows, 0, block.messages, 0);
        }
        for (int64_t at = 0; at < block.count; at += chunk.count) {
            open_chunk(&chunk, &block, NULL, at);
            messages_of(terms, 1, &chunk, block.messages, width);
            add_up(&chunk, chunk.source, out[0], 1, width, &one, 0, 0, terms, 1, &cleared);
        }
    }
    clear_until(out[0], &cleared, end - 1, width);
    close_block(&block);
    return status;
}
