"""moments_vector_3d: 102 invariants of v0_0_1:1o + v1_1_2:2e + v1_1_1:1e + v1_1_0:0e + v2_2_3:3o + v2_2_2:2o + v2_2_1:1o + v2_0_1:1o + v3_3_4:4e + v3_3_3:3e + v3_3_2:2e + v3_1_2:2e + v3_1_1:1e + v3_1_0:0e + v4_4_5:5o + v4_4_4:4o + v4_4_3:3o + v4_2_3:3o + v4_2_2:2o + v4_2_1:1o + v4_0_1:1o under O3, compiled.

Convention cartesian, independent up to degree 4, rank 102 of 102.
Basis 5b4e290a22abff7748d59be5ad4f3657fbe6f3a3685dc36b3d3c8f53aa15047c.

    import torch
    import moments_vector_3d

    kernel = moments_vector_3d.kernel(dtype=torch.float32, layout="channel", target="c")
    y = kernel(x)  # x: (..., 105, channel) -> y: (..., 102, channel), twice differentiable

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
