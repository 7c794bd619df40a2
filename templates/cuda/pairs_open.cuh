/* One pair's harmonics, and their change along u. */
static __device__ __forceinline__ void open(real *angular, const real *r)
{
    const Direction direction(r);
    harmonics_value(Input{direction.unit}, Output{angular});
}

static __device__ __forceinline__ void open_along(real *angular, real *angular_along, const real *r, const real *u)
{
    const Direction direction(r);
    real unit_along[3];
    direction.across(unit_along, u);
    harmonics_value(Input{direction.unit}, Output{angular});
    harmonics_jvp(Input{direction.unit}, Input{unit_along}, Output{angular_along});
}
