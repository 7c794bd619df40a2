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
