/* Gradients by features, and by tables, are summed over so many parts of the receivers at most, and then over the parts
 * in their order, so that the number of threads changes no bit. A part has this many pairs at least. */
#define PARTS 16
#define PART_PAIRS 1024

/* The sums of parts, which stand one after the other, to what stands at `to`. */
static void add_parts(real *to, const real *sums, int64_t size, int64_t stride, int64_t parts, int threads)
{
    const int64_t step = 4096;
#pragma omp parallel for num_threads(threads) if (threads > 1) schedule(static)
    for (int64_t begin = 0; begin < size; begin += step)
        for (int64_t part = 0; part < parts; ++part) {
            const int64_t end = begin + step < size ? begin + step : size;
            for (int64_t k = begin; k < end; ++k)
                to[k] += sums[part * stride + k];
        }
}

/* All gradients. Of `count` parts of the receivers, as many as there are threads are walked at once, each with sums of
 * its own, which are then added in the order of the parts. */
static int gradients(const struct call *call, const real *const *in, real *vectors_bar, real *weights_bar,
                     real *features_bar, const int along, int threads)
{
    const struct lists *l = &call->lists;
    const int64_t by_features = features_bar ? l->sources * SOURCE_ROWS * l->features : 0;
    const int64_t by_weights = weights_bar ? SUMMED_WEIGHTS(call) : 0, size = by_features + by_weights;
    const int64_t wanted = l->pairs / PART_PAIRS_OF(call), count = wanted < 1 ? 1 : wanted < PARTS ? wanted : PARTS;
    const int64_t at_once = threads < 1 ? 1 : threads < count ? threads : count;
    if (by_features)
        memset(features_bar, 0, (size_t)by_features * sizeof(real));
    if (by_weights)
        memset(weights_bar, 0, (size_t)by_weights * sizeof(real));
    if (count == 1)
        return walk_pairs(call, 0, l->atoms, in, vectors_bar, weights_bar, features_bar, along);
    real *sums = size ? scratch((size_t)(at_once * size) * sizeof(real)) : NULL;
    if (size && !sums)
        return NO_MEMORY;
    int status = FINE;
    for (int64_t first = 0; first < count && !status; first += at_once) {
        const int64_t now = count - first < at_once ? count - first : at_once;
#pragma omp parallel for num_threads((int)now) if (now > 1) schedule(static, 1) reduction(max : status)
        for (int64_t part = first; part < first + now; ++part) {
            const int64_t begin = part ? owner_at(l->row_pointer, l->atoms, l->pairs * part / count) : 0;
            const int64_t end = part + 1 < count ? owner_at(l->row_pointer, l->atoms, l->pairs * (part + 1) / count) : l->atoms;
            real *own = size ? sums + (part - first) * size : NULL;
            if (size)
                memset(own, 0, (size_t)size * sizeof(real));
            const int found = walk_pairs(call, begin, end, in, vectors_bar, by_weights ? own + by_features : weights_bar,
                                         by_features ? own : NULL, along);
            status = found > status ? found : status;
        }
        if (by_features)
            add_parts(features_bar, sums, by_features, size, now, (int)at_once);
        if (by_weights)
            add_parts(weights_bar, sums + by_features, by_weights, size, now, (int)at_once);
    }
    free(sums);
    return status;
}
