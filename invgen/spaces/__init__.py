"""What transforms, and how: irreps, groups, conventions, Cartesian and planar tensors."""

from typing import TYPE_CHECKING

from invgen._lazy import attach

if TYPE_CHECKING:
    from invgen.spaces.space import Irrep, TensorSpace
else:
    __getattr__, __dir__ = attach(__name__, {"Irrep": "invgen.spaces.space", "TensorSpace": "invgen.spaces.space"})

__all__ = ["Irrep", "TensorSpace"]
