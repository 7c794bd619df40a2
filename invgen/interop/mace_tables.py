"""Radial networks of MACE as tables: modules that stand in for its embeddings, and tables of the weights of a block."""

from __future__ import annotations

from typing import Any

import torch

from invgen.errors import InputError
from invgen.interop.block_tables import l_max_of
from invgen.interop.replacing import take_over
from invgen.nn.radial_tables import SMALLEST, in_float64, tensors_of


class PassedVectors(torch.nn.Module):
    """Stands in for harmonics of edges: kernels with tables make their own, of the vectors.

    Args:
        harmonics: e3nn's `SphericalHarmonics`.

    Raises:
        InputError: they are not the unit harmonics of all ranks that the kernels make.
    """

    def __init__(self, harmonics: Any) -> None:
        super().__init__()
        self.l_max = l_max_of(harmonics)
        take_over(self, harmonics)

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
        shortest: the distance where tables begin; SMALLEST of the cutoff if None.

    Raises:
        InputError: tables begin beyond the cutoff.
    """

    def __init__(
        self,
        embedding: Any,
        atomic_numbers: torch.Tensor,
        cutoff: float,
        needed: bool,
        shortest: float | None = None,
    ) -> None:
        super().__init__()
        self.shortest = SMALLEST * cutoff if shortest is None else shortest
        if self.shortest >= cutoff:
            raise InputError(f"tables begin at shortest={shortest:g}: it must be less than the cutoff, {cutoff:g}")
        # The embedding itself computes for tables; its submodules have their names here as well.
        take_over(self, embedding)
        self.cutoff = cutoff
        self.elements = int(atomic_numbers.numel())
        self.by_elements = hasattr(embedding, "distance_transform")
        # Transforms read the sum of two radii.
        self.symmetric = True
        self._needed = needed
        self._embedding, self._numbers = (embedding,), (atomic_numbers,)

    def forward(
        self,
        edge_lengths: torch.Tensor,
        node_attrs: torch.Tensor,
        edge_index: torch.Tensor,
        atomic_numbers: torch.Tensor,
    ) -> tuple[torch.Tensor, torch.Tensor | None]:
        """The radial functions and the cutoff of edges where they are needed, and else their lengths.

        Raises:
            InputError: an edge is shorter than the tables.
        """
        if not torch.compiler.is_compiling() and edge_lengths.numel():
            least = float(edge_lengths.detach().min())
            # NaN too.
            if not least >= self.shortest:
                raise InputError(
                    f"two atoms are at a distance of {least:.3g}, and tables begin at {self.shortest:.3g}: accelerate "
                    'the model with a smaller shortest=, or with radial="network"'
                )
        if not self._needed:
            return edge_lengths, None
        return self._embedding[0](edge_lengths, node_attrs, edge_index, atomic_numbers)  # type: ignore[no-any-return]

    def of_elements(self, lengths: torch.Tensor, kinds: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor | None]:
        """Radial functions and cutoff at distances (n) between elements; a kind is sender × elements + receiver."""
        one_hot = torch.eye(self.elements, dtype=lengths.dtype, device=lengths.device)
        edges = torch.stack([kinds // self.elements, kinds % self.elements])
        numbers = self._numbers[0].to(lengths.device)
        return in_float64(self._embedding[0], lengths[:, None], one_hot, edges, numbers)  # type: ignore[no-any-return]

    def tensors(self) -> list[torch.Tensor]:
        """What they follow from."""
        return tensors_of(self)


def layers_of(network: Any) -> list[Any]:
    """The layers of a block's network from radial functions to weights.

    Raises:
        InputError: the network does not end in a linear layer.
    """
    kind, layers = type(network).__name__, list(network.children())
    if kind != "FullyConnectedNet" or layers[-1].act is not None:
        raise InputError(
            f'radial="table" takes a FullyConnectedNet with a linear layer at its end, got {kind}: use "network"'
        )
    return layers


def tabulated_parts(
    model: Any, needed: bool, shortest: float | None = None
) -> tuple[list[tuple[Any, str, torch.nn.Module]], TabulatedRadial]:
    """What stands in for the embedding and the harmonics of a model: (parent, name, module) of both.

    Raises:
        InputError: the model does not have one of each, or tables begin beyond its cutoff.
    """
    parents = [each for each in model.modules() if hasattr(each, "radial_embedding")]
    kinds = [type(each.radial_embedding).__name__ for each in parents]
    if kinds != ["RadialEmbeddingBlock"] or not hasattr(parents[0], "spherical_harmonics"):
        raise InputError(
            'radial="table" takes a whole model with one RadialEmbeddingBlock beside its spherical_harmonics, got '
            f"{', '.join(kinds) or 'none'}"
        )
    (parent,) = parents
    radial = TabulatedRadial(parent.radial_embedding, parent.atomic_numbers, float(parent.r_max), needed, shortest)
    return [
        (parent, "radial_embedding", radial),
        (parent, "spherical_harmonics", PassedVectors(parent.spherical_harmonics)),
    ], radial
