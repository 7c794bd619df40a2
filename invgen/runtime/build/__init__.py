"""Compilers, the kernel cache, and machine code for processors and GPUs."""
