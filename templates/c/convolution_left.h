/* The last channels where they fill no vector: calls, because there are as many places as loads and stores, and few
 * kernels ever come here. */
static __attribute__((noinline)) vector load_left(const real *from, int64_t count)
{
    return load_part(from, count);
}

static __attribute__((noinline)) void store_left(real *to, vector value, int64_t count)
{
    store_part(to, value, count);
}
