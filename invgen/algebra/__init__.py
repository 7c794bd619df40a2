"""Exact arithmetic: integers modulo primes, rationals, square roots and lattices, which every stage uses."""
