"""MACE, NequIP and BOTNet: points of the design space of `EquivariantNetwork`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import sqrt

import torch

from invgen.nn.arguments import fixing
from invgen.nn.equivariant import ALL, AVERAGE, LAST, EquivariantNetwork
from invgen.nn.equivariant_plan import GATE, PRODUCT
from invgen.nn.sensitivities import Radial

RadialMaker = Callable[[], Radial]


class MACE(EquivariantNetwork):
    """MACE: few layers, each with all equivariant polynomials of the sums up to a degree.

    Batatia, Kovács, Simm, Ortner, Csányi, arXiv:2206.07697. The defaults are those of its model with 128 channels of
    0e + 1o. Blocks of mace-torch without "Residual" in their name are layers without self-connection, and those with
    "Density" have normalisation="density".

    Args:
        species: as of `EquivariantNetwork`.
        cutoff: as of `EquivariantNetwork`.
        messages: as of `EquivariantNetwork`.
        correlation: as of `EquivariantNetwork`.
        l_max: as of `EquivariantNetwork`.
        layers: as of `EquivariantNetwork`.
        channels: as of `EquivariantNetwork`.
        last: as of `EquivariantNetwork`.
        average_neighbours: as of `EquivariantNetwork`.
        self_connection: as of `EquivariantNetwork`.
        normalisation: as of `EquivariantNetwork`.
        radial: as of `EquivariantNetwork`.
        distance_transform: as of `EquivariantNetwork`.
        radial_hidden: as of `EquivariantNetwork`.
        tables: as of `EquivariantNetwork`.
        readout: as of `EquivariantNetwork`.
        dtype: as of `EquivariantNetwork`.
        target: as of `EquivariantNetwork`.

    Raises:
        InputError: an argument is not allowed, or no layer can make one of the irreps.
    """

    @fixing(EquivariantNetwork.__init__, nonlinearity=PRODUCT, levels=ALL)
    def __init__(
        self,
        species: Sequence[int],
        cutoff: float = 5.0,
        *,
        messages: str = "0e + 1o",
        correlation: int = 3,
        l_max: int = 3,
        layers: int = 2,
        channels: int = 128,
        last: str = "0e",
        average_neighbours: float | None = None,
        self_connection: str = ALL,
        normalisation: str = AVERAGE,
        radial: RadialMaker | None = None,
        distance_transform: str | None = None,
        radial_hidden: Iterable[int] = (64, 64, 64),
        tables: int | None = None,
        readout: int | None = 16,
        dtype: torch.dtype = torch.float32,
        target: str = "c",
    ) -> None: ...


class NequIP(EquivariantNetwork):
    """NequIP: several layers with a gate, and energies of the last layer's scalars alone.

    Batzner, Musaelian, Sun, Geiger, Mailoa, Kornbluth, Molinari, Smidt, Kozinsky, Nature Communications 13, 2453
    (2022). Sums over neighbours are divided by the root of their average number. With `messages` of both parities,
    "0e + 0o + 1e + 1o", it is the variant with parity; without, the irreps have the parity of harmonics.

    Args:
        species: as of `EquivariantNetwork`.
        cutoff: as of `EquivariantNetwork`.
        messages: as of `EquivariantNetwork`.
        l_max: as of `EquivariantNetwork`.
        layers: as of `EquivariantNetwork`.
        channels: as of `EquivariantNetwork`.
        last: as of `EquivariantNetwork`.
        average_neighbours: N; sums are divided by √N.
        radial: as of `EquivariantNetwork`, with the power 6 by default.
        radial_hidden: as of `EquivariantNetwork`.
        tables: as of `EquivariantNetwork`.
        readout: as of `EquivariantNetwork`.
        dtype: as of `EquivariantNetwork`.
        target: as of `EquivariantNetwork`.

    Raises:
        InputError: an argument is not allowed, or no layer can make one of the irreps.
    """

    _power = 6

    @fixing(EquivariantNetwork.__init__, correlation=1, nonlinearity=GATE, levels=LAST)
    def __init__(
        self,
        species: Sequence[int],
        cutoff: float = 5.0,
        *,
        messages: str = "0e + 1o + 2e",
        l_max: int = 2,
        layers: int = 4,
        channels: int = 64,
        last: str = "0e",
        average_neighbours: float | None = None,
        radial: RadialMaker | None = None,
        radial_hidden: Iterable[int] = (128,),
        tables: int | None = None,
        readout: int | None = None,
        dtype: torch.dtype = torch.float32,
        target: str = "c",
    ) -> None: ...

    def _divisor(self) -> float:
        return sqrt(self.average_neighbours)


class BOTNet(EquivariantNetwork):
    """BOTNet: layers linear in the sums, so that an energy of n layers has body order n + 1 but for the last readout.

    Batatia, Batzner, Kovács, Musaelian, Simm, Drautz, Ortner, Kozinsky, Csányi, arXiv:2205.06643. Features grow by
    weights of the species and by linear maps alone; what is not linear is the hidden layer of the last readout.

    Args:
        species: as of `EquivariantNetwork`.
        cutoff: as of `EquivariantNetwork`.
        messages: as of `EquivariantNetwork`.
        l_max: as of `EquivariantNetwork`.
        layers: as of `EquivariantNetwork`.
        channels: as of `EquivariantNetwork`.
        last: as of `EquivariantNetwork`.
        average_neighbours: as of `EquivariantNetwork`.
        radial: as of `EquivariantNetwork`.
        radial_hidden: as of `EquivariantNetwork`.
        tables: as of `EquivariantNetwork`.
        readout: as of `EquivariantNetwork`.
        dtype: as of `EquivariantNetwork`.
        target: as of `EquivariantNetwork`.

    Raises:
        InputError: an argument is not allowed, or no layer can make one of the irreps.
    """

    @fixing(EquivariantNetwork.__init__, correlation=1, nonlinearity=PRODUCT, levels=ALL)
    def __init__(
        self,
        species: Sequence[int],
        cutoff: float = 5.0,
        *,
        messages: str = "0e + 1o + 2e",
        l_max: int = 3,
        layers: int = 5,
        channels: int = 64,
        last: str = "0e",
        average_neighbours: float | None = None,
        radial: RadialMaker | None = None,
        radial_hidden: Iterable[int] = (64, 64, 64),
        tables: int | None = None,
        readout: int | None = 16,
        dtype: torch.dtype = torch.float32,
        target: str = "c",
    ) -> None: ...
