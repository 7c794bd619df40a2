"""optimal_l3_n4: 13 invariants of l0:0e + l1:1o + l2:2e + l3:3o under O3, compiled.

Convention sphericart, independent up to degree 4, rank 13 of 13.
Basis 948ffbeb9ddaef24344ef12c6e187131d2c4c81c84a9ad6c845571a8c9efca19.

    import torch
    import optimal_l3_n4

    kernel = optimal_l3_n4.kernel(dtype=torch.float32, layout="channel", target="c")
    y = kernel(x)  # x: (..., 16, channel) -> y: (..., 13, channel), twice differentiable

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
