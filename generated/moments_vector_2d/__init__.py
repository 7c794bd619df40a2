"""moments_vector_2d: 29 invariants of v0_0_1:1e + v1_1_2:2e + v1_1_0:0e + v1_1_0p:0o + v2_2_3:3e + v2_2_1:1e + v2_0_1:1e + v3_3_4:4e + v3_3_2:2e + v3_1_2:2e + v3_1_0:0e + v3_1_0p:0o + v4_4_5:5e + v4_4_3:3e + v4_2_3:3e + v4_2_1:1e + v4_0_1:1e under O2, compiled.

Convention cartesian, independent up to degree 4, rank 29 of 29.
Basis e4961587e4140fa54d88942dea330f245c73f83a04f32191928b7a0f71cede70.

    import torch
    import moments_vector_2d

    kernel = moments_vector_2d.kernel(dtype=torch.float32, layout="channel", target="c")
    y = kernel(x)  # x: (..., 30, channel) -> y: (..., 29, channel), twice differentiable

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
