"""The candidates of a multidegree: all connected contractions, the cheapest first."""

from __future__ import annotations

from collections.abc import Sequence

from invgen.contractions.contraction import Contraction, from_graph
from invgen.contractions.graphs import EPSILON_VERTEX, connected_graphs
from invgen.contractions.plans import plan
from invgen.spaces.space import TensorSpace


def connected_contractions(space: TensorSpace, multidegree: Sequence[int]) -> list[tuple[int, Contraction]]:
    """All connected contractions of a multidegree with their costs, one of each isomorphism class.

    Those with an odd sum of ranks hold one Levi-Civita symbol. They span the rotation invariants of the multidegree
    modulo products (first fundamental theorem for SO(3)), though some may be zero or linearly dependent.

    Returns:
        (cost, contraction) in order of cost, then of canonical form.
    """
    vertices = [i for i, k in enumerate(multidegree) for _ in range(k)]
    ranks = [space.tensors[i].l for i in vertices]
    if sum(ranks) % 2:
        vertices, ranks = [EPSILON_VERTEX, *vertices], [3, *ranks]
    written = [from_graph(graph, space) for graph in connected_graphs(vertices, ranks)]
    return sorted(((plan(c).cost, c) for c in written), key=lambda pair: pair[0])
