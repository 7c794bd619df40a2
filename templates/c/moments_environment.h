/* The weights of a pair are its radial values. Pairs of one receiver are taken together, at most MOST at a time. */
#define MOST 256
#define VJP_IN_ONE_WALK

/* Where the features of the sources of some pairs stand. */
static int point(const real **terms, const struct lists *l, int64_t first, int64_t count, const real *features)
{
    for (int64_t k = 0; k < count; ++k) {
        const int64_t source = l->index[first + k];
        if (source < 0 || source >= l->sources)
            return BAD_INDEX;
        terms[k] = features + source * l->features;
    }
    return FINE;
}

static int64_t at_most(int64_t count)
{
    return count < MOST ? count : MOST;
}

/* sums of receivers = sum over pairs of weights[k] times features[k], for `each` k. */
static int sum_rows(const struct lists *l, int64_t begin, int64_t end, const real *const *weights,
                    const real *const *features, int each, real *out)
{
    const int64_t width = l->features, radial = l->radial, size = radial * width;
    const int how = stream_or(FRESH, out, l->atoms * size, width);
    const real *terms[MOST];
    int status = FINE;
    for (int64_t atom = begin; atom < end && !status; ++atom) {
        const int64_t first = l->row_pointer[atom], stop = l->row_pointer[atom + 1];
        real *sums = out + atom * size;
        if (first == stop)
            memset(sums, 0, (size_t)size * sizeof(real));
        for (int64_t pair = first, count; pair < stop && !status; pair += count) {
            count = at_most(stop - pair);
            for (int k = 0; k < each && !(status = point(terms, l, pair, count, features[k])); ++k)
                accumulate(sums, radial, width, weights[k] + pair * radial, 1, radial, terms, count,
                           pair > first || k ? MORE : each == 1 && count == stop - first ? how : FRESH);
        }
    }
    if (how == STREAMED)
        end_stream();
    return status;
}

/* in: -, radial, features; out: moments (atoms, radial, features). */
static int pass_value(const struct lists *l, int64_t begin, int64_t end, const real *const *in, real *const *out)
{
    return sum_rows(l, begin, end, in + 1, in + 2, 1, out[0]);
}

/* in: -, radial, features, their changes; out: the change of the moments. */
static int pass_jvp(const struct lists *l, int64_t begin, int64_t end, const real *const *in, real *const *out)
{
    const real *weights[2] = {in[4], in[1]}, *features[2] = {in[2], in[5]};
    return sum_rows(l, begin, end, weights, features, 2, out[0]);
}

/* Inner products of bars of receivers with features go to `radial_bar`; where `features_bar` is there, messages go to
 * their sources, in the order of the pairs: then this runs over all receivers in one thread. */
static int back_rows(const struct lists *l, int64_t begin, int64_t end, const real *radial, const real *features,
                     const real *bar, real *radial_bar, real *features_bar)
{
    const int64_t width = l->features, rows = l->radial;
    const real *terms[MOST];
    real *message = NULL;
    int status = FINE;
    if (features_bar) {
        if (!(message = scratch((size_t)(PAIRS * width) * sizeof(real))))
            return NO_MEMORY;
        memset(features_bar, 0, (size_t)(l->sources * width) * sizeof(real));
    }
    for (int64_t atom = begin; atom < end && !status; ++atom) {
        const real *here = bar + atom * rows * width;
        for (int64_t pair = l->row_pointer[atom], stop = l->row_pointer[atom + 1], count; pair < stop; pair += count) {
            count = at_most(stop - pair);
            if ((status = point(terms, l, pair, count, features)))
                break;
            for (int64_t k = 0, some; k < count; k += some) {
                some = count - k < PAIRS ? count - k : PAIRS;
                real *products[PAIRS], *messages[PAIRS];
                const real *weights[PAIRS];
                for (int64_t j = 0; j < some; ++j) {
                    products[j] = radial_bar + (pair + k + j) * rows;
                    weights[j] = radial + (pair + k + j) * rows;
                    messages[j] = message + j * width;
                }
                dots(products, 1, here, rows, width, terms + k, 0, some);
                if (features_bar) {
                    combine(messages, here, rows, width, weights, 1, 0, some);
                    for (int64_t j = 0; j < some; ++j)
                        add(features_bar + l->index[pair + k + j] * width, messages[j], width);
                }
            }
        }
    }
    free(message);
    return status;
}

/* in: -, radial, features, bar of the moments; out: -, bar of radial. */
static int pass_vjp_rows(const struct lists *l, int64_t begin, int64_t end, const real *const *in, real *const *out)
{
    return back_rows(l, begin, end, NULL, in[2], in[3], out[1], NULL);
}

/* The sums of sources: of bars of receivers times `radial`. */
static int back_columns(const struct lists *l, int64_t begin, int64_t end, const real *radial, const real *bar, real *out)
{
    const int64_t width = l->features, rows = l->radial, stop = l->column_pointer[end];
    struct chunk chunk;
    struct block block;
    const real *terms[CHUNK], one = 1;
    int64_t owner = begin, cleared = begin;
    int status = make_block(&block, stop - l->column_pointer[begin], width, 1, 0);
    if (status)
        return status;
    for (int64_t position = l->column_pointer[begin]; position < stop; position += block.count) {
        if ((status = open_columns(&block, l, position, stop, owner)))
            break;
        owner = block.source[block.count - 1];
        sort_block(&block, block.receiver);
        for (int64_t at = 0; at < block.count; at += chunk.count) {
            open_chunk(&chunk, &block, block.order, at);
            send(&chunk, chunk.receiver, bar, rows, width, radial, 1, rows, 1, block.messages, 0);
        }
        for (int64_t at = 0; at < block.count; at += chunk.count) {
            open_chunk(&chunk, &block, NULL, at);
            messages_of(terms, 1, &chunk, block.messages, width);
            add_up(&chunk, chunk.source, out, 1, width, &one, 0, 0, terms, 1, &cleared);
        }
    }
    clear_until(out, &cleared, end - 1, width);
    close_block(&block);
    return status;
}

/* in: -, radial, features, bar of the moments; out: bar of the features. */
static int pass_vjp_columns(const struct lists *l, int64_t begin, int64_t end, const real *const *in, real *const *out)
{
    return back_columns(l, begin, end, in[1], in[3], out[0]);
}

/* in: -, radial, features, bar of the moments, u of -, radial, features; out: -, gradients by radial and bar of the
 * inner product of u and the vjp. */
static int pass_second_rows(const struct lists *l, int64_t begin, int64_t end, const real *const *in, real *const *out)
{
    const real *along[6] = {in[0], in[1], in[2], in[4], in[5], in[6]};
    const int status = back_rows(l, begin, end, NULL, in[6], in[3], out[1], NULL);
    return status ? status : pass_jvp(l, begin, end, along, out + 2);
}

/* in: as above; out: the gradient by the features. */
static int pass_second_columns(const struct lists *l, int64_t begin, int64_t end, const real *const *in, real *const *out)
{
    return back_columns(l, begin, end, in[5], in[3], out[0]);
}

/* Both halves of the vjp: one walk over the receivers where one thread does it. */
static int pass_vjp(const struct lists *l, int64_t begin, int64_t end, const real *const *in, real *const *out)
{
    return back_rows(l, begin, end, in[1], in[2], in[3], out[1], out[2]);
}
