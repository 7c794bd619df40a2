"""Weighted linear least squares of many rows, with a ridge, for any choice of columns afterwards."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from invgen.errors import InputError


class LeastSquares:
    """min over c, b of |w (X c + n b - y)|² + ridge |D c|², D = diag of the norms of X's columns beside n; b is free.

    Rows are taken in as they come and reduced to the triangular factor of (n, X, y) by orthogonal steps, so that
    neither their number nor a squared condition number matters; the factor of a subset of columns follows from it
    without the rows. n counts the atoms of each element in a row of energies and is 0 in a row of forces: b are the
    energies of atoms, of least norm where compositions leave them open.

    Args:
        columns: K.
        factor: that of rows taken in before, as `factor` gives it.
        elements: how many counts a row has; with one of them, counts and offsets have no axis for it.

    Complexity: O(rows K²) time, O(K²) memory.
    """

    def __init__(self, columns: int, factor: torch.Tensor | None = None, elements: int = 1) -> None:
        self.columns, self.elements = columns, elements
        width = columns + elements + 1
        self._blocks = [torch.zeros(0, width, dtype=torch.float64) if factor is None else factor]

    @property
    def factor(self) -> torch.Tensor:
        """The triangular factor of all rows (n, X, y) so far: all that is kept of them."""
        if len(self._blocks) > 1:
            self._blocks = [triangular(torch.cat(self._blocks))]
        return self._blocks[0]

    def add(
        self, counts: torch.Tensor, rows: torch.Tensor, targets: torch.Tensor, weights: torch.Tensor | float = 1.0
    ) -> None:
        """Take in rows (r, K) with counts n (r,) or (r, elements) and targets (r,), each times its weight w.

        Raises:
            InputError: they do not fit together or hold NaN or infinity.
        """
        number = rows.shape[:1]
        counted = counts.shape == (number if self.elements == 1 else (*number, self.elements))
        if rows.dim() != 2 or rows.shape[1] != self.columns or not counted or targets.shape != number:
            raise InputError(
                f"rows have {self.columns} columns, counts of {self.elements} elements, and as many counts and targets "
                f"as rows; got shapes {tuple(rows.shape)}, {tuple(counts.shape)} and {tuple(targets.shape)}"
            )
        block = torch.cat([counts.reshape(-1, self.elements), rows, targets[:, None]], 1).to(torch.float64)
        block = block * torch.as_tensor(weights, dtype=torch.float64).reshape(-1, 1)
        if not bool(torch.isfinite(block).all()):
            raise InputError("rows, counts, targets and weights must be finite, got NaN or infinity")
        self._blocks.append(block)
        if sum(map(len, self._blocks)) > 8 * (self.columns + self.elements + 1):
            self._blocks = [self.factor]

    def merge(self, others: Sequence[LeastSquares]) -> LeastSquares:
        """The problem of all rows of this one and the others."""
        factors = [self.factor, *(other.factor for other in others)]
        return LeastSquares(self.columns, triangular(torch.cat(factors)), self.elements)

    def subset(self, columns: Sequence[int]) -> LeastSquares:
        """The problem with these columns alone, in this order."""
        free = range(self.elements)
        chosen = [*free, *(self.elements + column for column in columns), self.elements + self.columns]
        return LeastSquares(len(columns), triangular(self.factor[:, chosen]), self.elements)

    def solve(self, ridges: Sequence[float]) -> tuple[torch.Tensor, torch.Tensor]:
        """Weights c (ridges, K) and offsets b (ridges,) or (ridges, elements) of every ridge.

        Ridge 0 is the solution of least norm of D c.

        Raises:
            InputError: a ridge is negative, or there is no row with a count, or no other.
        """
        if any(ridge < 0 for ridge in ridges):
            raise InputError(f"ridges are 0 or more, got {list(ridges)}")
        factor, free = self.factor, self.elements
        if factor.shape[0] < 2 or not bool(factor[:, :free].any()):
            raise InputError(
                "there are too few rows: add at least one energy, with its count of atoms, and another row"
            )
        base, sizes, turn = torch.linalg.svd(factor[:, :free], full_matrices=False)
        known = sizes > torch.finfo(torch.float64).eps * free * sizes.max()
        base, sizes, turn = base[:, known], sizes[known], turn[known]
        rest = factor[:, free:] - base @ (base.T @ factor[:, free:])
        norms = rest[:, :-1].norm(dim=0)
        norms = torch.where(norms > 0, norms, torch.ones_like(norms))
        left, values, right = torch.linalg.svd(rest[:, :-1] / norms, full_matrices=False)
        along = left.T @ rest[:, -1]
        smallest = torch.finfo(torch.float64).eps * self.columns * values.max()
        kept = values > smallest
        inverse = torch.stack([torch.where(kept, values / (values**2 + ridge), 0.0) for ridge in ridges])
        weights = (inverse * along) @ right / norms
        offsets = (factor[:, -1] - weights @ factor[:, free:-1].T) @ base / sizes @ turn
        return weights, offsets[:, 0] if free == 1 else offsets

    def loss(self, weights: torch.Tensor, offsets: torch.Tensor) -> torch.Tensor:
        """The weighted sum of squared residuals of the rows for each (c, b), without the ridge."""
        offsets = offsets.reshape(-1, self.elements)
        solution = torch.cat([offsets, weights, -torch.ones_like(offsets[:, :1])], 1)
        return (solution @ self.factor.T).square().sum(1)


def triangular(rows: torch.Tensor) -> torch.Tensor:
    """R of rows = Q R, with at most as many rows as columns."""
    factor: torch.Tensor = torch.linalg.qr(rows, mode="r").R
    return factor
