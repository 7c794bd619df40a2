"""Candidates in order, and the generators of every multidegree."""
