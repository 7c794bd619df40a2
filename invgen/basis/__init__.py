"""The frozen basis, its members and its file; `generate` makes one."""

from typing import TYPE_CHECKING

from invgen._lazy import attach

if TYPE_CHECKING:
    from invgen.basis.basis import Basis
    from invgen.basis.generation import generate
else:
    __getattr__, __dir__ = attach(__name__, {"Basis": "invgen.basis.basis", "generate": "invgen.basis.generation"})

__all__ = ["Basis", "generate"]
