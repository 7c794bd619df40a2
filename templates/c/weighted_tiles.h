/* Copies `width` channels of a sample, `rows` of them, to lanes of a tile [rows][LANES]. */
static inline void gather(real *restrict tile, const real *restrict first, int64_t rows, int64_t channels, int64_t width)
{
    for (int64_t k = 0; k < rows; ++k)
        for (int64_t c = 0; c < width; ++c)
            tile[k * LANES + c] = first[k * channels + c];
}

static inline void scatter(real *restrict first, const real *restrict tile, int64_t rows, int64_t channels,
                           int64_t width)
{
    for (int64_t k = 0; k < rows; ++k)
        for (int64_t c = 0; c < width; ++c)
            first[k * channels + c] = tile[k * LANES + c];
}

static inline void clear(real *restrict first, int64_t rows, int64_t stride, int64_t width)
{
    for (int64_t k = 0; k < rows; ++k)
        for (int64_t c = 0; c < width; ++c)
            first[k * stride + c] = 0;
}
