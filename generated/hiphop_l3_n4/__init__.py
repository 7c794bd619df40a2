"""hiphop_l3_n4: 13 invariants of s:0e + v:1o + q:2e + t:3o under O3, compiled.

Convention hippynn, a given list, rank 13 of 13.
Basis 814b891a23f23a648b16375557a2c22cc80ee90c823517df232a8fcc791b2484.

    import torch
    import hiphop_l3_n4

    kernel = hiphop_l3_n4.kernel(dtype=torch.float32, layout="channel", target="c")
    y = kernel(x)  # x: (..., 16, channel) -> y: (..., 13, channel), twice differentiable

Written by invgen, codegen version 1; do not edit, the manifest vouches for every byte.
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
