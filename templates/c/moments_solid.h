/* Solid harmonics of a chunk of pairs; arrays are [component][CHUNK]. `unit` is the vector itself. */
static void geometry(real *restrict unit, real *restrict inverse, real *restrict harmonics, const real *restrict r)
{
    (void)inverse;
    memcpy(unit, r, 3 * CHUNK * sizeof(real));
    harmonics_value(unit, harmonics);
}

/* Along the change u of r. */
static void geometry_along(real *restrict unit_along, real *restrict harmonics_along, const real *restrict unit,
                           const real *restrict inverse, const real *restrict u)
{
    (void)inverse;
    memcpy(unit_along, u, 3 * CHUNK * sizeof(real));
    harmonics_jvp(unit, unit_along, harmonics_along);
}

/* The gradient by r of <harmonics_bar, harmonics>. */
static void geometry_vjp(real *restrict r_bar, const real *restrict unit, const real *restrict inverse,
                         const real *restrict harmonics_bar)
{
    (void)inverse;
    harmonics_vjp(unit, harmonics_bar, r_bar);
}

/* The gradient by r of <first, harmonics along u> + <second, harmonics>. */
static void geometry_second(real *restrict r_grad, const real *restrict unit, const real *restrict inverse,
                            const real *restrict unit_along, const real *restrict u, const real *restrict first,
                            const real *restrict second)
{
    real straight[3 * CHUNK];
    (void)inverse;
    (void)u;
    harmonics_vjp(unit, second, straight);
    harmonics_bend(unit, first, unit_along, r_grad);
    for (ptrdiff_t k = 0; k < 3 * CHUNK; ++k)
        r_grad[k] += straight[k];
}
