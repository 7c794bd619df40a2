"""strain_D2h: 7 invariants of h0:0e + h2:2e under D2h, compiled.

Convention cartesian, integrity up to degree 4, rank 74 of 74.
Basis 7fd352e9dccf853c682154b4096661115e5c51a43b9e12975f16a0cfa1b0d67d.

    import torch
    import strain_D2h

    kernel = strain_D2h.kernel(dtype=torch.float32, layout="channel", target="c")
    y = kernel(x)  # x: (..., 6, channel) -> y: (..., 7, channel), twice differentiable

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
