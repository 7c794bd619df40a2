static void open_along(struct chunk *chunk, const real *u)
{
    gather_vectors(chunk->u, u, chunk);
    geometry_along(chunk->unit_along, chunk->harmonics_along, chunk->unit, chunk->inverse, chunk->u);
}
