static int aligned(const real *array)
{
    return (uintptr_t)array % 64 == 0;
}

/* Moves a tile [component][LANES] to an array, a cache line at a time. */
static void stream(real *restrict array, const real *restrict tile, int64_t components, int64_t channels)
{
#if defined(STREAM)
    for (int64_t k = 0; k < components; ++k)
        for (int64_t lane = 0; lane < LANES; lane += SIDE)
            STREAM(array + k * channels + lane, *(const row *)(tile + k * LANES + lane));
#else
    (void)array;
    (void)tile;
    (void)components;
    (void)channels;
#endif
}
