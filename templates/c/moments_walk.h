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
