/* Each turn moves the highest bit of the row's number behind the lowest of the column's. */
static inline void transpose(row rows[SIDE])
{
#pragma GCC unroll 4
    for (int turn = 1; turn < SIDE; turn *= 2) {
        row merged[SIDE];
#pragma GCC unroll 8
        for (int i = 0; i < SIDE / 2; ++i) {
            merged[2 * i] = LOWER_MERGED(rows[i], rows[i + SIDE / 2]);
            merged[2 * i + 1] = UPPER_MERGED(rows[i], rows[i + SIDE / 2]);
        }
#pragma GCC unroll 16
        for (int i = 0; i < SIDE; ++i)
            rows[i] = merged[i];
    }
}

/* Turns LANES samples of one channel into a tile [component][LANES]. Reads up to SIDE numbers beyond their end. */
static void gather_samples(real *restrict tile, const real *restrict array, int64_t components)
{
    const int64_t last = components < SIDE ? 0 : components - SIDE;
    const int64_t used = components < SIDE ? components : SIDE;
    for (int64_t lane = 0; lane < LANES; lane += SIDE)
        for (int64_t next = 0; next < components; next += SIDE) {
            const int64_t k = next < last ? next : last;
            row rows[SIDE];
#pragma GCC unroll 16
            for (int i = 0; i < SIDE; ++i)
                rows[i] = *(const row *)(array + (lane + i) * components + k);
            transpose(rows);
#pragma GCC unroll 16
            for (int i = 0; i < SIDE; ++i)
                if (i < used)
                    *(row *)(tile + (k + i) * LANES + lane) = rows[i];
        }
}

/* The way back of `gather_samples`; writes these samples and nothing else. */
static void scatter_samples(real *restrict array, const real *restrict tile, int64_t components)
{
    _Alignas(64) real narrow[(LANES + 1) * SIDE];
    real *restrict target = components < SIDE ? narrow : array;
    const int64_t last = components < SIDE ? 0 : components - SIDE;
    const int64_t used = components < SIDE ? components : SIDE;
    for (int64_t lane = 0; lane < LANES; lane += SIDE)
        for (int64_t next = 0; next < components; next += SIDE) {
            const int64_t k = next < last ? next : last;
            row rows[SIDE];
#pragma GCC unroll 16
            for (int i = 0; i < SIDE; ++i)
                rows[i] = *(const row *)(tile + (i < used ? k + i : k) * LANES + lane);
            transpose(rows);
            /* Of fewer components than SIDE, each row's rest is overwritten by the next row. */
#pragma GCC unroll 16
            for (int i = 0; i < SIDE; ++i)
                *(row *)(target + (lane + i) * components + k) = rows[i];
        }
    if (components < SIDE)
        for (int64_t i = 0; i < LANES * components; i += SIDE)
            *(row *)(array + i) = *(const row *)(narrow + i);
}
