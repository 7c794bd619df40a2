"""moments_scalar_2d: 14 invariants of m0_0:0e + m1_1:1e + m2_2:2e + m2_0:0e + m3_3:3e + m3_1:1e + m4_4:4e + m4_2:2e + m4_0:0e under O2, compiled.

Convention cartesian, independent up to degree 4, rank 14 of 14.
Basis ad0b8bac5faf17bd88aab43475db21d18b89909b9f19a5b80c4584a60d8320e6.

    import torch
    import moments_scalar_2d

    kernel = moments_scalar_2d.kernel(dtype=torch.float32, layout="channel", target="c")
    y = kernel(x)  # x: (..., 15, channel) -> y: (..., 14, channel), twice differentiable

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
