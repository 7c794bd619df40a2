"""The layer that sums moments of neighbourhoods."""

from __future__ import annotations

import math

import torch

from invgen.compiler.moments import compile_moments
from invgen.nn.cutoffs import count
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
        dtype: torch.float32 or torch.float64.
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
        self.inputs, self.outputs = count("the number of inputs", inputs), count("the number of outputs", outputs)
        self.sensitivities = count("the number of sensitivities", sensitivities)
        self.l_max, self.convention, self.target = count("l_max", l_max, 0), convention, target
        self.weight = torch.nn.Parameter(torch.empty(inputs, sensitivities, outputs, dtype=dtype))
        torch.nn.init.normal_(self.weight, std=math.sqrt(2.0 / (inputs * (outputs + sensitivities))))
        self.kernel = compile_moments(self.l_max, "mixed", convention, dtype=dtype, target=target)

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
