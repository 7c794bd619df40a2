"""The rotational correlation at every voxel, slab by slab; rotations are tried where the bound leaves room for them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from invgen.fields.grids import Grid
from invgen.fields.matched_coordinates import MatchedCoordinates
from invgen.fields.rotation_matrices import turned
from invgen.fields.rotational_newton import climb
from invgen.fields.slabs import slabs_of
from invgen.fields.windows import Window

Singles = NDArray[np.float32]
NOT_EVALUATED = -2.0  # a score is at least -1
_CLIMBS = 4096  # places of one batch of Newton steps
_SETTLED = 1e-4  # radians: the square is below the rounding of scores, which are float32
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
        product: the least <c, D t>, which is the contrast in units of the noise.
    """

    score: float
    product: float = 0.0

    def needed(self, energies: Any, damping: float) -> Any:
        """The least <c, D t> that counts at places with these |c|²."""
        return np.maximum(self.score * np.sqrt(energies + damping), self.product)


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
    """The greatest score at every voxel: over a grid of rotations, or over all of them where a level is given.

    With a level, rotations are tried where the bound reaches it. Where the grid comes near it, Newton steps lead to the
    maximum, and voxels below the level are left out. So a voxel that the bound rules out is one that would be left out.

    Args:
        grid: the field.
        window: of the moments, at the scale that is looked for.
        order: of the moments.
        matched: the template.
        rotations: the grid (g, 4).
        level: what counts; None keeps all voxels.
        margin: the share of the maximum over all rotations that the grid is sure to find.
        exhaustive: try rotations too where the bound is below the level.
        candidates: a map of the only voxels to evaluate.
    """
    found = CorrelationMap(
        np.full(grid.shape, NOT_EVALUATED, dtype=np.float32), np.full(grid.shape, -1, dtype=np.int32), 0.0
    )
    matrix = matched.matrix.astype(np.float32)
    templates = turned(matched.template, matched.layout, rotations).astype(np.float32)
    climbs = _Climbs(found, matched, rotations, level)
    evaluated = 0
    for where, slab in slabs_of(grid, order, window):
        if grid.dimension == 2:
            slab = slab[:, None]
        for x in range(len(slab)):  # one plane at a time: (Y, size, Z)
            values = np.matmul(matrix, slab[x].astype(np.float32, copy=False))
            blocks = matched.energies(values)
            energies = blocks.sum(axis=0).reshape(-1)
            if candidates is not None:
                chosen = np.flatnonzero(candidates[where.start + x])
            elif level is None or exhaustive:
                chosen = np.arange(len(energies))
            else:
                bounds = matched.bounds(values, blocks).reshape(-1)
                chosen = np.flatnonzero(bounds >= level.needed(energies, matched.damping))
            if not len(chosen):
                continue
            evaluated += len(chosen)
            products, numbers = _greatest(values, chosen, templates)
            energies = energies[chosen]
            if level is None:
                found.scores[where.start + x].reshape(-1)[chosen] = matched.scores(products, energies)
                found.rotations[where.start + x].reshape(-1)[chosen] = numbers
                continue
            kept = products >= margin * level.needed(energies, matched.damping)
            row, column = np.divmod(chosen[kept], values.shape[-1])
            places = (where.start + x) * blocks[0].size + chosen[kept]
            climbs.add(places, values[row, :, column], energies[kept], numbers[kept])
    climbs.finish()
    return replace(found, evaluated=evaluated / found.scores.size)


class _Climbs:
    """Places that wait for Newton steps, many of which are made at once."""

    def __init__(
        self, found: CorrelationMap, matched: MatchedCoordinates, rotations: NDArray[np.float64], level: Level | None
    ) -> None:
        self.found, self.matched, self.rotations, self.level = found, matched, rotations, level
        self.waiting: list[tuple[Any, ...]] = []

    def add(self, places: Any, values: Any, energies: Any, numbers: Any) -> None:
        """Places in the order of the array: coordinates (n, size), |c|² and best rotations of the grid."""
        self.waiting.append((places, values, energies, numbers))
        if sum(len(part[0]) for part in self.waiting) >= _CLIMBS:
            self.finish()

    def finish(self) -> None:
        """Make the steps, and write the scores of what reaches the level."""
        if self.level is None or not self.waiting:
            return
        places, values, energies, numbers = (np.concatenate(parts) for parts in zip(*self.waiting, strict=True))
        self.waiting = []
        if not len(places):
            return
        template, layout = self.matched.template, self.matched.layout
        products = climb(values.astype(np.float64), template, layout, self.rotations[numbers], _SETTLED)[1]
        kept = products >= self.level.needed(energies, self.matched.damping)
        scores = self.matched.scores(products, energies)
        self.found.scores.reshape(-1)[places[kept]] = scores[kept]
        self.found.rotations.reshape(-1)[places[kept]] = numbers[kept]


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
