/* Where pairs stand in their tables: the first of the rows that matter at their distance, sums of B-splines there with
 * their first and second derivatives, [difference][CHUNK], what distances change along u, and gradients by distances and
 * by their changes. */
struct radial {
    int64_t row[CHUNK];
    real value[3 * CHUNK], slope[3 * CHUNK], bend[3 * CHUNK], along[CHUNK], by_distance[CHUNK], by_change[CHUNK];
};
