/* Messages of a pair: q[f] = sum of s_nu g_nu[f] from its source, w[f] = sum of T_c e_c[f] from its receiver. */

/* The radial values of a chunk, those of one pair `step` numbers after those of the one before. */
static void gather_radial(real *restrict tile, int64_t step, const real *restrict radial, int64_t count,
                          const struct chunk *chunk)
{
    for (int64_t lane = 0; lane < chunk->count; ++lane)
        memcpy(tile + lane * step, radial + chunk->pair[lane] * count, (size_t)count * sizeof(real));
}

/* in: vectors, radial, features; out: moments (atoms, HARMONICS, features). */
static int pass_value(const struct lists *l, int64_t begin, int64_t end, const real *const *in, real *const *out)
{
    const int64_t width = l->features, radial = l->radial, stop = l->row_pointer[end];
    struct chunk chunk;
    struct block block;
    const real *messages[CHUNK];
    int64_t cleared = begin, atom = begin;
    int status = make_block(&block, stop - l->row_pointer[begin], width, 1, 0);
    if (status)
        return status;
    for (int64_t position = l->row_pointer[begin]; position < stop; position += block.count) {
        if ((status = open_rows(&block, l, position, stop, atom)))
            break;
        atom = block.receiver[block.count - 1];
        sort_block(&block, block.source);
        for (int64_t at = 0; at < block.count; at += chunk.count) {
            open_chunk(&chunk, &block, block.order, at);
            send(&chunk, chunk.source, in[2], radial, width, in[1], 1, radial, 1, block.messages, 0);
        }
        for (int64_t at = 0; at < block.count; at += chunk.count) {
            open_chunk(&chunk, &block, NULL, at);
            messages_of(messages, 1, &chunk, block.messages, width);
            open_geometry(&chunk, in[0]);
            add_up(&chunk, chunk.receiver, out[0], HARMONICS, width, chunk.harmonics, CHUNK, 1, messages, 1, &cleared);
        }
    }
    clear_until(out[0], &cleared, end - 1, HARMONICS * width);
    close_block(&block);
    return status;
}

/* in: vectors, radial, features, bar of the moments; out: bars of vectors and radial. */
static int pass_vjp_rows(const struct lists *l, int64_t begin, int64_t end, const real *const *in, real *const *out)
{
    const int64_t width = l->features, radial = l->radial, stop = l->row_pointer[end];
    struct chunk chunk;
    struct block block;
    const real *messages[CHUNK];
    int64_t atom = begin;
    int status = make_block(&block, stop - l->row_pointer[begin], width, 1, 0);
    if (status)
        return status;
    for (int64_t position = l->row_pointer[begin]; position < stop; position += block.count) {
        if ((status = open_rows(&block, l, position, stop, atom)))
            break;
        atom = block.receiver[block.count - 1];
        sort_block(&block, block.source);
        for (int64_t at = 0; at < block.count; at += chunk.count) {
            open_chunk(&chunk, &block, NULL, at);
            open_geometry(&chunk, in[0]);
            send(&chunk, chunk.receiver, in[3], HARMONICS, width, chunk.harmonics, CHUNK, 1, 0, block.messages, 0);
        }
        for (int64_t at = 0; at < block.count; at += chunk.count) {
            open_chunk(&chunk, &block, block.order, at);
            messages_of(messages, 1, &chunk, block.messages, width);
            receive(&chunk, chunk.source, in[2], radial, width, out[1], 1, radial, 1, messages, 0);
            send(&chunk, chunk.source, in[2], radial, width, in[1], 1, radial, 1, block.messages, 0);
        }
        for (int64_t at = 0; at < block.count; at += chunk.count) {
            open_chunk(&chunk, &block, NULL, at);
            messages_of(messages, 1, &chunk, block.messages, width);
            open_geometry(&chunk, in[0]);
            receive(&chunk, chunk.receiver, in[3], HARMONICS, width, chunk.first, CHUNK, 1, 0, messages, 0);
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
    const int64_t width = l->features, radial = l->radial, stop = l->column_pointer[end];
    struct chunk chunk;
    struct block block;
    const real *messages[CHUNK];
    int64_t cleared = begin, source = begin;
    int status = make_block(&block, stop - l->column_pointer[begin], width, 1, CHUNK * radial);
    if (status)
        return status;
    for (int64_t position = l->column_pointer[begin]; position < stop; position += block.count) {
        if ((status = open_columns(&block, l, position, stop, source)))
            break;
        source = block.source[block.count - 1];
        sort_block(&block, block.receiver);
        for (int64_t at = 0; at < block.count; at += chunk.count) {
            open_chunk(&chunk, &block, block.order, at);
            open_geometry(&chunk, in[0]);
            send(&chunk, chunk.receiver, in[3], HARMONICS, width, chunk.harmonics, CHUNK, 1, 0, block.messages, 0);
        }
        for (int64_t at = 0; at < block.count; at += chunk.count) {
            open_chunk(&chunk, &block, NULL, at);
            messages_of(messages, 1, &chunk, block.messages, width);
            gather_radial(block.extra, radial, in[1], radial, &chunk);
            add_up(&chunk, chunk.source, out[0], radial, width, block.extra, 1, radial, messages, 1, &cleared);
        }
    }
    clear_until(out[0], &cleared, end - 1, radial * width);
    close_block(&block);
    return status;
}

/* in: vectors, radial, features, their changes; out: the change of the moments. */
static int pass_jvp(const struct lists *l, int64_t begin, int64_t end, const real *const *in, real *const *out)
{
    const int64_t width = l->features, radial = l->radial, stop = l->row_pointer[end];
    struct chunk chunk;
    struct block block;
    const real *terms[2 * CHUNK];
    int64_t cleared = begin, atom = begin;
    int status = make_block(&block, stop - l->row_pointer[begin], width, 2, 0);
    if (status)
        return status;
    for (int64_t position = l->row_pointer[begin]; position < stop; position += block.count) {
        if ((status = open_rows(&block, l, position, stop, atom)))
            break;
        atom = block.receiver[block.count - 1];
        sort_block(&block, block.source);
        for (int64_t at = 0; at < block.count; at += chunk.count) {
            open_chunk(&chunk, &block, block.order, at);
            send(&chunk, chunk.source, in[2], radial, width, in[1], 1, radial, 1, block.messages, 0);
            send(&chunk, chunk.source, in[2], radial, width, in[4], 1, radial, 1, block.messages_along, 0);
            send(&chunk, chunk.source, in[5], radial, width, in[1], 1, radial, 1, block.messages_along, 1);
        }
        for (int64_t at = 0; at < block.count; at += chunk.count) {
            open_chunk(&chunk, &block, NULL, at);
            messages_of(terms + 1, 2, &chunk, block.messages, width);
            messages_of(terms, 2, &chunk, block.messages_along, width);
            open_geometry(&chunk, in[0]);
            open_along(&chunk, in[3]);
            add_up(&chunk, chunk.receiver, out[0], HARMONICS, width, chunk.both, 2 * CHUNK, 1, terms, 2, &cleared);
        }
    }
    clear_until(out[0], &cleared, end - 1, HARMONICS * width);
    close_block(&block);
    return status;
}

/* in: vectors, radial, features, bar of the moments, u of vectors, radial, features; out: gradients by vectors,
 * radial and bar of the inner product of u and the vjp. */
static int pass_second_rows(const struct lists *l, int64_t begin, int64_t end, const real *const *in, real *const *out)
{
    const int64_t width = l->features, radial = l->radial, stop = l->row_pointer[end];
    struct chunk chunk;
    struct block block;
    const real *messages[CHUNK], *messages_along[CHUNK], *terms[2 * CHUNK];
    int64_t cleared = begin, atom = begin;
    int status = make_block(&block, stop - l->row_pointer[begin], width, 2, 0);
    if (status)
        return status;
    for (int64_t position = l->row_pointer[begin]; position < stop; position += block.count) {
        if ((status = open_rows(&block, l, position, stop, atom)))
            break;
        atom = block.receiver[block.count - 1];
        sort_block(&block, block.source);
        for (int64_t at = 0; at < block.count; at += chunk.count) {
            open_chunk(&chunk, &block, NULL, at);
            open_geometry(&chunk, in[0]);
            open_along(&chunk, in[4]);
            send(&chunk, chunk.receiver, in[3], HARMONICS, width, chunk.harmonics, CHUNK, 1, 0, block.messages, 0);
            send(&chunk, chunk.receiver, in[3], HARMONICS, width, chunk.harmonics_along, CHUNK, 1, 0, block.messages_along, 0);
        }
        for (int64_t at = 0; at < block.count; at += chunk.count) {
            open_chunk(&chunk, &block, block.order, at);
            messages_of(messages, 1, &chunk, block.messages, width);
            messages_of(messages_along, 1, &chunk, block.messages_along, width);
            receive(&chunk, chunk.source, in[2], radial, width, out[1], 1, radial, 1, messages_along, 0);
            receive(&chunk, chunk.source, in[6], radial, width, out[1], 1, radial, 1, messages, 1);
            send(&chunk, chunk.source, in[2], radial, width, in[1], 1, radial, 1, block.messages, 0);
            send(&chunk, chunk.source, in[2], radial, width, in[5], 1, radial, 1, block.messages_along, 0);
            send(&chunk, chunk.source, in[6], radial, width, in[1], 1, radial, 1, block.messages_along, 1);
        }
        for (int64_t at = 0; at < block.count; at += chunk.count) {
            open_chunk(&chunk, &block, NULL, at);
            messages_of(messages, 1, &chunk, block.messages, width);
            messages_of(messages_along, 1, &chunk, block.messages_along, width);
            open_geometry(&chunk, in[0]);
            open_along(&chunk, in[4]);
            receive(&chunk, chunk.receiver, in[3], HARMONICS, width, chunk.first, CHUNK, 1, 0, messages, 0);
            receive(&chunk, chunk.receiver, in[3], HARMONICS, width, chunk.second, CHUNK, 1, 0, messages_along, 0);
            messages_of(terms, 2, &chunk, block.messages_along, width);
            messages_of(terms + 1, 2, &chunk, block.messages, width);
            add_up(&chunk, chunk.receiver, out[2], HARMONICS, width, chunk.both, 2 * CHUNK, 1, terms, 2, &cleared);
            geometry_second(chunk.result, chunk.unit, chunk.inverse, chunk.unit_along, chunk.u, chunk.first,
                            chunk.second);
            scatter_vectors(out[0], chunk.result, &chunk);
        }
    }
    clear_until(out[2], &cleared, end - 1, HARMONICS * width);
    close_block(&block);
    return status;
}

/* in: as above; out: the gradient by the features. */
static int pass_second_columns(const struct lists *l, int64_t begin, int64_t end, const real *const *in,
                               real *const *out)
{
    const int64_t width = l->features, radial = l->radial, stop = l->column_pointer[end];
    struct chunk chunk;
    struct block block;
    const real *terms[2 * CHUNK];
    int64_t cleared = begin, source = begin;
    int status = make_block(&block, stop - l->column_pointer[begin], width, 2, 2 * CHUNK * radial);
    if (status)
        return status;
    for (int64_t position = l->column_pointer[begin]; position < stop; position += block.count) {
        if ((status = open_columns(&block, l, position, stop, source)))
            break;
        source = block.source[block.count - 1];
        sort_block(&block, block.receiver);
        for (int64_t at = 0; at < block.count; at += chunk.count) {
            open_chunk(&chunk, &block, block.order, at);
            open_geometry(&chunk, in[0]);
            open_along(&chunk, in[4]);
            send(&chunk, chunk.receiver, in[3], HARMONICS, width, chunk.harmonics, CHUNK, 1, 0, block.messages, 0);
            send(&chunk, chunk.receiver, in[3], HARMONICS, width, chunk.harmonics_along, CHUNK, 1, 0, block.messages_along, 0);
        }
        for (int64_t at = 0; at < block.count; at += chunk.count) {
            open_chunk(&chunk, &block, NULL, at);
            messages_of(terms, 2, &chunk, block.messages_along, width);
            messages_of(terms + 1, 2, &chunk, block.messages, width);
            gather_radial(block.extra, 2 * radial, in[1], radial, &chunk);
            gather_radial(block.extra + radial, 2 * radial, in[5], radial, &chunk);
            add_up(&chunk, chunk.source, out[0], radial, width, block.extra, 1, radial, terms, 2, &cleared);
        }
    }
    clear_until(out[0], &cleared, end - 1, radial * width);
    close_block(&block);
    return status;
}
