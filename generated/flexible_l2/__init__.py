"""flexible_l2: 6 invariants of l0:0e + l1:1o + l2:2e under O3, compiled.

Convention sphericart, flexible up to degree 6, rank 6 of 6.
Basis cecdc4f9116e2e86a663b003da6efc3aeea7dc3bad606619ef1ca2cf7cb7c171.

    import torch
    import flexible_l2

    kernel = flexible_l2.kernel(dtype=torch.float32, layout="channel", target="c")
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
