"""hiphop_l4_n5: 22 invariants of l0:0e + l1:1o + l2:2e + l3:3o + l4:4e under O3, compiled.

Convention sphericart, independent up to degree 5, rank 22 of 22.
Basis 55560c3a09210bda0f513f8c1216b70f263c59e3d15664340900a372c465bf37.

    import torch
    import hiphop_l4_n5

    kernel = hiphop_l4_n5.kernel(dtype=torch.float32, layout="channel", target="c")
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
