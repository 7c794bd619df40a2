/* The gradient by the vector of a pair, from that by the entries of its matrices; or added to what stands there. */
static __device__ __forceinline__ void close(real *to, const real *r, const real *bars, bool adds)
{
    const Direction direction(r);
    real by_unit[3], found[3];
    harmonics_vjp(Input{direction.unit}, Input{bars}, Output{by_unit});
    direction.across(found, by_unit);
    for (int k = 0; k < 3; ++k)
        to[k] = adds ? to[k] + found[k] : found[k];
}

/* The gradient of <first, entries along u> + <second, entries>. */
static __device__ __forceinline__ void close_along(real *to, const real *r, const real *u, const real *first,
                                                   const real *second, bool adds)
{
    const Direction direction(r);
    real unit_along[3], found[3];
    direction.across(unit_along, u);
    direction.second_order(found, unit_along, u, first, second);
    for (int k = 0; k < 3; ++k)
        to[k] = adds ? to[k] + found[k] : found[k];
}
