/* What a call reads beside arrays: the lists, and for each pair the number of its table where there are tables. */
struct call {
    struct lists lists;
    const int64_t *kinds;
    int64_t tables;
};

/* A few pairs of a block, and what depends on their vectors alone: `harmonics` holds the entries of the matrices of
 * all paths, [entry][CHUNK], and `matrices` the same by pair. Of each pair `x` are the features of its source and `w` its
 * weights. */
struct chunk {
    int64_t count;
    int64_t slot[CHUNK], pair[CHUNK], receiver[CHUNK], source[CHUNK];
    real r[COORDINATES * CHUNK], unit[3 * CHUNK], inverse[CHUNK], harmonics[HARMONICS * CHUNK];
    real u[COORDINATES * CHUNK], unit_along[3 * CHUNK], harmonics_along[HARMONICS * CHUNK];
    const real *x[CHUNK], *w[CHUNK], *x_along[CHUNK], *w_along[CHUNK];
    real *w_bar[CHUNK], *x_bar[CHUNK];
    real first[HARMONICS * CHUNK], second[HARMONICS * CHUNK], result[COORDINATES * CHUNK];
    struct radial radial;
};

typedef int (*pass)(const struct call *, int64_t begin, int64_t end, const real *const *in, real *const *out);

static void gather_vectors(real *restrict tile, const real *restrict vectors, const struct chunk *chunk)
{
    for (int64_t lane = 0; lane < chunk->count; ++lane)
        for (int64_t k = 0; k < COORDINATES; ++k)
            tile[k * CHUNK + lane] = vectors[COORDINATES * chunk->pair[lane] + k];
    for (int64_t lane = chunk->count; lane < CHUNK; ++lane)
        for (int64_t k = 0; k < COORDINATES; ++k)
            tile[k * CHUNK + lane] = 1;
}

static void scatter_vectors(real *restrict vectors, const real *restrict tile, const struct chunk *chunk)
{
    for (int64_t lane = 0; lane < chunk->count; ++lane)
        for (int64_t k = 0; k < COORDINATES; ++k)
            vectors[COORDINATES * chunk->pair[lane] + k] = tile[k * CHUNK + lane];
}
