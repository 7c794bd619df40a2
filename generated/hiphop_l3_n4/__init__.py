"""hiphop_l3_n4: 13 invariants of s:0e + v:1o + q:2e + t:3o under O3, compiled.

Convention hippynn, a given list, rank 13 of 13.
Basis 9248530e9a3d47705b8353b37f0e83c496dfa7cd64022433f50a17b5b1c54485.

    import torch
    import hiphop_l3_n4

    kernel = hiphop_l3_n4.kernel(dtype=torch.float32, layout="channel", target="c")
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
