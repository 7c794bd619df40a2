"""The layer that sums moments of neighbourhoods."""

from __future__ import annotations

import math
from typing import Any

import torch

from invgen.checks import integer
from invgen.compiler.moments import compile_moments
from invgen.nn import earlier
from invgen.nn.earlier import Replaced as PlainMoments  # noqa: F401, files written at a6f4487 name it here
from invgen.runtime import Neighbours


class Moments(torch.nn.Module):
    """E_i[c, f] = Σ_j T_c(r̂_ij) Σ_ν s_ν(r_ij) (W_ν z_j)[f]: the moment tensors of each atom's neighbourhood.

    T are the harmonics of the direction, all components up to l_max in `convention`: what a basis of that space and
    convention takes. One GEMM makes (W_ν z_j)[f] of every source first, and the loop over pairs sums over ν as well:
    nothing of the size components × sensitivities × features is ever stored.

    Args:
        inputs: width of z.
        outputs: width of E.
        sensitivities: how many radial functions s there are.
        l_max: the highest rank.
        convention: of the components of E.
        dtype: torch.float32 (the default, as of the HIP networks) or torch.float64.
        target: "c" for CPU tensors, "cuda" for NVIDIA GPUs, "torch" for any device.

    Shapes:
        features (sources, inputs), radial (pairs, sensitivities), vectors (pairs, 3) -> (atoms, components, outputs).

    Raises:
        InputError: an argument is not allowed.
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        sensitivities: int,
        l_max: int,
        convention: str,
        dtype: torch.dtype = torch.float32,
        target: str = "c",
    ) -> None:
        super().__init__()
        self.inputs = integer("the number of inputs", inputs, 1)
        self.outputs = integer("the number of outputs", outputs, 1)
        self.sensitivities = integer("the number of sensitivities", sensitivities, 1)
        self.l_max, self.convention, self.target = integer("l_max", l_max, 0), convention, target
        self.weight = torch.nn.Parameter(torch.empty(self.inputs, self.sensitivities, self.outputs, dtype=dtype))
        spread = 2.0 / (self.inputs * (self.outputs + self.sensitivities))
        torch.nn.init.normal_(self.weight, std=math.sqrt(spread))
        self.kernel = compile_moments(self.l_max, "mixed", convention, dtype=dtype, target=target)

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(earlier.moments(state))  # type: ignore[no-untyped-call]

    def forward(
        self, features: torch.Tensor, radial: torch.Tensor, vectors: torch.Tensor, neighbours: Neighbours
    ) -> torch.Tensor:
        """The moments."""
        mixed = (features @ self.weight.flatten(1)).unflatten(-1, (self.sensitivities, self.outputs))
        return self.kernel(vectors, radial, mixed, neighbours)

    def extra_repr(self) -> str:
        """Widths, ranks, convention and target."""
        widths = f"{self.inputs} -> {self.outputs}, {self.sensitivities} sensitivities"
        return f"{widths}, l_max={self.l_max}, {self.convention}, {self.target}"
