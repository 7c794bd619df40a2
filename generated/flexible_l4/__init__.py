"""flexible_l4: 22 invariants of l0:0e + l1:1o + l2:2e + l3:3o + l4:4e under O3, compiled.

Convention sphericart, flexible up to degree 10, rank 22 of 22.
Basis eac4d23a9541f599c162ef682c121e4951b3c18aa065a8a746a47ede3181c50b.

    import torch
    import flexible_l4

    kernel = flexible_l4.kernel(dtype=torch.float32, layout="channel", target="c")
    y = kernel(x)  # x: (..., 25, channel) -> y: (..., 22, channel), twice differentiable

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
