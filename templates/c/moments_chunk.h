/* A few pairs of a block, in one order or the other, and what depends on their vectors alone. */
struct chunk {
    int64_t count;
    int64_t slot[CHUNK], pair[CHUNK], receiver[CHUNK], source[CHUNK];
    real r[3 * CHUNK], unit[3 * CHUNK], inverse[CHUNK], harmonics[HARMONICS * CHUNK];
    real u[3 * CHUNK], unit_along[3 * CHUNK], harmonics_along[HARMONICS * CHUNK];
    real both[2 * HARMONICS * CHUNK];
    real first[HARMONICS * CHUNK], second[HARMONICS * CHUNK], result[3 * CHUNK];
};

typedef int (*pass)(const struct lists *, int64_t begin, int64_t end, const real *const *in, real *const *out);

static void gather_vectors(real *restrict tile, const real *restrict vectors, const struct chunk *chunk)
{
    if (!vectors)
        return;
    for (int64_t lane = 0; lane < chunk->count; ++lane)
        for (int64_t k = 0; k < 3; ++k)
            tile[k * CHUNK + lane] = vectors[3 * chunk->pair[lane] + k];
    for (int64_t lane = chunk->count; lane < CHUNK; ++lane)
        for (int64_t k = 0; k < 3; ++k)
            tile[k * CHUNK + lane] = 1;
}

static void scatter_vectors(real *restrict vectors, const real *restrict tile, const struct chunk *chunk)
{
    if (!vectors)
        return;
    for (int64_t lane = 0; lane < chunk->count; ++lane)
        for (int64_t k = 0; k < 3; ++k)
            vectors[3 * chunk->pair[lane] + k] = tile[k * CHUNK + lane];
}
