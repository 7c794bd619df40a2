static void open_features(struct chunk *chunk, const real *features, const real *along, int64_t channels)
{
    for (int64_t lane = 0; lane < chunk->count; ++lane) {
        const int64_t source = chunk->source[lane] * SOURCE_ROWS * channels;
        chunk->x[lane] = features + source;
        chunk->x_along[lane] = along ? along + source : NULL;
    }
}

static void open_matrices(struct chunk *chunk, const real *vectors, const real *u)
{
    open_geometry(chunk, vectors);
    if (!u)
        return;
    gather_vectors(chunk->u, u, chunk);
    geometry_along(chunk->unit_along, chunk->harmonics_along, chunk->unit, chunk->inverse, chunk->u);
}
