"""The HIP-NN family: HIP-NN, HIP-NN-TS and HIP-HOP-NN, which differ in what they read from moments."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, Final

import torch

from invgen.basis.basis import Basis
from invgen.errors import InputError
from invgen.nn.cutoffs import count, positive
from invgen.nn.descriptors import HIPPYNN, moment_basis
from invgen.nn.elements import Elements
from invgen.nn.interaction import Activated, Activation, Geometry, Interaction, Residual, xavier_linear
from invgen.nn.readouts import InvariantReadout, NormReadout, Readout, ScalarReadout
from invgen.nn.sensitivities import InverseDistanceGaussians, Radial
from invgen.runtime import Neighbours

RadialFactory = Callable[[], Radial]
TARGETS: Final = ("c", "torch", "cuda")
_STATE: Final = "invgen-network-1"


class _HIPNetwork(torch.nn.Module, ABC):
    """Blocks of one interaction and several atom layers; the features of every block go to the heads.

    Features start as the one-hot species. Each block refines them: an interaction with the neighbours (`Interaction`,
    with a readout that the subclass chooses), then layers on each atom alone, all with residuals unless told otherwise.
    """

    def __init__(
        self,
        species: Sequence[int],
        cutoff: float,
        *,
        features: int | Sequence[int] = 128,
        interactions: int | None = None,
        atom_layers: int = 3,
        sensitivities: int = 20,
        soft_min: float = 0.85,
        soft_max: float | None = None,
        radial: RadialFactory | None = None,
        residual: bool | int = True,
        activation: Activation | None = None,
        dtype: torch.dtype = torch.float32,
        target: str = "c",
    ) -> None:
        super().__init__()
        if target not in TARGETS:
            raise InputError(f"the target of a network must be one of {', '.join(map(repr, TARGETS))}, got {target!r}")
        if dtype not in (torch.float32, torch.float64):
            raise InputError(f"dtype must be torch.float32 or torch.float64, got {dtype}")
        self.elements = Elements(species, dtype)
        self.cutoff = positive("the cutoff", cutoff)
        self.widths = _widths(features, interactions)
        self.feature_sizes = (len(self.elements.species), *self.widths)
        self.atom_layers = count("the number of atom layers", atom_layers, 0)
        self.dtype, self.target = dtype, target
        activation = torch.nn.Softplus() if activation is None else activation
        soft_max = 0.75 * self.cutoff if soft_max is None else soft_max

        def gaussians() -> Radial:
            return InverseDistanceGaussians(sensitivities, soft_min, soft_max, self.cutoff, dtype)

        radial = gaussians if radial is None else radial
        middle = [residual if isinstance(residual, int) and not isinstance(residual, bool) else w for w in self.widths]

        def wrapped(layer: torch.nn.Module, inputs: int, width: int, outputs: int) -> torch.nn.Module:
            if residual is False:
                return Activated(layer, activation)
            return Residual(layer, inputs, width, outputs, activation, dtype)

        self.blocks = torch.nn.ModuleList()
        for inputs, width, outputs in zip(self.feature_sizes, middle, self.widths):
            readout = self._readout(width)
            layer = Interaction(inputs, width, radial(), readout, dtype, target)
            block = [wrapped(layer, inputs, width, outputs)]
            for _ in range(atom_layers):
                block.append(wrapped(xavier_linear(outputs, width, dtype), outputs, width, outputs))
            self.blocks.append(torch.nn.ModuleList(block))

    @abstractmethod
    def _readout(self, width: int) -> Readout:
        """What an interaction of this width reads from its moments."""

    def forward(self, species: torch.Tensor, vectors: torch.Tensor, neighbours: Neighbours) -> list[torch.Tensor]:
        """The features of every atom after each block, the one-hot species first.

        Args:
            species: (atoms), atomic numbers.
            vectors: (pairs, 3), from the receiver of each pair to its source.
            neighbours: the pairs, within the cutoff.

        Raises:
            InputError: a species that the network does not know, or tensors that do not fit.
        """
        geometry = Geometry.of(neighbours, vectors)
        features = self.elements(species)
        result = [features]
        for block in self.blocks:
            interaction, *layers = block.children()
            features = interaction(features, geometry)
            for layer in layers:
                features = layer(features)
            result.append(features)
        return result

    def get_extra_state(self) -> dict[str, Any]:
        """What weights depend on and shapes do not show."""
        return {"format": _STATE, "kind": type(self).__name__, "cutoff": self.cutoff}

    def set_extra_state(self, state: Any) -> None:
        """Refuse the state of another network."""
        mine = self.get_extra_state()
        found = state if isinstance(state, dict) else {}
        for name, value in mine.items():
            if found.get(name) != value:
                raise InputError(
                    f"the state was saved by a network with {name} {found.get(name)!r}, this one has {value!r}; build "
                    "the network as the state says"
                )

    def extra_repr(self) -> str:
        """Cutoff, dtype and target."""
        return f"cutoff={self.cutoff}, {self.dtype}, {self.target}"


class HIPNN(_HIPNetwork):
    """HIP-NN: messages along distances alone, E_i = Σ_j Σ_ν s_ν(r_ij) W_ν z_j.

    Lubbers, Smith, Barros, J. Chem. Phys. 148, 241715 (2018).

    Args:
        species: the atomic numbers that may occur, in the order of the one-hot features.
        cutoff: of the sensitivities, in the unit of the positions; neighbour lists must reach as far.
        features: the width of all blocks, or one width per block.
        interactions: how many blocks, 2 by default, where `features` is one number.
        atom_layers: how many layers follow each interaction.
        sensitivities: how many radial functions.
        soft_min: the centre of the first sensitivity.
        soft_max: that of the last; three quarters of the cutoff by default.
        radial: makes the radial functions of a block in place of the Gaussians; `lambda: Bessel(8, cutoff)`.
        residual: True, False, or the inner width of residual layers.
        activation: softplus by default.
        dtype: torch.float32 or torch.float64.
        target: "c" (compiled, CPU), "torch" (plain PyTorch, any device) or "cuda" (compiled invariants on NVIDIA GPUs,
            moments in plain PyTorch).

    Raises:
        InputError: an argument is not allowed.
    """

    def _readout(self, width: int) -> Readout:
        return ScalarReadout()


class HIPNNTS(_HIPNetwork):
    """HIP-NN-TS: HIP-NN and the norms of moments of rank 1 ... l_max.

    Chigaev, Smith, Anaya, Nebgen, Bettencourt, Barros, Lubbers, J. Chem. Phys. 158, 184108 (2023).

    Args:
        species: as of `HIPNN`.
        cutoff: as of `HIPNN`.
        l_max: 1 (vectors) or 2 (and quadrupoles); higher ranks are allowed.
        cusp: added to squared norms under the root.
        **options: as of `HIPNN`.

    Raises:
        InputError: an argument is not allowed.
    """

    def __init__(
        self, species: Sequence[int], cutoff: float, *, l_max: int = 2, cusp: float = 1e-6, **options: Any
    ) -> None:
        self._l_max, self._cusp = l_max, cusp
        super().__init__(species, cutoff, **options)

    def _readout(self, width: int) -> Readout:
        return NormReadout(self._l_max, width, self._cusp, self.dtype, self.target)

    def get_extra_state(self) -> dict[str, Any]:
        """What weights depend on and shapes do not show."""
        return {**super().get_extra_state(), "cusp": self._cusp}


class HIPHOPNN(_HIPNetwork):
    """HIP-HOP-NN: invariants of a basis, normalised and mixed, in every interaction.

    Allen, Shinkle, Bujack, Lubbers, arXiv:2503.23515. Any basis of the space 0e + 1o + 2e + ... will do.

    Args:
        species: as of `HIPNN`.
        cutoff: as of `HIPNN`.
        basis: the invariants; their convention is that of the moments. In its place:
        l_max: the highest rank, 3 by default,
        n_max: the highest degree, 4 by default,
        select: "hippynn" (the default) for the list of hippynn, or a selection of `invgen.generate`.
        group_norm: whether invariants are normalised.
        group_norm_eps: added to their variance.
        **options: as of `HIPNN`.

    Raises:
        InputError: an argument is not allowed, or a basis and a selection are both given.
    """

    def __init__(
        self,
        species: Sequence[int],
        cutoff: float,
        basis: Basis | None = None,
        *,
        l_max: int | None = None,
        n_max: int | None = None,
        select: str | None = None,
        group_norm: bool = True,
        group_norm_eps: float = 1e-5,
        **options: Any,
    ) -> None:
        if basis is not None and (l_max, n_max, select) != (None, None, None):
            raise InputError("give HIPHOPNN a basis or l_max, n_max and select, not both")
        if basis is None:
            basis = moment_basis(3 if l_max is None else l_max, 4 if n_max is None else n_max, select or HIPPYNN)
        self._basis, self._norm = basis, (group_norm, group_norm_eps)
        super().__init__(species, cutoff, **options)

    @property
    def basis(self) -> Basis:
        """The invariants of every interaction."""
        return self._basis

    def _readout(self, width: int) -> Readout:
        return InvariantReadout(self._basis, width, *self._norm, self.dtype, self.target)

    def get_extra_state(self) -> dict[str, Any]:
        """What weights depend on and shapes do not show; the basis's id stands with each `Invariants`."""
        return {**super().get_extra_state(), "group_norm_eps": self._norm[1]}


def _widths(features: int | Sequence[int], interactions: int | None) -> tuple[int, ...]:
    if isinstance(features, int):
        blocks = count("the number of interactions", 2 if interactions is None else interactions)
        return (count("the number of features", features),) * blocks
    widths = tuple(count("the number of features", width) for width in features)
    if not widths or interactions not in (None, len(widths)):
        raise InputError(f"features names {len(widths)} blocks and interactions says {interactions}: give one of them")
    return widths
