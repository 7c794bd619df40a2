/* The pairs at `position` ... of the columns: the same pairs, grouped by source. */
static int open_columns(struct block *block, const struct lists *lists, int64_t position, int64_t stop, int64_t source)
{
    block->count = stop - position < BLOCK ? stop - position : BLOCK;
    for (int64_t slot = 0; slot < block->count; ++slot) {
        const int64_t pair = lists->column_pairs[position + slot];
        while (lists->column_pointer[source + 1] <= position + slot)
            ++source;
        if (pair < 0 || pair >= lists->pairs || lists->index[pair] != source)
            return BAD_TRANSPOSE;
        const int64_t atom = lists->receivers[pair];
        if (atom < 0 || atom >= lists->atoms || pair < lists->row_pointer[atom] || pair >= lists->row_pointer[atom + 1])
            return BAD_TRANSPOSE;
        block->pair[slot] = pair;
        block->source[slot] = source;
        block->receiver[slot] = atom;
    }
    return FINE;
}
