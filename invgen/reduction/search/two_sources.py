"""Where generators come from: contractions where their graphs are few, coupling trees elsewhere.

The multidegree alone decides, so every selection that chooses between the two has the same candidates.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from invgen.reduction.search.components import Rules
from invgen.reduction.search.generators import SERIAL, GeneratorStage, Work
from invgen.reduction.search.products import Candidate
from invgen.spaces.space import TensorSpace

_CONTRACTION_DEGREE = 4
_CONTRACTION_INDICES = 24


def few_graphs(space: TensorSpace, multidegree: Sequence[int]) -> bool:
    """Whether a multidegree has few contraction graphs, so that they are preferred to coupling trees."""
    indices = sum(k * t.l for k, t in zip(multidegree, space.tensors, strict=True))
    return not indices or (sum(multidegree) <= _CONTRACTION_DEGREE and indices <= _CONTRACTION_INDICES)


class TwoSources:
    """The generators of any multidegree, each from the source that suits it.

    Args:
        space: the tensors and the group.
        work: where multidegrees are solved and kept.
    """

    def __init__(self, space: TensorSpace, work: Work = SERIAL) -> None:
        self._space = space
        self._graphs = GeneratorStage(space, Rules(space.group), work=work)
        self._trees = GeneratorStage(space, Rules(space.group, couplings=True, minimal=True), work=work)

    def generators(self, multidegree: tuple[int, ...]) -> tuple[Candidate, ...]:
        """Those of one multidegree, the cheapest first; none where it has no invariant."""
        if not self._space.count(multidegree):
            return ()
        stage = self._graphs if few_graphs(self._space, multidegree) else self._trees
        return stage.component(multidegree).generators

    def cheapest_first(self, multidegrees: Iterable[tuple[int, ...]]) -> list[Candidate]:
        """Those of several multidegrees in order of cost, then in the order of the multidegrees."""
        found = [generator for multidegree in multidegrees for generator in self.generators(multidegree)]
        return sorted(found, key=lambda generator: generator.cost)
