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
