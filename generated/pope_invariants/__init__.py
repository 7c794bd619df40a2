"""pope_invariants: 6 invariants of S:2e + R:1e under O3, compiled.

Convention sphericart, integrity up to degree 6, rank 22 of 22.
Basis 2319841833bd08adfd45d0da8b45479a558d82841eb7b6056194b64f0c18da5f.

    import torch
    import pope_invariants

    kernel = pope_invariants.kernel(dtype=torch.float32, layout="channel", target="c")
    y = kernel(x)  # x: (..., 8, channel) -> y: (..., 6, channel), twice differentiable

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
