"""Harmonics of directions in plain PyTorch, from the exact maps of the conventions: any device, any derivative."""

from __future__ import annotations

from fractions import Fraction

import torch

from invgen.algebra.exact import Surd
from invgen.spaces import conventions, harmonics


class Harmonics(torch.nn.Module):
    """vectors (pairs, 3) -> components (pairs, (l_max + 1)²) of the harmonics of r / |r|, in a convention.

    Args:
        l_max: the highest rank.
        convention: see `invgen.spaces.conventions`.
        dtype: of the constants, which are exact before they are rounded to it.

    Raises:
        InputError: the convention is unknown or is not defined so far.
    """

    def __init__(self, l_max: int, convention: str, dtype: torch.dtype = torch.float32) -> None:
        super().__init__()
        self.l_max = l_max
        self.convention = conventions.check(convention, (l_max,))
        for l in range(l_max + 1):
            matrix = torch.tensor(_of_monomials(self.convention, l), dtype=torch.float64)
            self.register_buffer(f"map_{l}", matrix.T.to(dtype).contiguous(), persistent=False)

    def forward(self, vectors: torch.Tensor) -> torch.Tensor:
        """The components, those of rank 0 first."""
        unit = vectors / vectors.norm(dim=-1, keepdim=True)
        powers = [torch.ones_like(unit)]
        for _ in range(self.l_max):
            powers.append(powers[-1] * unit)
        parts = []
        for l in range(self.l_max + 1):
            monomials = [powers[a][:, 0] * powers[b][:, 1] * powers[c][:, 2] for a, b, c in harmonics.monomials(l)]
            parts.append(torch.stack(monomials, dim=-1) @ self.get_buffer(f"map_{l}"))
        return torch.cat(parts, dim=-1)


def _of_monomials(convention: str, l: int) -> list[list[float]]:
    """The matrix (2l + 1, monomials) from the monomials of a unit vector to components, rounded once."""
    rational = harmonics.components_of_tensor(l)
    entries, unit = harmonics.tensor_of_components(l)
    scales, back = conventions.component_matrix(convention, l)
    rows = []
    for scale, row in zip(scales, back, strict=True):
        # The traceless part of r⊗...⊗r has the entries `entries · (unit ⊙ (rational · monomials))`.
        through = [sum(w * e[m] for w, e in zip(row, entries, strict=True)) * unit[m] for m in range(2 * l + 1)]
        exact = [
            sum((t * p[k] for t, p in zip(through, rational, strict=True)), Fraction(0))
            for k in range(len(rational[0]))
        ]
        rows.append([(scale * Surd.rational(value)).round() if value else 0.0 for value in exact])
    return rows
