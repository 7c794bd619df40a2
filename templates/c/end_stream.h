/* Streamed lines are there for other threads. */
static void end_stream(void)
{
#if defined(STREAM)
    __builtin_ia32_sfence();
#endif
}
