/* One row of components in memory. */
struct Input {
    const real *first;
    int64 stride;
    __device__ __forceinline__ real operator()(int k) const { return first[k * stride]; }
};

struct Output {
    real *first;
    int64 stride;
    __device__ __forceinline__ real &operator()(int k) const { return first[k * stride]; }
};

/* What is assigned to a component is added to it. */
struct Added {
    real *place;
    __device__ __forceinline__ void operator=(real value) const { *place += value; }
};

struct Sums {
    real *first;
    int64 stride;
    __device__ __forceinline__ Added operator()(int k) const { return {first + k * stride}; }
};

static __device__ __forceinline__ real not_a_number()
{
    const real zero = 0;
    return zero / zero;
}
