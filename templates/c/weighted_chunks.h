/* The first sample whose species is none of 0..kinds - 1, or -1. */
int64_t invgen_misplaced(const int64_t *species, int64_t samples, int64_t kinds)
{
    for (int64_t sample = 0; sample < samples; ++sample)
        if (species[sample] < 0 || species[sample] >= kinds)
            return sample;
    return -1;
}

/* Sorts samples by species, keeping their order within each, and cuts each species into chunks.
 *
 * order: (samples), the samples in their new order.
 * begin: (chunks + 1), where chunks begin in `order`; kind: (chunks), their species.
 * chunk_of: (kinds + 1), the first chunk of each species; the last entry, the number of chunks, is returned as well.
 * There are at most samples / CHUNK + kinds chunks. */
int64_t invgen_chunks(const int64_t *species, int64_t samples, int64_t kinds, int64_t *order, int64_t *begin,
                      int64_t *kind, int64_t *chunk_of)
{
    for (int64_t k = 0; k <= kinds; ++k)
        chunk_of[k] = 0;
    for (int64_t sample = 0; sample < samples; ++sample)
        ++chunk_of[species[sample]];
    int64_t first = 0;
    for (int64_t k = 0; k < kinds; ++k) {
        const int64_t count = chunk_of[k];
        chunk_of[k] = first;
        first += count;
    }
    for (int64_t sample = 0; sample < samples; ++sample)
        order[chunk_of[species[sample]]++] = sample;
    int64_t chunks = 0, from = 0;
    for (int64_t k = 0; k < kinds; ++k) {
        const int64_t to = chunk_of[k];
        chunk_of[k] = chunks;
        for (; from < to; from = to - from > CHUNK ? from + CHUNK : to) {
            begin[chunks] = from;
            kind[chunks++] = k;
        }
    }
    begin[chunks] = samples;
    chunk_of[kinds] = chunks;
    return chunks;
}

/* total[k] = the sum of parts[j] over the chunks j of species k, in order and in double precision. */
void invgen_sum(const real *parts, const int64_t *chunk_of, int64_t kinds, int64_t weights, int64_t channels,
                real *total, int threads)
{
    const int64_t size = weights * channels, panels = (size + PANEL - 1) / PANEL;
    (void)threads;
#pragma omp parallel for num_threads(threads) schedule(static) if (threads > 1 && chunk_of[kinds] * size >= 65536)
    for (int64_t unit = 0; unit < kinds * panels; ++unit) {
        const int64_t k = unit / panels, from = unit % panels * PANEL;
        const int64_t width = size - from < PANEL ? size - from : PANEL;
        double sums[PANEL] = {0};
        for (int64_t j = chunk_of[k]; j < chunk_of[k + 1]; ++j)
            for (int64_t c = 0; c < width; ++c)
                sums[c] += parts[j * size + from + c];
        for (int64_t c = 0; c < width; ++c)
            total[k * size + from + c] = (real)sums[c];
    }
}
