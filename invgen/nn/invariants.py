"""The layer that evaluates a basis."""

from __future__ import annotations

from typing import Any

import torch

from invgen.basis.basis import Basis
from invgen.compiler.invariants import compile
from invgen.errors import InputError
from invgen.spaces.outputs import noun


class Invariants(torch.nn.Module):
    """x -> I(x): invariant under rotations of the tensors in x, differentiable to second order, without parameters.

    Of a basis of covariants the outputs are the K (2L + 1) components of `basis.output_names`, which turn with x.

    Args:
        basis: the invariants, in their order and convention.
        dtype: torch.float32 or torch.float64.
        layout: "channel" for x of shape (..., dim, channel), "plain" for (..., dim).
        target: "c" for CPU tensors, "cuda" for NVIDIA GPUs, "torch" for any device.

    Shapes:
        (..., dim, channel) -> (..., K, channel), or (..., dim) -> (..., K).

    Raises:
        InputError: as `invgen.compile`; on loading a state dict that was saved with another basis.
    """

    def __init__(
        self, basis: Basis, dtype: torch.dtype = torch.float32, layout: str = "channel", target: str = "c"
    ) -> None:
        super().__init__()
        self.basis = basis
        self.kernel = compile(basis, target=target, dtype=dtype, layout=layout)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The invariants of x."""
        return self.kernel(x)

    def get_extra_state(self) -> dict[str, str]:
        """The basis's id, so that weights are never used with another basis."""
        return {"basis_id": self.basis.id}

    def set_extra_state(self, state: Any) -> None:
        """Refuse the state of another basis."""
        found = state.get("basis_id") if isinstance(state, dict) else None
        if found != self.basis.id:
            raise InputError(
                f"the state was saved with basis {found}, this layer has {self.basis.id}; "
                "build the layer with the basis that the state names"
            )

    def extra_repr(self) -> str:
        """One line about the basis."""
        members = f"{len(self.basis)} {noun(self.basis.outputs)} of {self.basis.space}"
        return f"{members}, {self.basis.convention}, basis {self.basis.id[:12]}"
