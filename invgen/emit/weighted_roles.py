"""What the arrays of weighted contractions without a sample axis are, whichever language they are emitted in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from invgen.passes import gathered, weighted
from invgen.passes.gathered import GatheredPrograms
from invgen.passes.weighted import WeightedPrograms


@dataclass(frozen=True)
class Roles:
    """Names of arrays.

    Attributes:
        together: what the samples of a chunk share: weights of their species, or rows that they gather.
        shared: what all samples share.
        summed: sums over the samples of a chunk.
    """

    together: tuple[str, ...]
    shared: tuple[str, ...]
    summed: tuple[str, ...]

    @property
    def read(self) -> tuple[str, ...]:
        """Those that are read."""
        return self.together + self.shared


WEIGHTED: Final = Roles(weighted.BY_SPECIES, (), weighted.SUMMED)
GATHERED: Final = Roles(gathered.GATHERED, gathered.SHARED, gathered.SUMMED)


def roles_of(programs: WeightedPrograms | GatheredPrograms) -> Roles:
    """The roles of the arrays of these programs."""
    return GATHERED if isinstance(programs, GatheredPrograms) else WEIGHTED
