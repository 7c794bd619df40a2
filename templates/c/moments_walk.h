/* A block of pairs, consecutive by receiver or by source, and its messages. The other end of its pairs jumps about, and
 * what stands there is large; `order` visits the pairs sorted by that end, so that it is read once per block. */
struct block {
    int64_t count;
    int64_t *pair, *receiver, *source, *order, *spare;
    real *messages, *messages_along, *extra;
};

/* A few pairs of a block, in one order or the other, and what depends on their vectors alone. */
struct chunk {
    int64_t count;
    int64_t slot[CHUNK], pair[CHUNK], receiver[CHUNK], source[CHUNK];
    real r[3 * CHUNK], unit[3 * CHUNK], inverse[CHUNK], harmonics[HARMONICS * CHUNK];
    real u[3 * CHUNK], unit_along[3 * CHUNK], harmonics_along[HARMONICS * CHUNK];
    real both[2 * HARMONICS * CHUNK];
    real first[HARMONICS * CHUNK], second[HARMONICS * CHUNK], result[3 * CHUNK];
};

typedef int (*pass)(const struct lists *, int64_t begin, int64_t end, const real *const *in, real *const *out);

static void gather_vectors(real *restrict tile, const real *restrict vectors, const struct chunk *chunk)
{
    if (!vectors)
        return;
    for (int64_t lane = 0; lane < chunk->count; ++lane)
        for (int64_t k = 0; k < 3; ++k)
            tile[k * CHUNK + lane] = vectors[3 * chunk->pair[lane] + k];
    for (int64_t lane = chunk->count; lane < CHUNK; ++lane)
        for (int64_t k = 0; k < 3; ++k)
            tile[k * CHUNK + lane] = 1;
}

static void scatter_vectors(real *restrict vectors, const real *restrict tile, const struct chunk *chunk)
{
    if (!vectors)
        return;
    for (int64_t lane = 0; lane < chunk->count; ++lane)
        for (int64_t k = 0; k < 3; ++k)
            vectors[3 * chunk->pair[lane] + k] = tile[k * CHUNK + lane];
}

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

/* The pairs from `begin` on, in the given order or, without one, as they stand. */
static void open_chunk(struct chunk *chunk, const struct block *block, const int64_t *order, int64_t begin)
{
    chunk->count = block->count - begin < CHUNK ? block->count - begin : CHUNK;
    for (int64_t lane = 0; lane < chunk->count; ++lane) {
        const int64_t slot = order ? order[begin + lane] : begin + lane;
        chunk->slot[lane] = slot;
        chunk->pair[lane] = block->pair[slot];
        chunk->receiver[lane] = block->receiver[slot];
        chunk->source[lane] = block->source[slot];
    }
}

static void open_geometry(struct chunk *chunk, const real *vectors)
{
    gather_vectors(chunk->r, vectors, chunk);
    geometry(chunk->unit, chunk->inverse, chunk->harmonics, chunk->r);
}

static void open_along(struct chunk *chunk, const real *u)
{
    gather_vectors(chunk->u, u, chunk);
    geometry_along(chunk->unit_along, chunk->harmonics_along, chunk->unit, chunk->inverse, chunk->u);
    for (int64_t c = 0; c < HARMONICS; ++c)
        for (int64_t lane = 0; lane < chunk->count; ++lane) {
            chunk->both[2 * (c * CHUNK + lane)] = chunk->harmonics[c * CHUNK + lane];
            chunk->both[2 * (c * CHUNK + lane) + 1] = chunk->harmonics_along[c * CHUNK + lane];
        }
}

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

/* Where the messages of a chunk stand, `step` pointers apart. */
static void messages_of(const real **terms, int64_t step, const struct chunk *chunk, const real *messages,
                        int64_t features)
{
    for (int64_t lane = 0; lane < chunk->count; ++lane)
        terms[lane * step] = messages + chunk->slot[lane] * features;
}

/* messages = sum of weights times the rows of one end, or += where there is `more`. Pairs that share the end share the
 * reading of its rows. The weights of a lane begin at lane_step times its number, or times that of its pair. */
static void send(const struct chunk *chunk, const int64_t *owner, const real *rows, int64_t count, int64_t features,
                 const real *weights, int64_t row_step, int64_t lane_step, const int by_pair, real *messages,
                 const int more)
{
    for (int64_t lane = 0, next; lane < chunk->count; lane = next) {
        next = same_owner(owner, lane, chunk->count, PAIRS);
        real *results[PAIRS];
        const real *from[PAIRS];
        for (int64_t k = 0; k < next - lane; ++k) {
            results[k] = messages + chunk->slot[lane + k] * features;
            from[k] = weights + (by_pair ? chunk->pair[lane + k] : lane + k) * lane_step;
        }
        combine(results, rows + owner[lane] * count * features, count, features, from, row_step, more, next - lane);
    }
}

/* products = <rows of one end, terms>, stored as the weights of `send` are. */
static void receive(const struct chunk *chunk, const int64_t *owner, const real *rows, int64_t count, int64_t features,
                    real *products, int64_t row_step, int64_t lane_step, const int by_pair, const real *const *terms,
                    const int more)
{
    for (int64_t lane = 0, next; lane < chunk->count; lane = next) {
        next = same_owner(owner, lane, chunk->count, PAIRS);
        real *results[PAIRS];
        for (int64_t k = 0; k < next - lane; ++k)
            results[k] = products + (by_pair ? chunk->pair[lane + k] : lane + k) * lane_step;
        dots(results, row_step, rows + owner[lane] * count * features, count, features, terms + lane, more, next - lane);
    }
}

/* sums of one end += weights times terms, in the order of the pairs; ends up to the last are zeroed before. Each pair
 * has `each` terms with weights of their own: one sum over both, or its order would depend on where chunks begin. */
static void add_up(const struct chunk *chunk, const int64_t *owner, real *sums, int64_t count, int64_t features,
                   const real *weights, int64_t row_step, int64_t lane_step, const real *const *terms, int64_t each,
                   int64_t *cleared)
{
    for (int64_t lane = 0, next; lane < chunk->count; lane = next) {
        next = same_owner(owner, lane, chunk->count, CHUNK);
        clear_until(sums, cleared, owner[lane], count * features);
        accumulate(sums + owner[lane] * count * features, count, features, weights + each * lane * lane_step, row_step,
                   lane_step, terms + each * lane, each * (next - lane), MORE);
    }
}
