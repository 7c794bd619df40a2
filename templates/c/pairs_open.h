static void *scratch(size_t bytes)
{
    return aligned_alloc(64, (bytes + 127) / 64 * 64);
}

static void close_block(struct block *block)
{
    free(block->pair);
    free(block->messages);
}

/* Room for blocks of at most `pairs` pairs with one message of `width` numbers each, or two, and some more. */
static int make_block(struct block *block, int64_t pairs, int64_t width, int64_t messages, int64_t extra)
{
    const int64_t size = pairs < BLOCK ? pairs : BLOCK;
    block->pair = scratch(5 * (size_t)size * sizeof(int64_t));
    block->messages = scratch((size_t)(size * width * messages + extra) * sizeof(real));
    if (!block->pair || !block->messages) {
        close_block(block);
        return NO_MEMORY;
    }
    block->receiver = block->pair + size;
    block->source = block->receiver + size;
    block->order = block->source + size;
    block->spare = block->order + size;
    block->messages_along = block->messages + (messages > 1 ? size * width : 0);
    block->extra = block->messages + messages * size * width;
    return FINE;
}

/* Sorts 0 ... count - 1 by key, keeping the order of equal keys. */
static void sort_block(struct block *block, const int64_t *key)
{
    int64_t least = key[0], most = key[0];
    for (int64_t k = 1; k < block->count; ++k) {
        least = key[k] < least ? key[k] : least;
        most = key[k] > most ? key[k] : most;
    }
    for (int64_t k = 0; k < block->count; ++k)
        block->order[k] = k;
    for (int shift = 0; shift < 63 && (most - least) >> shift; shift += 11) {
        int64_t place[2048] = {0}, total = 0;
        for (int64_t k = 0; k < block->count; ++k)
            ++place[((key[k] - least) >> shift) & 2047];
        for (int digit = 0; digit < 2048; ++digit) {
            const int64_t here = place[digit];
            place[digit] = total;
            total += here;
        }
        for (int64_t k = 0; k < block->count; ++k)
            block->spare[place[((key[block->order[k]] - least) >> shift) & 2047]++] = block->order[k];
        int64_t *swap = block->order;
        block->order = block->spare;
        block->spare = swap;
    }
}

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
