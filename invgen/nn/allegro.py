"""Allegro: a strictly local equivariant network, whose features belong to pairs and not to atoms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from math import sqrt
from typing import Any, Final

import torch

from invgen.checks import integer, positive
from invgen.compiler.convolution import compile_convolution
from invgen.nn.allegro_layers import AllegroLayer, track_irreps
from invgen.nn.arguments import named
from invgen.nn.bilinear import CONVENTION
from invgen.nn.cutoffs import PolynomialCutoff
from invgen.nn.elements import Elements
from invgen.nn.kernels import KeepsDtype
from invgen.nn.radial_weights import RadialWeights, hidden_widths
from invgen.nn.sensitivities import Bessel, Radial
from invgen.nn.states import check_state
from invgen.runtime import Neighbours
from invgen.runtime.arguments import dtype_name
from invgen.runtime.targets import check_target
from invgen.structures.segments import over_receivers

AVERAGE_NEIGHBOURS: Final = 10.0
_STATE: Final = "invgen-allegro-1"


class Allegro(KeepsDtype):
    """E_i = b[Z_i] + Σ_j w · x_ij / √N: the energy of an atom is a sum over its pairs, which see no atom further away.

    A pair has scalars x_ij and tensors V_ij. They start from the two species and the distance,

        x_ij = MLP(Z_i, Z_j, B(r_ij)) u(r_ij),    V_ij = (W x_ij) Y(r̂_ij),

    and every layer couples the tensors with the environment of the pair's receiver,

        V_ij <- W' (V_ij ⊗ Γ_i),    Γ_i = Σ_k (W'' x_ik) Y(r̂_ik) / √N,
        x_ij <- (2 x_ij + MLP(x_ij, s_ij) u(r_ij)) / √5,

    where s are the scalars among the new tensors and u is a smooth cutoff. Each layer adds one body to the order, and
    none adds to the range: the energy of an atom depends on the atoms within its cutoff, however many layers there are,
    so that a domain decomposition needs ghosts of one cutoff. Musaelian, Batzner, Johansson, Sun, Owen, Kornbluth,
    Kozinsky, Nature Communications 14, 579 (2023). Energies do not change under rotations, reflections and
    permutations of equal atoms, and are twice differentiable where atoms cross the cutoff.

    Args:
        species: the atomic numbers that may occur, in the order of the one-hot features.
        cutoff: in the unit of the positions; neighbour lists must reach as far.
        l_max: the highest rank of harmonics and tensors.
        parity: whether tensors have both parities; otherwise l is even and 2k, 1o, 3o ... alone, as harmonics are.
            With up to two layers both are the same.
        layers: how many.
        channels: of the tensors.
        features: how many scalars x a pair has.
        hidden: the widths of the two-body network and of each layer's network.
        average_neighbours: N, about the mean number of neighbours; 10 if left out.
        radial: makes the radial functions B; `lambda: Bessel(8, cutoff, learn=False)` by default.
        dtype: torch.float32 (the default) or torch.float64.
        target: "c" (compiled, CPU), "cuda" (compiled, NVIDIA GPUs) or "torch" (plain PyTorch, any device).

    Shapes:
        species (atoms), vectors (pairs, 3) from receiver to source, `Neighbours` whose sources are the atoms ->
        (atoms), energies. `Potential` takes it without a head.

    Raises:
        InputError: an argument is not allowed.
        CompilerError: no compiler was found, or it refused a source, or target "cuda" lacks something.
    """

    interactions = 1

    @named
    def __init__(
        self,
        species: Sequence[int],
        cutoff: float,
        *,
        l_max: int = 2,
        parity: bool = True,
        layers: int = 2,
        channels: int = 32,
        features: int = 64,
        hidden: Iterable[int] = (64, 64),
        average_neighbours: float | None = None,
        radial: Callable[[], Radial] | None = None,
        dtype: torch.dtype = torch.float32,
        target: str = "c",
    ) -> None:
        super().__init__()
        check_target(target, "the target of a network")
        dtype_name(dtype)
        self.elements = Elements(species, dtype)
        self.cutoff = positive("the cutoff", cutoff)
        self.l_max, self.parity = integer("l_max", l_max, 0), parity
        self.channels, self.features = integer("channels", channels, 1), integer("features", features, 1)
        self.dtype, self.target = dtype, target
        widths = hidden_widths(hidden, "hidden")
        track = track_irreps(self.l_max, bool(parity), integer("the number of layers", layers, 1))
        self.radial = Bessel(8, self.cutoff, learn=False, dtype=dtype) if radial is None else radial()
        self.envelope = PolynomialCutoff(self.cutoff)
        kinds = len(self.elements)
        self.two_body = RadialWeights(2 * kinds + self.radial.number, widths, 1, self.features, dtype)
        self.embed = RadialWeights(self.features, (), self.l_max + 1, self.channels, dtype)
        self.harmonics = compile_convolution(
            "0e", self.l_max, convention=CONVENTION, dtype=dtype, target=target, name="environment"
        )
        self.layers = torch.nn.ModuleList(
            AllegroLayer(before, after, self.l_max, self.channels, self.features, widths, dtype, target)
            for before, after in pairwise(track)
        )
        self.readout = torch.nn.Parameter(torch.empty(self.features, dtype=dtype))
        torch.nn.init.normal_(self.readout)
        self.energies = torch.nn.Parameter(torch.zeros(kinds, dtype=dtype))
        self.set_average_neighbours(AVERAGE_NEIGHBOURS if average_neighbours is None else average_neighbours)

    def set_average_neighbours(self, number: float) -> None:
        """Divide the sums over neighbours by the root of this number from now on; it belongs to the state.

        Raises:
            InputError: it is not positive.
        """
        self.average_neighbours = positive("average_neighbours", number)

    def forward(self, species: torch.Tensor, vectors: torch.Tensor, neighbours: Neighbours) -> torch.Tensor:
        """The energy of every atom.

        Args:
            species: (atoms), atomic numbers.
            vectors: (pairs, 3), from the receiver of each pair to its source.
            neighbours: the pairs, within the cutoff.

        Raises:
            InputError: a species that the network does not know, or tensors that do not fit.
        """
        one_hot = self.elements(species)
        distances = torch.linalg.vector_norm(vectors, dim=-1)
        envelope = self.envelope(distances)[:, None]
        ends = one_hot.index_select(0, neighbours.receivers), one_hot.index_select(0, neighbours.index)
        scalars = self.two_body(torch.cat([*ends, self.radial(distances)], 1)).squeeze(1) * envelope
        ones = one_hot.new_ones((neighbours.sources, 1, self.channels))
        scale = 1 / sqrt(self.average_neighbours)
        tensors = self.harmonics(vectors, self.embed(scalars), ones, _of_pairs(neighbours))
        for layer in self.layers:
            around = self.harmonics(vectors, layer.weights(scalars), ones, neighbours) * scale  # type: ignore[operator]
            scalars, tensors = layer(scalars, tensors, around, envelope, neighbours.receivers)
        pairs = scalars @ (self.readout * (scale / sqrt(self.features)))
        energies: torch.Tensor = one_hot @ self.energies + over_receivers(pairs, neighbours)
        return energies

    def get_extra_state(self) -> dict[str, Any]:
        """What weights depend on and shapes do not show."""
        return {
            "format": _STATE,
            "kind": type(self).__name__,
            "cutoff": self.cutoff,
            "l_max": self.l_max,
            "parity": bool(self.parity),
            "radial": " ".join(str(self.radial).split()),
            "average_neighbours": self.average_neighbours,
        }

    def set_extra_state(self, state: Any) -> None:
        """Refuse the state of another network; the average number of neighbours is taken over."""
        found = check_state(self.get_extra_state(), state, free="average_neighbours")
        self.set_average_neighbours(found.get("average_neighbours", self.average_neighbours))

    def extra_repr(self) -> str:
        """Cutoff, sizes, dtype and target."""
        sizes = f"channels={self.channels}, features={self.features}"
        return f"cutoff={self.cutoff}, l_max={self.l_max}, parity={self.parity}, {sizes}, {self.dtype}, {self.target}"


def _of_pairs(neighbours: Neighbours) -> Neighbours:
    """The list in which every pair is a receiver of its own: what is summed over its neighbours is the pair's."""
    pairs = torch.arange(neighbours.index.shape[0] + 1, device=neighbours.index.device)
    lists = neighbours.index, pairs[:-1], neighbours.column_pointer, neighbours.column_pairs
    return Neighbours(pairs, *lists)
