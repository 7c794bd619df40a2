"""How likely noise alone reaches a score at one place: the volume of a tube about the orbit of the template.

The coordinates of white noise have a uniformly random direction. The greatest of its products with all turned templates
exceeds r exactly if the direction lies in a tube about the orbit of the template on the unit sphere. The volume of
tubes is known in closed form (Hotelling, Weyl): for an orbit of dimension 3 it takes its volume and its scalar
curvature, which follow from the metric <L_a t, L_b t>. The formula is exact for narrow tubes, which is where p-values
matter, and an upper estimate for wide ones. Symmetric templates have shorter orbits than counted, so their p-values
are too large by the order of the symmetry; a free axis is recognised.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_FREE = 1e-9  # of the greatest eigenvalue of the metric, or of 1: the template has norm 1
_SCORES = np.linspace(0.0, 1.0, 801)
_RADII = 400  # at which the norm of noise is taken
SMALLEST = 1e-300


@dataclass(frozen=True, eq=False)
class Null:
    """The distribution of the scores of noise alone at one place, as a table.

    Attributes:
        scores: ascending.
        logarithms: of the probability of at least that score, descending.
    """

    scores: Floats
    logarithms: Floats

    def p_value(self, score: Any) -> Any:
        """The probability of at least this score, an array of the shape of the scores."""
        found = np.interp(np.asarray(score, dtype=np.float64), self.scores, self.logarithms)
        return np.exp(np.minimum(found, 0.0))

    def score_at(self, p: float) -> float:
        """The score that noise reaches with a probability p."""
        return float(np.interp(-np.log(max(p, SMALLEST)), -self.logarithms, self.scores))


def union_null(nulls: Sequence[Null]) -> Null:
    """The null of the greatest of several scores: the sum of their probabilities, at most 1."""
    if len(nulls) == 1:
        return nulls[0]
    scores = np.unique(np.concatenate([null.scores for null in nulls]))
    total = np.logaddexp.reduce([np.interp(scores, null.scores, null.logarithms) for null in nulls], axis=0)
    return Null(scores, np.minimum(total, 0.0))


def empirical_null(scores: Floats) -> Null:
    """The null of a sample of scores of noise; beyond its greatest 5 % an exponential with their mean excess."""
    ordered = np.unique(np.sort(scores)[::-1])
    share = (np.searchsorted(np.sort(-scores), -ordered, side="right") + 1) / (len(scores) + 1)
    start = float(np.quantile(scores, 0.95))
    excess = max(float((scores[scores >= start] - start).mean()), np.finfo(float).tiny)
    body = ordered < start
    # A straight line in logarithms that ends at the smallest probability.
    end = start + excess * (np.log(0.05) - np.log(SMALLEST))
    return Null(
        np.concatenate([ordered[body], [start, end]]),
        np.concatenate([np.log(share[body]), [np.log(0.05), np.log(SMALLEST)]]),
    )


def rotation_null(metric: Floats, size: int, damping: float) -> Null:
    """The null of the greatest score over all rotations.

    Args:
        metric: <L_a t, L_b t> for the template of norm 1, (3, 3), in the plane (1, 1).
        size: the number of coordinates.
        damping: of the score, see `MatchedCoordinates`.
    """
    from scipy.stats import chi2

    if damping:
        # The norm of noise is independent of its direction. Great norms decide far in the tail.
        radii = np.linspace(0.05, 8.0, _RADII) * size
        weights = chi2.pdf(radii, size)
        needed = _SCORES[:, None] * np.sqrt(1.0 + damping / radii[None, :])
        found = _tube(metric, size, needed) @ (weights / weights.sum())
    else:
        found = _tube(metric, size, _SCORES)
    found = np.clip(found, SMALLEST, 1.0)
    found[0] = 1.0
    # The formula may fall where tubes are wide; probabilities never rise with the score.
    return Null(_SCORES, np.log(np.maximum.accumulate(found[::-1])[::-1]))


def curved(metric: Floats) -> Floats:
    """The eigenvalues of the metric, the greatest first, without those of axes about which nothing changes."""
    spread = np.sort(np.linalg.eigvalsh(metric))[::-1]
    found: Floats = spread[spread > _FREE * max(spread[0], 1.0)]
    return found


def _tube(metric: Floats, n: int, r: Floats) -> Floats:
    """The share of the unit sphere in n dimensions within a tube about the orbit, at most 1."""
    from scipy.special import betainc

    def share(a: float, b: float) -> Floats:
        """P(B >= r²) for the beta distribution."""
        found: Floats = betainc(max(b, 0.5), a, np.clip(1.0 - r * r, 0.0, 1.0))
        return found

    spread = curved(metric)
    if len(spread) == 3:
        volume = 8.0 * np.pi**2 * np.sqrt(spread.prod())
        curvature = volume * (_scalar_curvature(spread) - 6.0) / (4.0 * np.pi)
        found = volume / (2.0 * np.pi**2) * share(2.0, (n - 4) / 2)
        found = found + curvature / (2.0 * np.pi) * share(1.0, (n - 2) / 2)
    elif len(spread) == 2:
        area = 4.0 * np.pi * np.sqrt(spread.prod())
        found = area / (4.0 * np.pi) * share(1.5, (n - 3) / 2)
        found = found + (2.0 - area / (2.0 * np.pi)) / 2.0 * share(0.5, (n - 1) / 2)
    elif len(spread) == 1:
        found = np.sqrt(spread[0]) * share(1.0, (n - 2) / 2)
    else:
        found = 0.5 * share(0.5, (n - 1) / 2)
    clipped: Floats = np.clip(found, 0.0, 1.0)
    return clipped


def _scalar_curvature(spread: Floats) -> float:
    """Of the rotations under a left-invariant metric with these eigenvalues (Milnor)."""
    constants = spread / np.sqrt(spread.prod())
    means = constants.sum() / 2.0 - constants
    return float(2.0 * (means[0] * means[1] + means[1] * means[2] + means[2] * means[0]))
