/* One row of components. */
struct Input {
    const real *first;
    __device__ __forceinline__ real operator()(int k) const { return first[k]; }
};

struct Output {
    real *first;
    __device__ __forceinline__ real &operator()(int k) const { return first[k]; }
};

static __device__ __forceinline__ real not_a_number()
{
    const real zero = 0;
    return zero / zero;
}

static __device__ __forceinline__ int64 least(int64 a, int64 b)
{
    return a < b ? a : b;
}

/* A neighbour list as the arguments of a kernel give it. */
struct Lists {
    const int64 *row_pointer, *index, *receivers, *column_pointer, *column_pairs;
    int64 atoms, sources, pairs;

    /* The source of a pair, or -1. */
    __device__ __forceinline__ int64 source(int64 pair) const
    {
        const int64 found = index[pair];
        return 0 <= found && found < sources ? found : -1;
    }

    /* The receiver of a pair, or -1. */
    __device__ __forceinline__ int64 receiver(int64 pair) const
    {
        const int64 found = receivers[pair];
        if (found < 0 || found >= atoms)
            return -1;
        const int64 begin = row_pointer[found], end = row_pointer[found + 1];
        return 0 <= begin && begin <= pair && pair < end && end <= pairs ? found : -1;
    }

    /* The pair at one place of a column, or -1 where it does not come from that source. */
    __device__ __forceinline__ int64 column_pair(int64 place, int64 owner) const
    {
        const int64 found = column_pairs[place];
        return 0 <= found && found < pairs && index[found] == owner ? found : -1;
    }
};

/* Where the pairs of an owner stand. */
struct Span {
    int64 begin, end;
    bool sound;
};

static __device__ __forceinline__ Span span(const int64 *pointer, int64 owner, int64 pairs)
{
    const int64 begin = pointer[owner], end = pointer[owner + 1];
    const bool sound = 0 <= begin && begin <= end && end <= pairs;
    return {sound ? begin : 0, sound ? end : 0, sound};
}

/* What a warp does: 32 features of one part of one owner. */
struct Unit {
    int64 owner, part, feature;
    bool mine;
};

static __device__ __forceinline__ Unit unit_of(int64 warp, int64 parts, int64 features)
{
    const int64 chunks = (features + 31) / 32;
    const int64 feature = warp % chunks * 32 + threadIdx.x % 32;
    const bool mine = feature < features;
    return {warp / chunks / parts, warp / chunks % parts, mine ? feature : 0, mine};
}

static __device__ __forceinline__ real over_lanes(real value, int mask)
{
    return __shfl_xor_sync(0xffffffffu, value, mask);
}

/* Adds over lanes that differ in one bit; values halve in number, and in which half a lane has is that bit of it. */
template <int HALF, int COUNT>
__device__ __forceinline__ void fold(real (&values)[COUNT])
{
    if constexpr (HALF > 0) {
        const bool upper = threadIdx.x & HALF;
#pragma unroll
        for (int k = 0; k < HALF; ++k) {
            /* Both are read before one is chosen: a choice between two places would put the array into memory. */
            const real low = values[k], high = values[k + HALF];
            values[k] = (upper ? high : low) + over_lanes(upper ? low : high, HALF);
        }
        fold<HALF / 2>(values);
    }
}

/* Sums over the 32 lanes of COUNT values, a power of two: lane k returns that of values[k % COUNT]. */
template <int COUNT>
__device__ __forceinline__ real total(real (&values)[COUNT])
{
    fold<COUNT / 2>(values);
    real sum = values[0];
#pragma unroll
    for (int mask = COUNT; mask < 32; mask *= 2)
        sum += over_lanes(sum, mask);
    return sum;
}
