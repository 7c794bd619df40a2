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
