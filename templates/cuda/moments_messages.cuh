/* sum of s_nu g_nu[f] of a source: a pair's message, before its harmonics. */
static __device__ __forceinline__ real message(const real *radial_row, const real *features_row, int64 radials, int64 features)
{
    real sum = 0;
#pragma unroll 4
    for (int64 nu = 0; nu < radials; ++nu)
        sum += radial_row[nu] * features_row[nu * features];
    return sum;
}

/* The same and its change along u. */
struct Changing {
    real value, along;
};

static __device__ __forceinline__ Changing message_along(const real *radial_row, const real *features_row,
    const real *u_radial_row, const real *u_features_row, int64 radials, int64 features)
{
    real sum = 0, along = 0;
#pragma unroll 4
    for (int64 nu = 0; nu < radials; ++nu) {
        const real s = radial_row[nu], g = features_row[nu * features];
        sum += s * g;
        along += u_radial_row[nu] * g + s * u_features_row[nu * features];
    }
    return {sum, along};
}

/* sum of T_c e_c[f] of a receiver. */
static __device__ __forceinline__ real answer(const real *angular, const real *ybar_row, int64 features)
{
    real sum = 0;
#pragma unroll 16
    for (int c = 0; c < HARMONICS; ++c)
        sum += angular[c] * ybar_row[c * features];
    return sum;
}

static __device__ __forceinline__ Changing answer_along(const real *angular, const real *angular_along, const real *ybar_row,
    int64 features)
{
    real sum = 0, along = 0;
#pragma unroll 16
    for (int c = 0; c < HARMONICS; ++c) {
        const real e = ybar_row[c * features];
        sum += angular[c] * e;
        along += angular_along[c] * e;
    }
    return {sum, along};
}
