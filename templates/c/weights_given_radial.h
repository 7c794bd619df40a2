/* Weights are given for every pair: nothing follows from its distance. */
struct radial {
    char none;
};

/* Weights of pairs lie one after the other: those of the next few are asked for while these are used. */
INLINE void ask_ahead(const real *weights, int64_t channels, int64_t count)
{
    for (int64_t k = 0; k < count; k += LINE)
        __builtin_prefetch(weights + STREAMS * WEIGHT_ROWS * channels + k, 0, 2);
}

INLINE void ask_ahead_to_write(const real *weights, int64_t channels, int64_t count)
{
    for (int64_t k = 0; k < count; k += LINE)
        __builtin_prefetch(weights + STREAMS * WEIGHT_ROWS * channels + k, 1, 2);
}

/* Pairs whose gradients are computed at once. */
#define AT_ONCE 4
