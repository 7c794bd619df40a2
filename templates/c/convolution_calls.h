static struct call call_of(const int64_t *sizes, const int64_t *const *arrays)
{
    const struct lists lists = {arrays[0], arrays[1], arrays[2], arrays[3], arrays[4],
                                sizes[0], sizes[1], sizes[2], sizes[3], sizes[4]};
    return (struct call){lists, KINDS(arrays), TABLES(sizes)};
}

static int refused(const struct call *call)
{
    const struct lists *l = &call->lists;
    if (l->row_pointer[0] != 0 || l->row_pointer[l->atoms] != l->pairs)
        return BAD_POINTER;
    for (int64_t atom = 0; atom < l->atoms; ++atom)
        if (l->row_pointer[atom] > l->row_pointer[atom + 1])
            return BAD_POINTER;
    return kinds_refused(call);
}

/* A pass over all receivers, which threads share out. */
static int over_rows(pass body, const struct call *call, const real *const *in, real *const *out, int threads)
{
    const struct lists *l = &call->lists;
    if (threads <= 1 || l->pairs < SERIAL_BELOW)
        return body(call, 0, l->atoms, in, out);
    int status = FINE;
#pragma omp parallel for num_threads(threads) schedule(static, 1) reduction(max : status)
    for (int part = 0; part < threads; ++part) {
        const int64_t begin = part ? owner_at(l->row_pointer, l->atoms, l->pairs * part / threads) : 0;
        const int64_t end = part + 1 < threads ? owner_at(l->row_pointer, l->atoms, l->pairs * (part + 1) / threads) : l->atoms;
        const int found = body(call, begin, end, in, out);
        status = found > status ? found : status;
    }
    return status;
}

int invgen_value(const int64_t *sizes, const int64_t *const *lists, const real *const *in, real *const *out, int threads)
{
    const struct call call = call_of(sizes, lists);
    const int status = refused(&call);
    return status ? status : over_rows(pass_value, &call, in, out, threads);
}

int invgen_jvp(const int64_t *sizes, const int64_t *const *lists, const real *const *in, real *const *out, int threads)
{
    const struct call call = call_of(sizes, lists);
    const int status = refused(&call);
    if (status)
        return status;
    const real *const changes[6] = {in[0], in[1], in[2], in[3], changes_of(&call, in[4]), in[5]};
    return over_rows(pass_jvp, &call, changes, out, threads);
}

/* in: vectors, weights, features, bar of the sums; out: bars of the first three, each of which may be absent. */
int invgen_vjp(const int64_t *sizes, const int64_t *const *lists, const real *const *in, real *const *out, int threads)
{
    const struct call call = call_of(sizes, lists);
    const int status = refused(&call);
    return status ? status : gradients(&call, in, out[0], out[1], out[2], 0, threads);
}

/* in: vectors, weights, features, bar of the sums, u of the first three; out: gradients by vectors, weights, features and
 * bar of the inner product of u and the vjp. */
int invgen_vjp_of_vjp(const int64_t *sizes, const int64_t *const *lists, const real *const *in, real *const *out,
                      int threads)
{
    const struct call call = call_of(sizes, lists);
    int status = refused(&call);
    if (status)
        return status;
    const real *const along_u[7] = {in[0], in[1], in[2], in[3], in[4], changes_of(&call, in[5]), in[6]};
    const real *const changes[6] = {in[0], in[1], in[2], in[4], along_u[5], in[6]};
    status = gradients(&call, along_u, out[0], out[1], out[2], 1, threads);
    return status ? status : over_rows(pass_jvp, &call, changes, out + 3, threads);
}
