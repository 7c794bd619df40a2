"""moments_scalar_3d: 32 invariants of m0_0:0e + m1_1:1o + m2_2:2e + m2_0:0e + m3_3:3o + m3_1:1o + m4_4:4e + m4_2:2e + m4_0:0e under O3, compiled.

Convention cartesian, independent up to degree 4, rank 32 of 32.
Basis 5c79ea7d7b9a594d8ecfaa38191aa71d7e831f5e58eb5b9c09b9da8a040bb465.

    import torch
    import moments_scalar_3d

    kernel = moments_scalar_3d.kernel(dtype=torch.float32, layout="channel", target="c")
    y = kernel(x)  # x: (..., 35, channel) -> y: (..., 32, channel), twice differentiable

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
