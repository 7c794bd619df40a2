/* The lane after the last that shares its owner with `lane`, at most `most` lanes on. */
static int64_t same_owner(const int64_t *owner, int64_t lane, int64_t count, int64_t most)
{
    int64_t next = lane + 1;
    while (next < count && next < lane + most && owner[next] == owner[lane])
        ++next;
    return next;
}

/* Zeroes the rows of `size` numbers from *done up to and including `owner`. */
static void clear_until(real *sums, int64_t *done, int64_t owner, int64_t size)
{
    if (owner >= *done) {
        memset(sums + *done * size, 0, (size_t)((owner + 1 - *done) * size) * sizeof(real));
        *done = owner + 1;
    }
}

INLINE void prefetch(const real *from, int64_t size)
{
    for (int64_t k = 0; k < size; k += 64 / (int64_t)sizeof(real))
        __builtin_prefetch(from + k);
}

/* The first owner whose pairs start at or after `position`. */
static int64_t owner_at(const int64_t *pointer, int64_t owners, int64_t position)
{
    int64_t low = 0, high = owners;
    while (low < high) {
        const int64_t middle = low + (high - low) / 2;
        if (pointer[middle] < position)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
