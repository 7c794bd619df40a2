"""Layers on compiled bases."""

from invgen.nn.ace import ACE
from invgen.nn.ace_readouts import LinearReadout, NetworkReadout
from invgen.nn.ace_rows import DescriptorRows
from invgen.nn.chebyshev import Chebyshev
from invgen.nn.invariants import Invariants
from invgen.nn.least_squares import LeastSquares

__all__ = ["ACE", "Chebyshev", "DescriptorRows", "Invariants", "LeastSquares", "LinearReadout", "NetworkReadout"]
