/* The pairs from `begin` on, in the given order or, without one, as they stand. */
static void open_chunk(struct chunk *chunk, const struct block *block, const int64_t *order, int64_t begin)
{
    chunk->count = block->count - begin < CHUNK ? block->count - begin : CHUNK;
    for (int64_t lane = 0; lane < chunk->count; ++lane) {
        const int64_t slot = order ? order[begin + lane] : begin + lane;
        chunk->slot[lane] = slot;
        chunk->pair[lane] = block->pair[slot];
        chunk->receiver[lane] = block->receiver[slot];
        chunk->source[lane] = block->source[slot];
    }
}

static void open_geometry(struct chunk *chunk, const real *vectors)
{
    gather_vectors(chunk->r, vectors, chunk);
    geometry(chunk->unit, chunk->inverse, chunk->harmonics, chunk->r);
}
