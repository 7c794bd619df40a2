"""Cheaper forms of members."""
