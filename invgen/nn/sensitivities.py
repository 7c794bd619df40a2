"""Radial functions of a pair: distances (pairs) -> sensitivities (pairs, n)."""

from __future__ import annotations

import math

import torch

from invgen.checks import integer, positive
from invgen.errors import InputError
from invgen.nn.cutoffs import CosineCutoff, PolynomialCutoff


class Radial(torch.nn.Module):
    """distances (pairs) -> sensitivities (pairs, number)."""

    number: int

    def extra_repr(self) -> str:
        """How many functions there are."""
        return f"number={self.number}"


class InverseDistanceGaussians(Radial):
    """s_ν(r) = exp(-σ_ν² (1/r - 1/μ_ν)² / 2) · cutoff(r): Gaussians in 1/r with centres μ and widths σ that learn.

    The sensitivities of HIP-NN (Lubbers, Smith, Barros, J. Chem. Phys. 148, 241715, 2018). Centres start equally
    spaced in 1/r between 1/soft_max and 1/soft_min, widths at 2 n soft_min.

    Args:
        number: n.
        soft_min: the first centre, in the unit of the distances.
        soft_max: the last centre.
        cutoff: where the cosine cutoff vanishes.
        dtype: of the parameters.

    Raises:
        InputError: a number is not positive, or soft_min is not below soft_max.
    """

    def __init__(
        self, number: int, soft_min: float, soft_max: float, cutoff: float, dtype: torch.dtype = torch.float32
    ) -> None:
        super().__init__()
        self.number = integer("the number of sensitivities", number, 1)
        soft_min, soft_max = positive("soft_min", soft_min), positive("soft_max", soft_max)
        if soft_min >= soft_max:
            raise InputError(f"soft_min must be below soft_max, got {soft_min} and {soft_max}")
        self.cutoff = CosineCutoff(cutoff)
        centres = 1.0 / torch.linspace(1.0 / soft_max, 1.0 / soft_min, self.number, dtype=dtype)
        self.centres = torch.nn.Parameter(centres)
        self.widths = torch.nn.Parameter(torch.full((self.number,), 2.0 * self.number * soft_min, dtype=dtype))

    def forward(self, distances: torch.Tensor) -> torch.Tensor:
        """The sensitivities, (pairs, n)."""
        scaled = (distances.reciprocal()[:, None] - self.centres.reciprocal()) * self.widths
        envelope: torch.Tensor = self.cutoff(distances)
        return torch.exp(-0.5 * scaled.square()) * envelope[:, None]


class Bessel(Radial):
    """s_ν(r) = sqrt(2 / R) sin(k_ν r) / r · envelope(r), with k_ν = ν π / R at first: they learn.

    The radial basis of DimeNet (Gasteiger, Groß, Günnemann, arXiv:2003.03123, equation 7) and of MACE and NequIP.

    Args:
        number: n.
        cutoff: R, where the envelope vanishes.
        power: of the polynomial envelope.
        learn: whether the wave numbers k are parameters; otherwise they are a buffer.
        dtype: of the wave numbers.

    Raises:
        InputError: a number is not positive.
    """

    wave_numbers: torch.Tensor

    def __init__(
        self, number: int, cutoff: float, power: int = 6, learn: bool = True, dtype: torch.dtype = torch.float32
    ) -> None:
        super().__init__()
        self.number = integer("the number of sensitivities", number, 1)
        self.cutoff = PolynomialCutoff(cutoff, power)
        numbers = torch.arange(1, self.number + 1, dtype=dtype) * (math.pi / self.cutoff.cutoff)
        if learn:
            self.wave_numbers = torch.nn.Parameter(numbers)
        else:
            self.register_buffer("wave_numbers", numbers)

    def forward(self, distances: torch.Tensor, transformed: torch.Tensor | None = None) -> torch.Tensor:
        """The sensitivities, (pairs, n).

        Args:
            distances: (pairs).
            transformed: (pairs), what sin(k_ν r) / r has in place of r, as from `Agnesi`; the distances if left out.
        """
        envelope: torch.Tensor = self.cutoff(distances)
        inner = distances if transformed is None else transformed
        scale = math.sqrt(2.0 / self.cutoff.cutoff) * envelope / inner
        return torch.sin(inner[:, None] * self.wave_numbers) * scale[:, None]


class Bottleneck(Radial):
    """s = base(r) M: n mixtures of more radial functions, so that moments stay as cheap as n.

    Args:
        base: a module of `number` functions.
        number: n; M starts with orthonormal columns.

    Raises:
        InputError: n is not positive.
    """

    def __init__(self, base: Radial, number: int) -> None:
        super().__init__()
        self.number = integer("the number of sensitivities", number, 1)
        self.base = base
        dtype = next(iter(base.state_dict().values())).dtype
        self.mixing = torch.nn.Parameter(torch.empty(base.number, self.number, dtype=dtype))
        torch.nn.init.orthogonal_(self.mixing.data)

    def forward(self, distances: torch.Tensor) -> torch.Tensor:
        """The sensitivities, (pairs, n)."""
        mixed: torch.Tensor = self.base(distances) @ self.mixing
        return mixed
