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
