"""Kernels on GPUs: which one a call launches, loading, and devices."""
