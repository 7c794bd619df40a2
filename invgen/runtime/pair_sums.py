"""Sums over pairs in plain PyTorch, in the order of the pairs, and what is wrong with lists that were altered."""

from __future__ import annotations

import numpy as np
import torch

from invgen.runtime.neighbours import Lists


def sums_of(
    rows: torch.Tensor, order: torch.Tensor, pointer: torch.Tensor, weights: torch.Tensor | None = None
) -> torch.Tensor:
    """(b, c, w): Σ_k weights[c, k] rows[order[k], w] over k = pointer[b] ... pointer[b + 1] - 1, in that order.

    PyTorch's embedding bag adds one term after the other on every device, and stores no term. Without weights there is
    one c, and they are one.
    """
    members, bags, count = order.shape[0], pointer.shape[0] - 1, 1 if weights is None else weights.shape[0]
    if 0 in (count, rows.shape[1]):
        return rows.new_zeros((bags, count, rows.shape[1]))
    # Devices other than CPUs do not say whether an altered pointer would read beyond the members.
    pointer = pointer.clamp(0, members)
    if weights is not None:
        starts = members * torch.arange(count, device=pointer.device)
        ends = pointer.new_full((1,), count * members)
        pointer = torch.cat([(starts[:, None] + pointer[:-1]).flatten(), ends])
        order, weights = order.repeat(count), weights.flatten()
    sums: torch.Tensor = torch.nn.functional.embedding_bag(
        order, rows, pointer, mode="sum", per_sample_weights=weights, include_last_offset=True
    )
    return sums.reshape(count, bags, rows.shape[1]).transpose(0, 1)


def complaint_of(lists: Lists) -> int | None:
    """What is wrong with lists that were altered, as a key of `lists_error`.

    On devices other than CPUs nothing waits for an answer: there PyTorch asserts that indices are within bounds.
    """
    if lists[0].device.type != "cpu":
        return None
    rows, index, receivers, columns, column_pairs = (each.numpy() for each in lists)
    pairs, atoms, sources = len(index), len(rows) - 1, len(columns) - 1
    if _falls(rows, pairs) or _falls(columns, pairs):
        return 1
    if not _within(receivers, atoms) or not np.array_equal(receivers, np.repeat(np.arange(atoms), np.diff(rows))):
        return 1
    if not _within(index, sources):
        return 2
    if not _within(column_pairs, pairs):
        return 3
    by_source = np.repeat(np.arange(sources), np.diff(columns))
    return None if np.array_equal(index[column_pairs], by_source) else 3


def _falls(pointer: np.ndarray, pairs: int) -> bool:
    """Whether a pointer does not rise from 0 to the number of pairs."""
    return bool(pointer[0] != 0 or pointer[-1] != pairs or (np.diff(pointer) < 0).any())


def _within(numbers: np.ndarray, count: int) -> bool:
    return not numbers.size or bool(numbers.min() >= 0 and numbers.max() < count)
