"""ace_4_3_independent: 61 invariants of n1l0:0e + n1l1:1o + n1l2:2e + n1l3:3o + n2l0:0e + n2l1:1o + n2l2:2e + n2l3:3o + n3l0:0e + n3l1:1o + n3l2:2e + n3l3:3o + n4l0:0e + n4l1:1o + n4l2:2e + n4l3:3o under O3, compiled.

Convention sphericart, independent up to degree 3, rank 61 of 61.
Basis f19fc55d9737d6dce54724d38d819a3b6fc54991807a773b0b135c509362e67c.

    import torch
    import ace_4_3_independent

    kernel = ace_4_3_independent.kernel(dtype=torch.float32, layout="channel", target="c")
    y = kernel(x)  # x: (..., 64, channel) -> y: (..., 61, channel), twice differentiable

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
