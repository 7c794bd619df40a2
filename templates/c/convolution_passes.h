/* Pairs of one receiver that are summed at once: as many streams of weights as processors follow. */
#define STREAMS 8

/* Gradients by features are summed over so many parts of the receivers at most, and then over the parts in their order,
 * so that the number of threads changes no bit. A part has this many pairs at least. */
#define PARTS 16
#define PART_PAIRS 1024

/* Sums over the lanes of HARMONICS vectors, one pair's part of arrays [entry][CHUNK]. */
static void sum_lanes(real *to, const vector *sums)
{
    for (int64_t entry = 0; entry < HARMONICS; entry += PAIRS * GROUP) {
        vector folded[PAIRS];
        real found[PAIRS * VECTOR];
        for (int k = 0; k < PAIRS; ++k)
            folded[k] = fold(sums + entry + k * GROUP);
        fold_blocks(found, folded);
        for (int64_t k = 0; k < PAIRS * GROUP && entry + k < HARMONICS; ++k)
            to[(entry + k) * CHUNK] = found[k];
    }
}

/* Sums over the pairs of every receiver, which `add` adds up for those that stand side by side in a chunk. */
static int walk_rows(const struct lists *l, int64_t begin, int64_t end, const real *const *in, real *out,
                     const real *u_vectors,
                     void (*add)(real *, const struct chunk *, int64_t, int64_t, int64_t))
{
    const int64_t stop = l->row_pointer[end], size = ROWS * l->features;
    struct chunk chunk;
    struct block block;
    int64_t cleared = begin, atom = begin;
    int status = make_block(&block, stop - l->row_pointer[begin], 0, 1, 0);
    if (status)
        return status;
    for (int64_t position = l->row_pointer[begin]; position < stop; position += block.count) {
        if ((status = open_rows(&block, l, position, stop, atom)))
            break;
        atom = block.receiver[block.count - 1];
        for (int64_t at = 0; at < block.count; at += chunk.count) {
            open_chunk(&chunk, &block, NULL, at);
            open_matrices(&chunk, in[0], u_vectors);
            open_arrays(&chunk, in, u_vectors != NULL, l->features);
            for (int64_t lane = 0, next; lane < chunk.count; lane = next) {
                next = same_owner(chunk.receiver, lane, chunk.count, STREAMS);
                clear_until(out, &cleared, chunk.receiver[lane], size);
                add(out + chunk.receiver[lane] * size, &chunk, lane, next, l->features);
            }
        }
    }
    clear_until(out, &cleared, end - 1, size);
    close_block(&block);
    return status;
}

/* in: vectors, weights, features; out: sums (atoms, ROWS, channels). */
static int pass_value(const struct lists *l, int64_t begin, int64_t end, const real *const *in, real *const *out)
{
    return walk_rows(l, begin, end, in, out[0], NULL, add_value);
}

/* in: vectors, weights, features, and the change of each; out: the change of the sums. */
static int pass_jvp(const struct lists *l, int64_t begin, int64_t end, const real *const *in, real *const *out)
{
    return walk_rows(l, begin, end, in, out[0], in[3], add_jvp);
}

/* Gradients, pair by pair, of the receivers from `begin` on: by vectors and weights, either of which may be absent, and
 * by features, to which they add. */
static int walk_pairs(const struct lists *l, int64_t begin, int64_t end, const real *const *in, real *vectors_bar,
                      real *weights_bar, real *features_bar, const int along)
{
    const int64_t stop = l->row_pointer[end], size = WEIGHT_ROWS * l->features, rows = SOURCE_ROWS * l->features;
    struct chunk chunk;
    struct block block;
    int64_t atom = begin;
    int status = make_block(&block, stop - l->row_pointer[begin], 0, 1, size + rows);
    if (status)
        return status;
    /* Where gradients that nobody wants go; not what was left there, which may be slow to add to. */
    memset(block.extra, 0, (size_t)(size + rows) * sizeof(real));
    for (int64_t position = l->row_pointer[begin]; position < stop; position += block.count) {
        if ((status = open_rows(&block, l, position, stop, atom)))
            break;
        atom = block.receiver[block.count - 1];
        for (int64_t at = 0; at < block.count; at += chunk.count) {
            open_chunk(&chunk, &block, NULL, at);
            open_matrices(&chunk, in[0], along ? in[4] : NULL);
            for (int64_t lane = 0; lane < chunk.count; ++lane) {
                real *bar = weights_bar ? weights_bar + chunk.pair[lane] * size : block.extra;
                real *x_bar = features_bar ? features_bar + chunk.source[lane] * rows : block.extra + size;
                vector first[PADDED] = {0}, second[PADDED] = {0};
                if (along) {
                    pair_second(&chunk, lane, in, bar, x_bar, l->features, first, second);
                    sum_lanes(chunk.second + lane, second);
                } else
                    pair_vjp(&chunk, lane, in, bar, x_bar, l->features, first, second);
                sum_lanes(chunk.first + lane, first);
            }
            if (!vectors_bar)
                continue;
            for (int64_t entry = 0; entry < HARMONICS; ++entry)
                for (int64_t lane = chunk.count; lane < CHUNK; ++lane)
                    chunk.first[entry * CHUNK + lane] = chunk.second[entry * CHUNK + lane] = 0;
            if (along)
                geometry_second(chunk.result, chunk.unit, chunk.inverse, chunk.unit_along, chunk.u, chunk.first,
                                chunk.second);
            else
                geometry_vjp(chunk.result, chunk.unit, chunk.inverse, chunk.first);
            scatter_vectors(vectors_bar, chunk.result, &chunk);
        }
    }
    close_block(&block);
    return status;
}

/* All gradients. Of `count` parts of the receivers, as many as there are threads are walked at once, each with sums of
 * its own by features, which are then added in the order of the parts. */
static int gradients(const struct lists *l, const real *const *in, real *vectors_bar, real *weights_bar,
                     real *features_bar, const int along, int threads)
{
    const int64_t size = l->sources * SOURCE_ROWS * l->features;
    const int64_t wanted = l->pairs / PART_PAIRS, count = wanted < 1 ? 1 : wanted < PARTS ? wanted : PARTS;
    const int64_t at_once = threads < 1 ? 1 : threads < count ? threads : count;
    if (features_bar)
        memset(features_bar, 0, (size_t)size * sizeof(real));
    if (count == 1)
        return walk_pairs(l, 0, l->atoms, in, vectors_bar, weights_bar, features_bar, along);
    real *sums = features_bar ? scratch((size_t)(at_once * size) * sizeof(real)) : NULL;
    if (features_bar && !sums)
        return NO_MEMORY;
    int status = FINE;
    for (int64_t first = 0; first < count; first += at_once) {
        const int64_t now = count - first < at_once ? count - first : at_once;
#pragma omp parallel for num_threads((int)now) if (now > 1) schedule(static, 1) reduction(max : status)
        for (int64_t part = first; part < first + now; ++part) {
            const int64_t begin = part ? owner_at(l->row_pointer, l->atoms, l->pairs * part / count) : 0;
            const int64_t end = part + 1 < count ? owner_at(l->row_pointer, l->atoms, l->pairs * (part + 1) / count) : l->atoms;
            real *own = sums ? sums + (part - first) * size : NULL;
            if (own)
                memset(own, 0, (size_t)size * sizeof(real));
            const int found = walk_pairs(l, begin, end, in, vectors_bar, weights_bar, own, along);
            status = found > status ? found : status;
        }
        if (!sums || status)
            continue;
#pragma omp parallel for num_threads((int)at_once) if (at_once > 1) schedule(static)
        for (int64_t source = 0; source < l->sources; ++source)
            for (int64_t part = 0; part < now; ++part) {
                const real *from = sums + part * size + source * SOURCE_ROWS * l->features;
                real *to = features_bar + source * SOURCE_ROWS * l->features;
                for (int64_t k = 0; k < SOURCE_ROWS * l->features; ++k)
                    to[k] += from[k];
            }
    }
    free(sums);
    return status;
}

static int refused(const struct lists *l)
{
    if (l->row_pointer[0] != 0 || l->row_pointer[l->atoms] != l->pairs)
        return BAD_POINTER;
    for (int64_t atom = 0; atom < l->atoms; ++atom)
        if (l->row_pointer[atom] > l->row_pointer[atom + 1])
            return BAD_POINTER;
    return FINE;
}

static struct lists lists_of(const int64_t *sizes, const int64_t *const *arrays)
{
    return (struct lists){arrays[0], arrays[1], arrays[2], arrays[3], arrays[4],
                          sizes[0], sizes[1], sizes[2], sizes[3], sizes[4]};
}

int invgen_value(const int64_t *sizes, const int64_t *const *lists, const real *const *in, real *const *out, int threads)
{
    return run(pass_value, 0, sizes, lists, in, out, threads);
}

int invgen_jvp(const int64_t *sizes, const int64_t *const *lists, const real *const *in, real *const *out, int threads)
{
    return run(pass_jvp, 0, sizes, lists, in, out, threads);
}

/* in: vectors, weights, features, bar of the sums; out: bars of the first three, each of which may be absent. */
int invgen_vjp(const int64_t *sizes, const int64_t *const *lists, const real *const *in, real *const *out, int threads)
{
    const struct lists l = lists_of(sizes, lists);
    const int status = refused(&l);
    return status ? status : gradients(&l, in, out[0], out[1], out[2], 0, threads);
}

/* in: vectors, weights, features, bar of the sums, u of the first three; out: gradients by vectors, weights, features and
 * bar of the inner product of u and the vjp. */
int invgen_vjp_of_vjp(const int64_t *sizes, const int64_t *const *lists, const real *const *in, real *const *out,
                      int threads)
{
    const struct lists l = lists_of(sizes, lists);
    const real *const changes[6] = {in[0], in[1], in[2], in[4], in[5], in[6]};
    int status = refused(&l);
    if (!status)
        status = gradients(&l, in, out[0], out[1], out[2], 1, threads);
    return status ? status : run(pass_jvp, 0, sizes, lists, changes, out + 3, threads);
}
