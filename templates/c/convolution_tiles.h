/* Pairs of one receiver that are summed at once: as many streams of weights as processors follow. */
#define STREAMS 8
#define TILE 4
#if defined(__AVX512F__) || defined(__aarch64__)
#define PAIRS 4
#else
#define PAIRS 2
#endif
#define EACH for (int part = 0; part < parts; ++part)
#define GET(from, part) (whole ? load((from) + (part) * VECTOR) : load_left(from, left))
#define PUT(to, value, part) (whole ? store((to) + (part) * VECTOR, value) : store_left(to, value, left))
