static int64_t blocks_of(int64_t channels)
{
    return (channels + LANES - 1) / LANES;
}

static int64_t units_of(int64_t samples, int64_t channels)
{
    return channels < LANES ? blocks_of(samples * channels) : samples * blocks_of(channels);
}

/* Copies `lanes` (sample, channel) pairs, from the given one on, into a tile [component][LANES]; the rest becomes 0. */
static inline void gather(real *restrict tile, const real *restrict array, int64_t components, int64_t channels,
                          int64_t sample, int64_t channel, int64_t lanes)
{
    for (int64_t lane = 0; lane < lanes; ++lane) {
        const real *restrict first = array + sample * components * channels + channel;
        for (int64_t k = 0; k < components; ++k)
            tile[k * LANES + lane] = first[k * channels];
        if (++channel == channels) {
            channel = 0;
            ++sample;
        }
    }
    for (int64_t lane = lanes; lane < LANES; ++lane)
        for (int64_t k = 0; k < components; ++k)
            tile[k * LANES + lane] = 0;
}

/* The way back of `gather`; the lanes beyond `lanes` are dropped. */
static inline void scatter(real *restrict array, const real *restrict tile, int64_t components, int64_t channels,
                           int64_t sample, int64_t channel, int64_t lanes)
{
    for (int64_t lane = 0; lane < lanes; ++lane) {
        real *restrict first = array + sample * components * channels + channel;
        for (int64_t k = 0; k < components; ++k)
            first[k * channels] = tile[k * LANES + lane];
        if (++channel == channels) {
            channel = 0;
            ++sample;
        }
    }
}
#if !defined(VECTOR_BYTES)
static void gather_samples(real *restrict tile, const real *restrict array, int64_t components)
{
    gather(tile, array, components, 1, 0, 0, LANES);
}

static void scatter_samples(real *restrict array, const real *restrict tile, int64_t components)
{
    scatter(array, tile, components, 1, 0, 0, LANES);
}
#endif
