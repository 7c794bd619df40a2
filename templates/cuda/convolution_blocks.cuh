/* What a block does: some channels of one owner, of `width` channels side by side. */
struct Task {
    int64 owner;
    int at;
};

static __device__ __forceinline__ Task task_of(int64 width)
{
    const int64 blocks = (width + blockDim.x - 1) / blockDim.x;
    return {blockIdx.x / blocks, (int)(blockIdx.x % blocks * blockDim.x + threadIdx.x)};
}

/* The pairs of an owner; none of them can be read where the other end has nothing. */
static __device__ __forceinline__ Span readable(Span row, int64 others)
{
    return others > 0 || row.begin == row.end ? row : Span{0, 0, false};
}

/* The entries of a pair whose lists do not fit together, from `first` on, so many apart. */
template <int COUNT>
__device__ __forceinline__ void lose(real *m, real *n, int first, int apart)
{
    for (int entry = first; entry < COUNT; entry += apart)
        m[entry] = n[entry] = not_a_number();
}
