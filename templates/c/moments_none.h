/* No directions: the one harmonic is the number one, and nothing depends on the vectors, which are absent. */
static void geometry(real *restrict unit, real *restrict inverse, real *restrict harmonics, const real *restrict r)
{
    (void)unit;
    (void)inverse;
    (void)r;
    for (ptrdiff_t lane = 0; lane < CHUNK; ++lane)
        harmonics[lane] = 1;
}

static void geometry_along(real *restrict unit_along, real *restrict harmonics_along, const real *restrict unit,
                           const real *restrict inverse, const real *restrict u)
{
    (void)unit_along;
    (void)unit;
    (void)inverse;
    (void)u;
    for (ptrdiff_t lane = 0; lane < CHUNK; ++lane)
        harmonics_along[lane] = 0;
}

static void geometry_vjp(real *restrict r_bar, const real *restrict unit, const real *restrict inverse,
                         const real *restrict harmonics_bar)
{
    (void)r_bar;
    (void)unit;
    (void)inverse;
    (void)harmonics_bar;
}

static void geometry_second(real *restrict r_grad, const real *restrict unit, const real *restrict inverse,
                            const real *restrict unit_along, const real *restrict u, const real *restrict first,
                            const real *restrict second)
{
    (void)r_grad;
    (void)unit;
    (void)inverse;
    (void)unit_along;
    (void)u;
    (void)first;
    (void)second;
}
