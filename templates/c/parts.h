/* Long functions are cut into parts. All compile together; or apart, which is faster on several cores: once for each
 * INVGEN_<section> below, with INVGEN_APART and that one defined, and then linked into one library. What stands in the
 * other sections may then be left away. */
#if !defined(INVGEN_APART)
#if defined(__GNUC__)
#define PART static __attribute__((noinline))
#else
#define PART static
#endif
#define SHARED static
#elif defined(__GNUC__)
#define PART __attribute__((noinline, visibility("hidden")))
#define SHARED __attribute__((visibility("hidden")))
#else
#define PART
#define SHARED
#endif
