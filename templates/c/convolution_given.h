/* Harmonics are given, and what is computed from them is linear: the change along u is the value at u, and the
 * gradient of the value is the same everywhere. They are kept where vectors have their directions. */
static void geometry(real *restrict unit, real *restrict inverse, real *restrict harmonics, const real *restrict r)
{
    (void)unit;
    (void)inverse;
    harmonics_value(r, harmonics);
}

static void geometry_along(real *restrict unit_along, real *restrict harmonics_along, const real *restrict unit,
                           const real *restrict inverse, const real *restrict u)
{
    (void)unit_along;
    (void)unit;
    (void)inverse;
    harmonics_value(u, harmonics_along);
}

static void geometry_vjp(real *restrict r_bar, const real *restrict unit, const real *restrict inverse,
                         const real *restrict harmonics_bar)
{
    (void)inverse;
    harmonics_vjp(unit, harmonics_bar, r_bar);
}

static void geometry_second(real *restrict r_grad, const real *restrict unit, const real *restrict inverse,
                            const real *restrict unit_along, const real *restrict u, const real *restrict first,
                            const real *restrict second)
{
    (void)inverse;
    (void)unit_along;
    (void)u;
    (void)first;
    harmonics_vjp(unit, second, r_grad);
}
