/* optimal_l2_n4: rotation-invariant polynomials and their derivatives.
 *
 * Basis 85c924ce04dc741202099812c21922f9cf9aa8a0c33200c1327bb89ecf3a2fbc
 * Convention sphericart. Written by invgen, codegen version 2; do not edit.
 *
 * Arrays are contiguous (samples, components, channels). Work comes in units of LANES lanes: consecutive channels of
 * one sample where there are that many, consecutive (sample, channel) pairs otherwise. No lane reads another. A unit is
 * computed in vectors of WIDTH lanes; while it is, the memory of a later unit is prefetched, a line every few operations.
 */
#include <stddef.h>
#include <stdint.h>

/* Numbers in memory, and numbers that are computed with. */
typedef double real;
typedef double number;

enum { LANES = 8 };

#if defined(__GNUC__) && !defined(INVGEN_SCALAR)
#if defined(__AVX512F__)
#define VECTOR_BYTES 64
#elif defined(__AVX__)
#define VECTOR_BYTES 32
#else
#define VECTOR_BYTES 16
#endif
#define PREFETCH(address) __builtin_prefetch(address)
#define PREFETCH_TO_WRITE(address) __builtin_prefetch(address, 1)
enum { WIDTH = VECTOR_BYTES / sizeof(number), SIDE = VECTOR_BYTES / sizeof(real) };
typedef number vector __attribute__((vector_size(WIDTH * sizeof(number))));
typedef real stored __attribute__((vector_size(WIDTH * sizeof(real)), aligned(sizeof(real)), may_alias));

static inline vector load(const real *address)
{
    return __builtin_convertvector(*(const stored *)address, vector);
}

static inline void store(real *address, vector value)
{
    *(stored *)address = __builtin_convertvector(value, stored);
}

static inline vector constant(number value)
{
    return value - (vector){0};
}

/* A square of SIDE x SIDE numbers, in registers. */
typedef real row __attribute__((vector_size(VECTOR_BYTES), aligned(sizeof(real)), may_alias));

#if defined(__clang__) || __GNUC__ >= 12
#define MERGED(first, second, ...) __builtin_shufflevector(first, second, __VA_ARGS__)
#else
typedef int64_t indices __attribute__((vector_size(VECTOR_BYTES)));
#define MERGED(first, second, ...) __builtin_shuffle(first, second, (indices){__VA_ARGS__})
#endif
#if VECTOR_BYTES == 64
#define LOWER_MERGED(first, second) MERGED(first, second, 0, 8, 1, 9, 2, 10, 3, 11)
#define UPPER_MERGED(first, second) MERGED(first, second, 4, 12, 5, 13, 6, 14, 7, 15)
#endif
#if VECTOR_BYTES == 32
#define LOWER_MERGED(first, second) MERGED(first, second, 0, 4, 1, 5)
#define UPPER_MERGED(first, second) MERGED(first, second, 2, 6, 3, 7)
#endif
#if VECTOR_BYTES == 16
#define LOWER_MERGED(first, second) MERGED(first, second, 0, 2)
#define UPPER_MERGED(first, second) MERGED(first, second, 1, 3)
#endif

/* Each turn moves the highest bit of the row's number behind the lowest of the column's. */
static inline void transpose(row rows[SIDE])
{
#pragma GCC unroll 4
    for (int turn = 1; turn < SIDE; turn *= 2) {
        row merged[SIDE];
#pragma GCC unroll 8
        for (int i = 0; i < SIDE / 2; ++i) {
            merged[2 * i] = LOWER_MERGED(rows[i], rows[i + SIDE / 2]);
            merged[2 * i + 1] = UPPER_MERGED(rows[i], rows[i + SIDE / 2]);
        }
#pragma GCC unroll 16
        for (int i = 0; i < SIDE; ++i)
            rows[i] = merged[i];
    }
}

/* Turns LANES samples of one channel into a tile [component][LANES]. Reads up to SIDE numbers beyond their end. */
static void gather_samples(real *restrict tile, const real *restrict array, int64_t components)
{
    const int64_t last = components < SIDE ? 0 : components - SIDE;
    const int64_t used = components < SIDE ? components : SIDE;
    for (int64_t lane = 0; lane < LANES; lane += SIDE)
        for (int64_t next = 0; next < components; next += SIDE) {
            const int64_t k = next < last ? next : last;
            row rows[SIDE];
#pragma GCC unroll 16
            for (int i = 0; i < SIDE; ++i)
                rows[i] = *(const row *)(array + (lane + i) * components + k);
            transpose(rows);
#pragma GCC unroll 16
            for (int i = 0; i < SIDE; ++i)
                if (i < used)
                    *(row *)(tile + (k + i) * LANES + lane) = rows[i];
        }
}

/* The way back of `gather_samples`; writes these samples and nothing else. */
static void scatter_samples(real *restrict array, const real *restrict tile, int64_t components)
{
    _Alignas(64) real narrow[(LANES + 1) * SIDE];
    real *restrict target = components < SIDE ? narrow : array;
    const int64_t last = components < SIDE ? 0 : components - SIDE;
    const int64_t used = components < SIDE ? components : SIDE;
    for (int64_t lane = 0; lane < LANES; lane += SIDE)
        for (int64_t next = 0; next < components; next += SIDE) {
            const int64_t k = next < last ? next : last;
            row rows[SIDE];
#pragma GCC unroll 16
            for (int i = 0; i < SIDE; ++i)
                rows[i] = *(const row *)(tile + (i < used ? k + i : k) * LANES + lane);
            transpose(rows);
            /* Of fewer components than SIDE, each row's rest is overwritten by the next row. */
#pragma GCC unroll 16
            for (int i = 0; i < SIDE; ++i)
                *(row *)(target + (lane + i) * components + k) = rows[i];
        }
    if (components < SIDE)
        for (int64_t i = 0; i < LANES * components; i += SIDE)
            *(row *)(array + i) = *(const row *)(narrow + i);
}

/* Stores that go past the caches, where there are such. */
#if defined(__clang__) && defined(__SSE2__)
typedef real line __attribute__((vector_size(VECTOR_BYTES), may_alias));
#define STREAM(address, values) __builtin_nontemporal_store((line)(values), (line *)(address))
#elif defined(__SSE2__)
typedef float floats __attribute__((vector_size(VECTOR_BYTES)));
#if VECTOR_BYTES == 64
#define STREAM(address, values) __builtin_ia32_movntps512((float *)(address), (floats)(values))
#endif
#if VECTOR_BYTES == 32
#define STREAM(address, values) __builtin_ia32_movntps256((float *)(address), (floats)(values))
#endif
#if VECTOR_BYTES == 16
#define STREAM(address, values) __builtin_ia32_movntps((float *)(address), (floats)(values))
#endif
#endif
#else
/* Compilers without vectors: one lane at a time. */
#define PREFETCH(address) ((void)(address))
#define PREFETCH_TO_WRITE(address) ((void)(address))
enum { WIDTH = 1 };
typedef number vector;

static inline vector load(const real *address)
{
    return *address;
}

static inline void store(real *address, vector value)
{
    *address = (real)value;
}

static inline vector constant(number value)
{
    return value;
}
#endif

static int64_t blocks_of(int64_t channels)
{
    return (channels + LANES - 1) / LANES;
}

static int64_t units_of(int64_t samples, int64_t channels)
{
    return channels < LANES ? blocks_of(samples * channels) : samples * blocks_of(channels);
}

/* Copies `lanes` (sample, channel) pairs, from the given one on, into a tile [component][LANES]; the rest becomes 0. */
static inline void gather(real *restrict tile, const real *restrict array, int64_t components, int64_t channels,
                          int64_t sample, int64_t channel, int64_t lanes)
{
    for (int64_t lane = 0; lane < lanes; ++lane) {
        const real *restrict first = array + sample * components * channels + channel;
        for (int64_t k = 0; k < components; ++k)
            tile[k * LANES + lane] = first[k * channels];
        if (++channel == channels) {
            channel = 0;
            ++sample;
        }
    }
    for (int64_t lane = lanes; lane < LANES; ++lane)
        for (int64_t k = 0; k < components; ++k)
            tile[k * LANES + lane] = 0;
}

/* The way back of `gather`; the lanes beyond `lanes` are dropped. */
static inline void scatter(real *restrict array, const real *restrict tile, int64_t components, int64_t channels,
                           int64_t sample, int64_t channel, int64_t lanes)
{
    for (int64_t lane = 0; lane < lanes; ++lane) {
        real *restrict first = array + sample * components * channels + channel;
        for (int64_t k = 0; k < components; ++k)
            first[k * channels] = tile[k * LANES + lane];
        if (++channel == channels) {
            channel = 0;
            ++sample;
        }
    }
}
#if !defined(VECTOR_BYTES)
static void gather_samples(real *restrict tile, const real *restrict array, int64_t components)
{
    gather(tile, array, components, 1, 0, 0, LANES);
}

static void scatter_samples(real *restrict array, const real *restrict tile, int64_t components)
{
    scatter(array, tile, components, 1, 0, 0, LANES);
}
#endif

/* Whether results are streamed: read again, they would not be found in a cache. Each line must be filled at once. */
static int streams(int64_t numbers, int64_t channels)
{
#if defined(STREAM)
    return channels % LANES == 0 && numbers >= 33554432 / (int64_t)sizeof(real);
#else
    (void)numbers;
    (void)channels;
    return 0;
#endif
}

static int aligned(const real *array)
{
    return (uintptr_t)array % 64 == 0;
}

/* Moves a tile [component][LANES] to an array, a cache line at a time. */
static void stream(real *restrict array, const real *restrict tile, int64_t components, int64_t channels)
{
#if defined(STREAM)
    for (int64_t k = 0; k < components; ++k)
        for (int64_t lane = 0; lane < LANES; lane += SIDE)
            STREAM(array + k * channels + lane, *(const row *)(tile + k * LANES + lane));
#else
    (void)array;
    (void)tile;
    (void)components;
    (void)channels;
#endif
}

/* Streamed lines are there for other threads. */
static void end_stream(void)
{
#if defined(STREAM)
    __builtin_ia32_sfence();
#endif
}

/* value: 83 operations per sample and channel. */
static void value_lanes(const real *restrict x, real *restrict y, ptrdiff_t stride, ptrdiff_t out_stride,
    const real *x_next, const real *y_next, ptrdiff_t next_stride)
{
    for (ptrdiff_t lane = 0; lane < LANES; lane += WIDTH) {
        const vector v0 = load(x + 0 * stride + lane);
        const vector v9 = 0x1.c5bf891b4ef6bp+1 * v0;
        store(y + 0 * out_stride + lane, v9);
        const vector v1 = load(x + 1 * stride + lane);
        const vector v10 = 0x1.05f8bd37c0e62p+1 * v1;
        const vector v11 = v10 * v10;
        const vector v3 = load(x + 3 * stride + lane);
        PREFETCH(x_next + 0 * next_stride);
        const vector v12 = 0x1.05f8bd37c0e62p+1 * v3;
        const vector v13 = v12 * v12;
        const vector v14 = v13 + v11;
        const vector v2 = load(x + 2 * stride + lane);
        const vector v15 = 0x1.05f8bd37c0e62p+1 * v2;
        const vector v16 = v15 * v15;
        const vector v17 = v16 + v14;
        PREFETCH(x_next + 1 * next_stride);
        store(y + 1 * out_stride + lane, v17);
        const vector v8 = load(x + 8 * stride + lane);
        const vector v18 = 0x1.d4a10d6eee4ap-1 * v8;
        const vector v6 = load(x + 6 * stride + lane);
        const vector v19 = 0x1.0e902a2c6a9fcp-1 * v6;
        const vector v20 = v19 + v18;
        PREFETCH(x_next + 2 * next_stride);
        const vector v21 = v20 * v20;
        const vector v4 = load(x + 4 * stride + lane);
        const vector v22 = 0x1.d4a10d6eee4ap-1 * v4;
        const vector v23 = v22 * v22;
        const vector v24 = v23 + v21;
        const vector v5 = load(x + 5 * stride + lane);
        const vector v25 = 0x1.d4a10d6eee4ap-1 * v5;
        PREFETCH(x_next + 3 * next_stride);
        const vector v26 = v25 * v25;
        const vector v27 = v26 + v24;
        const vector v28 = v18 - v19;
        const vector v29 = v28 * v28;
        const vector v30 = v29 + v23;
        const vector v7 = load(x + 7 * stride + lane);
        PREFETCH(x_next + 4 * next_stride);
        const vector v31 = 0x1.d4a10d6eee4ap-1 * v7;
        const vector v32 = v31 * v31;
        const vector v33 = v32 + v30;
        const vector v34 = v33 + v27;
        const vector v35 = v32 + v26;
        const vector v36 = 0x1.0e902a2c6a9fcp+0 * v6;
        const vector v37 = v36 * v36;
        PREFETCH(x_next + 5 * next_stride);
        const vector v38 = v37 + v35;
        const vector v39 = v38 + v34;
        store(y + 2 * out_stride + lane, v39);
        const vector v40 = v15 * v25;
        const vector v41 = v12 * v22;
        const vector v42 = v41 + v40;
        PREFETCH(x_next + 6 * next_stride);
        const vector v43 = v10 * v20;
        const vector v44 = v42 - v43;
        const vector v45 = v10 * v44;
        const vector v46 = v10 * v22;
        const vector v47 = v12 * v28;
        const vector v48 = v47 + v46;
        const vector v49 = v15 * v31;
        PREFETCH(x_next + 7 * next_stride);
        const vector v50 = v49 + v48;
        const vector v51 = v12 * v50;
        const vector v52 = v51 + v45;
        const vector v53 = v10 * v25;
        const vector v54 = v12 * v31;
        const vector v55 = v54 + v53;
        PREFETCH(x_next + 8 * next_stride);
        const vector v56 = v15 * v36;
        const vector v57 = v56 + v55;
        const vector v58 = v15 * v57;
        const vector v59 = v58 + v52;
        store(y + 3 * out_stride + lane, v59);
        const vector v60 = v22 * v25;
        const vector v61 = v31 * v28;
        PREFETCH_TO_WRITE(y_next + 0 * out_stride);
        const vector v62 = v61 + v60;
        const vector v63 = v31 * v36;
        const vector v64 = v63 + v62;
        const vector v65 = v31 * v64;
        const vector v66 = v25 * v31;
        const vector v67 = v22 * v28;
        PREFETCH_TO_WRITE(y_next + 1 * out_stride);
        const vector v68 = v67 + v66;
        const vector v69 = v22 * v20;
        const vector v70 = v68 - v69;
        const vector v71 = v22 * v70;
        const vector v72 = v71 + v65;
        const vector v73 = v25 * v36;
        const vector v74 = v22 * v31;
        PREFETCH_TO_WRITE(y_next + 2 * out_stride);
        const vector v75 = v74 + v73;
        const vector v76 = v25 * v20;
        const vector v77 = v75 - v76;
        const vector v78 = v25 * v77;
        const vector v79 = v78 + v72;
        const vector v80 = 0x1p+1 * v79;
        PREFETCH_TO_WRITE(y_next + 3 * out_stride);
        const vector v81 = v28 * v33;
        const vector v82 = v36 * v38;
        const vector v83 = v81 + v82;
        const vector v84 = v20 * v27;
        const vector v85 = v83 - v84;
        const vector v86 = v85 + v80;
        store(y + 4 * out_stride + lane, v86);
        PREFETCH_TO_WRITE(y_next + 4 * out_stride);
        const vector v87 = v44 * v44;
        const vector v88 = v50 * v50;
        const vector v89 = v88 + v87;
        const vector v90 = v57 * v57;
        const vector v91 = v90 + v89;
        store(y + 5 * out_stride + lane, v91);
        PREFETCH_TO_WRITE(y_next + 5 * out_stride);
    }
}

static void value_pairs(const real *x, real *y, int64_t channels, int64_t sample, int64_t channel,
    int64_t lanes, int64_t ahead, int samples_follow)
{
    _Alignas(64) real x_tile[9 * LANES];
    _Alignas(64) real y_tile[6 * LANES];
    if (samples_follow)
        gather_samples(x_tile, x + sample * 9, 9);
    else
        gather(x_tile, x, 9, channels, sample, channel, lanes);
    value_lanes(x_tile, y_tile, LANES, LANES, x + (sample + ahead) * 9 * channels, y + (sample + ahead) * 6 * channels, LANES);
    if (samples_follow)
        scatter_samples(y + sample * 6, y_tile, 6);
    else
        scatter(y, y_tile, 6, channels, sample, channel, lanes);
}

static void value_units(const real *x, real *y, int64_t samples, int64_t channels, int64_t begin, int64_t end)
{
    _Alignas(64) real y_tile[6 * LANES];
    /* Streamed lines are not prefetched: these are, and stay where they are. */
    const real y_idle[6 * LANES] = {0};
    const int streamed = 1 && streams(samples * channels * 6, channels) && aligned(y);
    if (channels < LANES) {
        for (int64_t unit = begin; unit < end; ++unit) {
            const int64_t pair = unit * LANES;
            const int64_t left = samples * channels - pair;
            /* Whole samples ahead; their lines are consecutive. */
            const int64_t ahead = left > (10 + 1) * LANES ? 10 * LANES / channels : 0;
            value_pairs(x, y, channels, pair / channels, pair % channels,
                left < LANES ? left : LANES, ahead, channels == 1 && left >= 2 * LANES);
        }
        return;
    }
    const int64_t blocks = blocks_of(channels);
    int64_t sample = begin / blocks, block = begin % blocks;
    int64_t next_sample = (begin + 10) / blocks, next_block = (begin + 10) % blocks;
    for (int64_t unit = begin; unit < end; ++unit) {
        const int64_t channel = block * LANES;
        const int64_t later = next_sample < samples ? next_sample : sample;
        const int64_t later_channel = next_sample < samples ? next_block * LANES : channel;
        if (streamed) {
            value_lanes(x + sample * 9 * channels + channel, y_tile, channels, LANES, x + later * 9 * channels + later_channel, y_idle, channels);
            stream(y + sample * 6 * channels + channel, y_tile, 6, channels);
        } else if (channels - channel >= LANES) {
            value_lanes(x + sample * 9 * channels + channel, y + sample * 6 * channels + channel, channels, channels, x + later * 9 * channels + later_channel, y + later * 6 * channels + later_channel, channels);
        } else {
            value_pairs(x, y, channels, sample, channel, channels - channel, 0, 0);
        }
        if (++block == blocks) {
            block = 0;
            ++sample;
        }
        if (++next_block == blocks) {
            next_block = 0;
            ++next_sample;
        }
    }
    if (streamed)
        end_stream();
}

void invgen_value(const real *x, real *y, int64_t samples, int64_t channels, int threads)
{
    const int64_t units = units_of(samples, channels);
    if (threads <= 1 || units < 790) {
        value_units(x, y, samples, channels, 0, units);
        return;
    }
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int part = 0; part < threads; ++part)
        value_units(x, y, samples, channels, units * part / threads, units * (part + 1) / threads);
}

/* vjp: 189 operations per sample and channel. */
static void vjp_lanes(const real *restrict x, const real *restrict ybar, real *restrict xbar, ptrdiff_t stride, ptrdiff_t out_stride,
    const real *x_next, const real *ybar_next, const real *xbar_next, ptrdiff_t next_stride)
{
    for (ptrdiff_t lane = 0; lane < LANES; lane += WIDTH) {
        const vector v9 = load(ybar + 0 * stride + lane);
        const vector v15 = 0x1.c5bf891b4ef6bp+1 * v9;
        store(xbar + 0 * out_stride + lane, v15);
        const vector v5 = load(x + 5 * stride + lane);
        const vector v16 = 0x1.d4a10d6eee4ap-1 * v5;
        const vector v2 = load(x + 2 * stride + lane);
        const vector v17 = 0x1.05f8bd37c0e62p+1 * v2;
        const vector v18 = v17 * v16;
        const vector v4 = load(x + 4 * stride + lane);
        PREFETCH(x_next + 0 * next_stride);
        const vector v19 = 0x1.d4a10d6eee4ap-1 * v4;
        const vector v3 = load(x + 3 * stride + lane);
        const vector v20 = 0x1.05f8bd37c0e62p+1 * v3;
        const vector v21 = v20 * v19;
        const vector v22 = v21 + v18;
        const vector v8 = load(x + 8 * stride + lane);
        const vector v23 = 0x1.d4a10d6eee4ap-1 * v8;
        const vector v6 = load(x + 6 * stride + lane);
        const vector v24 = 0x1.0e902a2c6a9fcp-1 * v6;
        PREFETCH(x_next + 1 * next_stride);
        const vector v25 = v24 + v23;
        const vector v1 = load(x + 1 * stride + lane);
        const vector v26 = 0x1.05f8bd37c0e62p+1 * v1;
        const vector v27 = v26 * v25;
        const vector v28 = v22 - v27;
        const vector v12 = load(ybar + 3 * stride + lane);
        const vector v29 = v12 * v28;
        const vector v10 = load(ybar + 1 * stride + lane);
        const vector v30 = 0x1p+1 * v10;
        PREFETCH(x_next + 2 * next_stride);
        const vector v31 = v26 * v30;
        const vector v32 = v31 + v29;
        const vector v33 = v26 * v16;
        const vector v7 = load(x + 7 * stride + lane);
        const vector v34 = 0x1.d4a10d6eee4ap-1 * v7;
        const vector v35 = v20 * v34;
        const vector v36 = v35 + v33;
        const vector v37 = 0x1.0e902a2c6a9fcp+0 * v6;
        const vector v38 = v17 * v37;
        PREFETCH(x_next + 3 * next_stride);
        const vector v39 = v38 + v36;
        const vector v14 = load(ybar + 5 * stride + lane);
        const vector v40 = 0x1p+1 * v14;
        const vector v41 = v39 * v40;
        const vector v42 = v12 * v17;
        const vector v43 = v42 + v41;
        const vector v44 = v16 * v43;
        const vector v45 = v44 + v32;
        const vector v46 = v26 * v19;
        PREFETCH(x_next + 4 * next_stride);
        const vector v47 = v23 - v24;
        const vector v48 = v20 * v47;
        const vector v49 = v48 + v46;
        const vector v50 = v17 * v34;
        const vector v51 = v50 + v49;
        const vector v52 = v51 * v40;
        const vector v53 = v12 * v20;
        const vector v54 = v53 + v52;
        PREFETCH(x_next + 5 * next_stride);
        const vector v55 = v19 * v54;
        const vector v56 = v55 + v45;
        const vector v57 = v28 * v40;
        const vector v58 = v12 * v26;
        const vector v59 = v58 + v57;
        const vector v60 = v25 * v59;
        const vector v61 = v56 - v60;
        const vector v62 = 0x1.05f8bd37c0e62p+1 * v61;
        store(xbar + 1 * out_stride + lane, v62);
        PREFETCH(x_next + 6 * next_stride);
        const vector v63 = v12 * v39;
        const vector v64 = v17 * v30;
        const vector v65 = v64 + v63;
        const vector v66 = v37 * v43;
        const vector v67 = v66 + v65;
        const vector v68 = v16 * v59;
        const vector v69 = v68 + v67;
        const vector v70 = v34 * v54;
        const vector v71 = v70 + v69;
        PREFETCH(x_next + 7 * next_stride);
        const vector v72 = 0x1.05f8bd37c0e62p+1 * v71;
        store(xbar + 2 * out_stride + lane, v72);
        const vector v73 = v12 * v51;
        const vector v74 = v20 * v30;
        const vector v75 = v74 + v73;
        const vector v76 = v34 * v43;
        const vector v77 = v76 + v75;
        const vector v78 = v19 * v59;
        const vector v79 = v78 + v77;
        PREFETCH(x_next + 8 * next_stride);
        const vector v80 = v47 * v54;
        const vector v81 = v80 + v79;
        const vector v82 = 0x1.05f8bd37c0e62p+1 * v81;
        store(xbar + 3 * out_stride + lane, v82);
        const vector v83 = v16 * v34;
        const vector v84 = v19 * v47;
        const vector v85 = v84 + v83;
        const vector v86 = v19 * v25;
        const vector v87 = v85 - v86;
        PREFETCH(ybar_next + 0 * next_stride);
        const vector v13 = load(ybar + 4 * stride + lane);
        const vector v88 = 0x1p+1 * v13;
        const vector v89 = v87 * v88;
        const vector v90 = v16 * v88;
        const vector v91 = v34 * v90;
        const vector v92 = v89 + v91;
        const vector v93 = v34 * v88;
        const vector v94 = v16 * v93;
        const vector v95 = v94 + v92;
        PREFETCH(ybar_next + 1 * next_stride);
        const vector v96 = v47 - v25;
        const vector v97 = v19 * v88;
        const vector v98 = v97 * v96;
        const vector v99 = v98 + v95;
        const vector v100 = v13 * v47;
        const vector v11 = load(ybar + 2 * stride + lane);
        const vector v101 = v11 + v100;
        const vector v102 = v13 * v25;
        PREFETCH(ybar_next + 2 * next_stride);
        const vector v103 = v11 - v102;
        const vector v104 = v103 + v101;
        const vector v105 = 0x1p+1 * v104;
        const vector v106 = v19 * v105;
        const vector v107 = v106 + v99;
        const vector v108 = v20 * v59;
        const vector v109 = v108 + v107;
        const vector v110 = v26 * v54;
        const vector v111 = v110 + v109;
        PREFETCH(ybar_next + 3 * next_stride);
        const vector v112 = 0x1.d4a10d6eee4ap-1 * v111;
        store(xbar + 4 * out_stride + lane, v112);
        const vector v113 = v37 - v25;
        const vector v114 = v90 * v113;
        const vector v115 = v16 * v37;
        const vector v116 = v19 * v34;
        const vector v117 = v116 + v115;
        const vector v118 = v16 * v25;
        const vector v119 = v117 - v118;
        PREFETCH(ybar_next + 4 * next_stride);
        const vector v120 = v119 * v88;
        const vector v121 = v120 + v114;
        const vector v122 = v13 * v37;
        const vector v123 = v11 + v122;
        const vector v124 = v123 + v103;
        const vector v125 = 0x1p+1 * v124;
        const vector v126 = v16 * v125;
        const vector v127 = v126 + v121;
        const vector v128 = v19 * v93;
        PREFETCH(ybar_next + 5 * next_stride);
        const vector v129 = v128 + v127;
        const vector v130 = v34 * v97;
        const vector v131 = v130 + v129;
        const vector v132 = v26 * v43;
        const vector v133 = v132 + v131;
        const vector v134 = v17 * v59;
        const vector v135 = v134 + v133;
        const vector v136 = 0x1.d4a10d6eee4ap-1 * v135;
        store(xbar + 5 * out_stride + lane, v136);
        PREFETCH_TO_WRITE(xbar_next + 0 * out_stride);
        const vector v137 = v19 * v97;
        const vector v138 = v34 * v93;
        const vector v139 = v138 + v137;
        const vector v140 = v47 * v47;
        const vector v141 = v19 * v19;
        const vector v142 = v140 + v141;
        const vector v143 = v34 * v34;
        const vector v144 = v143 + v142;
        const vector v145 = v13 * v144;
        PREFETCH_TO_WRITE(xbar_next + 1 * out_stride);
        const vector v146 = v145 + v139;
        const vector v147 = 0x1p+1 * v101;
        const vector v148 = v47 * v147;
        const vector v149 = v148 + v146;
        const vector v150 = v20 * v54;
        const vector v151 = v150 + v149;
        const vector v152 = 0x1p+1 * v103;
        const vector v153 = v25 * v152;
        PREFETCH_TO_WRITE(xbar_next + 2 * out_stride);
        const vector v154 = v16 * v90;
        const vector v155 = v153 - v154;
        const vector v156 = v25 * v25;
        const vector v157 = v141 + v156;
        const vector v158 = v16 * v16;
        const vector v159 = v158 + v157;
        const vector v160 = v13 * v159;
        const vector v161 = v155 - v160;
        const vector v162 = v161 - v137;
        PREFETCH_TO_WRITE(xbar_next + 3 * out_stride);
        const vector v163 = v26 * v59;
        const vector v164 = v162 - v163;
        const vector v165 = v164 - v151;
        const vector v166 = 0x1.0e902a2c6a9fcp-1 * v165;
        const vector v167 = 0x1p+1 * v123;
        const vector v168 = v37 * v167;
        const vector v169 = v143 + v158;
        const vector v170 = v37 * v37;
        const vector v171 = v170 + v169;
        PREFETCH_TO_WRITE(xbar_next + 4 * out_stride);
        const vector v172 = v13 * v171;
        const vector v173 = v172 + v168;
        const vector v174 = v154 + v173;
        const vector v175 = v138 + v174;
        const vector v176 = v17 * v43;
        const vector v177 = v176 + v175;
        const vector v178 = 0x1.0e902a2c6a9fcp+0 * v177;
        const vector v179 = v178 + v166;
        store(xbar + 6 * out_stride + lane, v179);
        PREFETCH_TO_WRITE(xbar_next + 5 * out_stride);
        const vector v180 = v19 * v16;
        const vector v181 = v34 * v47;
        const vector v182 = v181 + v180;
        const vector v183 = v34 * v37;
        const vector v184 = v183 + v182;
        const vector v185 = v184 * v88;
        const vector v186 = v19 * v90;
        const vector v187 = v185 + v186;
        const vector v188 = v47 + v37;
        PREFETCH_TO_WRITE(xbar_next + 6 * out_stride);
        const vector v189 = v93 * v188;
        const vector v190 = v189 + v187;
        const vector v191 = v16 * v97;
        const vector v192 = v191 + v190;
        const vector v193 = v123 + v101;
        const vector v194 = 0x1p+1 * v193;
        const vector v195 = v34 * v194;
        const vector v196 = v195 + v192;
        const vector v197 = v20 * v43;
        PREFETCH_TO_WRITE(xbar_next + 7 * out_stride);
        const vector v198 = v197 + v196;
        const vector v199 = v17 * v54;
        const vector v200 = v199 + v198;
        const vector v201 = 0x1.d4a10d6eee4ap-1 * v200;
        store(xbar + 7 * out_stride + lane, v201);
        const vector v202 = v164 + v151;
        const vector v203 = 0x1.d4a10d6eee4ap-1 * v202;
        store(xbar + 8 * out_stride + lane, v203);
        PREFETCH_TO_WRITE(xbar_next + 8 * out_stride);
    }
}

static void vjp_pairs(const real *x, const real *ybar, real *xbar, int64_t channels, int64_t sample, int64_t channel,
    int64_t lanes, int64_t ahead, int samples_follow)
{
    _Alignas(64) real x_tile[9 * LANES];
    _Alignas(64) real ybar_tile[6 * LANES];
    _Alignas(64) real xbar_tile[9 * LANES];
    if (samples_follow)
        gather_samples(x_tile, x + sample * 9, 9);
    else
        gather(x_tile, x, 9, channels, sample, channel, lanes);
    if (samples_follow)
        gather_samples(ybar_tile, ybar + sample * 6, 6);
    else
        gather(ybar_tile, ybar, 6, channels, sample, channel, lanes);
    vjp_lanes(x_tile, ybar_tile, xbar_tile, LANES, LANES, x + (sample + ahead) * 9 * channels, ybar + (sample + ahead) * 6 * channels, xbar + (sample + ahead) * 9 * channels, LANES);
    if (samples_follow)
        scatter_samples(xbar + sample * 9, xbar_tile, 9);
    else
        scatter(xbar, xbar_tile, 9, channels, sample, channel, lanes);
}

static void vjp_units(const real *x, const real *ybar, real *xbar, int64_t samples, int64_t channels, int64_t begin, int64_t end)
{
    _Alignas(64) real xbar_tile[9 * LANES];
    /* Streamed lines are not prefetched: these are, and stay where they are. */
    const real xbar_idle[9 * LANES] = {0};
    const int streamed = 1 && streams(samples * channels * 9, channels) && aligned(xbar);
    if (channels < LANES) {
        for (int64_t unit = begin; unit < end; ++unit) {
            const int64_t pair = unit * LANES;
            const int64_t left = samples * channels - pair;
            /* Whole samples ahead; their lines are consecutive. */
            const int64_t ahead = left > (6 + 1) * LANES ? 6 * LANES / channels : 0;
            vjp_pairs(x, ybar, xbar, channels, pair / channels, pair % channels,
                left < LANES ? left : LANES, ahead, channels == 1 && left >= 2 * LANES);
        }
        return;
    }
    const int64_t blocks = blocks_of(channels);
    int64_t sample = begin / blocks, block = begin % blocks;
    int64_t next_sample = (begin + 6) / blocks, next_block = (begin + 6) % blocks;
    for (int64_t unit = begin; unit < end; ++unit) {
        const int64_t channel = block * LANES;
        const int64_t later = next_sample < samples ? next_sample : sample;
        const int64_t later_channel = next_sample < samples ? next_block * LANES : channel;
        if (streamed) {
            vjp_lanes(x + sample * 9 * channels + channel, ybar + sample * 6 * channels + channel, xbar_tile, channels, LANES, x + later * 9 * channels + later_channel, ybar + later * 6 * channels + later_channel, xbar_idle, channels);
            stream(xbar + sample * 9 * channels + channel, xbar_tile, 9, channels);
        } else if (channels - channel >= LANES) {
            vjp_lanes(x + sample * 9 * channels + channel, ybar + sample * 6 * channels + channel, xbar + sample * 9 * channels + channel, channels, channels, x + later * 9 * channels + later_channel, ybar + later * 6 * channels + later_channel, xbar + later * 9 * channels + later_channel, channels);
        } else {
            vjp_pairs(x, ybar, xbar, channels, sample, channel, channels - channel, 0, 0);
        }
        if (++block == blocks) {
            block = 0;
            ++sample;
        }
        if (++next_block == blocks) {
            next_block = 0;
            ++next_sample;
        }
    }
    if (streamed)
        end_stream();
}

void invgen_vjp(const real *x, const real *ybar, real *xbar, int64_t samples, int64_t channels, int threads)
{
    const int64_t units = units_of(samples, channels);
    if (threads <= 1 || units < 347) {
        vjp_units(x, ybar, xbar, samples, channels, 0, units);
        return;
    }
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int part = 0; part < threads; ++part)
        vjp_units(x, ybar, xbar, samples, channels, units * part / threads, units * (part + 1) / threads);
}

/* value_and_vjp: 219 operations per sample and channel. */
static void value_and_vjp_lanes(const real *restrict x, const real *restrict ybar, real *restrict y, real *restrict xbar, ptrdiff_t stride, ptrdiff_t out_stride,
    const real *x_next, const real *ybar_next, const real *y_next, const real *xbar_next, ptrdiff_t next_stride)
{
    for (ptrdiff_t lane = 0; lane < LANES; lane += WIDTH) {
        const vector v0 = load(x + 0 * stride + lane);
        const vector v15 = 0x1.c5bf891b4ef6bp+1 * v0;
        store(y + 0 * out_stride + lane, v15);
        const vector v1 = load(x + 1 * stride + lane);
        const vector v16 = 0x1.05f8bd37c0e62p+1 * v1;
        const vector v17 = v16 * v16;
        const vector v3 = load(x + 3 * stride + lane);
        const vector v18 = 0x1.05f8bd37c0e62p+1 * v3;
        const vector v19 = v18 * v18;
        PREFETCH(x_next + 0 * next_stride);
        const vector v20 = v19 + v17;
        const vector v2 = load(x + 2 * stride + lane);
        const vector v21 = 0x1.05f8bd37c0e62p+1 * v2;
        const vector v22 = v21 * v21;
        const vector v23 = v22 + v20;
        store(y + 1 * out_stride + lane, v23);
        const vector v8 = load(x + 8 * stride + lane);
        const vector v24 = 0x1.d4a10d6eee4ap-1 * v8;
        PREFETCH(x_next + 1 * next_stride);
        const vector v6 = load(x + 6 * stride + lane);
        const vector v25 = 0x1.0e902a2c6a9fcp-1 * v6;
        const vector v26 = v25 + v24;
        const vector v27 = v26 * v26;
        const vector v4 = load(x + 4 * stride + lane);
        const vector v28 = 0x1.d4a10d6eee4ap-1 * v4;
        const vector v29 = v28 * v28;
        const vector v30 = v29 + v27;
        PREFETCH(x_next + 2 * next_stride);
        const vector v5 = load(x + 5 * stride + lane);
        const vector v31 = 0x1.d4a10d6eee4ap-1 * v5;
        const vector v32 = v31 * v31;
        const vector v33 = v32 + v30;
        const vector v34 = v24 - v25;
        const vector v35 = v34 * v34;
        const vector v36 = v35 + v29;
        const vector v7 = load(x + 7 * stride + lane);
        const vector v37 = 0x1.d4a10d6eee4ap-1 * v7;
        PREFETCH(x_next + 3 * next_stride);
        const vector v38 = v37 * v37;
        const vector v39 = v38 + v36;
        const vector v40 = v39 + v33;
        const vector v41 = v38 + v32;
        const vector v42 = 0x1.0e902a2c6a9fcp+0 * v6;
        const vector v43 = v42 * v42;
        const vector v44 = v43 + v41;
        const vector v45 = v44 + v40;
        PREFETCH(x_next + 4 * next_stride);
        store(y + 2 * out_stride + lane, v45);
        const vector v46 = v21 * v31;
        const vector v47 = v18 * v28;
        const vector v48 = v47 + v46;
        const vector v49 = v16 * v26;
        const vector v50 = v48 - v49;
        const vector v51 = v16 * v50;
        const vector v52 = v16 * v28;
        PREFETCH(x_next + 5 * next_stride);
        const vector v53 = v18 * v34;
        const vector v54 = v53 + v52;
        const vector v55 = v21 * v37;
        const vector v56 = v55 + v54;
        const vector v57 = v18 * v56;
        const vector v58 = v57 + v51;
        const vector v59 = v16 * v31;
        const vector v60 = v18 * v37;
        const vector v61 = v60 + v59;
        PREFETCH(x_next + 6 * next_stride);
        const vector v62 = v21 * v42;
        const vector v63 = v62 + v61;
        const vector v64 = v21 * v63;
        const vector v65 = v64 + v58;
        store(y + 3 * out_stride + lane, v65);
        const vector v66 = v28 * v31;
        const vector v67 = v37 * v34;
        const vector v68 = v67 + v66;
        PREFETCH(x_next + 7 * next_stride);
        const vector v69 = v37 * v42;
        const vector v70 = v69 + v68;
        const vector v71 = v37 * v70;
        const vector v72 = v31 * v37;
        const vector v73 = v28 * v34;
        const vector v74 = v73 + v72;
        const vector v75 = v28 * v26;
        const vector v76 = v74 - v75;
        PREFETCH(x_next + 8 * next_stride);
        const vector v77 = v28 * v76;
        const vector v78 = v77 + v71;
        const vector v79 = v31 * v42;
        const vector v80 = v28 * v37;
        const vector v81 = v80 + v79;
        const vector v82 = v31 * v26;
        const vector v83 = v81 - v82;
        const vector v84 = v31 * v83;
        PREFETCH(ybar_next + 0 * next_stride);
        const vector v85 = v84 + v78;
        const vector v86 = 0x1p+1 * v85;
        const vector v87 = v34 * v39;
        const vector v88 = v42 * v44;
        const vector v89 = v87 + v88;
        const vector v90 = v26 * v33;
        const vector v91 = v89 - v90;
        const vector v92 = v91 + v86;
        store(y + 4 * out_stride + lane, v92);
        PREFETCH(ybar_next + 1 * next_stride);
        const vector v93 = v50 * v50;
        const vector v94 = v56 * v56;
        const vector v95 = v94 + v93;
        const vector v96 = v63 * v63;
        const vector v97 = v96 + v95;
        store(y + 5 * out_stride + lane, v97);
        const vector v9 = load(ybar + 0 * stride + lane);
        const vector v98 = 0x1.c5bf891b4ef6bp+1 * v9;
        PREFETCH(ybar_next + 2 * next_stride);
        store(xbar + 0 * out_stride + lane, v98);
        const vector v12 = load(ybar + 3 * stride + lane);
        const vector v99 = v12 * v50;
        const vector v10 = load(ybar + 1 * stride + lane);
        const vector v100 = 0x1p+1 * v10;
        const vector v101 = v16 * v100;
        const vector v102 = v101 + v99;
        const vector v14 = load(ybar + 5 * stride + lane);
        PREFETCH(ybar_next + 3 * next_stride);
        const vector v103 = 0x1p+1 * v14;
        const vector v104 = v63 * v103;
        const vector v105 = v12 * v21;
        const vector v106 = v105 + v104;
        const vector v107 = v31 * v106;
        const vector v108 = v107 + v102;
        const vector v109 = v56 * v103;
        const vector v110 = v12 * v18;
        const vector v111 = v110 + v109;
        PREFETCH(ybar_next + 4 * next_stride);
        const vector v112 = v28 * v111;
        const vector v113 = v112 + v108;
        const vector v114 = v50 * v103;
        const vector v115 = v12 * v16;
        const vector v116 = v115 + v114;
        const vector v117 = v26 * v116;
        const vector v118 = v113 - v117;
        const vector v119 = 0x1.05f8bd37c0e62p+1 * v118;
        PREFETCH(ybar_next + 5 * next_stride);
        store(xbar + 1 * out_stride + lane, v119);
        const vector v120 = v12 * v63;
        const vector v121 = v21 * v100;
        const vector v122 = v121 + v120;
        const vector v123 = v42 * v106;
        const vector v124 = v123 + v122;
        const vector v125 = v31 * v116;
        const vector v126 = v125 + v124;
        PREFETCH_TO_WRITE(y_next + 0 * out_stride);
        const vector v127 = v37 * v111;
        const vector v128 = v127 + v126;
        const vector v129 = 0x1.05f8bd37c0e62p+1 * v128;
        store(xbar + 2 * out_stride + lane, v129);
        const vector v130 = v12 * v56;
        const vector v131 = v18 * v100;
        const vector v132 = v131 + v130;
        const vector v133 = v37 * v106;
        const vector v134 = v133 + v132;
        PREFETCH_TO_WRITE(y_next + 1 * out_stride);
        const vector v135 = v28 * v116;
        const vector v136 = v135 + v134;
        const vector v137 = v34 * v111;
        const vector v138 = v137 + v136;
        const vector v139 = 0x1.05f8bd37c0e62p+1 * v138;
        store(xbar + 3 * out_stride + lane, v139);
        const vector v13 = load(ybar + 4 * stride + lane);
        const vector v140 = 0x1p+1 * v13;
        PREFETCH_TO_WRITE(y_next + 2 * out_stride);
        const vector v141 = v76 * v140;
        const vector v142 = v31 * v140;
        const vector v143 = v37 * v142;
        const vector v144 = v141 + v143;
        const vector v145 = v37 * v140;
        const vector v146 = v31 * v145;
        const vector v147 = v146 + v144;
        const vector v148 = v34 - v26;
        PREFETCH_TO_WRITE(y_next + 3 * out_stride);
        const vector v149 = v28 * v140;
        const vector v150 = v149 * v148;
        const vector v151 = v150 + v147;
        const vector v152 = v13 * v34;
        const vector v11 = load(ybar + 2 * stride + lane);
        const vector v153 = v11 + v152;
        const vector v154 = v13 * v26;
        const vector v155 = v11 - v154;
        PREFETCH_TO_WRITE(y_next + 4 * out_stride);
        const vector v156 = v155 + v153;
        const vector v157 = 0x1p+1 * v156;
        const vector v158 = v28 * v157;
        const vector v159 = v158 + v151;
        const vector v160 = v18 * v116;
        const vector v161 = v160 + v159;
        const vector v162 = v16 * v111;
        const vector v163 = v162 + v161;
        const vector v164 = 0x1.d4a10d6eee4ap-1 * v163;
        PREFETCH_TO_WRITE(y_next + 5 * out_stride);
        store(xbar + 4 * out_stride + lane, v164);
        const vector v165 = v42 - v26;
        const vector v166 = v142 * v165;
        const vector v167 = v83 * v140;
        const vector v168 = v167 + v166;
        const vector v169 = v13 * v42;
        const vector v170 = v11 + v169;
        const vector v171 = v170 + v155;
        PREFETCH_TO_WRITE(xbar_next + 0 * out_stride);
        const vector v172 = 0x1p+1 * v171;
        const vector v173 = v31 * v172;
        const vector v174 = v173 + v168;
        const vector v175 = v28 * v145;
        const vector v176 = v175 + v174;
        const vector v177 = v37 * v149;
        const vector v178 = v177 + v176;
        const vector v179 = v16 * v106;
        PREFETCH_TO_WRITE(xbar_next + 1 * out_stride);
        const vector v180 = v179 + v178;
        const vector v181 = v21 * v116;
        const vector v182 = v181 + v180;
        const vector v183 = 0x1.d4a10d6eee4ap-1 * v182;
        store(xbar + 5 * out_stride + lane, v183);
        const vector v184 = v28 * v149;
        const vector v185 = v37 * v145;
        const vector v186 = v185 + v184;
        const vector v187 = v13 * v39;
        PREFETCH_TO_WRITE(xbar_next + 2 * out_stride);
        const vector v188 = v187 + v186;
        const vector v189 = 0x1p+1 * v153;
        const vector v190 = v34 * v189;
        const vector v191 = v190 + v188;
        const vector v192 = v18 * v111;
        const vector v193 = v192 + v191;
        const vector v194 = 0x1p+1 * v155;
        const vector v195 = v26 * v194;
        PREFETCH_TO_WRITE(xbar_next + 3 * out_stride);
        const vector v196 = v31 * v142;
        const vector v197 = v195 - v196;
        const vector v198 = v13 * v33;
        const vector v199 = v197 - v198;
        const vector v200 = v199 - v184;
        const vector v201 = v16 * v116;
        const vector v202 = v200 - v201;
        const vector v203 = v202 - v193;
        PREFETCH_TO_WRITE(xbar_next + 4 * out_stride);
        const vector v204 = 0x1.0e902a2c6a9fcp-1 * v203;
        const vector v205 = 0x1p+1 * v170;
        const vector v206 = v42 * v205;
        const vector v207 = v13 * v44;
        const vector v208 = v207 + v206;
        const vector v209 = v196 + v208;
        const vector v210 = v185 + v209;
        const vector v211 = v21 * v106;
        const vector v212 = v211 + v210;
        PREFETCH_TO_WRITE(xbar_next + 5 * out_stride);
        const vector v213 = 0x1.0e902a2c6a9fcp+0 * v212;
        const vector v214 = v213 + v204;
        store(xbar + 6 * out_stride + lane, v214);
        const vector v215 = v70 * v140;
        const vector v216 = v28 * v142;
        const vector v217 = v215 + v216;
        const vector v218 = v34 + v42;
        const vector v219 = v145 * v218;
        PREFETCH_TO_WRITE(xbar_next + 6 * out_stride);
        const vector v220 = v219 + v217;
        const vector v221 = v31 * v149;
        const vector v222 = v221 + v220;
        const vector v223 = v170 + v153;
        const vector v224 = 0x1p+1 * v223;
        const vector v225 = v37 * v224;
        const vector v226 = v225 + v222;
        const vector v227 = v18 * v106;
        PREFETCH_TO_WRITE(xbar_next + 7 * out_stride);
        const vector v228 = v227 + v226;
        const vector v229 = v21 * v111;
        const vector v230 = v229 + v228;
        const vector v231 = 0x1.d4a10d6eee4ap-1 * v230;
        store(xbar + 7 * out_stride + lane, v231);
        const vector v232 = v202 + v193;
        const vector v233 = 0x1.d4a10d6eee4ap-1 * v232;
        store(xbar + 8 * out_stride + lane, v233);
        PREFETCH_TO_WRITE(xbar_next + 8 * out_stride);
    }
}

static void value_and_vjp_pairs(const real *x, const real *ybar, real *y, real *xbar, int64_t channels, int64_t sample, int64_t channel,
    int64_t lanes, int64_t ahead, int samples_follow)
{
    _Alignas(64) real x_tile[9 * LANES];
    _Alignas(64) real ybar_tile[6 * LANES];
    _Alignas(64) real y_tile[6 * LANES];
    _Alignas(64) real xbar_tile[9 * LANES];
    if (samples_follow)
        gather_samples(x_tile, x + sample * 9, 9);
    else
        gather(x_tile, x, 9, channels, sample, channel, lanes);
    if (samples_follow)
        gather_samples(ybar_tile, ybar + sample * 6, 6);
    else
        gather(ybar_tile, ybar, 6, channels, sample, channel, lanes);
    value_and_vjp_lanes(x_tile, ybar_tile, y_tile, xbar_tile, LANES, LANES, x + (sample + ahead) * 9 * channels, ybar + (sample + ahead) * 6 * channels, y + (sample + ahead) * 6 * channels, xbar + (sample + ahead) * 9 * channels, LANES);
    if (samples_follow)
        scatter_samples(y + sample * 6, y_tile, 6);
    else
        scatter(y, y_tile, 6, channels, sample, channel, lanes);
    if (samples_follow)
        scatter_samples(xbar + sample * 9, xbar_tile, 9);
    else
        scatter(xbar, xbar_tile, 9, channels, sample, channel, lanes);
}

static void value_and_vjp_units(const real *x, const real *ybar, real *y, real *xbar, int64_t samples, int64_t channels, int64_t begin, int64_t end)
{
    _Alignas(64) real y_tile[6 * LANES];
    /* Streamed lines are not prefetched: these are, and stay where they are. */
    const real y_idle[6 * LANES] = {0};
    _Alignas(64) real xbar_tile[9 * LANES];
    /* Streamed lines are not prefetched: these are, and stay where they are. */
    const real xbar_idle[9 * LANES] = {0};
    const int streamed = 1 && streams(samples * channels * 15, channels) && aligned(y) && aligned(xbar);
    if (channels < LANES) {
        for (int64_t unit = begin; unit < end; ++unit) {
            const int64_t pair = unit * LANES;
            const int64_t left = samples * channels - pair;
            /* Whole samples ahead; their lines are consecutive. */
            const int64_t ahead = left > (5 + 1) * LANES ? 5 * LANES / channels : 0;
            value_and_vjp_pairs(x, ybar, y, xbar, channels, pair / channels, pair % channels,
                left < LANES ? left : LANES, ahead, channels == 1 && left >= 2 * LANES);
        }
        return;
    }
    const int64_t blocks = blocks_of(channels);
    int64_t sample = begin / blocks, block = begin % blocks;
    int64_t next_sample = (begin + 5) / blocks, next_block = (begin + 5) % blocks;
    for (int64_t unit = begin; unit < end; ++unit) {
        const int64_t channel = block * LANES;
        const int64_t later = next_sample < samples ? next_sample : sample;
        const int64_t later_channel = next_sample < samples ? next_block * LANES : channel;
        if (streamed) {
            value_and_vjp_lanes(x + sample * 9 * channels + channel, ybar + sample * 6 * channels + channel, y_tile, xbar_tile, channels, LANES, x + later * 9 * channels + later_channel, ybar + later * 6 * channels + later_channel, y_idle, xbar_idle, channels);
            stream(y + sample * 6 * channels + channel, y_tile, 6, channels);
            stream(xbar + sample * 9 * channels + channel, xbar_tile, 9, channels);
        } else if (channels - channel >= LANES) {
            value_and_vjp_lanes(x + sample * 9 * channels + channel, ybar + sample * 6 * channels + channel, y + sample * 6 * channels + channel, xbar + sample * 9 * channels + channel, channels, channels, x + later * 9 * channels + later_channel, ybar + later * 6 * channels + later_channel, y + later * 6 * channels + later_channel, xbar + later * 9 * channels + later_channel, channels);
        } else {
            value_and_vjp_pairs(x, ybar, y, xbar, channels, sample, channel, channels - channel, 0, 0);
        }
        if (++block == blocks) {
            block = 0;
            ++sample;
        }
        if (++next_block == blocks) {
            next_block = 0;
            ++next_sample;
        }
    }
    if (streamed)
        end_stream();
}

void invgen_value_and_vjp(const real *x, const real *ybar, real *y, real *xbar, int64_t samples, int64_t channels, int threads)
{
    const int64_t units = units_of(samples, channels);
    if (threads <= 1 || units < 300) {
        value_and_vjp_units(x, ybar, y, xbar, samples, channels, 0, units);
        return;
    }
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int part = 0; part < threads; ++part)
        value_and_vjp_units(x, ybar, y, xbar, samples, channels, units * part / threads, units * (part + 1) / threads);
}

/* jvp: 196 operations per sample and channel. */
static void jvp_lanes(const real *restrict x, const real *restrict u, real *restrict ydot, ptrdiff_t stride, ptrdiff_t out_stride,
    const real *x_next, const real *u_next, const real *ydot_next, ptrdiff_t next_stride)
{
    for (ptrdiff_t lane = 0; lane < LANES; lane += WIDTH) {
        const vector v9 = load(u + 0 * stride + lane);
        const vector v18 = 0x1.c5bf891b4ef6bp+1 * v9;
        store(ydot + 0 * out_stride + lane, v18);
        const vector v10 = load(u + 1 * stride + lane);
        const vector v19 = 0x1.05f8bd37c0e62p+1 * v10;
        const vector v1 = load(x + 1 * stride + lane);
        const vector v20 = 0x1.05f8bd37c0e62p+1 * v1;
        const vector v21 = v20 * v19;
        const vector v12 = load(u + 3 * stride + lane);
        const vector v22 = 0x1.05f8bd37c0e62p+1 * v12;
        PREFETCH(x_next + 0 * next_stride);
        const vector v3 = load(x + 3 * stride + lane);
        const vector v23 = 0x1.05f8bd37c0e62p+1 * v3;
        const vector v24 = v23 * v22;
        const vector v25 = v24 + v21;
        const vector v11 = load(u + 2 * stride + lane);
        const vector v26 = 0x1.05f8bd37c0e62p+1 * v11;
        const vector v2 = load(x + 2 * stride + lane);
        const vector v27 = 0x1.05f8bd37c0e62p+1 * v2;
        const vector v28 = v27 * v26;
        PREFETCH(x_next + 1 * next_stride);
        const vector v29 = v28 + v25;
        const vector v30 = 0x1p+1 * v29;
        store(ydot + 1 * out_stride + lane, v30);
        const vector v17 = load(u + 8 * stride + lane);
        const vector v31 = 0x1.d4a10d6eee4ap-1 * v17;
        const vector v15 = load(u + 6 * stride + lane);
        const vector v32 = 0x1.0e902a2c6a9fcp-1 * v15;
        const vector v33 = v32 + v31;
        const vector v8 = load(x + 8 * stride + lane);
        PREFETCH(x_next + 2 * next_stride);
        const vector v34 = 0x1.d4a10d6eee4ap-1 * v8;
        const vector v6 = load(x + 6 * stride + lane);
        const vector v35 = 0x1.0e902a2c6a9fcp-1 * v6;
        const vector v36 = v35 + v34;
        const vector v37 = v36 * v33;
        const vector v13 = load(u + 4 * stride + lane);
        const vector v38 = 0x1.d4a10d6eee4ap-1 * v13;
        const vector v4 = load(x + 4 * stride + lane);
        const vector v39 = 0x1.d4a10d6eee4ap-1 * v4;
        PREFETCH(x_next + 3 * next_stride);
        const vector v40 = v39 * v38;
        const vector v41 = v40 + v37;
        const vector v14 = load(u + 5 * stride + lane);
        const vector v42 = 0x1.d4a10d6eee4ap-1 * v14;
        const vector v5 = load(x + 5 * stride + lane);
        const vector v43 = 0x1.d4a10d6eee4ap-1 * v5;
        const vector v44 = v43 * v42;
        const vector v45 = v44 + v41;
        const vector v46 = v31 - v32;
        PREFETCH(x_next + 4 * next_stride);
        const vector v47 = v34 - v35;
        const vector v48 = v47 * v46;
        const vector v49 = v48 + v40;
        const vector v16 = load(u + 7 * stride + lane);
        const vector v50 = 0x1.d4a10d6eee4ap-1 * v16;
        const vector v7 = load(x + 7 * stride + lane);
        const vector v51 = 0x1.d4a10d6eee4ap-1 * v7;
        const vector v52 = v51 * v50;
        const vector v53 = v52 + v49;
        PREFETCH(x_next + 5 * next_stride);
        const vector v54 = v53 + v45;
        const vector v55 = v52 + v44;
        const vector v56 = 0x1.0e902a2c6a9fcp+0 * v15;
        const vector v57 = 0x1.0e902a2c6a9fcp+0 * v6;
        const vector v58 = v57 * v56;
        const vector v59 = v58 + v55;
        const vector v60 = v59 + v54;
        const vector v61 = 0x1p+1 * v60;
        store(ydot + 2 * out_stride + lane, v61);
        PREFETCH(x_next + 6 * next_stride);
        const vector v62 = v27 * v42;
        const vector v63 = v43 * v26;
        const vector v64 = v63 + v62;
        const vector v65 = v23 * v38;
        const vector v66 = v39 * v22;
        const vector v67 = v66 + v65;
        const vector v68 = v67 + v64;
        const vector v69 = v20 * v33;
        const vector v70 = v36 * v19;
        PREFETCH(x_next + 7 * next_stride);
        const vector v71 = v70 + v69;
        const vector v72 = v68 - v71;
        const vector v73 = v20 * v72;
        const vector v74 = v27 * v43;
        const vector v75 = v23 * v39;
        const vector v76 = v75 + v74;
        const vector v77 = v20 * v36;
        const vector v78 = v76 - v77;
        const vector v79 = v78 * v19;
        const vector v80 = v79 + v73;
        PREFETCH(x_next + 8 * next_stride);
        const vector v81 = v20 * v38;
        const vector v82 = v39 * v19;
        const vector v83 = v82 + v81;
        const vector v84 = v23 * v46;
        const vector v85 = v47 * v22;
        const vector v86 = v85 + v84;
        const vector v87 = v86 + v83;
        const vector v88 = v27 * v50;
        const vector v89 = v51 * v26;
        PREFETCH(u_next + 0 * next_stride);
        const vector v90 = v89 + v88;
        const vector v91 = v90 + v87;
        const vector v92 = v23 * v91;
        const vector v93 = v20 * v39;
        const vector v94 = v23 * v47;
        const vector v95 = v94 + v93;
        const vector v96 = v27 * v51;
        const vector v97 = v96 + v95;
        const vector v98 = v97 * v22;
        PREFETCH(u_next + 1 * next_stride);
        const vector v99 = v98 + v92;
        const vector v100 = v99 + v80;
        const vector v101 = v20 * v42;
        const vector v102 = v43 * v19;
        const vector v103 = v102 + v101;
        const vector v104 = v23 * v50;
        const vector v105 = v51 * v22;
        const vector v106 = v105 + v104;
        const vector v107 = v106 + v103;
        PREFETCH(u_next + 2 * next_stride);
        const vector v108 = v27 * v56;
        const vector v109 = v57 * v26;
        const vector v110 = v109 + v108;
        const vector v111 = v110 + v107;
        const vector v112 = v27 * v111;
        const vector v113 = v20 * v43;
        const vector v114 = v23 * v51;
        const vector v115 = v114 + v113;
        const vector v116 = v27 * v57;
        PREFETCH(u_next + 3 * next_stride);
        const vector v117 = v116 + v115;
        const vector v118 = v117 * v26;
        const vector v119 = v118 + v112;
        const vector v120 = v119 + v100;
        store(ydot + 3 * out_stride + lane, v120);
        const vector v121 = v39 * v42;
        const vector v122 = v43 * v38;
        const vector v123 = v122 + v121;
        const vector v124 = v51 * v46;
        PREFETCH(u_next + 4 * next_stride);
        const vector v125 = v47 * v50;
        const vector v126 = v125 + v124;
        const vector v127 = v126 + v123;
        const vector v128 = v51 * v56;
        const vector v129 = v57 * v50;
        const vector v130 = v129 + v128;
        const vector v131 = v130 + v127;
        const vector v132 = v51 * v131;
        const vector v133 = v39 * v43;
        PREFETCH(u_next + 5 * next_stride);
        const vector v134 = v51 * v47;
        const vector v135 = v134 + v133;
        const vector v136 = v51 * v57;
        const vector v137 = v136 + v135;
        const vector v138 = v137 * v50;
        const vector v139 = v138 + v132;
        const vector v140 = v43 * v50;
        const vector v141 = v51 * v42;
        const vector v142 = v141 + v140;
        PREFETCH(u_next + 6 * next_stride);
        const vector v143 = v39 * v46;
        const vector v144 = v47 * v38;
        const vector v145 = v144 + v143;
        const vector v146 = v145 + v142;
        const vector v147 = v39 * v33;
        const vector v148 = v36 * v38;
        const vector v149 = v148 + v147;
        const vector v150 = v146 - v149;
        const vector v151 = v39 * v150;
        const vector v152 = v43 * v51;
        PREFETCH(u_next + 7 * next_stride);
        const vector v153 = v39 * v47;
        const vector v154 = v153 + v152;
        const vector v155 = v39 * v36;
        const vector v156 = v154 - v155;
        const vector v157 = v156 * v38;
        const vector v158 = v157 + v151;
        const vector v159 = v158 + v139;
        const vector v160 = v43 * v56;
        const vector v161 = v57 * v42;
        PREFETCH(u_next + 8 * next_stride);
        const vector v162 = v161 + v160;
        const vector v163 = v39 * v50;
        const vector v164 = v51 * v38;
        const vector v165 = v164 + v163;
        const vector v166 = v165 + v162;
        const vector v167 = v43 * v33;
        const vector v168 = v36 * v42;
        const vector v169 = v168 + v167;
        const vector v170 = v166 - v169;
        PREFETCH_TO_WRITE(ydot_next + 0 * out_stride);
        const vector v171 = v43 * v170;
        const vector v172 = v43 * v57;
        const vector v173 = v39 * v51;
        const vector v174 = v173 + v172;
        const vector v175 = v43 * v36;
        const vector v176 = v174 - v175;
        const vector v177 = v176 * v42;
        const vector v178 = v177 + v171;
        const vector v179 = v178 + v159;
        PREFETCH_TO_WRITE(ydot_next + 1 * out_stride);
        const vector v180 = 0x1p+1 * v179;
        const vector v181 = 0x1p+1 * v53;
        const vector v182 = v47 * v181;
        const vector v183 = v47 * v47;
        const vector v184 = v39 * v39;
        const vector v185 = v183 + v184;
        const vector v186 = v51 * v51;
        const vector v187 = v186 + v185;
        const vector v188 = v187 * v46;
        PREFETCH_TO_WRITE(ydot_next + 2 * out_stride);
        const vector v189 = v188 + v182;
        const vector v190 = 0x1p+1 * v59;
        const vector v191 = v57 * v190;
        const vector v192 = v43 * v43;
        const vector v193 = v186 + v192;
        const vector v194 = v57 * v57;
        const vector v195 = v194 + v193;
        const vector v196 = v195 * v56;
        const vector v197 = v196 + v191;
        PREFETCH_TO_WRITE(ydot_next + 3 * out_stride);
        const vector v198 = v189 + v197;
        const vector v199 = 0x1p+1 * v45;
        const vector v200 = v36 * v199;
        const vector v201 = v36 * v36;
        const vector v202 = v184 + v201;
        const vector v203 = v192 + v202;
        const vector v204 = v203 * v33;
        const vector v205 = v204 + v200;
        const vector v206 = v198 - v205;
        PREFETCH_TO_WRITE(ydot_next + 4 * out_stride);
        const vector v207 = v206 + v180;
        store(ydot + 4 * out_stride + lane, v207);
        const vector v208 = v78 * v72;
        const vector v209 = v97 * v91;
        const vector v210 = v209 + v208;
        const vector v211 = v117 * v111;
        const vector v212 = v211 + v210;
        const vector v213 = 0x1p+1 * v212;
        store(ydot + 5 * out_stride + lane, v213);
        PREFETCH_TO_WRITE(ydot_next + 5 * out_stride);
    }
}

static void jvp_pairs(const real *x, const real *u, real *ydot, int64_t channels, int64_t sample, int64_t channel,
    int64_t lanes, int64_t ahead, int samples_follow)
{
    _Alignas(64) real x_tile[9 * LANES];
    _Alignas(64) real u_tile[9 * LANES];
    _Alignas(64) real ydot_tile[6 * LANES];
    if (samples_follow)
        gather_samples(x_tile, x + sample * 9, 9);
    else
        gather(x_tile, x, 9, channels, sample, channel, lanes);
    if (samples_follow)
        gather_samples(u_tile, u + sample * 9, 9);
    else
        gather(u_tile, u, 9, channels, sample, channel, lanes);
    jvp_lanes(x_tile, u_tile, ydot_tile, LANES, LANES, x + (sample + ahead) * 9 * channels, u + (sample + ahead) * 9 * channels, ydot + (sample + ahead) * 6 * channels, LANES);
    if (samples_follow)
        scatter_samples(ydot + sample * 6, ydot_tile, 6);
    else
        scatter(ydot, ydot_tile, 6, channels, sample, channel, lanes);
}

static void jvp_units(const real *x, const real *u, real *ydot, int64_t samples, int64_t channels, int64_t begin, int64_t end)
{
    _Alignas(64) real ydot_tile[6 * LANES];
    /* Streamed lines are not prefetched: these are, and stay where they are. */
    const real ydot_idle[6 * LANES] = {0};
    const int streamed = 1 && streams(samples * channels * 6, channels) && aligned(ydot);
    if (channels < LANES) {
        for (int64_t unit = begin; unit < end; ++unit) {
            const int64_t pair = unit * LANES;
            const int64_t left = samples * channels - pair;
            /* Whole samples ahead; their lines are consecutive. */
            const int64_t ahead = left > (6 + 1) * LANES ? 6 * LANES / channels : 0;
            jvp_pairs(x, u, ydot, channels, pair / channels, pair % channels,
                left < LANES ? left : LANES, ahead, channels == 1 && left >= 2 * LANES);
        }
        return;
    }
    const int64_t blocks = blocks_of(channels);
    int64_t sample = begin / blocks, block = begin % blocks;
    int64_t next_sample = (begin + 6) / blocks, next_block = (begin + 6) % blocks;
    for (int64_t unit = begin; unit < end; ++unit) {
        const int64_t channel = block * LANES;
        const int64_t later = next_sample < samples ? next_sample : sample;
        const int64_t later_channel = next_sample < samples ? next_block * LANES : channel;
        if (streamed) {
            jvp_lanes(x + sample * 9 * channels + channel, u + sample * 9 * channels + channel, ydot_tile, channels, LANES, x + later * 9 * channels + later_channel, u + later * 9 * channels + later_channel, ydot_idle, channels);
            stream(ydot + sample * 6 * channels + channel, ydot_tile, 6, channels);
        } else if (channels - channel >= LANES) {
            jvp_lanes(x + sample * 9 * channels + channel, u + sample * 9 * channels + channel, ydot + sample * 6 * channels + channel, channels, channels, x + later * 9 * channels + later_channel, u + later * 9 * channels + later_channel, ydot + later * 6 * channels + later_channel, channels);
        } else {
            jvp_pairs(x, u, ydot, channels, sample, channel, channels - channel, 0, 0);
        }
        if (++block == blocks) {
            block = 0;
            ++sample;
        }
        if (++next_block == blocks) {
            next_block = 0;
            ++next_sample;
        }
    }
    if (streamed)
        end_stream();
}

void invgen_jvp(const real *x, const real *u, real *ydot, int64_t samples, int64_t channels, int threads)
{
    const int64_t units = units_of(samples, channels);
    if (threads <= 1 || units < 335) {
        jvp_units(x, u, ydot, samples, channels, 0, units);
        return;
    }
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int part = 0; part < threads; ++part)
        jvp_units(x, u, ydot, samples, channels, units * part / threads, units * (part + 1) / threads);
}

/* vjp_of_vjp: 430 operations per sample and channel. */
static void vjp_of_vjp_lanes(const real *restrict x, const real *restrict ybar, const real *restrict u, real *restrict grad_x, real *restrict grad_ybar, ptrdiff_t stride, ptrdiff_t out_stride,
    const real *x_next, const real *ybar_next, const real *u_next, const real *grad_x_next, const real *grad_ybar_next, ptrdiff_t next_stride)
{
    for (ptrdiff_t lane = 0; lane < LANES; lane += WIDTH) {
        const vector v24 = constant(0x0p+0);
        store(grad_x + 0 * out_stride + lane, v24);
        const vector v15 = load(u + 0 * stride + lane);
        const vector v25 = 0x1.c5bf891b4ef6bp+1 * v15;
        store(grad_ybar + 0 * out_stride + lane, v25);
        const vector v16 = load(u + 1 * stride + lane);
        const vector v26 = 0x1.05f8bd37c0e62p+1 * v16;
        const vector v1 = load(x + 1 * stride + lane);
        const vector v27 = 0x1.05f8bd37c0e62p+1 * v1;
        const vector v28 = v27 * v26;
        const vector v18 = load(u + 3 * stride + lane);
        const vector v29 = 0x1.05f8bd37c0e62p+1 * v18;
        PREFETCH(x_next + 0 * next_stride);
        const vector v3 = load(x + 3 * stride + lane);
        const vector v30 = 0x1.05f8bd37c0e62p+1 * v3;
        const vector v31 = v30 * v29;
        const vector v32 = v31 + v28;
        const vector v17 = load(u + 2 * stride + lane);
        const vector v33 = 0x1.05f8bd37c0e62p+1 * v17;
        const vector v2 = load(x + 2 * stride + lane);
        const vector v34 = 0x1.05f8bd37c0e62p+1 * v2;
        const vector v35 = v34 * v33;
        const vector v36 = v35 + v32;
        const vector v37 = 0x1p+1 * v36;
        store(grad_ybar + 1 * out_stride + lane, v37);
        PREFETCH(x_next + 1 * next_stride);
        const vector v23 = load(u + 8 * stride + lane);
        const vector v38 = 0x1.d4a10d6eee4ap-1 * v23;
        const vector v21 = load(u + 6 * stride + lane);
        const vector v39 = 0x1.0e902a2c6a9fcp-1 * v21;
        const vector v40 = v39 + v38;
        const vector v8 = load(x + 8 * stride + lane);
        const vector v41 = 0x1.d4a10d6eee4ap-1 * v8;
        const vector v6 = load(x + 6 * stride + lane);
        const vector v42 = 0x1.0e902a2c6a9fcp-1 * v6;
        const vector v43 = v42 + v41;
        const vector v44 = v43 * v40;
        const vector v19 = load(u + 4 * stride + lane);
        PREFETCH(x_next + 2 * next_stride);
        const vector v45 = 0x1.d4a10d6eee4ap-1 * v19;
        const vector v4 = load(x + 4 * stride + lane);
        const vector v46 = 0x1.d4a10d6eee4ap-1 * v4;
        const vector v47 = v46 * v45;
        const vector v48 = v47 + v44;
        const vector v20 = load(u + 5 * stride + lane);
        const vector v49 = 0x1.d4a10d6eee4ap-1 * v20;
        const vector v5 = load(x + 5 * stride + lane);
        const vector v50 = 0x1.d4a10d6eee4ap-1 * v5;
        const vector v51 = v50 * v49;
        const vector v52 = v51 + v48;
        const vector v53 = v38 - v39;
        PREFETCH(x_next + 3 * next_stride);
        const vector v54 = v41 - v42;
        const vector v55 = v54 * v53;
        const vector v56 = v55 + v47;
        const vector v22 = load(u + 7 * stride + lane);
        const vector v57 = 0x1.d4a10d6eee4ap-1 * v22;
        const vector v7 = load(x + 7 * stride + lane);
        const vector v58 = 0x1.d4a10d6eee4ap-1 * v7;
        const vector v59 = v58 * v57;
        const vector v60 = v59 + v56;
        const vector v61 = v60 + v52;
        const vector v62 = v59 + v51;
        const vector v63 = 0x1.0e902a2c6a9fcp+0 * v21;
        PREFETCH(x_next + 4 * next_stride);
        const vector v64 = 0x1.0e902a2c6a9fcp+0 * v6;
        const vector v65 = v64 * v63;
        const vector v66 = v65 + v62;
        const vector v67 = v66 + v61;
        const vector v68 = 0x1p+1 * v67;
        store(grad_ybar + 2 * out_stride + lane, v68);
        const vector v69 = v34 * v49;
        const vector v70 = v50 * v33;
        const vector v71 = v70 + v69;
        const vector v72 = v30 * v45;
        const vector v73 = v46 * v29;
        const vector v74 = v73 + v72;
        PREFETCH(x_next + 5 * next_stride);
        const vector v75 = v74 + v71;
        const vector v76 = v27 * v40;
        const vector v77 = v43 * v26;
        const vector v78 = v77 + v76;
        const vector v79 = v75 - v78;
        const vector v80 = v34 * v50;
        const vector v81 = v30 * v46;
        const vector v82 = v81 + v80;
        const vector v83 = v27 * v43;
        const vector v84 = v82 - v83;
        const vector v85 = v84 * v79;
        const vector v86 = v27 * v45;
        PREFETCH(x_next + 6 * next_stride);
        const vector v87 = v46 * v26;
        const vector v88 = v87 + v86;
        const vector v89 = v30 * v53;
        const vector v90 = v54 * v29;
        const vector v91 = v90 + v89;
        const vector v92 = v91 + v88;
        const vector v93 = v34 * v57;
        const vector v94 = v58 * v33;
        const vector v95 = v94 + v93;
        const vector v96 = v95 + v92;
        const vector v97 = v27 * v46;
        const vector v98 = v30 * v54;
        PREFETCH(x_next + 7 * next_stride);
        const vector v99 = v98 + v97;
        const vector v100 = v34 * v58;
        const vector v101 = v100 + v99;
        const vector v102 = v101 * v96;
        const vector v103 = v102 + v85;
        const vector v104 = v27 * v49;
        const vector v105 = v50 * v26;
        const vector v106 = v105 + v104;
        const vector v107 = v30 * v57;
        const vector v108 = v58 * v29;
        const vector v109 = v108 + v107;
        const vector v110 = v109 + v106;
        PREFETCH(x_next + 8 * next_stride);
        const vector v111 = v34 * v63;
        const vector v112 = v64 * v33;
        const vector v113 = v112 + v111;
        const vector v114 = v113 + v110;
        const vector v115 = v27 * v50;
        const vector v116 = v30 * v58;
        const vector v117 = v116 + v115;
        const vector v118 = v34 * v64;
        const vector v119 = v118 + v117;
        const vector v120 = v119 * v114;
        const vector v121 = v120 + v103;
        const vector v122 = 0x1p+1 * v121;
        PREFETCH(ybar_next + 0 * next_stride);
        store(grad_ybar + 5 * out_stride + lane, v122);
        const vector v123 = v27 * v79;
        const vector v124 = v84 * v26;
        const vector v125 = v124 + v123;
        const vector v126 = v30 * v96;
        const vector v127 = v101 * v29;
        const vector v128 = v127 + v126;
        const vector v129 = v128 + v125;
        const vector v130 = v34 * v114;
        const vector v131 = v119 * v33;
        const vector v132 = v131 + v130;
        const vector v133 = v132 + v129;
        PREFETCH(ybar_next + 1 * next_stride);
        store(grad_ybar + 3 * out_stride + lane, v133);
        const vector v134 = v46 * v49;
        const vector v135 = v50 * v45;
        const vector v136 = v135 + v134;
        const vector v137 = v58 * v53;
        const vector v138 = v54 * v57;
        const vector v139 = v138 + v137;
        const vector v140 = v139 + v136;
        const vector v141 = v58 * v63;
        const vector v142 = v64 * v57;
        const vector v143 = v142 + v141;
        const vector v144 = v143 + v140;
        PREFETCH(ybar_next + 2 * next_stride);
        const vector v145 = v58 * v144;
        const vector v146 = v46 * v50;
        const vector v147 = v58 * v54;
        const vector v148 = v147 + v146;
        const vector v149 = v58 * v64;
        const vector v150 = v149 + v148;
        const vector v151 = v150 * v57;
        const vector v152 = v151 + v145;
        const vector v153 = v50 * v57;
        const vector v154 = v58 * v49;
        const vector v155 = v154 + v153;
        const vector v156 = v46 * v53;
        PREFETCH(ybar_next + 3 * next_stride);
        const vector v157 = v54 * v45;
        const vector v158 = v157 + v156;
        const vector v159 = v158 + v155;
        const vector v160 = v46 * v40;
        const vector v161 = v43 * v45;
        const vector v162 = v161 + v160;
        const vector v163 = v159 - v162;
        const vector v164 = v46 * v163;
        const vector v165 = v50 * v58;
        const vector v166 = v46 * v54;
        const vector v167 = v166 + v165;
        const vector v168 = v46 * v43;
        PREFETCH(ybar_next + 4 * next_stride);
        const vector v169 = v167 - v168;
        const vector v170 = v169 * v45;
        const vector v171 = v170 + v164;
        const vector v172 = v171 + v152;
        const vector v173 = v50 * v63;
        const vector v174 = v64 * v49;
        const vector v175 = v174 + v173;
        const vector v176 = v46 * v57;
        const vector v177 = v58 * v45;
        const vector v178 = v177 + v176;
        const vector v179 = v178 + v175;
        const vector v180 = v50 * v40;
        PREFETCH(ybar_next + 5 * next_stride);
        const vector v181 = v43 * v49;
        const vector v182 = v181 + v180;
        const vector v183 = v179 - v182;
        const vector v184 = v50 * v183;
        const vector v185 = v50 * v64;
        const vector v186 = v46 * v58;
        const vector v187 = v186 + v185;
        const vector v188 = v50 * v43;
        const vector v189 = v187 - v188;
        const vector v190 = v189 * v49;
        const vector v191 = v190 + v184;
        const vector v192 = v191 + v172;
        PREFETCH(u_next + 0 * next_stride);
        const vector v193 = 0x1p+1 * v192;
        const vector v194 = 0x1p+1 * v60;
        const vector v195 = v54 * v194;
        const vector v196 = v54 * v54;
        const vector v197 = v46 * v46;
        const vector v198 = v196 + v197;
        const vector v199 = v58 * v58;
        const vector v200 = v199 + v198;
        const vector v201 = v200 * v53;
        const vector v202 = v201 + v195;
        const vector v203 = 0x1p+1 * v66;
        const vector v204 = v64 * v203;
        PREFETCH(u_next + 1 * next_stride);
        const vector v205 = v50 * v50;
        const vector v206 = v199 + v205;
        const vector v207 = v64 * v64;
        const vector v208 = v207 + v206;
        const vector v209 = v208 * v63;
        const vector v210 = v209 + v204;
        const vector v211 = v202 + v210;
        const vector v212 = 0x1p+1 * v52;
        const vector v213 = v43 * v212;
        const vector v214 = v43 * v43;
        const vector v215 = v197 + v214;
        const vector v216 = v205 + v215;
        PREFETCH(u_next + 2 * next_stride);
        const vector v217 = v216 * v40;
        const vector v218 = v217 + v213;
        const vector v219 = v211 - v218;
        const vector v220 = v219 + v193;
        store(grad_ybar + 4 * out_stride + lane, v220);
        const vector v12 = load(ybar + 3 * stride + lane);
        const vector v221 = v12 * v79;
        const vector v10 = load(ybar + 1 * stride + lane);
        const vector v222 = 0x1p+1 * v10;
        const vector v223 = v26 * v222;
        const vector v224 = v223 + v221;
        const vector v14 = load(ybar + 5 * stride + lane);
        PREFETCH(u_next + 3 * next_stride);
        const vector v225 = 0x1p+1 * v14;
        const vector v226 = v114 * v225;
        const vector v227 = v12 * v33;
        const vector v228 = v227 + v226;
        const vector v229 = v50 * v228;
        const vector v230 = v119 * v225;
        const vector v231 = v12 * v34;
        const vector v232 = v231 + v230;
        const vector v233 = v49 * v232;
        const vector v234 = v233 + v229;
        const vector v235 = v234 + v224;
        const vector v236 = v96 * v225;
        PREFETCH(u_next + 4 * next_stride);
        const vector v237 = v12 * v29;
        const vector v238 = v237 + v236;
        const vector v239 = v46 * v238;
        const vector v240 = v101 * v225;
        const vector v241 = v12 * v30;
        const vector v242 = v241 + v240;
        const vector v243 = v45 * v242;
        const vector v244 = v243 + v239;
        const vector v245 = v244 + v235;
        const vector v246 = v79 * v225;
        const vector v247 = v12 * v26;
        const vector v248 = v247 + v246;
        PREFETCH(u_next + 5 * next_stride);
        const vector v249 = v43 * v248;
        const vector v250 = v84 * v225;
        const vector v251 = v12 * v27;
        const vector v252 = v251 + v250;
        const vector v253 = v40 * v252;
        const vector v254 = v253 + v249;
        const vector v255 = v245 - v254;
        const vector v256 = 0x1.05f8bd37c0e62p+1 * v255;
        store(grad_x + 1 * out_stride + lane, v256);
        const vector v257 = v12 * v114;
        const vector v258 = v33 * v222;
        const vector v259 = v258 + v257;
        PREFETCH(u_next + 6 * next_stride);
        const vector v260 = v64 * v228;
        const vector v261 = v63 * v232;
        const vector v262 = v261 + v260;
        const vector v263 = v262 + v259;
        const vector v264 = v50 * v248;
        const vector v265 = v49 * v252;
        const vector v266 = v265 + v264;
        const vector v267 = v266 + v263;
        const vector v268 = v58 * v238;
        const vector v269 = v57 * v242;
        const vector v270 = v269 + v268;
        const vector v271 = v270 + v267;
        PREFETCH(u_next + 7 * next_stride);
        const vector v272 = 0x1.05f8bd37c0e62p+1 * v271;
        store(grad_x + 2 * out_stride + lane, v272);
        const vector v273 = v12 * v96;
        const vector v274 = v29 * v222;
        const vector v275 = v274 + v273;
        const vector v276 = v58 * v228;
        const vector v277 = v57 * v232;
        const vector v278 = v277 + v276;
        const vector v279 = v278 + v275;
        const vector v280 = v46 * v248;
        const vector v281 = v45 * v252;
        const vector v282 = v281 + v280;
        PREFETCH(u_next + 8 * next_stride);
        const vector v283 = v282 + v279;
        const vector v284 = v54 * v238;
        const vector v285 = v53 * v242;
        const vector v286 = v285 + v284;
        const vector v287 = v286 + v283;
        const vector v288 = 0x1.05f8bd37c0e62p+1 * v287;
        store(grad_x + 3 * out_stride + lane, v288);
        const vector v13 = load(ybar + 4 * stride + lane);
        const vector v289 = 0x1p+1 * v13;
        const vector v290 = v163 * v289;
        const vector v291 = v49 * v289;
        const vector v292 = v58 * v291;
        PREFETCH_TO_WRITE(grad_x_next + 0 * out_stride);
        const vector v293 = v50 * v289;
        const vector v294 = v57 * v293;
        const vector v295 = v294 + v292;
        const vector v296 = v290 + v295;
        const vector v297 = v57 * v289;
        const vector v298 = v50 * v297;
        const vector v299 = v58 * v289;
        const vector v300 = v49 * v299;
        const vector v301 = v300 + v298;
        const vector v302 = v301 + v296;
        const vector v303 = v53 - v40;
        const vector v304 = v46 * v289;
        PREFETCH_TO_WRITE(grad_x_next + 1 * out_stride);
        const vector v305 = v304 * v303;
        const vector v306 = v54 - v43;
        const vector v307 = v45 * v289;
        const vector v308 = v306 * v307;
        const vector v309 = v308 + v305;
        const vector v310 = v309 + v302;
        const vector v311 = v13 * v53;
        const vector v312 = v13 * v40;
        const vector v313 = v311 - v312;
        const vector v314 = 0x1p+1 * v313;
        const vector v315 = v46 * v314;
        const vector v316 = v13 * v54;
        PREFETCH_TO_WRITE(grad_x_next + 2 * out_stride);
        const vector v11 = load(ybar + 2 * stride + lane);
        const vector v317 = v11 + v316;
        const vector v318 = v13 * v43;
        const vector v319 = v11 - v318;
        const vector v320 = v319 + v317;
        const vector v321 = 0x1p+1 * v320;
        const vector v322 = v45 * v321;
        const vector v323 = v322 + v315;
        const vector v324 = v323 + v310;
        const vector v325 = v30 * v248;
        const vector v326 = v29 * v252;
        const vector v327 = v326 + v325;
        PREFETCH_TO_WRITE(grad_x_next + 3 * out_stride);
        const vector v328 = v327 + v324;
        const vector v329 = v27 * v238;
        const vector v330 = v26 * v242;
        const vector v331 = v330 + v329;
        const vector v332 = v331 + v328;
        const vector v333 = 0x1.d4a10d6eee4ap-1 * v332;
        store(grad_x + 4 * out_stride + lane, v333);
        const vector v334 = v63 - v40;
        const vector v335 = v293 * v334;
        const vector v336 = v64 - v43;
        const vector v337 = v336 * v291;
        const vector v338 = v337 + v335;
        PREFETCH_TO_WRITE(grad_x_next + 4 * out_stride);
        const vector v339 = v183 * v289;
        const vector v340 = v339 + v338;
        const vector v341 = v13 * v63;
        const vector v342 = v341 - v312;
        const vector v343 = 0x1p+1 * v342;
        const vector v344 = v50 * v343;
        const vector v345 = v13 * v64;
        const vector v346 = v11 + v345;
        const vector v347 = v346 + v319;
        const vector v348 = 0x1p+1 * v347;
        const vector v349 = v49 * v348;
        const vector v350 = v349 + v344;
        PREFETCH_TO_WRITE(grad_x_next + 5 * out_stride);
        const vector v351 = v350 + v340;
        const vector v352 = v46 * v297;
        const vector v353 = v45 * v299;
        const vector v354 = v353 + v352;
        const vector v355 = v354 + v351;
        const vector v356 = v58 * v307;
        const vector v357 = v57 * v304;
        const vector v358 = v357 + v356;
        const vector v359 = v358 + v355;
        const vector v360 = v27 * v228;
        const vector v361 = v26 * v232;
        const vector v362 = v361 + v360;
        PREFETCH_TO_WRITE(grad_x_next + 6 * out_stride);
        const vector v363 = v362 + v359;
        const vector v364 = v34 * v248;
        const vector v365 = v33 * v252;
        const vector v366 = v365 + v364;
        const vector v367 = v366 + v363;
        const vector v368 = 0x1.d4a10d6eee4ap-1 * v367;
        store(grad_x + 5 * out_stride + lane, v368);
        const vector v369 = v144 * v289;
        const vector v370 = v46 * v291;
        const vector v371 = v45 * v293;
        const vector v372 = v371 + v370;
        const vector v373 = v369 + v372;
        PREFETCH_TO_WRITE(grad_x_next + 7 * out_stride);
        const vector v374 = v53 + v63;
        const vector v375 = v299 * v374;
        const vector v376 = v54 + v64;
        const vector v377 = v376 * v297;
        const vector v378 = v377 + v375;
        const vector v379 = v378 + v373;
        const vector v380 = v50 * v307;
        const vector v381 = v49 * v304;
        const vector v382 = v381 + v380;
        const vector v383 = v382 + v379;
        const vector v384 = v341 + v311;
        const vector v385 = 0x1p+1 * v384;
        PREFETCH_TO_WRITE(grad_x_next + 8 * out_stride);
        const vector v386 = v58 * v385;
        const vector v387 = v346 + v317;
        const vector v388 = 0x1p+1 * v387;
        const vector v389 = v57 * v388;
        const vector v390 = v389 + v386;
        const vector v391 = v390 + v383;
        const vector v392 = v30 * v228;
        const vector v393 = v29 * v232;
        const vector v394 = v393 + v392;
        const vector v395 = v394 + v391;
        const vector v396 = v34 * v238;
        const vector v397 = v33 * v242;
        PREFETCH_TO_WRITE(grad_ybar_next + 0 * out_stride);
        const vector v398 = v397 + v396;
        const vector v399 = v398 + v395;
        const vector v400 = 0x1.d4a10d6eee4ap-1 * v399;
        store(grad_x + 7 * out_stride + lane, v400);
        const vector v401 = v46 * v307;
        const vector v402 = v45 * v304;
        const vector v403 = v402 + v401;
        const vector v404 = v58 * v297;
        const vector v405 = v57 * v299;
        const vector v406 = v405 + v404;
        const vector v407 = v406 + v403;
        const vector v408 = v13 * v194;
        PREFETCH_TO_WRITE(grad_ybar_next + 1 * out_stride);
        const vector v409 = v408 + v407;
        const vector v410 = 0x1p+1 * v311;
        const vector v411 = v54 * v410;
        const vector v412 = 0x1p+1 * v317;
        const vector v413 = v53 * v412;
        const vector v414 = v413 + v411;
        const vector v415 = v414 + v409;
        const vector v416 = v30 * v238;
        const vector v417 = v29 * v242;
        const vector v418 = v417 + v416;
        const vector v419 = v418 + v415;
        const vector v420 = -0x1p+1 * v312;
        PREFETCH_TO_WRITE(grad_ybar_next + 2 * out_stride);
        const vector v421 = v43 * v420;
        const vector v422 = 0x1p+1 * v319;
        const vector v423 = v40 * v422;
        const vector v424 = v423 + v421;
        const vector v425 = v50 * v291;
        const vector v426 = v49 * v293;
        const vector v427 = v426 + v425;
        const vector v428 = v424 - v427;
        const vector v429 = v13 * v212;
        const vector v430 = v428 - v429;
        const vector v431 = v430 - v403;
        const vector v432 = v27 * v248;
        PREFETCH_TO_WRITE(grad_ybar_next + 3 * out_stride);
        const vector v433 = v26 * v252;
        const vector v434 = v433 + v432;
        const vector v435 = v431 - v434;
        const vector v436 = v435 + v419;
        const vector v437 = 0x1.d4a10d6eee4ap-1 * v436;
        store(grad_x + 8 * out_stride + lane, v437);
        const vector v438 = v435 - v419;
        const vector v439 = 0x1.0e902a2c6a9fcp-1 * v438;
        const vector v440 = 0x1p+1 * v341;
        const vector v441 = v64 * v440;
        const vector v442 = 0x1p+1 * v346;
        const vector v443 = v63 * v442;
        PREFETCH_TO_WRITE(grad_ybar_next + 4 * out_stride);
        const vector v444 = v443 + v441;
        const vector v445 = v13 * v203;
        const vector v446 = v445 + v444;
        const vector v447 = v427 + v446;
        const vector v448 = v406 + v447;
        const vector v449 = v34 * v228;
        const vector v450 = v33 * v232;
        const vector v451 = v450 + v449;
        const vector v452 = v451 + v448;
        const vector v453 = 0x1.0e902a2c6a9fcp+0 * v452;
        const vector v454 = v453 + v439;
        store(grad_x + 6 * out_stride + lane, v454);
        PREFETCH_TO_WRITE(grad_ybar_next + 5 * out_stride);
    }
}

static void vjp_of_vjp_pairs(const real *x, const real *ybar, const real *u, real *grad_x, real *grad_ybar, int64_t channels, int64_t sample, int64_t channel,
    int64_t lanes, int64_t ahead, int samples_follow)
{
    _Alignas(64) real x_tile[9 * LANES];
    _Alignas(64) real ybar_tile[6 * LANES];
    _Alignas(64) real u_tile[9 * LANES];
    _Alignas(64) real grad_x_tile[9 * LANES];
    _Alignas(64) real grad_ybar_tile[6 * LANES];
    if (samples_follow)
        gather_samples(x_tile, x + sample * 9, 9);
    else
        gather(x_tile, x, 9, channels, sample, channel, lanes);
    if (samples_follow)
        gather_samples(ybar_tile, ybar + sample * 6, 6);
    else
        gather(ybar_tile, ybar, 6, channels, sample, channel, lanes);
    if (samples_follow)
        gather_samples(u_tile, u + sample * 9, 9);
    else
        gather(u_tile, u, 9, channels, sample, channel, lanes);
    vjp_of_vjp_lanes(x_tile, ybar_tile, u_tile, grad_x_tile, grad_ybar_tile, LANES, LANES, x + (sample + ahead) * 9 * channels, ybar + (sample + ahead) * 6 * channels, u + (sample + ahead) * 9 * channels, grad_x + (sample + ahead) * 9 * channels, grad_ybar + (sample + ahead) * 6 * channels, LANES);
    if (samples_follow)
        scatter_samples(grad_x + sample * 9, grad_x_tile, 9);
    else
        scatter(grad_x, grad_x_tile, 9, channels, sample, channel, lanes);
    if (samples_follow)
        scatter_samples(grad_ybar + sample * 6, grad_ybar_tile, 6);
    else
        scatter(grad_ybar, grad_ybar_tile, 6, channels, sample, channel, lanes);
}

static void vjp_of_vjp_units(const real *x, const real *ybar, const real *u, real *grad_x, real *grad_ybar, int64_t samples, int64_t channels, int64_t begin, int64_t end)
{
    _Alignas(64) real grad_x_tile[9 * LANES];
    /* Streamed lines are not prefetched: these are, and stay where they are. */
    const real grad_x_idle[9 * LANES] = {0};
    _Alignas(64) real grad_ybar_tile[6 * LANES];
    /* Streamed lines are not prefetched: these are, and stay where they are. */
    const real grad_ybar_idle[6 * LANES] = {0};
    const int streamed = 1 && streams(samples * channels * 15, channels) && aligned(grad_x) && aligned(grad_ybar);
    if (channels < LANES) {
        for (int64_t unit = begin; unit < end; ++unit) {
            const int64_t pair = unit * LANES;
            const int64_t left = samples * channels - pair;
            /* Whole samples ahead; their lines are consecutive. */
            const int64_t ahead = left > (4 + 1) * LANES ? 4 * LANES / channels : 0;
            vjp_of_vjp_pairs(x, ybar, u, grad_x, grad_ybar, channels, pair / channels, pair % channels,
                left < LANES ? left : LANES, ahead, channels == 1 && left >= 2 * LANES);
        }
        return;
    }
    const int64_t blocks = blocks_of(channels);
    int64_t sample = begin / blocks, block = begin % blocks;
    int64_t next_sample = (begin + 4) / blocks, next_block = (begin + 4) % blocks;
    for (int64_t unit = begin; unit < end; ++unit) {
        const int64_t channel = block * LANES;
        const int64_t later = next_sample < samples ? next_sample : sample;
        const int64_t later_channel = next_sample < samples ? next_block * LANES : channel;
        if (streamed) {
            vjp_of_vjp_lanes(x + sample * 9 * channels + channel, ybar + sample * 6 * channels + channel, u + sample * 9 * channels + channel, grad_x_tile, grad_ybar_tile, channels, LANES, x + later * 9 * channels + later_channel, ybar + later * 6 * channels + later_channel, u + later * 9 * channels + later_channel, grad_x_idle, grad_ybar_idle, channels);
            stream(grad_x + sample * 9 * channels + channel, grad_x_tile, 9, channels);
            stream(grad_ybar + sample * 6 * channels + channel, grad_ybar_tile, 6, channels);
        } else if (channels - channel >= LANES) {
            vjp_of_vjp_lanes(x + sample * 9 * channels + channel, ybar + sample * 6 * channels + channel, u + sample * 9 * channels + channel, grad_x + sample * 9 * channels + channel, grad_ybar + sample * 6 * channels + channel, channels, channels, x + later * 9 * channels + later_channel, ybar + later * 6 * channels + later_channel, u + later * 9 * channels + later_channel, grad_x + later * 9 * channels + later_channel, grad_ybar + later * 6 * channels + later_channel, channels);
        } else {
            vjp_of_vjp_pairs(x, ybar, u, grad_x, grad_ybar, channels, sample, channel, channels - channel, 0, 0);
        }
        if (++block == blocks) {
            block = 0;
            ++sample;
        }
        if (++next_block == blocks) {
            next_block = 0;
            ++next_sample;
        }
    }
    if (streamed)
        end_stream();
}

void invgen_vjp_of_vjp(const real *x, const real *ybar, const real *u, real *grad_x, real *grad_ybar, int64_t samples, int64_t channels, int threads)
{
    const int64_t units = units_of(samples, channels);
    if (threads <= 1 || units < 153) {
        vjp_of_vjp_units(x, ybar, u, grad_x, grad_ybar, samples, channels, 0, units);
        return;
    }
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int part = 0; part < threads; ++part)
        vjp_of_vjp_units(x, ybar, u, grad_x, grad_ybar, samples, channels, units * part / threads, units * (part + 1) / threads);
}
