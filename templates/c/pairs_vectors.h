#define CHUNK 32
#define BLOCK 4096
#define SERIAL_BELOW 256
#define VECTOR ((int64_t)(VECTOR_BYTES / sizeof(real)))
#define GROUP ((int64_t)(16 / sizeof(real)))
#define LINE ((int64_t)(64 / sizeof(real)))
#define INLINE static inline __attribute__((always_inline))

typedef real vector __attribute__((vector_size(VECTOR_BYTES)));
typedef real loose __attribute__((vector_size(VECTOR_BYTES), aligned(sizeof(real)), may_alias));
typedef real group __attribute__((vector_size(16), aligned(sizeof(real)), may_alias));

/* Compilers read a factor from memory again for each of its uses, and processors do not load as fast as they multiply. */
#if defined(__AVX512F__)
#define IN_REGISTER(value) __asm__("" : "+v"(value))
#elif defined(__AVX__)
#define IN_REGISTER(value) __asm__("" : "+x"(value))
#else
#define IN_REGISTER(value) ((void)(value))
#endif

/* Stores that go past the caches, where a tile holds whole lines. */
#if defined(__AVX__) && defined(__clang__)
typedef real line __attribute__((vector_size(VECTOR_BYTES), may_alias));
#define STREAM(to, value) __builtin_nontemporal_store((line)(value), (line *)(to))
#elif defined(__AVX512F__)
typedef float floats __attribute__((vector_size(64)));
#define STREAM(to, value) __builtin_ia32_movntps512((float *)(to), (floats)(value))
#elif defined(__AVX__)
typedef float floats __attribute__((vector_size(32)));
#define STREAM(to, value) __builtin_ia32_movntps256((float *)(to), (floats)(value))
#endif

#if defined(__has_builtin)
#if __has_builtin(__builtin_shufflevector)
#define SHUFFLE(first, second, ...) __builtin_shufflevector(first, second, __VA_ARGS__)
#endif
#endif
