/* package_at_a6f4487: rotation-invariant polynomials and their derivatives.
 *
 * Basis f16d83376e0c00c7f8bbc03e2a1de789e504b71074b00000fb698180a9ae0257
 * Convention sphericart. Written by invgen, codegen version 2; do not edit.
 *
 * Arrays are contiguous (samples, components, channels). Work comes in units of LANES lanes: consecutive channels of
 * one sample where there are that many, consecutive (sample, channel) pairs otherwise. No lane reads another. A unit is
 * computed in vectors of WIDTH lanes; while it is, the memory of a later unit is prefetched, a line every few operations.
 */
#include <stddef.h>
#include <stdint.h>

/* Numbers in memory, and numbers that are computed with. */
typedef float real;
typedef float number;

enum { LANES = 16 };

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
typedef int32_t indices __attribute__((vector_size(VECTOR_BYTES)));
#define MERGED(first, second, ...) __builtin_shuffle(first, second, (indices){__VA_ARGS__})
#endif
#if VECTOR_BYTES == 64
#define LOWER_MERGED(first, second) MERGED(first, second, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define UPPER_MERGED(first, second) MERGED(first, second, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
#endif
#if VECTOR_BYTES == 32
#define LOWER_MERGED(first, second) MERGED(first, second, 0, 8, 1, 9, 2, 10, 3, 11)
#define UPPER_MERGED(first, second) MERGED(first, second, 4, 12, 5, 13, 6, 14, 7, 15)
#endif
#if VECTOR_BYTES == 16
#define LOWER_MERGED(first, second) MERGED(first, second, 0, 4, 1, 5)
#define UPPER_MERGED(first, second) MERGED(first, second, 2, 6, 3, 7)
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

/* value: 9 operations per sample and channel. */
static void value_lanes(const real *restrict x, real *restrict y, ptrdiff_t stride, ptrdiff_t out_stride,
    const real *x_next, const real *y_next, ptrdiff_t next_stride)
{
    for (ptrdiff_t lane = 0; lane < LANES; lane += WIDTH) {
        const vector v0 = load(x + 0 * stride + lane);
        const vector v4 = 0x1.c5bf8ap+1f * v0;
        store(y + 0 * out_stride + lane, v4);
        PREFETCH(x_next + 0 * next_stride);
        const vector v1 = load(x + 1 * stride + lane);
        const vector v5 = 0x1.05f8bep+1f * v1;
        PREFETCH(x_next + 1 * next_stride);
        const vector v6 = v5 * v5;
        const vector v3 = load(x + 3 * stride + lane);
        const vector v7 = 0x1.05f8bep+1f * v3;
        PREFETCH(x_next + 2 * next_stride);
        const vector v8 = v7 * v7;
        const vector v9 = v8 + v6;
        PREFETCH(x_next + 3 * next_stride);
        const vector v2 = load(x + 2 * stride + lane);
        const vector v10 = 0x1.05f8bep+1f * v2;
        const vector v11 = v10 * v10;
        PREFETCH_TO_WRITE(y_next + 0 * out_stride);
        const vector v12 = v11 + v9;
        store(y + 1 * out_stride + lane, v12);
        PREFETCH_TO_WRITE(y_next + 1 * out_stride);
    }
}

static void value_pairs(const real *x, real *y, int64_t channels, int64_t sample, int64_t channel,
    int64_t lanes, int64_t ahead, int samples_follow)
{
    _Alignas(64) real x_tile[4 * LANES];
    _Alignas(64) real y_tile[2 * LANES];
    if (samples_follow)
        gather_samples(x_tile, x + sample * 4, 4);
    else
        gather(x_tile, x, 4, channels, sample, channel, lanes);
    value_lanes(x_tile, y_tile, LANES, LANES, x + (sample + ahead) * 4 * channels, y + (sample + ahead) * 2 * channels, LANES);
    if (samples_follow)
        scatter_samples(y + sample * 2, y_tile, 2);
    else
        scatter(y, y_tile, 2, channels, sample, channel, lanes);
}

static void value_units(const real *x, real *y, int64_t samples, int64_t channels, int64_t begin, int64_t end)
{
    _Alignas(64) real y_tile[2 * LANES];
    /* Streamed lines are not prefetched: these are, and stay where they are. */
    const real y_idle[2 * LANES] = {0};
    const int streamed = 1 && streams(samples * channels * 2, channels) && aligned(y);
    if (channels < LANES) {
        for (int64_t unit = begin; unit < end; ++unit) {
            const int64_t pair = unit * LANES;
            const int64_t left = samples * channels - pair;
            /* Whole samples ahead; their lines are consecutive. */
            const int64_t ahead = left > (26 + 1) * LANES ? 26 * LANES / channels : 0;
            value_pairs(x, y, channels, pair / channels, pair % channels,
                left < LANES ? left : LANES, ahead, channels == 1 && left >= 2 * LANES);
        }
        return;
    }
    const int64_t blocks = blocks_of(channels);
    int64_t sample = begin / blocks, block = begin % blocks;
    int64_t next_sample = (begin + 26) / blocks, next_block = (begin + 26) % blocks;
    for (int64_t unit = begin; unit < end; ++unit) {
        const int64_t channel = block * LANES;
        const int64_t later = next_sample < samples ? next_sample : sample;
        const int64_t later_channel = next_sample < samples ? next_block * LANES : channel;
        if (streamed) {
            value_lanes(x + sample * 4 * channels + channel, y_tile, channels, LANES, x + later * 4 * channels + later_channel, y_idle, channels);
            stream(y + sample * 2 * channels + channel, y_tile, 2, channels);
        } else if (channels - channel >= LANES) {
            value_lanes(x + sample * 4 * channels + channel, y + sample * 2 * channels + channel, channels, channels, x + later * 4 * channels + later_channel, y + later * 2 * channels + later_channel, channels);
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
    if (threads <= 1 || units < 3641) {
        value_units(x, y, samples, channels, 0, units);
        return;
    }
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int part = 0; part < threads; ++part)
        value_units(x, y, samples, channels, units * part / threads, units * (part + 1) / threads);
}

/* vjp: 11 operations per sample and channel. */
static void vjp_lanes(const real *restrict x, const real *restrict ybar, real *restrict xbar, ptrdiff_t stride, ptrdiff_t out_stride,
    const real *x_next, const real *ybar_next, const real *xbar_next, ptrdiff_t next_stride)
{
    for (ptrdiff_t lane = 0; lane < LANES; lane += WIDTH) {
        const vector v4 = load(ybar + 0 * stride + lane);
        const vector v6 = 0x1.c5bf8ap+1f * v4;
        PREFETCH(x_next + 0 * next_stride);
        store(xbar + 0 * out_stride + lane, v6);
        const vector v5 = load(ybar + 1 * stride + lane);
        PREFETCH(x_next + 1 * next_stride);
        const vector v7 = 0x1p+1f * v5;
        const vector v1 = load(x + 1 * stride + lane);
        PREFETCH(x_next + 2 * next_stride);
        const vector v8 = 0x1.05f8bep+1f * v1;
        const vector v9 = v8 * v7;
        PREFETCH(x_next + 3 * next_stride);
        const vector v10 = 0x1.05f8bep+1f * v9;
        store(xbar + 1 * out_stride + lane, v10);
        PREFETCH(ybar_next + 0 * next_stride);
        const vector v2 = load(x + 2 * stride + lane);
        const vector v11 = 0x1.05f8bep+1f * v2;
        PREFETCH(ybar_next + 1 * next_stride);
        const vector v12 = v11 * v7;
        const vector v13 = 0x1.05f8bep+1f * v12;
        PREFETCH_TO_WRITE(xbar_next + 0 * out_stride);
        store(xbar + 2 * out_stride + lane, v13);
        const vector v3 = load(x + 3 * stride + lane);
        PREFETCH_TO_WRITE(xbar_next + 1 * out_stride);
        const vector v14 = 0x1.05f8bep+1f * v3;
        const vector v15 = v14 * v7;
        PREFETCH_TO_WRITE(xbar_next + 2 * out_stride);
        const vector v16 = 0x1.05f8bep+1f * v15;
        store(xbar + 3 * out_stride + lane, v16);
        PREFETCH_TO_WRITE(xbar_next + 3 * out_stride);
    }
}

static void vjp_pairs(const real *x, const real *ybar, real *xbar, int64_t channels, int64_t sample, int64_t channel,
    int64_t lanes, int64_t ahead, int samples_follow)
{
    _Alignas(64) real x_tile[4 * LANES];
    _Alignas(64) real ybar_tile[2 * LANES];
    _Alignas(64) real xbar_tile[4 * LANES];
    if (samples_follow)
        gather_samples(x_tile, x + sample * 4, 4);
    else
        gather(x_tile, x, 4, channels, sample, channel, lanes);
    if (samples_follow)
        gather_samples(ybar_tile, ybar + sample * 2, 2);
    else
        gather(ybar_tile, ybar, 2, channels, sample, channel, lanes);
    vjp_lanes(x_tile, ybar_tile, xbar_tile, LANES, LANES, x + (sample + ahead) * 4 * channels, ybar + (sample + ahead) * 2 * channels, xbar + (sample + ahead) * 4 * channels, LANES);
    if (samples_follow)
        scatter_samples(xbar + sample * 4, xbar_tile, 4);
    else
        scatter(xbar, xbar_tile, 4, channels, sample, channel, lanes);
}

static void vjp_units(const real *x, const real *ybar, real *xbar, int64_t samples, int64_t channels, int64_t begin, int64_t end)
{
    _Alignas(64) real xbar_tile[4 * LANES];
    /* Streamed lines are not prefetched: these are, and stay where they are. */
    const real xbar_idle[4 * LANES] = {0};
    const int streamed = 1 && streams(samples * channels * 4, channels) && aligned(xbar);
    if (channels < LANES) {
        for (int64_t unit = begin; unit < end; ++unit) {
            const int64_t pair = unit * LANES;
            const int64_t left = samples * channels - pair;
            /* Whole samples ahead; their lines are consecutive. */
            const int64_t ahead = left > (16 + 1) * LANES ? 16 * LANES / channels : 0;
            vjp_pairs(x, ybar, xbar, channels, pair / channels, pair % channels,
                left < LANES ? left : LANES, ahead, channels == 1 && left >= 2 * LANES);
        }
        return;
    }
    const int64_t blocks = blocks_of(channels);
    int64_t sample = begin / blocks, block = begin % blocks;
    int64_t next_sample = (begin + 16) / blocks, next_block = (begin + 16) % blocks;
    for (int64_t unit = begin; unit < end; ++unit) {
        const int64_t channel = block * LANES;
        const int64_t later = next_sample < samples ? next_sample : sample;
        const int64_t later_channel = next_sample < samples ? next_block * LANES : channel;
        if (streamed) {
            vjp_lanes(x + sample * 4 * channels + channel, ybar + sample * 2 * channels + channel, xbar_tile, channels, LANES, x + later * 4 * channels + later_channel, ybar + later * 2 * channels + later_channel, xbar_idle, channels);
            stream(xbar + sample * 4 * channels + channel, xbar_tile, 4, channels);
        } else if (channels - channel >= LANES) {
            vjp_lanes(x + sample * 4 * channels + channel, ybar + sample * 2 * channels + channel, xbar + sample * 4 * channels + channel, channels, channels, x + later * 4 * channels + later_channel, ybar + later * 2 * channels + later_channel, xbar + later * 4 * channels + later_channel, channels);
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
    if (threads <= 1 || units < 2979) {
        vjp_units(x, ybar, xbar, samples, channels, 0, units);
        return;
    }
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int part = 0; part < threads; ++part)
        vjp_units(x, ybar, xbar, samples, channels, units * part / threads, units * (part + 1) / threads);
}

/* value_and_vjp: 17 operations per sample and channel. */
static void value_and_vjp_lanes(const real *restrict x, const real *restrict ybar, real *restrict y, real *restrict xbar, ptrdiff_t stride, ptrdiff_t out_stride,
    const real *x_next, const real *ybar_next, const real *y_next, const real *xbar_next, ptrdiff_t next_stride)
{
    for (ptrdiff_t lane = 0; lane < LANES; lane += WIDTH) {
        const vector v0 = load(x + 0 * stride + lane);
        const vector v6 = 0x1.c5bf8ap+1f * v0;
        store(y + 0 * out_stride + lane, v6);
        PREFETCH(x_next + 0 * next_stride);
        const vector v1 = load(x + 1 * stride + lane);
        const vector v7 = 0x1.05f8bep+1f * v1;
        PREFETCH(x_next + 1 * next_stride);
        const vector v8 = v7 * v7;
        const vector v3 = load(x + 3 * stride + lane);
        const vector v9 = 0x1.05f8bep+1f * v3;
        PREFETCH(x_next + 2 * next_stride);
        const vector v10 = v9 * v9;
        const vector v11 = v10 + v8;
        PREFETCH(x_next + 3 * next_stride);
        const vector v2 = load(x + 2 * stride + lane);
        const vector v12 = 0x1.05f8bep+1f * v2;
        const vector v13 = v12 * v12;
        PREFETCH(ybar_next + 0 * next_stride);
        const vector v14 = v13 + v11;
        store(y + 1 * out_stride + lane, v14);
        PREFETCH(ybar_next + 1 * next_stride);
        const vector v4 = load(ybar + 0 * stride + lane);
        const vector v15 = 0x1.c5bf8ap+1f * v4;
        PREFETCH_TO_WRITE(y_next + 0 * out_stride);
        store(xbar + 0 * out_stride + lane, v15);
        const vector v5 = load(ybar + 1 * stride + lane);
        const vector v16 = 0x1p+1f * v5;
        PREFETCH_TO_WRITE(y_next + 1 * out_stride);
        const vector v17 = v7 * v16;
        const vector v18 = 0x1.05f8bep+1f * v17;
        PREFETCH_TO_WRITE(xbar_next + 0 * out_stride);
        store(xbar + 1 * out_stride + lane, v18);
        const vector v19 = v12 * v16;
        const vector v20 = 0x1.05f8bep+1f * v19;
        PREFETCH_TO_WRITE(xbar_next + 1 * out_stride);
        store(xbar + 2 * out_stride + lane, v20);
        const vector v21 = v9 * v16;
        PREFETCH_TO_WRITE(xbar_next + 2 * out_stride);
        const vector v22 = 0x1.05f8bep+1f * v21;
        store(xbar + 3 * out_stride + lane, v22);
        PREFETCH_TO_WRITE(xbar_next + 3 * out_stride);
    }
}

static void value_and_vjp_pairs(const real *x, const real *ybar, real *y, real *xbar, int64_t channels, int64_t sample, int64_t channel,
    int64_t lanes, int64_t ahead, int samples_follow)
{
    _Alignas(64) real x_tile[4 * LANES];
    _Alignas(64) real ybar_tile[2 * LANES];
    _Alignas(64) real y_tile[2 * LANES];
    _Alignas(64) real xbar_tile[4 * LANES];
    if (samples_follow)
        gather_samples(x_tile, x + sample * 4, 4);
    else
        gather(x_tile, x, 4, channels, sample, channel, lanes);
    if (samples_follow)
        gather_samples(ybar_tile, ybar + sample * 2, 2);
    else
        gather(ybar_tile, ybar, 2, channels, sample, channel, lanes);
    value_and_vjp_lanes(x_tile, ybar_tile, y_tile, xbar_tile, LANES, LANES, x + (sample + ahead) * 4 * channels, ybar + (sample + ahead) * 2 * channels, y + (sample + ahead) * 2 * channels, xbar + (sample + ahead) * 4 * channels, LANES);
    if (samples_follow)
        scatter_samples(y + sample * 2, y_tile, 2);
    else
        scatter(y, y_tile, 2, channels, sample, channel, lanes);
    if (samples_follow)
        scatter_samples(xbar + sample * 4, xbar_tile, 4);
    else
        scatter(xbar, xbar_tile, 4, channels, sample, channel, lanes);
}

static void value_and_vjp_units(const real *x, const real *ybar, real *y, real *xbar, int64_t samples, int64_t channels, int64_t begin, int64_t end)
{
    _Alignas(64) real y_tile[2 * LANES];
    /* Streamed lines are not prefetched: these are, and stay where they are. */
    const real y_idle[2 * LANES] = {0};
    _Alignas(64) real xbar_tile[4 * LANES];
    /* Streamed lines are not prefetched: these are, and stay where they are. */
    const real xbar_idle[4 * LANES] = {0};
    const int streamed = 1 && streams(samples * channels * 6, channels) && aligned(y) && aligned(xbar);
    if (channels < LANES) {
        for (int64_t unit = begin; unit < end; ++unit) {
            const int64_t pair = unit * LANES;
            const int64_t left = samples * channels - pair;
            /* Whole samples ahead; their lines are consecutive. */
            const int64_t ahead = left > (13 + 1) * LANES ? 13 * LANES / channels : 0;
            value_and_vjp_pairs(x, ybar, y, xbar, channels, pair / channels, pair % channels,
                left < LANES ? left : LANES, ahead, channels == 1 && left >= 2 * LANES);
        }
        return;
    }
    const int64_t blocks = blocks_of(channels);
    int64_t sample = begin / blocks, block = begin % blocks;
    int64_t next_sample = (begin + 13) / blocks, next_block = (begin + 13) % blocks;
    for (int64_t unit = begin; unit < end; ++unit) {
        const int64_t channel = block * LANES;
        const int64_t later = next_sample < samples ? next_sample : sample;
        const int64_t later_channel = next_sample < samples ? next_block * LANES : channel;
        if (streamed) {
            value_and_vjp_lanes(x + sample * 4 * channels + channel, ybar + sample * 2 * channels + channel, y_tile, xbar_tile, channels, LANES, x + later * 4 * channels + later_channel, ybar + later * 2 * channels + later_channel, y_idle, xbar_idle, channels);
            stream(y + sample * 2 * channels + channel, y_tile, 2, channels);
            stream(xbar + sample * 4 * channels + channel, xbar_tile, 4, channels);
        } else if (channels - channel >= LANES) {
            value_and_vjp_lanes(x + sample * 4 * channels + channel, ybar + sample * 2 * channels + channel, y + sample * 2 * channels + channel, xbar + sample * 4 * channels + channel, channels, channels, x + later * 4 * channels + later_channel, ybar + later * 2 * channels + later_channel, y + later * 2 * channels + later_channel, xbar + later * 4 * channels + later_channel, channels);
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
    if (threads <= 1 || units < 1928) {
        value_and_vjp_units(x, ybar, y, xbar, samples, channels, 0, units);
        return;
    }
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int part = 0; part < threads; ++part)
        value_and_vjp_units(x, ybar, y, xbar, samples, channels, units * part / threads, units * (part + 1) / threads);
}

/* jvp: 13 operations per sample and channel. */
static void jvp_lanes(const real *restrict x, const real *restrict u, real *restrict ydot, ptrdiff_t stride, ptrdiff_t out_stride,
    const real *x_next, const real *u_next, const real *ydot_next, ptrdiff_t next_stride)
{
    for (ptrdiff_t lane = 0; lane < LANES; lane += WIDTH) {
        const vector v4 = load(u + 0 * stride + lane);
        const vector v8 = 0x1.c5bf8ap+1f * v4;
        store(ydot + 0 * out_stride + lane, v8);
        PREFETCH(x_next + 0 * next_stride);
        const vector v5 = load(u + 1 * stride + lane);
        const vector v9 = 0x1.05f8bep+1f * v5;
        PREFETCH(x_next + 1 * next_stride);
        const vector v1 = load(x + 1 * stride + lane);
        const vector v10 = 0x1.05f8bep+1f * v1;
        PREFETCH(x_next + 2 * next_stride);
        const vector v11 = v10 * v9;
        const vector v7 = load(u + 3 * stride + lane);
        PREFETCH(x_next + 3 * next_stride);
        const vector v12 = 0x1.05f8bep+1f * v7;
        const vector v3 = load(x + 3 * stride + lane);
        PREFETCH(u_next + 0 * next_stride);
        const vector v13 = 0x1.05f8bep+1f * v3;
        const vector v14 = v13 * v12;
        const vector v15 = v14 + v11;
        PREFETCH(u_next + 1 * next_stride);
        const vector v6 = load(u + 2 * stride + lane);
        const vector v16 = 0x1.05f8bep+1f * v6;
        PREFETCH(u_next + 2 * next_stride);
        const vector v2 = load(x + 2 * stride + lane);
        const vector v17 = 0x1.05f8bep+1f * v2;
        PREFETCH(u_next + 3 * next_stride);
        const vector v18 = v17 * v16;
        const vector v19 = v18 + v15;
        PREFETCH_TO_WRITE(ydot_next + 0 * out_stride);
        const vector v20 = 0x1p+1f * v19;
        store(ydot + 1 * out_stride + lane, v20);
        PREFETCH_TO_WRITE(ydot_next + 1 * out_stride);
    }
}

static void jvp_pairs(const real *x, const real *u, real *ydot, int64_t channels, int64_t sample, int64_t channel,
    int64_t lanes, int64_t ahead, int samples_follow)
{
    _Alignas(64) real x_tile[4 * LANES];
    _Alignas(64) real u_tile[4 * LANES];
    _Alignas(64) real ydot_tile[2 * LANES];
    if (samples_follow)
        gather_samples(x_tile, x + sample * 4, 4);
    else
        gather(x_tile, x, 4, channels, sample, channel, lanes);
    if (samples_follow)
        gather_samples(u_tile, u + sample * 4, 4);
    else
        gather(u_tile, u, 4, channels, sample, channel, lanes);
    jvp_lanes(x_tile, u_tile, ydot_tile, LANES, LANES, x + (sample + ahead) * 4 * channels, u + (sample + ahead) * 4 * channels, ydot + (sample + ahead) * 2 * channels, LANES);
    if (samples_follow)
        scatter_samples(ydot + sample * 2, ydot_tile, 2);
    else
        scatter(ydot, ydot_tile, 2, channels, sample, channel, lanes);
}

static void jvp_units(const real *x, const real *u, real *ydot, int64_t samples, int64_t channels, int64_t begin, int64_t end)
{
    _Alignas(64) real ydot_tile[2 * LANES];
    /* Streamed lines are not prefetched: these are, and stay where they are. */
    const real ydot_idle[2 * LANES] = {0};
    const int streamed = 1 && streams(samples * channels * 2, channels) && aligned(ydot);
    if (channels < LANES) {
        for (int64_t unit = begin; unit < end; ++unit) {
            const int64_t pair = unit * LANES;
            const int64_t left = samples * channels - pair;
            /* Whole samples ahead; their lines are consecutive. */
            const int64_t ahead = left > (16 + 1) * LANES ? 16 * LANES / channels : 0;
            jvp_pairs(x, u, ydot, channels, pair / channels, pair % channels,
                left < LANES ? left : LANES, ahead, channels == 1 && left >= 2 * LANES);
        }
        return;
    }
    const int64_t blocks = blocks_of(channels);
    int64_t sample = begin / blocks, block = begin % blocks;
    int64_t next_sample = (begin + 16) / blocks, next_block = (begin + 16) % blocks;
    for (int64_t unit = begin; unit < end; ++unit) {
        const int64_t channel = block * LANES;
        const int64_t later = next_sample < samples ? next_sample : sample;
        const int64_t later_channel = next_sample < samples ? next_block * LANES : channel;
        if (streamed) {
            jvp_lanes(x + sample * 4 * channels + channel, u + sample * 4 * channels + channel, ydot_tile, channels, LANES, x + later * 4 * channels + later_channel, u + later * 4 * channels + later_channel, ydot_idle, channels);
            stream(ydot + sample * 2 * channels + channel, ydot_tile, 2, channels);
        } else if (channels - channel >= LANES) {
            jvp_lanes(x + sample * 4 * channels + channel, u + sample * 4 * channels + channel, ydot + sample * 2 * channels + channel, channels, channels, x + later * 4 * channels + later_channel, u + later * 4 * channels + later_channel, ydot + later * 2 * channels + later_channel, channels);
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
    if (threads <= 1 || units < 2521) {
        jvp_units(x, u, ydot, samples, channels, 0, units);
        return;
    }
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int part = 0; part < threads; ++part)
        jvp_units(x, u, ydot, samples, channels, units * part / threads, units * (part + 1) / threads);
}

/* vjp_of_vjp: 20 operations per sample and channel. */
static void vjp_of_vjp_lanes(const real *restrict x, const real *restrict ybar, const real *restrict u, real *restrict grad_x, real *restrict grad_ybar, ptrdiff_t stride, ptrdiff_t out_stride,
    const real *x_next, const real *ybar_next, const real *u_next, const real *grad_x_next, const real *grad_ybar_next, ptrdiff_t next_stride)
{
    for (ptrdiff_t lane = 0; lane < LANES; lane += WIDTH) {
        const vector v10 = constant(0x0p+0f);
        store(grad_x + 0 * out_stride + lane, v10);
        const vector v5 = load(ybar + 1 * stride + lane);
        PREFETCH(x_next + 0 * next_stride);
        const vector v11 = 0x1p+1f * v5;
        const vector v7 = load(u + 1 * stride + lane);
        PREFETCH(x_next + 1 * next_stride);
        const vector v12 = 0x1.05f8bep+1f * v7;
        const vector v13 = v12 * v11;
        PREFETCH(x_next + 2 * next_stride);
        const vector v14 = 0x1.05f8bep+1f * v13;
        store(grad_x + 1 * out_stride + lane, v14);
        PREFETCH(x_next + 3 * next_stride);
        const vector v8 = load(u + 2 * stride + lane);
        const vector v15 = 0x1.05f8bep+1f * v8;
        PREFETCH(ybar_next + 0 * next_stride);
        const vector v16 = v15 * v11;
        const vector v17 = 0x1.05f8bep+1f * v16;
        store(grad_x + 2 * out_stride + lane, v17);
        PREFETCH(ybar_next + 1 * next_stride);
        const vector v9 = load(u + 3 * stride + lane);
        const vector v18 = 0x1.05f8bep+1f * v9;
        PREFETCH(u_next + 0 * next_stride);
        const vector v19 = v18 * v11;
        const vector v20 = 0x1.05f8bep+1f * v19;
        PREFETCH(u_next + 1 * next_stride);
        store(grad_x + 3 * out_stride + lane, v20);
        const vector v6 = load(u + 0 * stride + lane);
        PREFETCH(u_next + 2 * next_stride);
        const vector v21 = 0x1.c5bf8ap+1f * v6;
        store(grad_ybar + 0 * out_stride + lane, v21);
        PREFETCH(u_next + 3 * next_stride);
        const vector v1 = load(x + 1 * stride + lane);
        const vector v22 = 0x1.05f8bep+1f * v1;
        const vector v23 = v22 * v12;
        PREFETCH_TO_WRITE(grad_x_next + 0 * out_stride);
        const vector v3 = load(x + 3 * stride + lane);
        const vector v24 = 0x1.05f8bep+1f * v3;
        PREFETCH_TO_WRITE(grad_x_next + 1 * out_stride);
        const vector v25 = v24 * v18;
        const vector v26 = v25 + v23;
        PREFETCH_TO_WRITE(grad_x_next + 2 * out_stride);
        const vector v2 = load(x + 2 * stride + lane);
        const vector v27 = 0x1.05f8bep+1f * v2;
        PREFETCH_TO_WRITE(grad_x_next + 3 * out_stride);
        const vector v28 = v27 * v15;
        const vector v29 = v28 + v26;
        PREFETCH_TO_WRITE(grad_ybar_next + 0 * out_stride);
        const vector v30 = 0x1p+1f * v29;
        store(grad_ybar + 1 * out_stride + lane, v30);
        PREFETCH_TO_WRITE(grad_ybar_next + 1 * out_stride);
    }
}

static void vjp_of_vjp_pairs(const real *x, const real *ybar, const real *u, real *grad_x, real *grad_ybar, int64_t channels, int64_t sample, int64_t channel,
    int64_t lanes, int64_t ahead, int samples_follow)
{
    _Alignas(64) real x_tile[4 * LANES];
    _Alignas(64) real ybar_tile[2 * LANES];
    _Alignas(64) real u_tile[4 * LANES];
    _Alignas(64) real grad_x_tile[4 * LANES];
    _Alignas(64) real grad_ybar_tile[2 * LANES];
    if (samples_follow)
        gather_samples(x_tile, x + sample * 4, 4);
    else
        gather(x_tile, x, 4, channels, sample, channel, lanes);
    if (samples_follow)
        gather_samples(ybar_tile, ybar + sample * 2, 2);
    else
        gather(ybar_tile, ybar, 2, channels, sample, channel, lanes);
    if (samples_follow)
        gather_samples(u_tile, u + sample * 4, 4);
    else
        gather(u_tile, u, 4, channels, sample, channel, lanes);
    vjp_of_vjp_lanes(x_tile, ybar_tile, u_tile, grad_x_tile, grad_ybar_tile, LANES, LANES, x + (sample + ahead) * 4 * channels, ybar + (sample + ahead) * 2 * channels, u + (sample + ahead) * 4 * channels, grad_x + (sample + ahead) * 4 * channels, grad_ybar + (sample + ahead) * 2 * channels, LANES);
    if (samples_follow)
        scatter_samples(grad_x + sample * 4, grad_x_tile, 4);
    else
        scatter(grad_x, grad_x_tile, 4, channels, sample, channel, lanes);
    if (samples_follow)
        scatter_samples(grad_ybar + sample * 2, grad_ybar_tile, 2);
    else
        scatter(grad_ybar, grad_ybar_tile, 2, channels, sample, channel, lanes);
}

static void vjp_of_vjp_units(const real *x, const real *ybar, const real *u, real *grad_x, real *grad_ybar, int64_t samples, int64_t channels, int64_t begin, int64_t end)
{
    _Alignas(64) real grad_x_tile[4 * LANES];
    /* Streamed lines are not prefetched: these are, and stay where they are. */
    const real grad_x_idle[4 * LANES] = {0};
    _Alignas(64) real grad_ybar_tile[2 * LANES];
    /* Streamed lines are not prefetched: these are, and stay where they are. */
    const real grad_ybar_idle[2 * LANES] = {0};
    const int streamed = 1 && streams(samples * channels * 6, channels) && aligned(grad_x) && aligned(grad_ybar);
    if (channels < LANES) {
        for (int64_t unit = begin; unit < end; ++unit) {
            const int64_t pair = unit * LANES;
            const int64_t left = samples * channels - pair;
            /* Whole samples ahead; their lines are consecutive. */
            const int64_t ahead = left > (10 + 1) * LANES ? 10 * LANES / channels : 0;
            vjp_of_vjp_pairs(x, ybar, u, grad_x, grad_ybar, channels, pair / channels, pair % channels,
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
            vjp_of_vjp_lanes(x + sample * 4 * channels + channel, ybar + sample * 2 * channels + channel, u + sample * 4 * channels + channel, grad_x_tile, grad_ybar_tile, channels, LANES, x + later * 4 * channels + later_channel, ybar + later * 2 * channels + later_channel, u + later * 4 * channels + later_channel, grad_x_idle, grad_ybar_idle, channels);
            stream(grad_x + sample * 4 * channels + channel, grad_x_tile, 4, channels);
            stream(grad_ybar + sample * 2 * channels + channel, grad_ybar_tile, 2, channels);
        } else if (channels - channel >= LANES) {
            vjp_of_vjp_lanes(x + sample * 4 * channels + channel, ybar + sample * 2 * channels + channel, u + sample * 4 * channels + channel, grad_x + sample * 4 * channels + channel, grad_ybar + sample * 2 * channels + channel, channels, channels, x + later * 4 * channels + later_channel, ybar + later * 2 * channels + later_channel, u + later * 4 * channels + later_channel, grad_x + later * 4 * channels + later_channel, grad_ybar + later * 2 * channels + later_channel, channels);
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
    if (threads <= 1 || units < 1639) {
        vjp_of_vjp_units(x, ybar, u, grad_x, grad_ybar, samples, channels, 0, units);
        return;
    }
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int part = 0; part < threads; ++part)
        vjp_of_vjp_units(x, ybar, u, grad_x, grad_ybar, samples, channels, units * part / threads, units * (part + 1) / threads);
}
