"""pope_tensors: 50 components of 10 covariants 2e of S:2e + R:1e under O3, compiled.

Convention sphericart, integrity up to degree 6, rank 60 of 60.
Basis e1e0b50b4d3f36468c21c2c6aa134d2040670d779e420a69b4ecd2aecb7a0a34.

    import torch
    import pope_tensors

    kernel = pope_tensors.kernel(dtype=torch.float32, layout="channel", target="c")
    y = kernel(x)  # x: (..., 8, channel) -> y: (..., 50, channel), twice differentiable

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
