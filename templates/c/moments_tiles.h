#if defined(__AVX512F__) || defined(__aarch64__)
#define TILE 4
#define PAIRS 4
#else
#define TILE 2
#define PAIRS 2
#endif
#define ROWS 6
