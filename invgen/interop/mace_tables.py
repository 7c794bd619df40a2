"""Radial networks of MACE as tables: modules that stand in for its embeddings, and tables of the weights of a block."""

from __future__ import annotations

from typing import Any, Final

import torch

from invgen.checks import integer, positive
from invgen.errors import InputError
from invgen.interop.replacing import take_over
from invgen.nn.radial_tables import KeptTable, in_float64, tensors_of
from invgen.runtime import TabulatedKernel
from invgen.runtime.splines import table_from

CHECKED: Final = 64
"""So many pairs of elements are checked against the error bound, all of them; of more, those of equal elements."""


class PassedVectors(torch.nn.Module):
    """Stands in for harmonics of edges: kernels with tables make their own, of the vectors.

    Args:
        harmonics: e3nn's `SphericalHarmonics`.

    Raises:
        InputError: they are not the unit harmonics of all ranks that the kernels make.
    """

    def __init__(self, harmonics: Any) -> None:
        super().__init__()
        ranks = [(int(mul), int(ir.l), int(ir.p)) for mul, ir in harmonics.irreps_out]
        wanted = [(1, l, (-1) ** l) for l in range(len(ranks))]
        if ranks != wanted or not harmonics.normalize or harmonics.normalization != "component":
            raise InputError(
                f'radial="table" takes harmonics of all ranks with the component normalisation, got '
                f"{harmonics.irreps_out} with {harmonics.normalization!r}"
            )
        take_over(self, harmonics)
        self.l_max = len(ranks) - 1

    def forward(self, vectors: torch.Tensor) -> torch.Tensor:
        """The vectors."""
        return vectors


class TabulatedRadial(torch.nn.Module):
    """Stands in for the radial embedding of edges, which blocks with tables do not read.

    Args:
        embedding: MACE's `RadialEmbeddingBlock`.
        atomic_numbers: those of the model.
        cutoff: that of the model.
        needed: whether something else reads the radial functions of edges.
    """

    def __init__(self, embedding: Any, atomic_numbers: torch.Tensor, cutoff: float, needed: bool) -> None:
        super().__init__()
        # The embedding itself computes for tables; its submodules have their names here as well.
        take_over(self, embedding)
        self.cutoff = cutoff
        self.elements = int(atomic_numbers.numel())
        self.by_elements = hasattr(embedding, "distance_transform")
        self._needed = needed
        self._embedding, self._numbers = (embedding,), (atomic_numbers,)

    def forward(
        self,
        edge_lengths: torch.Tensor,
        node_attrs: torch.Tensor,
        edge_index: torch.Tensor,
        atomic_numbers: torch.Tensor,
    ) -> tuple[torch.Tensor, torch.Tensor | None]:
        """The radial functions and the cutoff of edges where they are needed, and else their lengths."""
        if not self._needed:
            return edge_lengths, None
        return self._embedding[0](edge_lengths, node_attrs, edge_index, atomic_numbers)  # type: ignore[no-any-return]

    def of_elements(self, lengths: torch.Tensor, kinds: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor | None]:
        """Radial functions and cutoff at distances (n) between elements; a kind is sender × elements + receiver."""
        one_hot = torch.eye(self.elements, dtype=lengths.dtype, device=lengths.device)
        edges = torch.stack([kinds // self.elements, kinds % self.elements])
        numbers = self._numbers[0].to(lengths.device)
        return in_float64(self._embedding[0], lengths[:, None], one_hot, edges, numbers)  # type: ignore[no-any-return]


class BlockTables:
    """Tables of the weights of one block; made anew for every call that records gradients of its parameters.

    Args:
        radial: what stands in for the embedding.
        network: of the block, from radial functions to weights.

    Raises:
        InputError: the network does not end in a linear layer.
    """

    def __init__(self, radial: TabulatedRadial, network: Any) -> None:
        kind, layers = type(network).__name__, list(network.children())
        if kind != "FullyConnectedNet" or layers[-1].act is not None:
            raise InputError(
                f'radial="table" takes a FullyConnectedNet with a linear layer at its end, got {kind}: use "network"'
            )
        self._radial, self._inner, self._last = radial, torch.nn.Sequential(*layers[:-1]), layers[-1]
        self._latest = KeptTable()

    def __call__(
        self,
        kernel: TabulatedKernel,
        channels: int,
        species: torch.Tensor,
        senders: torch.Tensor,
        receivers: torch.Tensor,
    ) -> tuple[torch.Tensor, torch.Tensor | None]:
        """(tables, the table of each pair), for pairs of atoms of these species."""
        radial = self._radial
        if not radial.by_elements:
            return self._kept(kernel, channels, species.new_zeros(1)), None
        kinds, numbers = torch.unique(species[senders] * radial.elements + species[receivers], return_inverse=True)
        return self._kept(kernel, channels, kinds if kinds.numel() else species.new_zeros(1)), numbers

    def check(self, kernel: TabulatedKernel, channels: int, bound: float) -> None:
        """Tables are within an error bound, in float64.

        Raises:
            InputError: one is not.
        """
        count = self._radial.elements if self._radial.by_elements else 1
        kinds = range(count**2) if count**2 <= CHECKED else range(0, count**2, count + 1)
        for kind in kinds:

            def function(lengths: torch.Tensor, kind: int = kind) -> torch.Tensor:
                hidden = self._hidden(lengths, torch.full(lengths.shape, kind))
                weights: torch.Tensor = in_float64(self._last, hidden)
                return weights.reshape(lengths.shape[0], kernel.weights, channels).detach()

            kernel.table_of(function, bound)

    def _kept(self, kernel: TabulatedKernel, channels: int, kinds: torch.Tensor) -> torch.Tensor:
        """The tables of these kinds."""
        own = tensors_of(self._radial, self._inner, self._last)
        key = kernel.dtype, tuple(kinds.tolist())
        return self._latest(own, key, lambda: self._made(kernel, channels, kinds))

    def _made(self, kernel: TabulatedKernel, channels: int, kinds: torch.Tensor) -> torch.Tensor:
        knots = kernel.knots(torch.float64).to(kinds.device)
        count = knots.shape[0]
        # Slopes of splines are differences over the distance of knots, and so are errors of rounding in the network:
        # what comes before its last layer is computed in float64, and coefficients and differences of that are rounded
        # once. The last layer is linear, so that it may come after, where it is applied to both.
        hidden = self._hidden(knots.repeat(kinds.shape[0]), kinds.repeat_interleave(count))
        rows = table_from(hidden.unflatten(0, (kinds.shape[0], count))[:, :, None], kernel.dtype)
        weights: torch.Tensor = self._last(rows.flatten(0, -2))
        return weights.reshape(kinds.shape[0], kernel.table_rows, 2, kernel.weights, channels)

    def _hidden(self, lengths: torch.Tensor, kinds: torch.Tensor) -> torch.Tensor:
        """What the last layer is applied to, (distances, width), in float64."""
        functions, cutoff = self._radial.of_elements(lengths, kinds)
        hidden: torch.Tensor = in_float64(self._inner, functions)
        return hidden if cutoff is None else hidden * cutoff


def tabulated_parts(model: Any, needed: bool) -> tuple[list[tuple[Any, str, torch.nn.Module]], TabulatedRadial]:
    """What stands in for the embedding and the harmonics of a model: (parent, name, module) of both.

    Raises:
        InputError: the model does not have one of each.
    """
    parents = [each for each in model.modules() if hasattr(each, "radial_embedding")]
    kinds = [type(each.radial_embedding).__name__ for each in parents]
    if kinds != ["RadialEmbeddingBlock"] or not hasattr(parents[0], "spherical_harmonics"):
        raise InputError(
            'radial="table" takes a whole model with one RadialEmbeddingBlock beside its spherical_harmonics, got '
            f"{', '.join(kinds) or 'none'}"
        )
    (parent,) = parents
    radial = TabulatedRadial(parent.radial_embedding, parent.atomic_numbers, float(parent.r_max), needed)
    return [
        (parent, "radial_embedding", radial),
        (parent, "spherical_harmonics", PassedVectors(parent.spherical_harmonics)),
    ], radial


def check_table_options(knots: Any, bound: Any) -> tuple[int, float]:
    """How many knots tables have, and their error bound.

    Raises:
        InputError: one of them is not allowed.
    """
    return integer("the number of knots", knots, 4), positive("the error bound of tables", bound)
