/* The moments of one component of a field at (x, y, z), x in 0..sizes[0] - 1 and so on.
 *
 * field: (sizes[0] + 2 reach[0], sizes[1] + 2 reach[1], width), padded; `width` is a multiple of LANES, and at least
 * sizes[2] rounded up to LANES plus 2 reach[2].
 * orders: how many functions each axis has, 1 or ORDER + 1.
 * places[a][b][c]: the component that a moment is stored as, or -1; factors[a][b][c]: what it is multiplied by.
 * out: (sizes[0], sizes[1], components, sizes[2]). Returns 0, or 1 where there is no memory.
 */
static ptrdiff_t whole_lanes(ptrdiff_t length)
{
    return (length + LANES - 1) / LANES * LANES;
}

static ptrdiff_t fewer(ptrdiff_t a, ptrdiff_t b)
{
    return a < b ? a : b;
}

/* The sums along z of one line of sums along x and y, stored by component. */
static void store_line(const real *line, const real *rows, ptrdiff_t reach, ptrdiff_t count, ptrdiff_t size, real *scratch,
                       const int64_t *places, const real *factors, real *out)
{
    const ptrdiff_t apart = whole_lanes(size);
    sums_of[count - 1](line + reach, 1, rows, reach, scratch, apart, apart);
    for (ptrdiff_t c = 0; c < count; ++c) {
        if (places[c] < 0)
            continue;
        real *to = out + places[c] * size;
        const real *from = scratch + c * apart, factor = factors[c];
        for (ptrdiff_t z = 0; z < size; ++z)
            to[z] = factor * from[z];
    }
}

int64_t invgen_slab(const real *field, int64_t width, const int64_t *sizes, const int64_t *reach, const int64_t *orders,
                    const real *x_rows, const real *y_rows, const real *z_rows, const int64_t *places, const real *factors,
                    int64_t components, real *out, int threads)
{
    const ptrdiff_t lines = sizes[1] + 2 * reach[1], plane = lines * width, side = ORDER + 1;
    int failed = 0;
#pragma omp parallel num_threads(threads)
    {
        real *planes = malloc((size_t)(orders[0] * plane + side * width + side * whole_lanes(sizes[2])) * sizeof(real));
        if (planes == NULL) {
#pragma omp atomic write
            failed = 1;
        }
#pragma omp for schedule(static)
        for (ptrdiff_t x = 0; x < sizes[0]; ++x) {
            if (planes == NULL)
                continue;
            real *const along_y = planes + orders[0] * plane, *const scratch = along_y + side * width;
            sums_of[orders[0] - 1](field + (x + reach[0]) * plane, plane, x_rows, reach[0], planes, plane, plane);
            for (ptrdiff_t y = 0; y < sizes[1]; ++y) {
                real *to = out + (x * sizes[1] + y) * components * sizes[2];
                for (ptrdiff_t a = 0; a < orders[0]; ++a) {
                    const ptrdiff_t wide = fewer(orders[1], side - a);
                    const real *centre = planes + a * plane + (y + reach[1]) * width;
                    sums_of[wide - 1](centre, width, y_rows, reach[1], along_y, width, width);
                    for (ptrdiff_t b = 0; b < wide; ++b) {
                        const ptrdiff_t first = (a * side + b) * side, count = fewer(orders[2], side - a - b);
                        store_line(along_y + b * width, z_rows, reach[2], count, sizes[2], scratch, places + first,
                                   factors + first, to);
                    }
                }
            }
        }
        free(planes);
    }
    return failed;
}
