static void open_along(struct chunk *chunk, const real *u)
{
    gather_vectors(chunk->u, u, chunk);
    geometry_along(chunk->unit_along, chunk->harmonics_along, chunk->unit, chunk->inverse, chunk->u);
    for (int64_t c = 0; c < HARMONICS; ++c)
        for (int64_t lane = 0; lane < chunk->count; ++lane) {
            chunk->both[2 * (c * CHUNK + lane)] = chunk->harmonics[c * CHUNK + lane];
            chunk->both[2 * (c * CHUNK + lane) + 1] = chunk->harmonics_along[c * CHUNK + lane];
        }
}
