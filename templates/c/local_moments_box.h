/* What a kernel of invariants does with (samples, components, channels). */
typedef void invariants(const real *, real *, int64_t, int64_t, int);

/* A field of (X, Y, Z, values at a voxel) and the voxels whose moments are wanted. */
typedef struct {
    const real *field;
    const int64_t *sizes;
    int64_t boundary;
    const int64_t *begin, *end; /* the box */
    const int64_t *reach, *steps; /* how many voxels a window takes to each side, and how far apart they are */
    const int64_t *orders;      /* how many functions each axis has, 1 or SIDE */
    const real *const *weights; /* of each axis, (reach + 1, SIDE) */
    const int64_t *places;      /* which moment [a][b][c] is */
    const real *factors;        /* what it is multiplied by */
    int64_t moments;
    invariants *value;          /* NULL if moments are the result */
    int64_t rows;               /* numbers of the result at a voxel */
    real *out;                  /* (x, y, row, z) of the box */
    ptrdiff_t low, high;        /* the voxels of a line that the window reaches */
    ptrdiff_t from, to;         /* those of them that the field has and that are summed along x and y */
    ptrdiff_t columns, width;   /* how many numbers these are, and room for them */
    ptrdiff_t wide;             /* room for a line with what the window reaches beyond the field */
    ptrdiff_t planes;           /* of x that are made together: they share the lines that they read */
} box;

/* The memory of a thread. */
typedef struct {
    real *near;         /* [x][width]: a line y of the planes that the window reaches */
    real *ring;         /* [plane][function of x][line][width]: sums along x */
    real *along_y;      /* [function of y][width]: sums of several values at a voxel */
    real *padded;       /* [function of y][wide]: lines with what the window reaches beyond them */
    real *narrow;       /* [line][SHORTEST]: copies of lines that are too short for a pass, and its results */
    real *moments;      /* of one line, if invariants are made of them */
    real *ones;         /* [SIDE] */
    const real **lines; /* of a pass, from the lowest offset to the highest */
    const real **along_z; /* [function of y][offset]: places in padded */
} room;

enum { LINE = 64 / sizeof(real) };

static ptrdiff_t whole_lines(ptrdiff_t length)
{
    return (length + LINE - 1) / LINE * LINE;
}

/* Room for a row of a table: an odd number of cache lines, so that entries of a column fall into different sets. */
static ptrdiff_t odd_lines(ptrdiff_t length)
{
    const ptrdiff_t lines = (length + LINE - 1) / LINE;
    return (lines + 1 - lines % 2) * LINE;
}

static ptrdiff_t across(const box *b, int axis)
{
    return 2 * b->reach[axis] + 1;
}

/* How far the window reaches. */
static ptrdiff_t margin(const box *b, int axis)
{
    return b->reach[axis] * b->steps[axis];
}

static ptrdiff_t extent(const box *b, int axis)
{
    return b->end[axis] - b->begin[axis];
}

/* Parts of one block of memory; with `base` NULL only their size is counted, in numbers. */
static ptrdiff_t furnish(const box *b, real *base, room *r)
{
    const ptrdiff_t longest = more(across(b, 0), more(across(b, 1), across(b, 2)));
    const ptrdiff_t sizes[] = {
        (b->planes + 2 * margin(b, 0)) * b->width,
        b->planes * b->orders[0] * across(b, 1) * b->width,
        SIDE * b->width,
        SIDE * b->wide,
        (longest + SIDE) * SHORTEST,
        b->value ? whole_lines(b->moments * b->sizes[3] * extent(b, 2)) : 0,
        whole_lines(SIDE),
    };
    real **const parts[] = {&r->near, &r->ring, &r->along_y, &r->padded, &r->narrow, &r->moments, &r->ones};
    ptrdiff_t used = 0;
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; ++k) {
        if (base)
            *parts[k] = base + used;
        used += sizes[k];
    }
    return used;
}

/* A pass over lines of any length. */
static void pass(const box *b, room *r, int axis, ptrdiff_t count, const real **lines, real *const *to,
                 const real *factors, ptrdiff_t length)
{
    const ptrdiff_t reach = b->reach[axis];
    if (length >= SHORTEST) {
        sums_of[count - 1](lines + reach, b->weights[axis], reach, to, factors, length);
        return;
    }
    real *targets[SIDE], *const results = r->narrow + across(b, axis) * SHORTEST;
    for (ptrdiff_t j = 0; j < across(b, axis); ++j) {
        memcpy(r->narrow + j * SHORTEST, lines[j], (size_t)length * sizeof(real));
        r->lines[j] = r->narrow + j * SHORTEST;
    }
    for (ptrdiff_t k = 0; k < count; ++k)
        targets[k] = results + k * SHORTEST;
    sums_of[count - 1](r->lines + reach, b->weights[axis], reach, targets, factors, SHORTEST);
    for (ptrdiff_t k = 0; k < count; ++k)
        memcpy(to[k], targets[k], (size_t)length * sizeof(real));
}

static real *ring_line(const box *b, const room *r, ptrdiff_t plane, ptrdiff_t a, ptrdiff_t turn)
{
    return r->ring + ((plane * b->orders[0] + a) * across(b, 1) + turn % across(b, 1)) * b->width;
}

/* The sums along x of the line y of the planes from x on.
 *
 * The lines are copied first: in the field they are often a power of two apart, and then few fit into a cache.
 */
static void pass_x(const box *b, room *r, ptrdiff_t x, ptrdiff_t planes, ptrdiff_t y, ptrdiff_t turn)
{
    const ptrdiff_t row = inside(y, b->sizes[1], b->boundary);
    const size_t bytes = (size_t)b->columns * sizeof(real);
    real *to[SIDE];
    for (ptrdiff_t k = 0; row >= 0 && k < planes + 2 * margin(b, 0); ++k) {
        if (k % b->steps[0] >= planes)
            continue; /* between those that windows take */
        const ptrdiff_t from = inside(x - margin(b, 0) + k, b->sizes[0], b->boundary);
        const ptrdiff_t line = ((from * b->sizes[1] + row) * b->sizes[2] + b->from) * b->sizes[3];
        if (from < 0)
            memset(r->near + k * b->width, 0, bytes);
        else
            memcpy(r->near + k * b->width, b->field + line, bytes);
    }
    for (ptrdiff_t plane = 0; plane < planes; ++plane) {
        for (ptrdiff_t a = 0; a < b->orders[0]; ++a)
            to[a] = ring_line(b, r, plane, a, turn);
        for (ptrdiff_t a = 0; row < 0 && a < b->orders[0]; ++a)
            memset(to[a], 0, bytes);
        for (ptrdiff_t j = 0; j < across(b, 0); ++j)
            r->lines[j] = r->near + (plane + j * b->steps[0]) * b->width;
        if (row >= 0)
            pass(b, r, 0, b->orders[0], r->lines, to, r->ones, b->columns);
    }
}

/* What the window reaches of a line beyond the field; where that is zero, it stays as it is. */
static void extend(const box *b, real *line)
{
    if (b->boundary == ZERO)
        return;
    for (ptrdiff_t z = b->low; z < b->from; ++z)
        line[z - b->low] = line[inside(z, b->sizes[2], b->boundary) - b->low];
    for (ptrdiff_t z = b->to; z < b->high; ++z)
        line[z - b->low] = line[inside(z, b->sizes[2], b->boundary) - b->low];
}

/* The sums along z of padded line k, which is extended first. */
static void pass_z(const box *b, room *r, ptrdiff_t k, ptrdiff_t value, ptrdiff_t first, ptrdiff_t count, real *out)
{
    const ptrdiff_t size = extent(b, 2);
    real *to[SIDE];
    extend(b, r->padded + k * b->wide);
    for (ptrdiff_t c = 0; c < count; ++c)
        to[c] = out + (b->places[first + c] * b->sizes[3] + value) * size;
    pass(b, r, 2, count, r->along_z + k * across(b, 2), to, b->factors + first, size);
}

/* The results of one line, of whose surroundings the sums along x are in the ring. */
static void finish_line(const box *b, room *r, ptrdiff_t plane, ptrdiff_t oldest, real *out)
{
    const ptrdiff_t values = b->sizes[3];
    real *const moments = b->value ? r->moments : out, *to[SIDE];
    for (ptrdiff_t k = 0; k < SIDE; ++k)
        to[k] = values == 1 ? r->padded + k * b->wide + b->from - b->low : r->along_y + k * b->width;
    for (ptrdiff_t a = 0; a < b->orders[0]; ++a) {
        const ptrdiff_t count = fewer(b->orders[1], SIDE - a);
        for (ptrdiff_t j = 0; j < across(b, 1); ++j)
            r->lines[j] = ring_line(b, r, plane, a, oldest + j);
        pass(b, r, 1, count, r->lines, to, r->ones, b->columns);
        for (ptrdiff_t k = 0; k < count; ++k)
            for (ptrdiff_t value = 0; value < values; ++value) {
                real *const line = r->padded + k * b->wide;
                for (ptrdiff_t z = b->from; values > 1 && z < b->to; ++z)
                    line[z - b->low] = to[k][(z - b->from) * values + value];
                pass_z(b, r, k, value, (a * SIDE + k) * SIDE, fewer(b->orders[2], SIDE - a - k), moments);
            }
    }
    if (b->value)
        b->value(moments, out, 1, extent(b, 2), 1);
}

/* The results of the planes from x on, up to `planes` of them, and of the lines from y to `stop`, `step` apart. */
static void finish_lines(const box *b, room *r, ptrdiff_t x, ptrdiff_t planes, ptrdiff_t y, ptrdiff_t stop,
                         ptrdiff_t step)
{
    const ptrdiff_t before = across(b, 1) - 1, size = b->rows * extent(b, 2);
    for (ptrdiff_t turn = 0; y + (turn - before) * step < stop; ++turn) {
        pass_x(b, r, x, planes, y - margin(b, 1) + turn * step, turn);
        for (ptrdiff_t plane = 0; turn >= before && plane < planes; ++plane) {
            const ptrdiff_t line = y + (turn - before) * step - b->begin[1];
            real *const out = b->out + ((x + plane - b->begin[0]) * extent(b, 1) + line) * size;
            finish_line(b, r, plane, turn - before, out);
        }
    }
}

/* Planes that share what they read: as many as keep their rings in the second cache and leave all threads work. */
static ptrdiff_t planes_of(const box *b, int threads)
{
    enum { SECOND_CACHE = 1 << 18, MOST = 4 };
    const ptrdiff_t bytes = b->orders[0] * across(b, 1) * b->width * (ptrdiff_t)sizeof(real);
    const ptrdiff_t fit = SECOND_CACHE / bytes, share = extent(b, 0) / (2 * more(threads, 1));
    return more(1, fewer(MOST, fewer(fit, share)));
}

/* The results at the voxels of the box `begin`..`end`, which may go beyond the field's faces.
 *
 * Returns 0, or 1 where there is no memory.
 */
int64_t invgen_box(const real *field, const int64_t *sizes, int64_t boundary, const int64_t *begin, const int64_t *end,
                   const int64_t *reach, const int64_t *steps, const int64_t *orders, const real *x_weights,
                   const real *y_weights, const real *z_weights, const int64_t *places, const real *factors,
                   int64_t moments, void *value, int64_t rows, real *out, int threads)
{
    const real *const weights[] = {x_weights, y_weights, z_weights};
    box b = {.field = field, .sizes = sizes, .boundary = boundary, .begin = begin, .end = end, .reach = reach,
             .steps = steps, .orders = orders, .weights = weights, .places = places, .factors = factors,
             .moments = moments, .value = (invariants *)value, .rows = rows, .out = out};
    b.low = begin[2] - margin(&b, 2);
    b.high = end[2] + margin(&b, 2);
    if (boundary == WRAP && (b.low < 0 || b.high > sizes[2])) {
        b.low = fewer(b.low, 0);
        b.high = more(b.high, sizes[2]);
    }
    b.from = more(0, b.low);
    b.to = fewer(sizes[2], b.high);
    b.columns = (b.to - b.from) * sizes[3];
    b.width = odd_lines(more(b.columns, SHORTEST));
    b.wide = odd_lines(b.high - b.low);
    b.planes = planes_of(&b, threads);
    const ptrdiff_t blocks = (extent(&b, 0) + b.planes - 1) / b.planes;
    /* Where there are fewer planes than threads, lines of y are shared out, though each part makes its surroundings. */
    const ptrdiff_t parts = blocks >= threads ? 1 : fewer(extent(&b, 1), threads);
    const ptrdiff_t longest = more(across(&b, 0), more(across(&b, 1), across(&b, 2)));
    int failed = 0;
#pragma omp parallel num_threads(threads)
    {
        room r = {0};
        const size_t numbers = (size_t)furnish(&b, NULL, &r);
        real *const memory = aligned_alloc(64, (numbers * sizeof(real) + 63) / 64 * 64);
        r.lines = malloc((size_t)(longest + SIDE * across(&b, 2)) * sizeof *r.lines);
        const int ready = memory != NULL && r.lines != NULL;
        if (!ready) {
#pragma omp atomic write
            failed = 1;
        } else {
            memset(memory, 0, numbers * sizeof(real));
            furnish(&b, memory, &r);
            for (ptrdiff_t k = 0; k < SIDE; ++k)
                r.ones[k] = 1;
            r.along_z = r.lines + longest;
            for (ptrdiff_t k = 0; k < SIDE; ++k)
                for (ptrdiff_t j = 0; j < across(&b, 2); ++j)
                    r.along_z[k * across(&b, 2) + j] =
                        r.padded + k * b.wide + begin[2] - margin(&b, 2) - b.low + j * steps[2];
        }
#pragma omp for schedule(dynamic)
        for (ptrdiff_t unit = 0; unit < blocks * parts; ++unit) {
            const ptrdiff_t x = begin[0] + unit / parts * b.planes, part = unit % parts, lines = extent(&b, 1);
            const ptrdiff_t from_y = begin[1] + lines * part / parts, stop = begin[1] + lines * (part + 1) / parts;
            /* Windows of lines that are `step` apart have lines in common, others have none. */
            for (ptrdiff_t y = from_y; ready && y < fewer(stop, from_y + steps[1]); ++y)
                finish_lines(&b, &r, x, fewer(b.planes, end[0] - x), y, stop, steps[1]);
        }
        free(memory);
        free(r.lines);
    }
    return failed;
}
