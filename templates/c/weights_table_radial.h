/* Where pairs stand in their tables: the first of the rows that matter at their distance, sums of B-splines there with
 * their first and second derivatives, [difference][CHUNK], what distances change along u, and gradients by distances and
 * by their changes. */
struct radial {
    int64_t row[CHUNK];
    real value[3 * CHUNK], slope[3 * CHUNK], bend[3 * CHUNK], along[CHUNK], by_distance[CHUNK], by_change[CHUNK];
};

/* Weights are made where they are used. */
INLINE void ask_ahead(const real *weights, int64_t channels, int64_t count)
{
    (void)weights;
    (void)channels;
    (void)count;
}

INLINE void ask_ahead_to_write(const real *weights, int64_t channels, int64_t count)
{
    ask_ahead(weights, channels, count);
}

/* Pairs whose gradients are computed at once. */
#define AT_ONCE 1
