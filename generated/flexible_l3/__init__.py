"""flexible_l3: 13 invariants of l0:0e + l1:1o + l2:2e + l3:3o under O3, compiled.

Convention sphericart, flexible up to degree 10, rank 13 of 13.
Basis f831795d518b9bfe97fe7f7c6cab4458628958dd82db40009d64fb19e2d20c60.

    import torch
    import flexible_l3

    kernel = flexible_l3.kernel(dtype=torch.float32, layout="channel", target="c")
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
