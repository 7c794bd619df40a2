"""hippynn's interaction layers on compiled kernels: same parameters, same outputs, W before the sum over neighbours.

Importing this module imports hippynn, which has no types.
"""

from __future__ import annotations

import threading
import weakref
from functools import lru_cache
from typing import Any

import torch
from hippynn.layers.hiplayers.interactions import (
    HOPInteractionLayer,
    InteractLayer,
    InteractLayerQuad,
    InteractLayerVec,
)
from hippynn.layers.hiplayers.tensors import TensorExtractor

from invgen.compiler.invariants import compile
from invgen.compiler.moments import compile_moments
from invgen.nn.descriptors import moment_basis
from invgen.nn.normalisation import normalised_and_mixed
from invgen.runtime import Kernel, MomentsKernel, Neighbours


class CompiledInteract(InteractLayer):  # type: ignore[misc]
    """HIP-NN's interaction: the scalar moments and the self term."""

    def forward(
        self, in_features: torch.Tensor, pair_first: torch.Tensor, pair_second: torch.Tensor, dist_pairs: torch.Tensor
    ) -> torch.Tensor:
        """The features that hippynn's own layer gives."""
        moments = _moments(self, 0, in_features, pair_first, pair_second, dist_pairs, None)
        features: torch.Tensor = moments[:, 0] + self.selfint(in_features)
        return features


class CompiledInteractVec(InteractLayerVec):  # type: ignore[misc]
    """HIP-NN-TS with l = 1: scalar moments and norms of vectors."""

    def forward(
        self,
        in_features: torch.Tensor,
        pair_first: torch.Tensor,
        pair_second: torch.Tensor,
        dist_pairs: torch.Tensor,
        coord_pairs: torch.Tensor,
    ) -> torch.Tensor:
        """The features that hippynn's own layer gives."""
        return _with_norms(self, (self.vecscales,), in_features, pair_first, pair_second, dist_pairs, coord_pairs)


class CompiledInteractQuad(InteractLayerQuad):  # type: ignore[misc]
    """HIP-NN-TS with l = 2: norms of quadrupoles too."""

    def forward(
        self,
        in_features: torch.Tensor,
        pair_first: torch.Tensor,
        pair_second: torch.Tensor,
        dist_pairs: torch.Tensor,
        coord_pairs: torch.Tensor,
    ) -> torch.Tensor:
        """The features that hippynn's own layer gives."""
        scales = (self.vecscales, self.quadscales)
        return _with_norms(self, scales, in_features, pair_first, pair_second, dist_pairs, coord_pairs)


class CompiledHOPInteraction(HOPInteractionLayer):  # type: ignore[misc]
    """HIP-HOP-NN's interaction: compiled moments, compiled invariants, group norm and mixing."""

    def forward(
        self,
        in_features: torch.Tensor,
        pair_first: torch.Tensor,
        pair_second: torch.Tensor,
        dist_pairs: torch.Tensor,
        tensor_rhats: torch.Tensor,
    ) -> torch.Tensor:
        """The features that hippynn's own layer gives."""
        l_max, n_max = self.invars.l_max, self.invars.n_max
        # Directions are the components of rank 1, which `CompiledExtractor` leaves alone.
        directions = tensor_rhats[:, 1:4] if l_max else None
        moments = _moments(self, l_max, in_features, pair_first, pair_second, dist_pairs, directions)
        values = _invariants(l_max, n_max, moments.dtype)(moments)
        mixing = self.mixing_weights.transpose(0, 1)
        if self.group_norm is None:
            mixed = values.flatten(1) @ mixing.flatten(0, 1)
        else:
            shape = (self.n_invariants, self.nf_out)
            weight, bias = self.group_norm.weight.view(shape), self.group_norm.bias.view(shape)
            mixed = normalised_and_mixed(values, weight, bias, self.group_norm.eps, mixing)
        features: torch.Tensor = mixed + self.selfint(in_features)
        return features


class CompiledExtractor(TensorExtractor):  # type: ignore[misc]
    """Ranks 0 and 1 alone: the compiled moments make the others from the directions."""

    def forward(self, rhats: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """(pairs, 1) of ones and the directions."""
        ones = torch.ones_like(rhats[:, :1])
        return (ones, rhats) if self.l_max else (ones,)


COMPILED: dict[type[torch.nn.Module], type[torch.nn.Module]] = {
    InteractLayer: CompiledInteract,
    InteractLayerVec: CompiledInteractVec,
    InteractLayerQuad: CompiledInteractQuad,
    HOPInteractionLayer: CompiledHOPInteraction,
    TensorExtractor: CompiledExtractor,
}


def _with_norms(
    layer: Any,
    scales: tuple[torch.Tensor, ...],
    features: torch.Tensor,
    first: torch.Tensor,
    second: torch.Tensor,
    distances: torch.Tensor,
    vectors: torch.Tensor,
) -> torch.Tensor:
    moments = _moments(layer, len(scales), features, first, second, distances, vectors)
    norms = _invariants(len(scales), 2, moments.dtype)(moments)
    scaled = torch.sqrt(norms[:, 1:] + layer.cusp_reg) * torch.stack(scales)
    total: torch.Tensor = norms[:, 0] + scaled.sum(dim=1) + layer.selfint(features)
    return total


def _moments(
    layer: Any,
    l_max: int,
    features: torch.Tensor,
    first: torch.Tensor,
    second: torch.Tensor,
    distances: torch.Tensor,
    vectors: torch.Tensor | None,
) -> torch.Tensor:
    """E_i[c, f] of one layer, (atoms, components, outputs)."""
    radial = layer.sensitivity(distances)
    # The scalar moment does not depend on the direction, which the kernel needs all the same.
    vectors = radial.new_ones((radial.shape[0], 3)) if vectors is None else vectors
    neighbours, order = _neighbours(first, second, features.shape[0])
    if order is not None:
        radial, vectors = radial.index_select(0, order), vectors.index_select(0, order)
    weights = layer.int_weights.permute(2, 0, 1).flatten(1)
    mixed = (features @ weights).unflatten(-1, (layer.n_dist, layer.nf_out))
    return _kernel(l_max, features.dtype)(vectors, radial, mixed, neighbours)


@lru_cache(maxsize=16)
def _kernel(l_max: int, dtype: torch.dtype) -> MomentsKernel:
    return compile_moments(l_max, "mixed", "hippynn", dtype=dtype)


@lru_cache(maxsize=16)
def _invariants(l_max: int, n_max: int, dtype: torch.dtype) -> Kernel:
    return compile(moment_basis(l_max, n_max), dtype=dtype)


class _Latest(threading.local):
    """The neighbour list that the blocks of one evaluation share, by the tensors that it was made from."""

    first: Any = None
    second: Any = None
    made: tuple[Neighbours, torch.Tensor | None] | None = None


_latest = _Latest()


def _neighbours(first: torch.Tensor, second: torch.Tensor, atoms: int) -> tuple[Neighbours, torch.Tensor | None]:
    """The pairs sorted by receiver, and the order that sorts them, None where they are sorted."""
    same = _latest.first is not None and _latest.first() is first and _latest.second() is second
    if same and _latest.made is not None and _latest.made[0].atoms == atoms:
        return _latest.made
    order = None if bool((first.diff() >= 0).all()) else torch.argsort(first, stable=True)
    lists = (first, second) if order is None else (first.index_select(0, order), second.index_select(0, order))
    made = (Neighbours.from_receivers(*lists, atoms), order)
    _latest.first, _latest.second, _latest.made = weakref.ref(first), weakref.ref(second), made
    return made
