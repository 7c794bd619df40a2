"""What transforms, and how: irreps, groups, conventions, Cartesian and planar tensors."""

from typing import TYPE_CHECKING

from invgen._lazy import attach

if TYPE_CHECKING:
    from invgen.spaces.space import Irrep, PlanarIrrep, TensorSpace
else:
    _HOME = "invgen.spaces.space"
    __getattr__, __dir__ = attach(__name__, {"Irrep": _HOME, "PlanarIrrep": _HOME, "TensorSpace": _HOME})

__all__ = ["Irrep", "PlanarIrrep", "TensorSpace"]
