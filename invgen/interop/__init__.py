"""Bridges to other programs; each module imports its program where it needs it."""
