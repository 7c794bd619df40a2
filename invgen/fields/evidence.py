"""How much likelier a place holds a turned copy of the template than another object made of the same stuff.

p-values test against noise, and another object is not noise. So two hypotheses are compared. In coordinates c in which
the noise is white with variance 1, and with the template t (of norm 1) at the contrast a, of length L,

    copy:   c = a L D(R) t + noise, R uniform,
    other:  c = noise + an object of the template's spectrum at the contrast b: independent normal coordinates, whose
            variance in each part is b² L² |t_part|² / size of the part.

The ratio of their likelihoods depends on c through the greatest product p = max over R of <c, D(R) t> and through the
norms of the parts, which are invariants of degree 2:

    log ratio = max over a of (a L p - a² L² / 2) - max over b of (sum over parts of |c_part|² w(b) / 2 - v(b)) - cost,

with w = s / (1 + s) and v = half the sum of log(1 + s) for the variances s. Contrasts run from the least that counts to
its inverse. The cost is that of fitting a rotation: the logarithm of the share of all rotations that noise leaves
possible, by the method of Laplace with the metric <L_a t, L_b t>. So the condition "ratio at least so much" reads
p >= needed(norms). Copies differ from the template by more than noise where they lie between voxels: the variance of
noise is raised by 5 % of the template's mean square, which also stands for noise where there is none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from invgen.fields.matched_coordinates import MatchedCoordinates
from invgen.fields.rotation_nulls import curved

Floats = NDArray[np.float64]
UNLIKE = 0.05  # of a copy's energy: half a voxel off along each axis, a template loses about so much
_STEP = 1.2  # between contrasts of other objects; the likelihood is flat at its maximum
_WIDEST = 16.0  # the contrasts of other objects if any counts
# Volumes of all rotations, of the sphere, of the circle: orbits of templates with 3, 2, 1, 0 axes that change them.
_VOLUMES = {3: 8.0 * np.pi**2, 2: 4.0 * np.pi, 1: 2.0 * np.pi, 0: 1.0}


@dataclass(frozen=True, eq=False)
class Evidence:
    """What the greatest product must be for a copy to be so much likelier than another object.

    Attributes:
        deviation: of the noise, in units of the coordinates.
        length: of the template in units of that noise.
        contrasts: the least and the greatest of a copy.
        weights: of the squared norms of the blocks, (contrasts of other objects, blocks).
        constants: what is taken off, (contrasts,).
        cost: of fitting a rotation.
        odds: the logarithm of the least ratio of likelihoods.
    """

    deviation: float
    length: float
    contrasts: tuple[float, float]
    weights: Floats
    constants: Floats
    cost: float
    odds: float
    _perfect: tuple[float, Floats] = field(repr=False)

    @classmethod
    def of(cls, matched: MatchedCoordinates, metric: Floats, length: float, least: float, confusion: float) -> Evidence:
        """The evidence for copies of a template.

        Args:
            matched: the template.
            metric: <L_a t, L_b t> for the template of norm 1.
            length: of the template in units of the coordinates.
            least: the least contrast of a copy, whose inverse is the greatest; 0 for any contrast.
            confusion: the greatest probability of another object, where copies and others are equally frequent.
        """
        layout = matched.layout
        deviation = np.sqrt(float(matched.noisy) + UNLIKE * length**2 / layout.size)
        own = length / deviation
        low, high = (least, 1.0 / least) if least else (0.0, np.inf)
        first, last = max(low, 1.0 / _WIDEST), min(high, _WIDEST)
        others = np.geomspace(first, last, 1 + int(np.ceil(np.log(last / first) / np.log(_STEP))))
        sizes = np.array([block.stop - block.start for block in layout.blocks], dtype=np.float64)
        powers = np.array([(matched.template[block] ** 2).sum() for block in layout.blocks])
        variances = (others[:, None] * own) ** 2 * powers / sizes
        stiff = curved(metric)
        logarithms = np.log(_VOLUMES[len(stiff)]) + 0.5 * np.log(own**2 * stiff / (2.0 * np.pi)).sum()
        # Of a copy in noise; a fitted rotation explains some of the noise.
        best = length + float(matched.noisy) * len(stiff) / (2.0 * length)
        return cls(
            *(float(deviation), float(own), (low, high)),
            0.5 * variances / (1.0 + variances),
            0.5 * np.log1p(variances) @ sizes,
            max(float(logarithms), 0.0),
            float(np.log((1.0 - confusion) / confusion)),
            (best, length**2 * powers + float(matched.noisy) * sizes),
        )

    @property
    def sufficient(self) -> bool:
        """Whether a copy at the template's contrast counts, in noise as it is on average."""
        product, energies = self._perfect
        return bool(product >= self.needed(energies[:, None])[0])

    def needed(self, energies: Any) -> Any:
        """The least product that counts at places (n,) with these squared norms of blocks, (blocks, n)."""
        others = (self.weights @ np.asarray(energies, dtype=np.float64)) / self.deviation**2
        least = (others - self.constants[:, None]).max(axis=0) + self.cost + self.odds
        return self.deviation * self._product(least)

    def _product(self, value: Floats) -> Floats:
        """The p with max over a of (a L p - a² L² / 2) = value."""
        low, high = self.contrasts[0] * self.length, self.contrasts[1] * self.length
        found = np.sqrt(2.0 * np.maximum(value, 0.0))
        if low:
            found = np.where(found < low, value / low + 0.5 * low, found)
        if np.isfinite(high):
            found = np.where(found > high, value / high + 0.5 * high, found)
        return found
