"""Convolutions with radial tables in plain PyTorch: weights of all pairs by distance, and their derivatives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from invgen.runtime.constants import KINDS_COMPLAINT
from invgen.runtime.convolution_spec import TabulatedSpec
from invgen.runtime.convolution_torch import SummedPairs, checked, jvp_of, placed_paths, second_of, value_of, vjp_of
from invgen.runtime.families.convolution import FAMILY_LISTS
from invgen.runtime.families.pairs import apart, lists_error
from invgen.runtime.families.table import Function
from invgen.runtime.pair_sums import sums_of
from invgen.runtime.splines import sums_at

Tensors = tuple[torch.Tensor, ...]


def tabulated_source(
    spec: TabulatedSpec, function: Function, matrices: Mapping[str, Callable[..., torch.Tensor]], paths: Sequence[Any]
) -> Callable[..., Tensors]:
    """One function of a kernel with radial tables in operators of PyTorch, which can be traced.

    Weights are made for all pairs at once: this target is for checks and for devices without a compiled one.
    """
    placed = placed_paths(paths)

    def call(*inputs: Any) -> Tensors:
        given, lists = apart(function, inputs, FAMILY_LISTS[spec.family])
        vectors, table, features, *rest = given
        pairs = SummedPairs(checked(spec, lists[:-1]), matrices, vectors, placed, spec.kernel.count)
        places = _Places.of(spec, vectors, table, lists[-1])
        weights = places.weights(table)
        if function.kind == "value":
            return (value_of(pairs, weights, features),)
        if function.kind == "jvp":
            u_vectors, u_table, u_features = rest
            return (jvp_of(pairs, weights, features, u_vectors, places.along(table, u_vectors, u_table), u_features),)
        if function.kind == "vjp":
            ybar, by_vectors, by_table, by_features = rest
            return _vjp(pairs, places, table, weights, features, ybar, by_vectors, by_table, by_features)
        return _second(pairs, places, table, weights, features, *rest)

    return call


@dataclass(frozen=True)
class _Places:
    """Where pairs stand in their tables.

    Attributes:
        row: (pairs), the coefficient that comes first.
        basis: (pairs, 3), the factors of differences, and
        slope: their derivatives by the distance, and
        bend: their second derivatives.
        unit: (pairs, 3).
        length: (pairs).
    """

    row: torch.Tensor
    basis: torch.Tensor
    slope: torch.Tensor
    bend: torch.Tensor
    unit: torch.Tensor
    length: torch.Tensor

    @classmethod
    def of(cls, spec: TabulatedSpec, vectors: torch.Tensor, table: torch.Tensor, kinds: torch.Tensor) -> _Places:
        if (
            type(kinds) is torch.Tensor
            and kinds.numel()
            and not (0 <= int(kinds.min()) <= int(kinds.max()) < len(table))
        ):
            raise lists_error(spec, KINDS_COMPLAINT)
        low, high = spec.span
        intervals = spec.knots - 1
        density = intervals / (high - low)
        length = (vectors * vectors).sum(1).sqrt()
        place = (length - low) * density
        inside = place.clamp(0, intervals)
        knot = inside.nan_to_num().floor().clamp(max=intervals - 1)
        basis, slope, bend = sums_at(inside - knot)
        once = ((place >= 0) & (place <= intervals)).to(vectors.dtype)[:, None] * density
        row = knot.to(torch.int64)
        if kinds.shape[0]:
            row = row + kinds * spec.table_rows
        return cls(row, basis, slope * once, bend * once * once, vectors / length[:, None], length)

    def _differences(self, factors: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
        flat = table[:, :, 1].flatten(0, 1)
        terms = [factors[:, k, None, None] * flat.index_select(0, self.row + k) for k in range(3)]
        return terms[0] + terms[1] + terms[2]

    def weights(self, table: torch.Tensor) -> torch.Tensor:
        """(pairs, weights, channels)."""
        first = table[:, :, 0].flatten(0, 1).index_select(0, self.row)
        return first + self._differences(self.basis, table)

    def sloped(self, table: torch.Tensor) -> torch.Tensor:
        """Their derivatives by the distance."""
        return self._differences(self.slope, table)

    def bent(self, table: torch.Tensor) -> torch.Tensor:
        """Their second derivatives."""
        return self._differences(self.bend, table)

    def moved(self, u_vectors: torch.Tensor) -> torch.Tensor:
        """(pairs): the change of the distances."""
        return (self.unit * u_vectors).sum(1)

    def along(self, table: torch.Tensor, u_vectors: torch.Tensor, u_table: torch.Tensor) -> torch.Tensor:
        """The change of the weights."""
        return self.moved(u_vectors)[:, None, None] * self.sloped(table) + self.weights(u_table)

    def by_table(self, bar: torch.Tensor, other: torch.Tensor | None, table: torch.Tensor) -> torch.Tensor:
        """The gradient by the table of gradients of weights and of their slopes, summed in the order of the pairs."""
        order = self.row.argsort(stable=True)
        count = table.shape[0] * table.shape[1]
        pointer = torch.searchsorted(self.row[order], torch.arange(count + 1, device=table.device))
        ones = torch.ones_like(self.basis[:, :1])
        sums = sums_of(bar.flatten(1), order, pointer, torch.cat([ones, self.basis], 1)[order].T.contiguous())
        first, sums = sums[:, 0], sums[:, 1:]
        if other is not None:
            sums = sums + sums_of(other.flatten(1), order, pointer, self.slope[order].T.contiguous())
        differences = torch.zeros_like(first)
        for k in range(3):
            differences = differences + torch.nn.functional.pad(sums[: count - k, k], (0, 0, k, 0))
        return torch.stack([first, differences], 1).reshape(table.shape)


def _vjp(
    pairs: SummedPairs,
    places: _Places,
    table: torch.Tensor,
    weights: torch.Tensor,
    features: torch.Tensor,
    ybar: torch.Tensor,
    by_vectors: bool,
    by_table: bool,
    by_features: bool,
) -> Tensors:
    vectors_bar, weights_bar, features_bar = vjp_of(
        pairs, weights, features, ybar, by_vectors, by_vectors or by_table, by_features
    )
    if by_vectors:
        vectors_bar = vectors_bar + (weights_bar * places.sloped(table)).sum((1, 2))[:, None] * places.unit
    table_bar = places.by_table(weights_bar, None, table) if by_table else ybar.new_empty(0)
    return vectors_bar, table_bar, features_bar


def _second(
    pairs: SummedPairs,
    places: _Places,
    table: torch.Tensor,
    weights: torch.Tensor,
    features: torch.Tensor,
    ybar: torch.Tensor,
    u_vectors: torch.Tensor,
    u_table: torch.Tensor,
    u_features: torch.Tensor,
) -> Tensors:
    along, moved, sloped = places.along(table, u_vectors, u_table), places.moved(u_vectors), places.sloped(table)
    by_vectors, bar, by_features, by_ybar = second_of(pairs, weights, features, ybar, u_vectors, along, u_features)
    plain = vjp_of(pairs, weights, features, ybar, False, True, False)[1]
    changed = moved[:, None, None] * places.bent(table) + places.sloped(u_table)
    by_distance = (bar * sloped + plain * changed).sum((1, 2))
    by_change = (plain * sloped).sum((1, 2)) / places.length
    by_vectors = (
        by_vectors
        + by_distance[:, None] * places.unit
        + by_change[:, None] * (u_vectors - moved[:, None] * places.unit)
    )
    by_table = places.by_table(bar, moved[:, None, None] * plain, table)
    return by_vectors, by_table, by_features, by_ybar
