"""Convolutions in plain PyTorch, on any device: ordered sums over pairs around matrices that an emitter wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from invgen.runtime.convolution_spec import ConvolutionSpec
from invgen.runtime.families.pairs import apart, lists_error
from invgen.runtime.families.table import Function
from invgen.runtime.neighbours import Lists
from invgen.runtime.pair_sums import complaint_of, sums_of

Tensors = tuple[torch.Tensor, ...]
Matrices = Mapping[str, Callable[..., torch.Tensor]]


def convolution_source(
    spec: ConvolutionSpec, function: Function, matrices: Matrices, paths: Sequence[Any]
) -> Callable[..., Tensors]:
    """One function of a kernel of convolutions in operators of PyTorch, which can be traced.

    Equal inputs give equal bits: every sum over pairs is made in their order, without atomics. What is stored for all
    pairs belongs to one path at a time.
    """
    placed = placed_paths(paths)

    def call(*inputs: Any) -> Tensors:
        given, lists = apart(function, inputs)
        vectors, weights, features, *rest = given
        pairs = SummedPairs(checked(spec, lists), matrices, vectors, placed, spec.kernel.count)
        if function.kind == "value":
            return (value_of(pairs, weights, features),)
        if function.kind == "jvp":
            return (jvp_of(pairs, weights, features, *rest),)
        if function.kind == "vjp":
            return vjp_of(pairs, weights, features, *rest)
        return second_of(pairs, weights, features, *rest)

    return call


def checked(spec: ConvolutionSpec, lists: Sequence[torch.Tensor]) -> Lists:
    """The lists of a call, which fit together.

    Raises:
        InputError: they were altered.
    """
    found: Lists = tuple(lists)  # type: ignore[assignment]
    # What is traced holds no numbers that could be looked at.
    complaint = complaint_of(found) if type(found[0]) is torch.Tensor else None
    if complaint is not None:
        raise lists_error(spec, complaint)
    return found


@dataclass(frozen=True)
class TorchPath:
    """Where a path reads and writes.

    Attributes:
        source: its rows of the features.
        components: components of the features.
        copies: their multiplicity.
        weights: its rows of weights.
        targets: its rows of the sums, by component, then by copy.
        shape: components of the messages and of the features.
        places: where its entries stand in its matrix, flat.
        entries: where they stand among the entries of all paths.
    """

    source: slice
    components: int
    copies: int
    weights: slice
    targets: tuple[int, ...]
    shape: tuple[int, int]
    places: tuple[int, ...]
    entries: slice


def placed_paths(paths: Sequence[Any]) -> tuple[TorchPath, ...]:
    """The `PATHS` of a text by name."""
    found = []
    entry = 0
    for first, size, copies, weight, target, offset, all_copies, rows, places in paths:
        found.append(
            TorchPath(
                slice(first, first + size * copies),
                size,
                copies,
                slice(weight, weight + copies),
                tuple(target + m * all_copies + offset + copy for m in range(rows) for copy in range(copies)),
                (rows, size),
                tuple(m * size + n for m, n in places),
                slice(entry, entry + len(places)),
            )
        )
        entry += len(places)
    return tuple(found)


@dataclass(frozen=True)
class SummedPairs:
    """The pairs of a call: their lists, directions and matrices.

    Attributes:
        lists: as in `Neighbours`.
        functions: what gives the entries of matrices.
        vectors: (pairs, coordinates).
        paths: all paths.
        rows: of the sums.
    """

    lists: Lists
    functions: Matrices
    vectors: torch.Tensor
    paths: tuple[TorchPath, ...]
    rows: int

    def entries(self) -> torch.Tensor:
        """(entries, pairs)."""
        return self.functions["harmonics"](self.vectors.T)

    def entries_along(self, u: torch.Tensor) -> torch.Tensor:
        """Their change."""
        return self.functions["harmonics_jvp"](self.vectors.T, u.T)

    def matrix(self, path: TorchPath, entries: torch.Tensor) -> torch.Tensor:
        """(pairs, rows, components)."""
        own = entries[path.entries]
        flat = own.new_zeros((path.shape[0] * path.shape[1], own.shape[1]))
        filled: torch.Tensor = flat.index_copy(0, _index(path.places, own), own)
        return filled.T.reshape(-1, *path.shape)

    def read(self, path: TorchPath, features: torch.Tensor) -> torch.Tensor:
        """(pairs, components, copies × channels) of the sources."""
        rows = features[:, path.source].index_select(0, self.lists[1])
        return rows.reshape(rows.shape[0], path.components, path.copies * features.shape[-1])

    def weigh(self, path: TorchPath, weights: torch.Tensor) -> torch.Tensor:
        """(pairs, 1, copies × channels)."""
        rows = weights[:, path.weights]
        return rows.reshape(rows.shape[0], 1, path.copies * weights.shape[-1])

    def spread(self, path: TorchPath, ybar: torch.Tensor) -> torch.Tensor:
        """(pairs, rows, copies × channels) of the receivers."""
        rows = ybar.index_select(1, _index(path.targets, ybar)).index_select(0, self.lists[2])
        return rows.reshape(rows.shape[0], path.shape[0], path.copies * ybar.shape[-1])

    def summed(self, messages: Iterator[torch.Tensor], channels: int) -> torch.Tensor:
        """(atoms, rows, channels) of messages (pairs, rows, copies × channels) of all paths."""
        order = torch.arange(self.lists[1].shape[0], device=self.vectors.device)
        found = []
        for path, message in zip(self.paths, messages, strict=True):
            # Sums of no channels have no elements from which a dimension could be told.
            flat = message.reshape(message.shape[0], len(path.targets) * channels)
            sums = sums_of(flat, order, self.lists[0])[:, 0]
            found.append(sums.reshape(sums.shape[0], len(path.targets), channels))
        places = [row for path in self.paths for row in path.targets]
        back = sorted(range(self.rows), key=places.__getitem__)
        return torch.cat(found, 1).index_select(1, _index(back, self.vectors))

    def by_sources(self, bars: Sequence[torch.Tensor], like: torch.Tensor) -> torch.Tensor:
        """(sources, rows, channels) of gradients (pairs, components, copies × channels) of all paths."""
        total = torch.zeros_like(like)
        pointer, order = self.lists[3:]
        for path, bar in zip(self.paths, bars, strict=True):
            size = path.components * path.copies
            sums = sums_of(bar.reshape(bar.shape[0], size * like.shape[-1]), order, pointer)[:, 0]
            rows = total[:, path.source] + sums.reshape(sums.shape[0], size, like.shape[-1])
            total = total.slice_scatter(rows, 1, path.source.start, path.source.stop)
        return total

    def bars(self, gradients: Sequence[torch.Tensor]) -> torch.Tensor:
        """(entries, pairs) of gradients by the matrices of all paths."""
        found = []
        for path, gradient in zip(self.paths, gradients, strict=True):
            found.append(gradient.flatten(1).index_select(1, _index(path.places, gradient)).T)
        return torch.cat(found, 0)


def _index(numbers: Sequence[int], like: torch.Tensor) -> torch.Tensor:
    return torch.tensor(numbers, dtype=torch.int64, device=like.device)


def value_of(pairs: SummedPairs, weights: torch.Tensor, features: torch.Tensor) -> torch.Tensor:
    """The sums of weighted messages."""
    entries = pairs.entries()
    messages = (
        pairs.matrix(path, entries) @ (pairs.weigh(path, weights) * pairs.read(path, features)) for path in pairs.paths
    )
    return pairs.summed(messages, features.shape[-1])


def jvp_of(
    pairs: SummedPairs,
    weights: torch.Tensor,
    features: torch.Tensor,
    u_vectors: torch.Tensor,
    u_weights: torch.Tensor,
    u_features: torch.Tensor,
) -> torch.Tensor:
    """The change of the sums along u."""
    entries, along = pairs.entries(), pairs.entries_along(u_vectors)

    def messages() -> Iterator[torch.Tensor]:
        for path in pairs.paths:
            weight, value = pairs.weigh(path, weights), pairs.read(path, features)
            moved = weight * pairs.read(path, u_features) + pairs.weigh(path, u_weights) * value
            yield pairs.matrix(path, entries) @ moved + pairs.matrix(path, along) @ (weight * value)

    return pairs.summed(messages(), features.shape[-1])


def vjp_of(
    pairs: SummedPairs,
    weights: torch.Tensor,
    features: torch.Tensor,
    ybar: torch.Tensor,
    by_vectors: bool,
    by_weights: bool,
    by_features: bool,
) -> Tensors:
    """The gradients of <ybar, sums> by vectors, weights and features, where they are wanted."""
    entries = pairs.entries()
    matrices, by_weight, by_source = [], [], []
    for path in pairs.paths:
        matrix, row = pairs.matrix(path, entries), pairs.spread(path, ybar)
        weight, value = pairs.weigh(path, weights), pairs.read(path, features)
        back = matrix.mT @ row
        if by_vectors:
            matrices.append(row @ (weight * value).mT)
        if by_weights:
            by_weight.append(_rows_of(path, (value * back).sum(1), weights))
        if by_features:
            by_source.append(weight * back)
    # Results of an operator do not share memory, not even none.
    return (
        pairs.functions["harmonics_vjp"](pairs.vectors.T, pairs.bars(matrices)).T if by_vectors else ybar.new_empty(0),
        torch.cat(by_weight, 1) if by_weights else ybar.new_empty(0),
        pairs.by_sources(by_source, features) if by_features else ybar.new_empty(0),
    )


def second_of(
    pairs: SummedPairs,
    weights: torch.Tensor,
    features: torch.Tensor,
    ybar: torch.Tensor,
    u_vectors: torch.Tensor,
    u_weights: torch.Tensor,
    u_features: torch.Tensor,
) -> Tensors:
    """The gradients of <u, vjp> by vectors, weights, features and ybar."""
    entries, along = pairs.entries(), pairs.entries_along(u_vectors)
    first, second, by_weight, by_source = [], [], [], []
    for path in pairs.paths:
        row = pairs.spread(path, ybar)
        weight, value = pairs.weigh(path, weights), pairs.read(path, features)
        weight_along, value_along = pairs.weigh(path, u_weights), pairs.read(path, u_features)
        back, back_along = pairs.matrix(path, entries).mT @ row, pairs.matrix(path, along).mT @ row
        first.append(row @ (weight * value).mT)
        second.append(row @ (weight * value_along + weight_along * value).mT)
        by_weight.append(_rows_of(path, (value * back_along + value_along * back).sum(1), weights))
        by_source.append(weight * back_along + weight_along * back)
    by_vectors = pairs.functions["harmonics_second"](
        pairs.vectors.T, u_vectors.T, pairs.bars(first), pairs.bars(second)
    )
    return (
        by_vectors.T,
        torch.cat(by_weight, 1),
        pairs.by_sources(by_source, features),
        jvp_of(pairs, weights, features, u_vectors, u_weights, u_features),
    )


def _rows_of(path: TorchPath, bar: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    return bar.reshape(bar.shape[0], path.copies, weights.shape[-1])
