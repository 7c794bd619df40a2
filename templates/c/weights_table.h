/* Weights of a pair are splines of its distance, on INTERVALS equal intervals. A table has for each cubic B-spline a row
 * of coefficients and one of their differences to the next: the sum of the four that matter is the first coefficient and
 * three differences, times sums of B-splines. So slopes come of differences that were rounded as such, and not of
 * coefficients that nearly cancel. Outside of the intervals weights are those at their ends. Of a few pairs at a time the
 * weights are made, and go no further than the first caches. */
#define TABLE_ROWS (2 * (INTERVALS + 3))
#define FIRST_DIFFERENCE 1
#define SECOND_DIFFERENCE 3
#define THIRD_DIFFERENCE 5
#define BAD_KIND 5
/* Sums over parts cost their size each; a part has pairs enough that this does not matter. */
#define PART_PAIRS_OF(call) \
    (4 * TABLE_ROWS * (call)->tables > PART_PAIRS ? 4 * TABLE_ROWS * (call)->tables : PART_PAIRS)
#define WEIGHT_ROOM(pairs, along) ((pairs) * ((along) ? 2 : 1))
#define GRADIENT_ROOM(along) ((along) ? 4 : 2)
#define SUMMED_WEIGHTS(call) ((call)->tables * TABLE_ROWS * WEIGHT_ROWS * (call)->lists.features)
#define KINDS(arrays) (arrays)[5]
#define TABLES(sizes) (sizes)[5]

static int kinds_refused(const struct call *call)
{
    if (call->kinds)
        for (int64_t pair = 0; pair < call->lists.pairs; ++pair)
            if (call->kinds[pair] < 0 || call->kinds[pair] >= call->tables)
                return BAD_KIND;
    return FINE;
}

static void open_weights(struct chunk *chunk, const struct call *call, const real *weights, const real *changes,
                         const int along)
{
    struct radial *radial = &chunk->radial;
    (void)weights;
    (void)changes;
    for (int64_t lane = 0; lane < CHUNK; ++lane) {
        const real x = chunk->r[lane], y = chunk->r[CHUNK + lane], z = chunk->r[2 * CHUNK + lane];
        const real place = ((x * x + y * y + z * z) * chunk->inverse[lane] - FIRST_KNOT) * KNOT_DENSITY;
        /* What is not a number is so afterwards, and has a row for all that. */
        const real inside = place > 0 ? place < INTERVALS ? place : INTERVALS : place <= 0 ? 0 : place;
        const int64_t knot = inside < INTERVALS ? (int64_t)inside : INTERVALS - 1;
        const real t = inside - (real)knot, s = 1 - t;
        const real once = place >= 0 && place <= INTERVALS ? KNOT_DENSITY : 0, twice = once * once;
        const real sixth = (real)1 / 6, half = (real)1 / 2;
        radial->row[lane] = 2 * knot;
        radial->value[lane] = 1 - sixth * s * s * s;
        radial->value[CHUNK + lane] = sixth * (((3 - 2 * t) * t + 3) * t + 1);
        radial->value[2 * CHUNK + lane] = sixth * t * t * t;
        radial->slope[lane] = half * once * s * s;
        radial->slope[CHUNK + lane] = once * ((1 - t) * t + half);
        radial->slope[2 * CHUNK + lane] = half * once * t * t;
        radial->bend[lane] = -twice * s;
        radial->bend[CHUNK + lane] = twice * (1 - 2 * t);
        radial->bend[2 * CHUNK + lane] = twice * t;
        radial->along[lane] = 0;
        if (along)
            for (int k = 0; k < 3; ++k)
                radial->along[lane] += chunk->unit[k * CHUNK + lane] * chunk->u[k * CHUNK + lane];
        radial->by_distance[lane] = radial->by_change[lane] = 0;
    }
    if (call->kinds)
        for (int64_t lane = 0; lane < chunk->count; ++lane)
            radial->row[lane] += call->kinds[chunk->pair[lane]] * TABLE_ROWS;
}

/* Where no number of a table changes, as where forces are trained, changes are not read for every pair. */
static const real *changes_of(const struct call *call, const real *changes)
{
    const int64_t size = SUMMED_WEIGHTS(call);
    for (int64_t k = 0; k < size; ++k)
        if (changes[k] != 0)
            return changes;
    return NULL;
}

static void make_weights(struct chunk *chunk, int64_t begin, int64_t end, const real *weights, const real *changes,
                         const int along, int64_t size, real *room)
{
    const struct radial *radial = &chunk->radial;
    for (int64_t lane = begin; lane < end; ++lane) {
        const real b = radial->value[lane], c = radial->value[CHUNK + lane], d = radial->value[2 * CHUNK + lane];
        const real *restrict t = weights + radial->row[lane] * size, *restrict t1 = t + FIRST_DIFFERENCE * size;
        const real *restrict t2 = t + SECOND_DIFFERENCE * size, *restrict t3 = t + THIRD_DIFFERENCE * size;
        real *restrict w = room + (lane - begin) * size;
        chunk->w[lane] = w;
#pragma omp simd
        for (int64_t k = 0; k < size; ++k)
            w[k] = t[k] + (b * t1[k] + c * t2[k] + d * t3[k]);
        if (!along)
            continue;
        const real moved = radial->along[lane], f = moved * radial->slope[lane], g = moved * radial->slope[CHUNK + lane];
        const real h = moved * radial->slope[2 * CHUNK + lane];
        real *restrict v = room + (end - begin + lane - begin) * size;
        chunk->w_along[lane] = v;
#pragma omp simd
        for (int64_t k = 0; k < size; ++k)
            v[k] = f * t1[k] + g * t2[k] + h * t3[k];
        if (!changes)
            continue;
        const real *restrict u = changes + radial->row[lane] * size, *restrict u1 = u + FIRST_DIFFERENCE * size;
        const real *restrict u2 = u + SECOND_DIFFERENCE * size, *restrict u3 = u + THIRD_DIFFERENCE * size;
#pragma omp simd
        for (int64_t k = 0; k < size; ++k)
            v[k] += u[k] + (b * u1[k] + c * u2[k] + d * u3[k]);
    }
}

static void open_bars(struct chunk *chunk, real *weights_bar, int64_t size, real *room)
{
    (void)weights_bar;
    (void)size;
    for (int64_t lane = 0; lane < chunk->count; ++lane)
        chunk->w_bar[lane] = room;
}

/* From the gradient `bar` by the weights of a pair that by its distance, and what it adds to that by the table. */
static void close_value(struct radial *radial, int64_t lane, const real *table, int64_t size, const real *restrict bar,
                        real *table_bar)
{
    const real *restrict t = table + radial->row[lane] * size, *restrict t1 = t + FIRST_DIFFERENCE * size;
    const real *restrict t2 = t + SECOND_DIFFERENCE * size, *restrict t3 = t + THIRD_DIFFERENCE * size;
    const real f = radial->slope[lane], g = radial->slope[CHUNK + lane], h = radial->slope[2 * CHUNK + lane];
    real sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int64_t k = 0; k < size; ++k)
        sum += bar[k] * (f * t1[k] + g * t2[k] + h * t3[k]);
    radial->by_distance[lane] = sum;
    if (!table_bar)
        return;
    const real b = radial->value[lane], c = radial->value[CHUNK + lane], d = radial->value[2 * CHUNK + lane];
    real *restrict to = table_bar + radial->row[lane] * size, *restrict to1 = to + FIRST_DIFFERENCE * size;
    real *restrict to2 = to + SECOND_DIFFERENCE * size, *restrict to3 = to + THIRD_DIFFERENCE * size;
#pragma omp simd
    for (int64_t k = 0; k < size; ++k) {
        to[k] += bar[k];
        to1[k] += b * bar[k];
        to2[k] += c * bar[k];
        to3[k] += d * bar[k];
    }
}

/* The same where `bar` is the gradient of a change along u, and `plain` that of the value itself; without changes of the
 * table these are absent. */
static void close_along(struct radial *radial, int64_t lane, const real *table, const real *changes, int64_t size,
                        const real *restrict bar, const real *restrict plain, real *table_bar)
{
    const real *restrict t1 = table + (radial->row[lane] + FIRST_DIFFERENCE) * size;
    const real *restrict t2 = table + (radial->row[lane] + SECOND_DIFFERENCE) * size;
    const real *restrict t3 = table + (radial->row[lane] + THIRD_DIFFERENCE) * size;
    const real moved = radial->along[lane];
    const real f = radial->slope[lane], g = radial->slope[CHUNK + lane], h = radial->slope[2 * CHUNK + lane];
    const real p = moved * radial->bend[lane], q = moved * radial->bend[CHUNK + lane];
    const real r = moved * radial->bend[2 * CHUNK + lane];
    real by_distance = 0, by_change = 0;
#pragma omp simd reduction(+ : by_distance, by_change)
    for (int64_t k = 0; k < size; ++k) {
        const real sloped = f * t1[k] + g * t2[k] + h * t3[k], bent = p * t1[k] + q * t2[k] + r * t3[k];
        by_distance += bar[k] * sloped + plain[k] * bent;
        by_change += plain[k] * sloped;
    }
    if (changes) {
        const real *restrict u1 = changes + (radial->row[lane] + FIRST_DIFFERENCE) * size;
        const real *restrict u2 = changes + (radial->row[lane] + SECOND_DIFFERENCE) * size;
        const real *restrict u3 = changes + (radial->row[lane] + THIRD_DIFFERENCE) * size;
#pragma omp simd reduction(+ : by_distance)
        for (int64_t k = 0; k < size; ++k)
            by_distance += plain[k] * (f * u1[k] + g * u2[k] + h * u3[k]);
    }
    radial->by_distance[lane] = by_distance;
    radial->by_change[lane] = by_change;
    if (!table_bar)
        return;
    const real b = radial->value[lane], c = radial->value[CHUNK + lane], d = radial->value[2 * CHUNK + lane];
    real *restrict to = table_bar + radial->row[lane] * size, *restrict to1 = to + FIRST_DIFFERENCE * size;
    real *restrict to2 = to + SECOND_DIFFERENCE * size, *restrict to3 = to + THIRD_DIFFERENCE * size;
#pragma omp simd
    for (int64_t k = 0; k < size; ++k) {
        const real other = moved * plain[k];
        to[k] += bar[k];
        to1[k] += b * bar[k] + f * other;
        to2[k] += c * bar[k] + g * other;
        to3[k] += d * bar[k] + h * other;
    }
}

/* Gradients along u stand beside those of the value itself, by one pair's weights each. */
static void close_weights(struct chunk *chunk, int64_t lane, const real *const *in, int64_t channels, const real *bars,
                          real *weights_bar, const int along)
{
    const int64_t size = WEIGHT_ROWS * channels;
    if (along)
        close_along(&chunk->radial, lane, in[1], in[5], size, bars, bars + size, weights_bar);
    else
        close_value(&chunk->radial, lane, in[1], size, bars, weights_bar);
}

/* Distances change with vectors along the unit vector, and their change along u turns with it. */
static void add_radial(struct chunk *chunk, const int along)
{
    const struct radial *radial = &chunk->radial;
    for (int64_t lane = 0; lane < chunk->count; ++lane)
        for (int k = 0; k < 3; ++k) {
            const real unit = chunk->unit[k * CHUNK + lane];
            real *to = chunk->result + k * CHUNK + lane;
            *to += radial->by_distance[lane] * unit;
            if (along)
                *to += radial->by_change[lane] * chunk->inverse[lane]
                    * (chunk->u[k * CHUNK + lane] - radial->along[lane] * unit);
        }
}
