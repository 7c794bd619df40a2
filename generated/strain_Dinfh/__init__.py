"""strain_Dinfh: 5 invariants of h0:0e + h2:2e under Dinfh, compiled.

Convention cartesian, integrity up to degree 4, rank 32 of 32.
Basis 281bdd35e1261b2465ccffdb32a5ef2bb58057dab525332c31b270cd75b93837.

    import torch
    import strain_Dinfh

    kernel = strain_Dinfh.kernel(dtype=torch.float32, layout="channel", target="c")
    y = kernel(x)  # x: (..., 6, channel) -> y: (..., 5, channel), twice differentiable

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
