"""Distances relative to the size of atoms, which radial functions read in place of the distances."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import torch

from invgen.structures.radii import covalent_radii

AGNESI: Final = "agnesi"
TRANSFORMS: Final = (AGNESI,)


class Agnesi(torch.nn.Module):
    """x = 1 / (1 + a s^q / (1 + s^(q - p))), s = r / r_0, r_0 = (R_i + R_j) / 2: 1 at contact, towards 0 far away.

    R are covalent radii. The transform of MACE-MP-0b and ACEpotentials.jl (Witt et al., J. Chem. Phys. 159, 164101,
    2023). It belongs to the state, with the radii.

    Args:
        species: the atomic numbers that may occur, in their order.
        q: the power of s where s is large.
        p: the power of s where s is small.
        a: the factor.
        dtype: of distances.

    Shapes:
        distances (pairs), places of the species of both atoms (pairs) each -> (pairs).

    Raises:
        InputError: an element has no covalent radius.
    """

    radii: torch.Tensor
    q: torch.Tensor
    p: torch.Tensor
    a: torch.Tensor

    def __init__(
        self,
        species: Sequence[int],
        *,
        q: float = 0.9183,
        p: float = 4.5791,
        a: float = 1.0805,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        super().__init__()
        self.register_buffer("radii", torch.tensor(covalent_radii(species), dtype=dtype))
        for name, value in (("q", q), ("p", p), ("a", a)):
            self.register_buffer(name, torch.tensor(value, dtype=dtype))

    def forward(self, distances: torch.Tensor, first: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
        """The transformed distances."""
        s = distances / (0.5 * (self.radii.index_select(0, first) + self.radii.index_select(0, second)))
        return (1 + self.a * s.pow(self.q) / (1 + s.pow(self.q - self.p))).reciprocal()
