"""package_at_a6f4487: 2 invariants of l0:0e + l1:1o under O3, compiled.

Convention sphericart, independent up to degree 2, rank 2 of 2.
Basis f16d83376e0c00c7f8bbc03e2a1de789e504b71074b00000fb698180a9ae0257.

    import torch
    import package_at_a6f4487

    kernel = package_at_a6f4487.kernel(dtype=torch.float32, layout="channel", target="c")
    y = kernel(x)  # x: (..., 4, channel) -> y: (..., 2, channel), twice differentiable

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
