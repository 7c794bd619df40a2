/* total[k] = the sum of parts[j] over the chunks j of species k, in order and in double precision. */
extern "C" __global__ void __launch_bounds__(THREADS, 1)
invgen_sum(const real *parts, const int64 *chunk_of, real *total, int64 kinds, int64 size)
{
    const int64 thread = (int64)blockIdx.x * THREADS + threadIdx.x;
    if (thread >= kinds * size)
        return;
    const int64 kind = thread / size, element = thread % size;
    double sum = 0;
    for (int64 chunk = chunk_of[kind]; chunk < chunk_of[kind + 1]; ++chunk)
        sum += parts[chunk * size + element];
    total[thread] = (real)sum;
}
