static inline vector load(const real *address)
{
    return *(const stored *)address;
}

static inline void store(real *address, vector value)
{
    *(stored *)address = value;
}

enum { ZERO, NEAREST, WRAP };

/* Lines of this many numbers at least are what a pass takes. */
enum { SHORTEST = MOST_VECTORS * WIDTH };

static inline ptrdiff_t fewer(ptrdiff_t a, ptrdiff_t b)
{
    return a < b ? a : b;
}

static inline ptrdiff_t more(ptrdiff_t a, ptrdiff_t b)
{
    return a < b ? b : a;
}

/* The place on an axis of `size` voxels that stands for `place`, or -1 for a zero. */
static ptrdiff_t inside(ptrdiff_t place, ptrdiff_t size, int64_t boundary)
{
    if (place >= 0 && place < size)
        return place;
    if (boundary == ZERO)
        return -1;
    if (boundary == NEAREST)
        return place < 0 ? 0 : size - 1;
    return (place % size + size) % size;
}
