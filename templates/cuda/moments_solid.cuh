/* The vector of a pair, whose harmonics are homogeneous polynomials of it. */
struct Direction {
    real unit[3];

    __device__ __forceinline__ explicit Direction(const real *r)
    {
        for (int k = 0; k < 3; ++k)
            unit[k] = r[k];
    }

    __device__ __forceinline__ void across(real *out, const real *v) const
    {
        for (int k = 0; k < 3; ++k)
            out[k] = v[k];
    }

    /* The gradient by r of <first, harmonics along u> + <second, harmonics>. */
    __device__ __forceinline__ void second_order(real *out, const real *unit_along, const real *, const real *first,
                                const real *second) const
    {
        real straight[3];
        harmonics_vjp(Input{unit}, Input{second}, Output{straight});
        harmonics_bend(Input{unit}, Input{first}, Input{unit_along}, Output{out});
        for (int k = 0; k < 3; ++k)
            out[k] += straight[k];
    }
};
