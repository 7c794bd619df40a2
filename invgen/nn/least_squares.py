"""Weighted linear least squares of many rows, with a ridge, for any choice of columns afterwards."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from invgen.errors import InputError


class LeastSquares:
    """min over c, b of |w (X c + b n - y)|² + ridge |D c|², D = diag of the norms of X's columns beside n; b is free.

    Rows are taken in as they come and reduced to the triangular factor of (n, X, y) by orthogonal steps, so that
    neither their number nor a squared condition number matters; the factor of a subset of columns follows from it
    without the rows. n is 1 per atom in a row of energies and 0 in a row of forces: b is the energy of an atom.

    Args:
        columns: K.
        factor: that of rows taken in before, as `factor` gives it.

    Complexity: O(rows K²) time, O(K²) memory.
    """

    def __init__(self, columns: int, factor: torch.Tensor | None = None) -> None:
        self.columns = columns
        self._blocks = [torch.zeros(0, columns + 2, dtype=torch.float64) if factor is None else factor]

    @property
    def factor(self) -> torch.Tensor:
        """The triangular factor of all rows (n, X, y) so far: all that is kept of them."""
        if len(self._blocks) > 1:
            self._blocks = [triangular(torch.cat(self._blocks))]
        return self._blocks[0]

    def add(
        self, counts: torch.Tensor, rows: torch.Tensor, targets: torch.Tensor, weights: torch.Tensor | float = 1.0
    ) -> None:
        """Take in rows (r, K) with counts n (r,) and targets (r,), each times its weight w.

        Raises:
            InputError: they do not fit together or hold NaN or infinity.
        """
        if rows.dim() != 2 or rows.shape[1] != self.columns or not counts.shape == targets.shape == rows.shape[:1]:
            raise InputError(
                f"rows have {self.columns} columns, and as many counts and targets as rows; got shapes "
                f"{tuple(rows.shape)}, {tuple(counts.shape)} and {tuple(targets.shape)}"
            )
        block = torch.cat([counts[:, None], rows, targets[:, None]], 1).to(torch.float64)
        block = block * torch.as_tensor(weights, dtype=torch.float64).reshape(-1, 1)
        if not bool(torch.isfinite(block).all()):
            raise InputError("rows, counts, targets and weights must be finite, got NaN or infinity")
        self._blocks.append(block)
        if sum(map(len, self._blocks)) > 8 * (self.columns + 2):
            self._blocks = [self.factor]

    def merge(self, others: Sequence[LeastSquares]) -> LeastSquares:
        """The problem of all rows of this one and the others."""
        factors = [self.factor, *(other.factor for other in others)]
        return LeastSquares(self.columns, triangular(torch.cat(factors)))

    def subset(self, columns: Sequence[int]) -> LeastSquares:
        """The problem with these columns alone, in this order."""
        chosen = [0, *(1 + column for column in columns), self.columns + 1]
        return LeastSquares(len(columns), triangular(self.factor[:, chosen]))

    def solve(self, ridges: Sequence[float]) -> tuple[torch.Tensor, torch.Tensor]:
        """Weights c (ridges, K) and offsets b (ridges,) of every ridge; ridge 0 is the solution of least norm of D c.

        Raises:
            InputError: a ridge is negative, or there is no row with a count, or no other.
        """
        if any(ridge < 0 for ridge in ridges):
            raise InputError(f"ridges are 0 or more, got {list(ridges)}")
        factor = self.factor
        if factor.shape[0] < 2 or factor[0, 0] == 0:
            raise InputError(
                "there are too few rows: add at least one energy, with its count of atoms, and another row"
            )
        first, rest = factor[0], factor[1:]
        norms = rest[:, 1:-1].norm(dim=0)
        norms = torch.where(norms > 0, norms, torch.ones_like(norms))
        left, values, right = torch.linalg.svd(rest[:, 1:-1] / norms, full_matrices=False)
        along = left.T @ rest[:, -1]
        smallest = torch.finfo(torch.float64).eps * self.columns * values.max()
        kept = values > smallest
        inverse = torch.stack([torch.where(kept, values / (values**2 + ridge), 0.0) for ridge in ridges])
        weights = (inverse * along) @ right / norms
        return weights, (first[-1] - weights @ first[1:-1]) / first[0]

    def loss(self, weights: torch.Tensor, offsets: torch.Tensor) -> torch.Tensor:
        """The weighted sum of squared residuals of the rows for each (c, b), without the ridge."""
        solution = torch.cat([offsets[:, None], weights, -torch.ones_like(offsets)[:, None]], 1)
        return (solution @ self.factor.T).square().sum(1)


def triangular(rows: torch.Tensor) -> torch.Tensor:
    """R of rows = Q R, with at most as many rows as columns."""
    factor: torch.Tensor = torch.linalg.qr(rows, mode="r").R
    return factor
