"""strain_Oh: 9 invariants of h0:0e + h2:2e under Oh, compiled.

Convention cartesian, integrity up to degree 6, rank 71 of 71.
Basis be9776fab2f408b08cd28ad8f1e2538880d8fcb22210e2baed4a6c12e4bb0ab9.

    import torch
    import strain_Oh

    kernel = strain_Oh.kernel(dtype=torch.float32, layout="channel", target="c")
    y = kernel(x)  # x: (..., 6, channel) -> y: (..., 9, channel), twice differentiable

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
