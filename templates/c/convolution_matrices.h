static void open_arrays(struct chunk *chunk, const real *const *in, int along, int64_t channels)
{
    for (int64_t lane = 0; lane < chunk->count; ++lane) {
        const int64_t source = chunk->source[lane] * SOURCE_ROWS * channels;
        const int64_t pair = chunk->pair[lane] * WEIGHT_ROWS * channels;
        chunk->x[lane] = in[2] + source;
        chunk->w[lane] = in[1] + pair;
        if (along) {
            chunk->x_along[lane] = in[5] + source;
            chunk->w_along[lane] = in[4] + pair;
        }
    }
}

static void open_matrices(struct chunk *chunk, const real *vectors, const real *u)
{
    open_geometry(chunk, vectors);
    by_pair(chunk->matrices, chunk->harmonics);
    if (!u)
        return;
    gather_vectors(chunk->u, u, chunk);
    geometry_along(chunk->unit_along, chunk->harmonics_along, chunk->unit, chunk->inverse, chunk->u);
    by_pair(chunk->matrices_along, chunk->harmonics_along);
}
