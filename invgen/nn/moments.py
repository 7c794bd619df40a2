"""The layer that sums moments of neighbourhoods."""

from __future__ import annotations

import math

import torch

from invgen.compiler.moments import compile_moments
from invgen.errors import InputError
from invgen.nn.cutoffs import count
from invgen.nn.harmonics import Harmonics
from invgen.runtime import Neighbours

TARGETS = ("c", "torch")


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
        target: "c" for CPU tensors through a compiled kernel, "torch" for any device.

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
        if target not in TARGETS:
            raise InputError(f"the target of moments must be one of {', '.join(map(repr, TARGETS))}, got {target!r}")
        self.inputs, self.outputs = count("the number of inputs", inputs), count("the number of outputs", outputs)
        self.sensitivities = count("the number of sensitivities", sensitivities)
        self.l_max, self.convention, self.target = count("l_max", l_max, 0), convention, target
        self.weight = torch.nn.Parameter(torch.empty(inputs, sensitivities, outputs, dtype=dtype))
        torch.nn.init.normal_(self.weight, std=math.sqrt(2.0 / (inputs * (outputs + sensitivities))))
        if target == "c":
            self._sum = compile_moments(l_max, "mixed", convention, dtype=dtype)
        else:
            self.harmonics = Harmonics(l_max, convention, dtype)

    def forward(
        self, features: torch.Tensor, radial: torch.Tensor, vectors: torch.Tensor, neighbours: Neighbours
    ) -> torch.Tensor:
        """The moments."""
        mixed = (features @ self.weight.flatten(1)).unflatten(-1, (self.sensitivities, self.outputs))
        if self.target == "c":
            return self._sum(vectors, radial, mixed, neighbours)
        angular: torch.Tensor = self.harmonics(vectors)
        sources = mixed.index_select(0, neighbours.index)
        messages = angular[:, :, None] * torch.einsum("pn,pnf->pf", radial, sources)[:, None, :]
        zeros = messages.new_zeros((neighbours.atoms, *messages.shape[1:]))
        return zeros.index_add(0, neighbours.receivers, messages)

    def extra_repr(self) -> str:
        """Widths, ranks, convention and target."""
        widths = f"{self.inputs} -> {self.outputs}, {self.sensitivities} sensitivities"
        return f"{widths}, l_max={self.l_max}, {self.convention}, {self.target}"


class PlainMoments(torch.nn.Module):
    """E_i[c, ν, f] = Σ_j T_c(r̂_ij) s_ν(r_ij) z_j[f] in plain PyTorch: the compiled form "full", on any device.

    Args:
        l_max: the highest rank.
        convention: of the components.
        dtype: torch.float32 or torch.float64.

    Shapes:
        vectors (pairs, 3), radial (pairs, ν), features (sources, f) -> (atoms, components, ν, f).
    """

    def __init__(self, l_max: int, convention: str, dtype: torch.dtype) -> None:
        super().__init__()
        self.harmonics = Harmonics(l_max, convention, dtype)

    def forward(
        self, vectors: torch.Tensor, radial: torch.Tensor, features: torch.Tensor, neighbours: Neighbours
    ) -> torch.Tensor:
        """The moments."""
        read = radial[:, :, None] * features.index_select(0, neighbours.index)[:, None, :]
        angular: torch.Tensor = self.harmonics(vectors)
        messages = angular[:, :, None, None] * read[:, None]
        zeros = messages.new_zeros((neighbours.atoms, *messages.shape[1:]))
        return zeros.index_add(0, neighbours.receivers, messages)
