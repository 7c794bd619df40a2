/* package_at_a6f4487: rotation-invariant polynomials and their derivatives, CUDA C++17 for NVRTC.
 *
 * Basis f16d83376e0c00c7f8bbc03e2a1de789e504b71074b00000fb698180a9ae0257
 * Convention sphericart. Written by invgen, codegen version 2; do not edit.
 *
 * Arrays are contiguous (samples, components, channels); a pair is one sample and channel, and no pair reads another.
 * One line for each kernel, which the runtime reads:
 * kernel {"name":"invgen_value_strided","function":"value","form":"strided","width":1,"threads":128,"arrays":["x","y"]}
 * kernel {"name":"invgen_value_wide2","function":"value","form":"wide","width":2,"threads":128,"arrays":["x","y"]}
 * kernel {"name":"invgen_value_tile","function":"value","form":"tile","width":1,"threads":128,"arrays":["x","y"]}
 * kernel {"name":"invgen_vjp_strided","function":"vjp","form":"strided","width":1,"threads":128,"arrays":["x","ybar","xbar"]}
 * kernel {"name":"invgen_vjp_wide2","function":"vjp","form":"wide","width":2,"threads":128,"arrays":["x","ybar","xbar"]}
 * kernel {"name":"invgen_vjp_tile","function":"vjp","form":"tile","width":1,"threads":128,"arrays":["x","ybar","xbar"]}
 * kernel {"name":"invgen_value_and_vjp_strided","function":"value_and_vjp","form":"strided","width":1,"threads":128,"arrays":["x","ybar","y","xbar"]}
 * kernel {"name":"invgen_value_and_vjp_wide2","function":"value_and_vjp","form":"wide","width":2,"threads":128,"arrays":["x","ybar","y","xbar"]}
 * kernel {"name":"invgen_value_and_vjp_tile","function":"value_and_vjp","form":"tile","width":1,"threads":128,"arrays":["x","ybar","y","xbar"]}
 * kernel {"name":"invgen_jvp_strided","function":"jvp","form":"strided","width":1,"threads":128,"arrays":["x","u","ydot"]}
 * kernel {"name":"invgen_jvp_wide2","function":"jvp","form":"wide","width":2,"threads":128,"arrays":["x","u","ydot"]}
 * kernel {"name":"invgen_jvp_tile","function":"jvp","form":"tile","width":1,"threads":128,"arrays":["x","u","ydot"]}
 * kernel {"name":"invgen_vjp_of_vjp_strided","function":"vjp_of_vjp","form":"strided","width":1,"threads":128,"arrays":["x","ybar","u","grad_x","grad_ybar"]}
 * kernel {"name":"invgen_vjp_of_vjp_wide2","function":"vjp_of_vjp","form":"wide","width":2,"threads":128,"arrays":["x","ybar","u","grad_x","grad_ybar"]}
 * kernel {"name":"invgen_vjp_of_vjp_tile","function":"vjp_of_vjp","form":"tile","width":1,"threads":128,"arrays":["x","ybar","u","grad_x","grad_ybar"]}
 */
typedef double real;
typedef long long int64;

enum { REAL_BYTES = 8 };

/* WIDTH neighbouring channels: one access to memory. */
template <int WIDTH> struct alignas(WIDTH * REAL_BYTES) Pack {
    real lane[WIDTH];
};

/* One row of components in memory. */
struct Input {
    const real *__restrict__ first;
    int64 stride;
    __device__ __forceinline__ real operator()(int k) const { return first[k * stride]; }
};

struct Output {
    real *__restrict__ first;
    int64 stride;
    __device__ __forceinline__ real &operator()(int k) const { return first[k * stride]; }
};

/* One lane of components that are held WIDTH channels wide. */
template <int WIDTH> struct InputLane {
    const Pack<WIDTH> *held;
    int lane;
    __device__ __forceinline__ real operator()(int k) const { return held[k].lane[lane]; }
};

template <int WIDTH> struct OutputLane {
    Pack<WIDTH> *held;
    int lane;
    __device__ __forceinline__ real &operator()(int k) const { return held[k].lane[lane]; }
};

/* The quotient of two numbers that are not negative; both fit 32 bits but for the largest arrays. */
static __device__ __forceinline__ int64 quotient(int64 a, int64 b)
{
    return (a | b) >> 32 ? a / b : (int64)((unsigned)a / (unsigned)b);
}

/* The first element of a pair's row in an array of so many components. */
static __device__ __forceinline__ int64 row(int64 pair, int64 channels, int components)
{
    const int64 sample = quotient(pair, channels);
    return sample * channels * (components - 1) + pair;
}

/* Consecutive elements to shared memory, component k of sample s to s * pitch + k. */
template <int COMPONENTS, int PITCH, int THREADS>
__device__ __forceinline__ void fetch(real *tile, const real *__restrict__ array, int64 begin, int elements)
{
    for (int i = threadIdx.x; i < elements; i += THREADS)
        tile[i / COMPONENTS * PITCH + i % COMPONENTS] = array[begin + i];
}

template <int COMPONENTS, int PITCH, int THREADS>
__device__ __forceinline__ void deliver(real *__restrict__ array, const real *tile, int64 begin, int elements)
{
    for (int i = threadIdx.x; i < elements; i += THREADS)
        array[begin + i] = tile[i / COMPONENTS * PITCH + i % COMPONENTS];
}

/* value_body: 9 operations per pair. */
template <class X, class Y>
__device__ __forceinline__ void value_body(const X x, const Y y)
{
    const real v0 = x(0);
    const real v4 = 0x1.c5bf891b4ef6bp+1 * v0;
    y(0) = v4;
    const real v1 = x(1);
    const real v5 = 0x1.05f8bd37c0e62p+1 * v1;
    const real v6 = v5 * v5;
    const real v3 = x(3);
    const real v7 = 0x1.05f8bd37c0e62p+1 * v3;
    const real v8 = v7 * v7;
    const real v9 = v8 + v6;
    const real v2 = x(2);
    const real v10 = 0x1.05f8bd37c0e62p+1 * v2;
    const real v11 = v10 * v10;
    const real v12 = v11 + v9;
    y(1) = v12;
}

/* vjp_body: 11 operations per pair. */
template <class X, class YBAR, class XBAR>
__device__ __forceinline__ void vjp_body(const X x, const YBAR ybar, const XBAR xbar)
{
    const real v4 = ybar(0);
    const real v6 = 0x1.c5bf891b4ef6bp+1 * v4;
    xbar(0) = v6;
    const real v5 = ybar(1);
    const real v7 = 0x1p+1 * v5;
    const real v1 = x(1);
    const real v8 = 0x1.05f8bd37c0e62p+1 * v1;
    const real v9 = v8 * v7;
    const real v10 = 0x1.05f8bd37c0e62p+1 * v9;
    xbar(1) = v10;
    const real v2 = x(2);
    const real v11 = 0x1.05f8bd37c0e62p+1 * v2;
    const real v12 = v11 * v7;
    const real v13 = 0x1.05f8bd37c0e62p+1 * v12;
    xbar(2) = v13;
    const real v3 = x(3);
    const real v14 = 0x1.05f8bd37c0e62p+1 * v3;
    const real v15 = v14 * v7;
    const real v16 = 0x1.05f8bd37c0e62p+1 * v15;
    xbar(3) = v16;
}

/* value_and_vjp_body: 17 operations per pair. */
template <class X, class YBAR, class Y, class XBAR>
__device__ __forceinline__ void value_and_vjp_body(const X x, const YBAR ybar, const Y y, const XBAR xbar)
{
    const real v0 = x(0);
    const real v6 = 0x1.c5bf891b4ef6bp+1 * v0;
    y(0) = v6;
    const real v1 = x(1);
    const real v7 = 0x1.05f8bd37c0e62p+1 * v1;
    const real v8 = v7 * v7;
    const real v3 = x(3);
    const real v9 = 0x1.05f8bd37c0e62p+1 * v3;
    const real v10 = v9 * v9;
    const real v11 = v10 + v8;
    const real v2 = x(2);
    const real v12 = 0x1.05f8bd37c0e62p+1 * v2;
    const real v13 = v12 * v12;
    const real v14 = v13 + v11;
    y(1) = v14;
    const real v4 = ybar(0);
    const real v15 = 0x1.c5bf891b4ef6bp+1 * v4;
    xbar(0) = v15;
    const real v5 = ybar(1);
    const real v16 = 0x1p+1 * v5;
    const real v17 = v7 * v16;
    const real v18 = 0x1.05f8bd37c0e62p+1 * v17;
    xbar(1) = v18;
    const real v19 = v12 * v16;
    const real v20 = 0x1.05f8bd37c0e62p+1 * v19;
    xbar(2) = v20;
    const real v21 = v9 * v16;
    const real v22 = 0x1.05f8bd37c0e62p+1 * v21;
    xbar(3) = v22;
}

/* jvp_body: 13 operations per pair. */
template <class X, class U, class YDOT>
__device__ __forceinline__ void jvp_body(const X x, const U u, const YDOT ydot)
{
    const real v4 = u(0);
    const real v8 = 0x1.c5bf891b4ef6bp+1 * v4;
    ydot(0) = v8;
    const real v5 = u(1);
    const real v9 = 0x1.05f8bd37c0e62p+1 * v5;
    const real v1 = x(1);
    const real v10 = 0x1.05f8bd37c0e62p+1 * v1;
    const real v11 = v10 * v9;
    const real v7 = u(3);
    const real v12 = 0x1.05f8bd37c0e62p+1 * v7;
    const real v3 = x(3);
    const real v13 = 0x1.05f8bd37c0e62p+1 * v3;
    const real v14 = v13 * v12;
    const real v15 = v14 + v11;
    const real v6 = u(2);
    const real v16 = 0x1.05f8bd37c0e62p+1 * v6;
    const real v2 = x(2);
    const real v17 = 0x1.05f8bd37c0e62p+1 * v2;
    const real v18 = v17 * v16;
    const real v19 = v18 + v15;
    const real v20 = 0x1p+1 * v19;
    ydot(1) = v20;
}

/* vjp_of_vjp_body: 20 operations per pair. */
template <class X, class YBAR, class U, class GRAD_X, class GRAD_YBAR>
__device__ __forceinline__ void vjp_of_vjp_body(const X x, const YBAR ybar, const U u, const GRAD_X grad_x, const GRAD_YBAR grad_ybar)
{
    const real v10 = 0x0p+0;
    grad_x(0) = v10;
    const real v5 = ybar(1);
    const real v11 = 0x1p+1 * v5;
    const real v7 = u(1);
    const real v12 = 0x1.05f8bd37c0e62p+1 * v7;
    const real v13 = v12 * v11;
    const real v14 = 0x1.05f8bd37c0e62p+1 * v13;
    grad_x(1) = v14;
    const real v8 = u(2);
    const real v15 = 0x1.05f8bd37c0e62p+1 * v8;
    const real v16 = v15 * v11;
    const real v17 = 0x1.05f8bd37c0e62p+1 * v16;
    grad_x(2) = v17;
    const real v9 = u(3);
    const real v18 = 0x1.05f8bd37c0e62p+1 * v9;
    const real v19 = v18 * v11;
    const real v20 = 0x1.05f8bd37c0e62p+1 * v19;
    grad_x(3) = v20;
    const real v6 = u(0);
    const real v21 = 0x1.c5bf891b4ef6bp+1 * v6;
    grad_ybar(0) = v21;
    const real v1 = x(1);
    const real v22 = 0x1.05f8bd37c0e62p+1 * v1;
    const real v23 = v22 * v12;
    const real v3 = x(3);
    const real v24 = 0x1.05f8bd37c0e62p+1 * v3;
    const real v25 = v24 * v18;
    const real v26 = v25 + v23;
    const real v2 = x(2);
    const real v27 = 0x1.05f8bd37c0e62p+1 * v2;
    const real v28 = v27 * v15;
    const real v29 = v28 + v26;
    const real v30 = 0x1p+1 * v29;
    grad_ybar(1) = v30;
}

extern "C" __global__ void __launch_bounds__(128)
invgen_value_strided(const real *__restrict__ x, real *__restrict__ y, int64 pairs, int64 channels)
{
    const int64 pair = (int64)blockIdx.x * 128 + threadIdx.x;
    if (pair >= pairs)
        return;
    value_body(Input{x + row(pair, channels, 4), channels}, Output{y + row(pair, channels, 2), channels});
}

extern "C" __global__ void __launch_bounds__(128)
invgen_vjp_strided(const real *__restrict__ x, const real *__restrict__ ybar, real *__restrict__ xbar, int64 pairs, int64 channels)
{
    const int64 pair = (int64)blockIdx.x * 128 + threadIdx.x;
    if (pair >= pairs)
        return;
    vjp_body(Input{x + row(pair, channels, 4), channels}, Input{ybar + row(pair, channels, 2), channels}, Output{xbar + row(pair, channels, 4), channels});
}

extern "C" __global__ void __launch_bounds__(128)
invgen_value_and_vjp_strided(const real *__restrict__ x, const real *__restrict__ ybar, real *__restrict__ y, real *__restrict__ xbar, int64 pairs, int64 channels)
{
    const int64 pair = (int64)blockIdx.x * 128 + threadIdx.x;
    if (pair >= pairs)
        return;
    value_and_vjp_body(Input{x + row(pair, channels, 4), channels}, Input{ybar + row(pair, channels, 2), channels}, Output{y + row(pair, channels, 2), channels}, Output{xbar + row(pair, channels, 4), channels});
}

extern "C" __global__ void __launch_bounds__(128)
invgen_jvp_strided(const real *__restrict__ x, const real *__restrict__ u, real *__restrict__ ydot, int64 pairs, int64 channels)
{
    const int64 pair = (int64)blockIdx.x * 128 + threadIdx.x;
    if (pair >= pairs)
        return;
    jvp_body(Input{x + row(pair, channels, 4), channels}, Input{u + row(pair, channels, 4), channels}, Output{ydot + row(pair, channels, 2), channels});
}

extern "C" __global__ void __launch_bounds__(128)
invgen_vjp_of_vjp_strided(const real *__restrict__ x, const real *__restrict__ ybar, const real *__restrict__ u, real *__restrict__ grad_x, real *__restrict__ grad_ybar, int64 pairs, int64 channels)
{
    const int64 pair = (int64)blockIdx.x * 128 + threadIdx.x;
    if (pair >= pairs)
        return;
    vjp_of_vjp_body(Input{x + row(pair, channels, 4), channels}, Input{ybar + row(pair, channels, 2), channels}, Input{u + row(pair, channels, 4), channels}, Output{grad_x + row(pair, channels, 4), channels}, Output{grad_ybar + row(pair, channels, 2), channels});
}

extern "C" __global__ void __launch_bounds__(128)
invgen_value_wide2(const real *__restrict__ x, real *__restrict__ y, int64 pairs, int64 channels)
{
    const int64 pair = ((int64)blockIdx.x * 128 + threadIdx.x) * 2;
    if (pair >= pairs)
        return;
    const int64 stride = channels / 2;
    Pack<2> x_held[4];
    Pack<2> y_held[2];
    const Pack<2> *x_row =
        (const Pack<2> *)(x + row(pair, channels, 4));
#pragma unroll
    for (int k = 0; k < 4; ++k)
        x_held[k] = x_row[k * stride];
#pragma unroll
    for (int lane = 0; lane < 2; ++lane)
        value_body(InputLane<2>{x_held, lane}, OutputLane<2>{y_held, lane});
    Pack<2> *y_row =
        (Pack<2> *)(y + row(pair, channels, 2));
#pragma unroll
    for (int k = 0; k < 2; ++k)
        y_row[k * stride] = y_held[k];
}

extern "C" __global__ void __launch_bounds__(128)
invgen_vjp_wide2(const real *__restrict__ x, const real *__restrict__ ybar, real *__restrict__ xbar, int64 pairs, int64 channels)
{
    const int64 pair = ((int64)blockIdx.x * 128 + threadIdx.x) * 2;
    if (pair >= pairs)
        return;
    const int64 stride = channels / 2;
    Pack<2> x_held[4];
    Pack<2> ybar_held[2];
    Pack<2> xbar_held[4];
    const Pack<2> *x_row =
        (const Pack<2> *)(x + row(pair, channels, 4));
#pragma unroll
    for (int k = 0; k < 4; ++k)
        x_held[k] = x_row[k * stride];
    const Pack<2> *ybar_row =
        (const Pack<2> *)(ybar + row(pair, channels, 2));
#pragma unroll
    for (int k = 0; k < 2; ++k)
        ybar_held[k] = ybar_row[k * stride];
#pragma unroll
    for (int lane = 0; lane < 2; ++lane)
        vjp_body(InputLane<2>{x_held, lane}, InputLane<2>{ybar_held, lane}, OutputLane<2>{xbar_held, lane});
    Pack<2> *xbar_row =
        (Pack<2> *)(xbar + row(pair, channels, 4));
#pragma unroll
    for (int k = 0; k < 4; ++k)
        xbar_row[k * stride] = xbar_held[k];
}

extern "C" __global__ void __launch_bounds__(128)
invgen_value_and_vjp_wide2(const real *__restrict__ x, const real *__restrict__ ybar, real *__restrict__ y, real *__restrict__ xbar, int64 pairs, int64 channels)
{
    const int64 pair = ((int64)blockIdx.x * 128 + threadIdx.x) * 2;
    if (pair >= pairs)
        return;
    const int64 stride = channels / 2;
    Pack<2> x_held[4];
    Pack<2> ybar_held[2];
    Pack<2> y_held[2];
    Pack<2> xbar_held[4];
    const Pack<2> *x_row =
        (const Pack<2> *)(x + row(pair, channels, 4));
#pragma unroll
    for (int k = 0; k < 4; ++k)
        x_held[k] = x_row[k * stride];
    const Pack<2> *ybar_row =
        (const Pack<2> *)(ybar + row(pair, channels, 2));
#pragma unroll
    for (int k = 0; k < 2; ++k)
        ybar_held[k] = ybar_row[k * stride];
#pragma unroll
    for (int lane = 0; lane < 2; ++lane)
        value_and_vjp_body(InputLane<2>{x_held, lane}, InputLane<2>{ybar_held, lane}, OutputLane<2>{y_held, lane}, OutputLane<2>{xbar_held, lane});
    Pack<2> *y_row =
        (Pack<2> *)(y + row(pair, channels, 2));
#pragma unroll
    for (int k = 0; k < 2; ++k)
        y_row[k * stride] = y_held[k];
    Pack<2> *xbar_row =
        (Pack<2> *)(xbar + row(pair, channels, 4));
#pragma unroll
    for (int k = 0; k < 4; ++k)
        xbar_row[k * stride] = xbar_held[k];
}

extern "C" __global__ void __launch_bounds__(128)
invgen_jvp_wide2(const real *__restrict__ x, const real *__restrict__ u, real *__restrict__ ydot, int64 pairs, int64 channels)
{
    const int64 pair = ((int64)blockIdx.x * 128 + threadIdx.x) * 2;
    if (pair >= pairs)
        return;
    const int64 stride = channels / 2;
    Pack<2> x_held[4];
    Pack<2> u_held[4];
    Pack<2> ydot_held[2];
    const Pack<2> *x_row =
        (const Pack<2> *)(x + row(pair, channels, 4));
#pragma unroll
    for (int k = 0; k < 4; ++k)
        x_held[k] = x_row[k * stride];
    const Pack<2> *u_row =
        (const Pack<2> *)(u + row(pair, channels, 4));
#pragma unroll
    for (int k = 0; k < 4; ++k)
        u_held[k] = u_row[k * stride];
#pragma unroll
    for (int lane = 0; lane < 2; ++lane)
        jvp_body(InputLane<2>{x_held, lane}, InputLane<2>{u_held, lane}, OutputLane<2>{ydot_held, lane});
    Pack<2> *ydot_row =
        (Pack<2> *)(ydot + row(pair, channels, 2));
#pragma unroll
    for (int k = 0; k < 2; ++k)
        ydot_row[k * stride] = ydot_held[k];
}

extern "C" __global__ void __launch_bounds__(128)
invgen_vjp_of_vjp_wide2(const real *__restrict__ x, const real *__restrict__ ybar, const real *__restrict__ u, real *__restrict__ grad_x, real *__restrict__ grad_ybar, int64 pairs, int64 channels)
{
    const int64 pair = ((int64)blockIdx.x * 128 + threadIdx.x) * 2;
    if (pair >= pairs)
        return;
    const int64 stride = channels / 2;
    Pack<2> x_held[4];
    Pack<2> ybar_held[2];
    Pack<2> u_held[4];
    Pack<2> grad_x_held[4];
    Pack<2> grad_ybar_held[2];
    const Pack<2> *x_row =
        (const Pack<2> *)(x + row(pair, channels, 4));
#pragma unroll
    for (int k = 0; k < 4; ++k)
        x_held[k] = x_row[k * stride];
    const Pack<2> *ybar_row =
        (const Pack<2> *)(ybar + row(pair, channels, 2));
#pragma unroll
    for (int k = 0; k < 2; ++k)
        ybar_held[k] = ybar_row[k * stride];
    const Pack<2> *u_row =
        (const Pack<2> *)(u + row(pair, channels, 4));
#pragma unroll
    for (int k = 0; k < 4; ++k)
        u_held[k] = u_row[k * stride];
#pragma unroll
    for (int lane = 0; lane < 2; ++lane)
        vjp_of_vjp_body(InputLane<2>{x_held, lane}, InputLane<2>{ybar_held, lane}, InputLane<2>{u_held, lane}, OutputLane<2>{grad_x_held, lane}, OutputLane<2>{grad_ybar_held, lane});
    Pack<2> *grad_x_row =
        (Pack<2> *)(grad_x + row(pair, channels, 4));
#pragma unroll
    for (int k = 0; k < 4; ++k)
        grad_x_row[k * stride] = grad_x_held[k];
    Pack<2> *grad_ybar_row =
        (Pack<2> *)(grad_ybar + row(pair, channels, 2));
#pragma unroll
    for (int k = 0; k < 2; ++k)
        grad_ybar_row[k * stride] = grad_ybar_held[k];
}

extern "C" __global__ void __launch_bounds__(128)
invgen_value_tile(const real *__restrict__ x, real *__restrict__ y, int64 pairs, int64)
{
    __shared__ real x_tile[128 * 5];
    __shared__ real y_tile[128 * 3];
    const int64 sample = (int64)blockIdx.x * 128;
    const int samples = pairs - sample < 128 ? (int)(pairs - sample) : 128;
    fetch<4, 5, 128>(
        x_tile, x, sample * 4, samples * 4);
    __syncthreads();
    if ((int)threadIdx.x < samples)
        value_body(Input{x_tile + threadIdx.x * 5, 1}, Output{y_tile + threadIdx.x * 3, 1});
    __syncthreads();
    deliver<2, 3, 128>(
        y, y_tile, sample * 2, samples * 2);
}

extern "C" __global__ void __launch_bounds__(128)
invgen_vjp_tile(const real *__restrict__ x, const real *__restrict__ ybar, real *__restrict__ xbar, int64 pairs, int64)
{
    __shared__ real x_tile[128 * 5];
    __shared__ real ybar_tile[128 * 3];
    __shared__ real xbar_tile[128 * 5];
    const int64 sample = (int64)blockIdx.x * 128;
    const int samples = pairs - sample < 128 ? (int)(pairs - sample) : 128;
    fetch<4, 5, 128>(
        x_tile, x, sample * 4, samples * 4);
    fetch<2, 3, 128>(
        ybar_tile, ybar, sample * 2, samples * 2);
    __syncthreads();
    if ((int)threadIdx.x < samples)
        vjp_body(Input{x_tile + threadIdx.x * 5, 1}, Input{ybar_tile + threadIdx.x * 3, 1}, Output{xbar_tile + threadIdx.x * 5, 1});
    __syncthreads();
    deliver<4, 5, 128>(
        xbar, xbar_tile, sample * 4, samples * 4);
}

extern "C" __global__ void __launch_bounds__(128)
invgen_value_and_vjp_tile(const real *__restrict__ x, const real *__restrict__ ybar, real *__restrict__ y, real *__restrict__ xbar, int64 pairs, int64)
{
    __shared__ real x_tile[128 * 5];
    __shared__ real ybar_tile[128 * 3];
    __shared__ real y_tile[128 * 3];
    __shared__ real xbar_tile[128 * 5];
    const int64 sample = (int64)blockIdx.x * 128;
    const int samples = pairs - sample < 128 ? (int)(pairs - sample) : 128;
    fetch<4, 5, 128>(
        x_tile, x, sample * 4, samples * 4);
    fetch<2, 3, 128>(
        ybar_tile, ybar, sample * 2, samples * 2);
    __syncthreads();
    if ((int)threadIdx.x < samples)
        value_and_vjp_body(Input{x_tile + threadIdx.x * 5, 1}, Input{ybar_tile + threadIdx.x * 3, 1}, Output{y_tile + threadIdx.x * 3, 1}, Output{xbar_tile + threadIdx.x * 5, 1});
    __syncthreads();
    deliver<2, 3, 128>(
        y, y_tile, sample * 2, samples * 2);
    deliver<4, 5, 128>(
        xbar, xbar_tile, sample * 4, samples * 4);
}

extern "C" __global__ void __launch_bounds__(128)
invgen_jvp_tile(const real *__restrict__ x, const real *__restrict__ u, real *__restrict__ ydot, int64 pairs, int64)
{
    __shared__ real x_tile[128 * 5];
    __shared__ real u_tile[128 * 5];
    __shared__ real ydot_tile[128 * 3];
    const int64 sample = (int64)blockIdx.x * 128;
    const int samples = pairs - sample < 128 ? (int)(pairs - sample) : 128;
    fetch<4, 5, 128>(
        x_tile, x, sample * 4, samples * 4);
    fetch<4, 5, 128>(
        u_tile, u, sample * 4, samples * 4);
    __syncthreads();
    if ((int)threadIdx.x < samples)
        jvp_body(Input{x_tile + threadIdx.x * 5, 1}, Input{u_tile + threadIdx.x * 5, 1}, Output{ydot_tile + threadIdx.x * 3, 1});
    __syncthreads();
    deliver<2, 3, 128>(
        ydot, ydot_tile, sample * 2, samples * 2);
}

extern "C" __global__ void __launch_bounds__(128)
invgen_vjp_of_vjp_tile(const real *__restrict__ x, const real *__restrict__ ybar, const real *__restrict__ u, real *__restrict__ grad_x, real *__restrict__ grad_ybar, int64 pairs, int64)
{
    __shared__ real x_tile[128 * 5];
    __shared__ real ybar_tile[128 * 3];
    __shared__ real u_tile[128 * 5];
    __shared__ real grad_x_tile[128 * 5];
    __shared__ real grad_ybar_tile[128 * 3];
    const int64 sample = (int64)blockIdx.x * 128;
    const int samples = pairs - sample < 128 ? (int)(pairs - sample) : 128;
    fetch<4, 5, 128>(
        x_tile, x, sample * 4, samples * 4);
    fetch<2, 3, 128>(
        ybar_tile, ybar, sample * 2, samples * 2);
    fetch<4, 5, 128>(
        u_tile, u, sample * 4, samples * 4);
    __syncthreads();
    if ((int)threadIdx.x < samples)
        vjp_of_vjp_body(Input{x_tile + threadIdx.x * 5, 1}, Input{ybar_tile + threadIdx.x * 3, 1}, Input{u_tile + threadIdx.x * 5, 1}, Output{grad_x_tile + threadIdx.x * 5, 1}, Output{grad_ybar_tile + threadIdx.x * 3, 1});
    __syncthreads();
    deliver<4, 5, 128>(
        grad_x, grad_x_tile, sample * 4, samples * 4);
    deliver<2, 3, 128>(
        grad_ybar, grad_ybar_tile, sample * 2, samples * 2);
}
