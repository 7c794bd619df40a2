"""The rotational correlation at every voxel, slab by slab; rotations are tried where the bound leaves room for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from invgen.fields.grids import Grid
from invgen.fields.matched_coordinates import MatchedCoordinates
from invgen.fields.rotation_matrices import turned
from invgen.fields.slabs import slabs_of
from invgen.fields.windows import Window

Singles = NDArray[np.float32]
Needed = Callable[[Singles], Singles]
NOT_EVALUATED = -2.0  # a score is at least -1
_COLUMNS = 2048  # voxels of one product, so that a table of rotations x voxels stays in the cache


@dataclass(frozen=True, eq=False)
class CorrelationMap:
    """Scores of all voxels.

    Attributes:
        scores: float32, the greatest over the grid of rotations; `NOT_EVALUATED` where it need not be known.
        rotations: int32, the number of that rotation in the grid; -1 where it was not evaluated.
        evaluated: the share of the voxels at which rotations were tried.
    """

    scores: Singles
    rotations: NDArray[np.int32]
    evaluated: float


@dataclass(frozen=True)
class Level:
    """What a place must reach to count.

    Attributes:
        score: the score.
        misfit: how much of |c|², beyond noise, may be left unexplained by the turned template, as a multiple of what it
            explains; None for any amount.
        unexplained: |c|² that noise alone rarely exceeds.
        product: the least product itself, which is the contrast in units of the noise.
    """

    score: float
    misfit: float | None = None
    unexplained: float = 0.0
    product: float = 0.0

    def needed(self, energies: Any, damping: float) -> Any:
        """The least <c, D t> that counts at places with these |c|²."""
        found = np.maximum(self.score * np.sqrt(energies + damping), self.product)
        if self.misfit is None:
            return found
        return np.maximum(found, np.sqrt(np.maximum(energies - self.unexplained, 0.0) / (1.0 + self.misfit)))


def correlation_map(
    grid: Grid,
    window: Window,
    order: int,
    matched: MatchedCoordinates,
    rotations: NDArray[np.float64],
    level: Level | None = None,
    margin: float = 1.0,
    exhaustive: bool = False,
    candidates: NDArray[np.bool_] | None = None,
) -> CorrelationMap:
    """The greatest score over a grid of rotations, at every voxel.

    Args:
        grid: the field.
        window: of the moments, at the scale that is looked for.
        order: of the moments.
        matched: the template.
        rotations: the grid (g, 4).
        level: voxels below `margin` times what it needs are left out; None keeps all.
        margin: the share of the maximum over all rotations that the grid is sure to find.
        exhaustive: evaluate voxels too whose bound is below the level.
        candidates: a map of the only voxels to evaluate.
    """
    scores = np.full(grid.shape, NOT_EVALUATED, dtype=np.float32)
    best = np.full(grid.shape, -1, dtype=np.int32)
    matrix = matched.matrix.astype(np.float32)
    templates = turned(matched.template, matched.layout, rotations).astype(np.float32)
    evaluated = 0
    for where, slab in slabs_of(grid, order, window):
        if grid.dimension == 2:
            slab = slab[:, None]
        part, part_best = scores[where].reshape(len(slab), -1), best[where].reshape(len(slab), -1)
        for x in range(len(slab)):  # one plane at a time: (Y, size, Z)
            values = np.matmul(matrix, slab[x].astype(np.float32, copy=False))
            energies = np.einsum("ymz,ymz->yz", values, values).reshape(-1)
            if candidates is not None:
                chosen = np.flatnonzero(candidates[where.start + x])
            elif level is None or exhaustive:
                chosen = np.arange(len(energies))
            else:
                needed = np.float32(margin) * level.needed(energies, matched.damping)
                chosen = np.flatnonzero(matched.bounds(values).reshape(-1) >= needed)
            if not len(chosen):
                continue
            evaluated += len(chosen)
            found, number = _greatest(values, chosen, templates)
            energy = energies[chosen]
            if level is not None:
                kept = found >= np.float32(margin) * level.needed(energy, matched.damping)
                chosen, found, number, energy = chosen[kept], found[kept], number[kept], energy[kept]
            # The least float keeps the score of nothing at zero.
            lengths = np.sqrt(np.maximum(energy + np.float32(matched.damping), np.finfo(np.float32).tiny))
            part[x, chosen] = np.clip(found / lengths, -1.0, 1.0)
            part_best[x, chosen] = number
    return CorrelationMap(scores, best, evaluated / scores.size)


def _greatest(values: Singles, chosen: NDArray[np.int64], templates: Singles) -> tuple[Singles, NDArray[np.int32]]:
    """The greatest products of the chosen ones of coordinates (Y, size, Z) with turned templates (g, size), and whose.

    Only products of a few voxels are held at a time.
    """
    found = np.empty(len(chosen), dtype=np.float32)
    number = np.empty(len(chosen), dtype=np.int32)
    row, column = np.divmod(chosen, values.shape[-1])
    for start in range(0, len(found), _COLUMNS):
        here = slice(start, start + _COLUMNS)
        products = values[row[here], :, column[here]] @ templates.T
        number[here] = products.argmax(axis=1)
        found[here] = np.take_along_axis(products, number[here, None], axis=1)[:, 0]
    return found, number
