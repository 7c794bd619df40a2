"""The HIP-NN family: HIP-NN, HIP-NN-TS and HIP-HOP-NN, which differ in what they read from moments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import torch

from invgen.basis.basis import Basis
from invgen.checks import as_integer, integer, positive, shown
from invgen.errors import InputError
from invgen.nn import earlier
from invgen.nn.arguments import named
from invgen.nn.descriptors import HIPPYNN, moment_basis
from invgen.nn.elements import Elements
from invgen.nn.interaction import Activated, Activation, Geometry, Interaction, Residual, xavier_linear
from invgen.nn.kernels import KeepsDtype
from invgen.nn.readouts import InvariantReadout, NormReadout, Readout, ScalarReadout
from invgen.nn.residuals import NONE, OWN, Residuals, residual_state
from invgen.nn.sensitivities import InverseDistanceGaussians, Radial
from invgen.nn.states import check_state
from invgen.runtime import Neighbours
from invgen.runtime.arguments import dtype_name
from invgen.runtime.targets import check_target

RadialFactory = Callable[[], Radial]
_STATE: Final = "invgen-network-1"


class _HIPNetwork(KeepsDtype):
    """Blocks of one interaction and several atom layers; the features of every block go to the heads.

    Features start as the one-hot species. Each block refines them: an interaction with the neighbours (`Interaction`,
    with a readout of its width from `readout`), then layers on each atom alone, all with residuals unless told
    otherwise.
    """

    def __init__(
        self,
        species: Sequence[int],
        cutoff: float,
        readout: Callable[[int], Readout],
        *,
        features: int | Sequence[int],
        interactions: int | None,
        atom_layers: int,
        sensitivities: int,
        soft_min: float,
        soft_max: float | None,
        radial: RadialFactory | None,
        residual: Residuals,
        activation: Activation | None,
        dtype: torch.dtype,
        target: str,
    ) -> None:
        super().__init__()
        check_target(target, "the target of a network")
        dtype_name(dtype)
        self.elements = Elements(species, dtype)
        self.cutoff = positive("the cutoff", cutoff)
        self.widths = _widths(features, interactions)
        self.feature_sizes = (len(self.elements.species), *self.widths)
        self.atom_layers = integer("the number of atom layers", atom_layers, 0)
        self.dtype, self.target = dtype, target
        activation = torch.nn.Softplus() if activation is None else activation
        soft_max = 0.75 * self.cutoff if soft_max is None else soft_max

        def gaussians() -> Radial:
            return InverseDistanceGaussians(sensitivities, soft_min, soft_max, self.cutoff, dtype)

        radial = gaussians if radial is None else radial
        state = residual_state(residual)
        middle = self.widths if isinstance(state, str) else (state,) * len(self.widths)

        def wrapped(layer: torch.nn.Module, inputs: int, width: int, outputs: int) -> torch.nn.Module:
            if state == NONE:
                return Activated(layer, activation)
            return Residual(layer, inputs, width, outputs, activation, dtype)

        self.blocks = torch.nn.ModuleList()
        for inputs, width, outputs in zip(self.feature_sizes, middle, self.widths):
            # The readout draws its weights before the radial functions: a seed gives the weights that it always gave.
            read = readout(width)
            layer = Interaction(inputs, width, radial(), read, dtype, target)
            block = [wrapped(layer, inputs, width, outputs)]
            for _ in range(self.atom_layers):
                block.append(wrapped(xavier_linear(outputs, width, dtype), outputs, width, outputs))
            self.blocks.append(torch.nn.ModuleList(block))

    @property
    def interactions(self) -> int:
        """How many blocks there are."""
        return len(self.blocks)

    @property
    def basis(self) -> Basis | None:
        """The invariants of every interaction, where a readout has them."""
        return None

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
        check_state(self.get_extra_state(), state)

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
        residual: "own" for residual layers whose inner width is that of their block, an integer for another inner
            width, "none" for layers without residuals. True and False mean "own" and "none".
        activation: softplus by default.
        dtype: torch.float32 (the default; that of `ACE` is torch.float64) or torch.float64.
        target: "c" (compiled, CPU), "cuda" (compiled, NVIDIA GPUs) or "torch" (plain PyTorch, any device).

    Raises:
        InputError: an argument is not allowed.
    """

    @named
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
        residual: Residuals = OWN,
        activation: Activation | None = None,
        dtype: torch.dtype = torch.float32,
        target: str = "c",
    ) -> None:
        super().__init__(
            species,
            cutoff,
            lambda width: ScalarReadout(),
            features=features,
            interactions=interactions,
            atom_layers=atom_layers,
            sensitivities=sensitivities,
            soft_min=soft_min,
            soft_max=soft_max,
            radial=radial,
            residual=residual,
            activation=activation,
            dtype=dtype,
            target=target,
        )


class HIPNNTS(_HIPNetwork):
    """HIP-NN-TS: HIP-NN and the norms of moments of rank 1 ... l_max.

    Chigaev, Smith, Anaya, Nebgen, Bettencourt, Barros, Lubbers, J. Chem. Phys. 158, 184108 (2023).

    Args:
        species: as of `HIPNN`.
        cutoff: as of `HIPNN`.
        l_max: 1 (vectors) or 2 (and quadrupoles); higher ranks are allowed.
        cusp: added to squared norms under the root.
        features: as of `HIPNN`.
        interactions: as of `HIPNN`.
        atom_layers: as of `HIPNN`.
        sensitivities: as of `HIPNN`.
        soft_min: as of `HIPNN`.
        soft_max: as of `HIPNN`.
        radial: as of `HIPNN`.
        residual: as of `HIPNN`.
        activation: as of `HIPNN`.
        dtype: as of `HIPNN`.
        target: as of `HIPNN`.

    Raises:
        InputError: an argument is not allowed.
    """

    @named
    def __init__(
        self,
        species: Sequence[int],
        cutoff: float,
        *,
        l_max: int = 2,
        cusp: float = 1e-6,
        features: int | Sequence[int] = 128,
        interactions: int | None = None,
        atom_layers: int = 3,
        sensitivities: int = 20,
        soft_min: float = 0.85,
        soft_max: float | None = None,
        radial: RadialFactory | None = None,
        residual: Residuals = OWN,
        activation: Activation | None = None,
        dtype: torch.dtype = torch.float32,
        target: str = "c",
    ) -> None:
        super().__init__(
            species,
            cutoff,
            lambda width: NormReadout(l_max, width, cusp, dtype, target),
            features=features,
            interactions=interactions,
            atom_layers=atom_layers,
            sensitivities=sensitivities,
            soft_min=soft_min,
            soft_max=soft_max,
            radial=radial,
            residual=residual,
            activation=activation,
            dtype=dtype,
            target=target,
        )
        self._cusp = positive("the cusp regularisation", cusp)

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
        features: as of `HIPNN`.
        interactions: as of `HIPNN`.
        atom_layers: as of `HIPNN`.
        sensitivities: as of `HIPNN`.
        soft_min: as of `HIPNN`.
        soft_max: as of `HIPNN`.
        radial: as of `HIPNN`.
        residual: as of `HIPNN`.
        activation: as of `HIPNN`.
        dtype: as of `HIPNN`.
        target: as of `HIPNN`.

    Raises:
        InputError: an argument is not allowed, or a basis and a selection are both given.
    """

    @named
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
        features: int | Sequence[int] = 128,
        interactions: int | None = None,
        atom_layers: int = 3,
        sensitivities: int = 20,
        soft_min: float = 0.85,
        soft_max: float | None = None,
        radial: RadialFactory | None = None,
        residual: Residuals = OWN,
        activation: Activation | None = None,
        dtype: torch.dtype = torch.float32,
        target: str = "c",
    ) -> None:
        if basis is not None and (l_max, n_max, select) != (None, None, None):
            raise InputError("give HIPHOPNN a basis or l_max, n_max and select, not both")
        if basis is None:
            basis = moment_basis(3 if l_max is None else l_max, 4 if n_max is None else n_max, select or HIPPYNN)
        super().__init__(
            species,
            cutoff,
            lambda width: InvariantReadout(basis, width, group_norm, group_norm_eps, dtype, target),
            features=features,
            interactions=interactions,
            atom_layers=atom_layers,
            sensitivities=sensitivities,
            soft_min=soft_min,
            soft_max=soft_max,
            radial=radial,
            residual=residual,
            activation=activation,
            dtype=dtype,
            target=target,
        )
        self._basis, self._eps = basis, positive("group_norm_eps", group_norm_eps)

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(earlier.hiphop(state))  # type: ignore[no-untyped-call]

    @property
    def basis(self) -> Basis:
        """The invariants of every interaction."""
        return self._basis

    def get_extra_state(self) -> dict[str, Any]:
        """What weights depend on and shapes do not show; the basis's id is with each `Invariants`."""
        return {**super().get_extra_state(), "group_norm_eps": self._eps}


def _widths(features: int | Iterable[int], interactions: int | None) -> tuple[int, ...]:
    width = as_integer(features)
    # Arrays and tensors without axes say that they can be iterated over.
    if width is not None or not isinstance(features, Iterable) or getattr(features, "ndim", None) == 0:
        blocks = integer("the number of interactions", 2 if interactions is None else interactions, 1)
        return (integer("the number of features", features, 1),) * blocks
    widths = tuple(integer("the number of features", each, 1) for each in features)
    if not widths or (interactions is not None and as_integer(interactions) != len(widths)):
        raise InputError(
            f"features names {len(widths)} blocks and interactions says {shown(interactions)}: give one of them"
        )
    return widths
