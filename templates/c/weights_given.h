/* Weights are given for every pair: they are read, and their gradients written, where they stand. */
#define PART_PAIRS_OF(call) PART_PAIRS
#define WEIGHT_ROOM(pairs, along) 0
#define GRADIENT_ROOM(along) 1
#define SUMMED_WEIGHTS(call) 0
#define KINDS(arrays) NULL
#define TABLES(sizes) 0

static int kinds_refused(const struct call *call)
{
    (void)call;
    return FINE;
}

static void open_weights(struct chunk *chunk, const struct call *call, const real *weights, const real *changes,
                         const int along)
{
    const int64_t size = WEIGHT_ROWS * call->lists.features;
    for (int64_t lane = 0; lane < chunk->count; ++lane) {
        chunk->w[lane] = weights + chunk->pair[lane] * size;
        chunk->w_along[lane] = along ? changes + chunk->pair[lane] * size : NULL;
    }
}

static const real *changes_of(const struct call *call, const real *changes)
{
    (void)call;
    return changes;
}

static void make_weights(struct chunk *chunk, int64_t begin, int64_t end, const real *weights, const real *changes,
                         const int along, int64_t size, real *room)
{
    (void)chunk;
    (void)begin;
    (void)end;
    (void)weights;
    (void)changes;
    (void)along;
    (void)size;
    (void)room;
}

static void open_bars(struct chunk *chunk, real *weights_bar, int64_t size, real *room)
{
    for (int64_t lane = 0; lane < chunk->count; ++lane)
        chunk->w_bar[lane] = weights_bar ? weights_bar + chunk->pair[lane] * size : room;
}

static void close_weights(struct chunk *chunk, int64_t lane, const real *const *in, int64_t channels, const real *bars,
                          real *weights_bar, const int along)
{
    (void)chunk;
    (void)lane;
    (void)in;
    (void)channels;
    (void)bars;
    (void)weights_bar;
    (void)along;
}

static void add_radial(struct chunk *chunk, const int along)
{
    (void)chunk;
    (void)along;
}
