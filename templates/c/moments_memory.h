enum { FINE = 0, BAD_POINTER = 1, BAD_INDEX = 2, BAD_TRANSPOSE = 3, NO_MEMORY = 4 };

/* Pairs of one receiver are consecutive: those of atom i are row_pointer[i] ... row_pointer[i + 1] - 1, and index says
 * from which source each comes. The pairs of source j are column_pairs[column_pointer[j]], ... */
struct lists {
    const int64_t *row_pointer, *index, *receivers, *column_pointer, *column_pairs;
    int64_t atoms, sources, pairs, radial, features;
};

INLINE vector load(const real *from)
{
    return *(const loose *)from;
}

INLINE void store(real *to, vector value)
{
    *(loose *)to = value;
}

INLINE vector load_part(const real *from, int64_t count)
{
    vector value = {0};
    for (int64_t lane = 0; lane < count; ++lane)
        value[lane] = from[lane];
    return value;
}

INLINE void store_part(real *to, vector value, int64_t count)
{
    for (int64_t lane = 0; lane < count; ++lane)
        to[lane] = value[lane];
}

INLINE vector load_some(const real *from, int64_t count)
{
    return count >= VECTOR ? load(from) : load_part(from, count);
}

INLINE void store_some(real *to, vector value, int64_t count)
{
    if (count >= VECTOR)
        store(to, value);
    else
        store_part(to, value, count);
}

/* What becomes of sums: they start from what stands there or from zero, and are written to the caches or past them. */
enum { MORE, FRESH, STREAMED };
