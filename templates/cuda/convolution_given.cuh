/* Harmonics are given, and entries are linear in them: the change along u is the value at u, and the gradient is the same
 * everywhere. */
static __device__ __forceinline__ void open(real *entries, const real *r)
{
    harmonics_value(Input{r}, Output{entries});
}

static __device__ __forceinline__ void open_along(real *entries, real *entries_along, const real *r, const real *u)
{
    harmonics_value(Input{r}, Output{entries});
    harmonics_value(Input{u}, Output{entries_along});
}

/* The gradient by the harmonics of a pair, from that by the entries of its matrices; or added to what stands there. */
static __device__ __forceinline__ void close(real *to, const real *r, const real *bars, bool adds)
{
    real found[COORDINATES];
    harmonics_vjp(Input{r}, Input{bars}, Output{found});
    for (int k = 0; k < COORDINATES; ++k)
        to[k] = adds ? to[k] + found[k] : found[k];
}

static __device__ __forceinline__ void close_along(real *to, const real *r, const real *, const real *,
                                                   const real *second, bool adds)
{
    close(to, r, second, adds);
}
