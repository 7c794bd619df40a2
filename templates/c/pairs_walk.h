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

static int run(pass body, int columns, const int64_t *sizes, const int64_t *const *arrays, const real *const *in,
               real *const *out, int threads)
{
    const struct lists lists = {arrays[0], arrays[1], arrays[2], arrays[3], arrays[4],
                                sizes[0], sizes[1], sizes[2], sizes[3], sizes[4]};
    const int64_t *pointers[2] = {lists.row_pointer, lists.column_pointer};
    const int64_t owners[2] = {lists.atoms, lists.sources};
    for (int side = 0; side <= columns; ++side) {
        if (pointers[side][0] != 0 || pointers[side][owners[side]] != lists.pairs)
            return BAD_POINTER;
        for (int64_t owner = 0; owner < owners[side]; ++owner)
            if (pointers[side][owner] > pointers[side][owner + 1])
                return BAD_POINTER;
    }
    if (threads <= 1 || lists.pairs < SERIAL_BELOW)
        return body(&lists, 0, owners[columns], in, out);
    int status = FINE;
#pragma omp parallel for num_threads(threads) schedule(static, 1) reduction(max : status)
    for (int part = 0; part < threads; ++part) {
        const int64_t *pointer = pointers[columns];
        const int64_t begin = part ? owner_at(pointer, owners[columns], lists.pairs * part / threads) : 0;
        const int64_t end = part + 1 < threads
            ? owner_at(pointer, owners[columns], lists.pairs * (part + 1) / threads) : owners[columns];
        const int found = body(&lists, begin, end, in, out);
        status = found > status ? found : status;
    }
    return status;
}
