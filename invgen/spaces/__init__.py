"""What transforms, and how: irreps, groups, conventions, Cartesian and planar tensors."""

from typing import TYPE_CHECKING

from invgen._lazy import attach

if TYPE_CHECKING:
    from invgen.spaces.irreps import Irrep, PlanarIrrep
    from invgen.spaces.space import TensorSpace
else:
    _IRREPS = "invgen.spaces.irreps"
    __getattr__, __dir__ = attach(
        __name__, {"Irrep": _IRREPS, "PlanarIrrep": _IRREPS, "TensorSpace": "invgen.spaces.space"}
    )

__all__ = ["Irrep", "PlanarIrrep", "TensorSpace"]
