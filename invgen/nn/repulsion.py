"""The repulsion of nuclei at short distances, which data of atoms near their places say nothing of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import torch

from invgen.checks import integer, positive
from invgen.nn.cutoffs import envelope
from invgen.nn.elements import Elements
from invgen.nn.states import check_state
from invgen.runtime import Neighbours
from invgen.structures.radii import covalent_radii
from invgen.structures.segments import over_receivers

COULOMB: Final = 14.3996
"""e² / (4 π ε_0) in eV Angstrom, with the digits of MACE."""

BOHR: Final = 0.529
"""The length of hydrogen in Angstrom, with the digits of MACE."""

RATES: Final = (3.2, 0.9423, 0.4028, 0.2016)
WEIGHTS: Final = (0.1818, 0.5099, 0.2802, 0.02817)
"""Of the four exponentials of screening."""


class ZBL(torch.nn.Module):
    """V_i = c/2 Σ_j (k Z_i Z_j / r) φ(r / a) f(r), a = 0.4543 a_0 / (Z_i^0.3 + Z_j^0.3), φ(x) = Σ_n w_n exp(-b_n x).

    r is the distance, k = e² / (4 π ε_0), a_0 Bohr's radius. f is the polynomial envelope that vanishes, with two
    derivatives, where r is the sum of the covalent radii of both atoms. The law of Ziegler, Biersack and Littmark
    (1985), with the digits that MACE has. In eV and Angstrom.

    Pairs from the cutoff on are left out. Where radii add up to more than the cutoff, the energy jumps there.

    Args:
        species: the atomic numbers that may occur.
        cutoff: of the network beside which it stands, in Angstrom.
        power: of the envelope.
        scale: c, a number that belongs to the state.
        dtype: torch.float32 or torch.float64.

    Shapes:
        species (atoms), vectors (pairs, 3), `Neighbours` -> (atoms).

    Raises:
        InputError: an argument is not allowed, or an element has no covalent radius.
    """

    radii: torch.Tensor
    weights: torch.Tensor
    exponent: torch.Tensor
    length: torch.Tensor
    scale: torch.Tensor

    def __init__(
        self,
        species: Sequence[int],
        cutoff: float,
        *,
        power: int = 6,
        scale: float = 1.0,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        super().__init__()
        self.elements = Elements(species, dtype)
        self.cutoff = positive("the cutoff", cutoff)
        self.power = integer("the power of the envelope", power, 2)
        for name, values in (
            ("radii", covalent_radii(species)),
            ("weights", WEIGHTS),
            ("exponent", 0.3),
            ("length", 0.4543),
            ("scale", float(scale)),
        ):
            self.register_buffer(name, torch.tensor(values, dtype=dtype))

    def forward(self, species: torch.Tensor, vectors: torch.Tensor, neighbours: Neighbours) -> torch.Tensor:
        """The energy of every atom: half of that of each of its pairs.

        Raises:
            InputError: a species that it does not know.
        """
        distances = torch.linalg.vector_norm(vectors, dim=-1)
        # An element that is not known is NaN in a graph, where nothing can be raised.
        radii, charges = self.elements(species) @ self.radii, species.to(distances.dtype)
        index, receivers = neighbours.index, neighbours.receivers

        def of_both(values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            return values.index_select(0, index), values.index_select(0, receivers)

        (first, second), (z, other), (near, far) = map(of_both, (radii, charges, charges.pow(self.exponent)))
        x = distances / (self.length * BOHR / (near + far))
        screening = sum(weight * torch.exp(-rate * x) for weight, rate in zip(self.weights, RATES, strict=True))
        reach = first + second
        inside = (distances < self.cutoff).to(distances.dtype)
        energies = COULOMB * z * other / distances * screening * envelope(distances / reach, self.power) * inside
        return over_receivers(energies, neighbours) * (0.5 * self.scale)

    def get_extra_state(self) -> dict[str, Any]:
        """What energies depend on and tensors do not show."""
        return {"cutoff": self.cutoff, "power": self.power}

    def set_extra_state(self, state: Any) -> None:
        """Refuse the state of another cutoff or power."""
        check_state(self.get_extra_state(), state)

    def extra_repr(self) -> str:
        """Cutoff and power."""
        return f"cutoff={self.cutoff}, power={self.power}"
