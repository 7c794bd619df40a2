"""optimal_l2_n4: 6 invariants of l0:0e + l1:1o + l2:2e under O3, compiled.

Convention sphericart, independent up to degree 4, rank 6 of 6.
Basis 85c924ce04dc741202099812c21922f9cf9aa8a0c33200c1327bb89ecf3a2fbc.

    import torch
    import optimal_l2_n4

    kernel = optimal_l2_n4.kernel(dtype=torch.float32, layout="channel", target="c")
    y = kernel(x)  # x: (..., 9, channel) -> y: (..., 6, channel), twice differentiable

Written by invgen, codegen version 2; do not edit, the manifest vouches for every byte.
"""

from pathlib import Path

from invgen.runtime import load_package

_package = load_package(Path(__file__).parent)

basis_id = _package.basis_id
components = _package.components
convention = _package.convention
invariants = _package.invariants
kernel = _package.kernel

__all__ = ["basis_id", "components", "convention", "invariants", "kernel"]
