/* The pairs at `position` ... of the rows, where the first belongs to `atom` or a later one. */
static int open_rows(struct block *block, const struct lists *lists, int64_t position, int64_t stop, int64_t atom)
{
    block->count = stop - position < BLOCK ? stop - position : BLOCK;
    for (int64_t slot = 0; slot < block->count; ++slot) {
        const int64_t pair = position + slot, source = lists->index[pair];
        if (source < 0 || source >= lists->sources)
            return BAD_INDEX;
        while (lists->row_pointer[atom + 1] <= pair)
            ++atom;
        block->pair[slot] = pair;
        block->source[slot] = source;
        block->receiver[slot] = atom;
    }
    return FINE;
}
