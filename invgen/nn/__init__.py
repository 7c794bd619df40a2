"""Layers on compiled bases."""

from invgen.nn.invariants import Invariants

__all__ = ["Invariants"]
