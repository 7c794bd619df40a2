"""Contractions as sums of coupling trees: the same invariants through irreducible covariants, exactly.

The multilinear invariants of two or three tensors are multiples of one coupling. Those of four are spanned by
((a,b)L,(c,d)L)0, one for each L, however the four are paired. The coefficients follow from values at integer points.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache, lru_cache
from itertools import count

import numpy as np

from invgen.algebra.finite_field import Echelon
from invgen.algebra.modular import fractions_mod
from invgen.algebra.rationals import solve
from invgen.contractions.at_points import exact_evaluator
from invgen.contractions.contraction import Contraction
from invgen.contractions.evaluation import Evaluator
from invgen.contractions.trees import CouplingTree, Node, write
from invgen.errors import EnumerationError
from invgen.spaces.space import EPSILON, TensorSpace

Recoupling = tuple[tuple[Fraction, Node], ...]
"""Coefficients and coupling trees whose sum is the contraction."""

_PRIME = 2**31 - 1
_PAIRINGS = {
    2: (((0,), (1,)),),
    3: (((0, 1), (2,)), ((0, 2), (1,)), ((1, 2), (0,))),
    4: (((0, 1), (2, 3)), ((0, 2), (1, 3)), ((0, 3), (1, 2))),
}


@lru_cache(maxsize=4096)
def recouplings(contraction: Contraction) -> tuple[Recoupling, ...]:
    """For each pairing of at most four tensors the sum of coupling trees that equals the contraction; else none.

    Complexity: (L + 1)^2 exact evaluations for each pattern of ranks and edges, which are kept.
    """
    if not 2 <= contraction.degree <= 4 or any(not group for group in contraction.groups):
        return ()
    names = iter(count())
    generic = tuple(name if name == EPSILON else f"t{next(names)}" for name in contraction.tensors)
    own = dict(zip((name for name in generic if name != EPSILON), contraction.factors, strict=True))
    patterns = _recouplings(Contraction(contraction.subscripts, generic))
    return tuple(tuple((c, _renamed(node, own)) for c, node in pattern) for pattern in patterns)


@cache
def _recouplings(contraction: Contraction) -> tuple[Recoupling, ...]:
    ranks = [len(g) for g, name in zip(contraction.groups, contraction.tensors, strict=True) if name != EPSILON]
    space = TensorSpace(" + ".join(f"t{i}:{l}e" for i, l in enumerate(ranks)), group="SO3")
    rng = np.random.default_rng(1)
    points: list[tuple[Evaluator, Fraction]] = []

    def at(number: int) -> tuple[Evaluator, Fraction]:
        """A point, and the contraction's value there; points are drawn as they are needed, once for all pairings."""
        while len(points) <= number:
            evaluator = exact_evaluator(space, rng.integers(-3, 4, (1, space.dimension)))
            points.append((evaluator, Fraction(evaluator.value(contraction)[0])))
        return points[number]

    found = []
    for left, right in _PAIRINGS[len(ranks)]:
        nodes = _trees(ranks, left, right)
        coefficients = _solve(nodes, at)
        found.append(tuple((c, node) for c, node in zip(coefficients, nodes, strict=True) if c))
    return tuple(found)


def _trees(ranks: Sequence[int], left: Sequence[int], right: Sequence[int]) -> list[Node]:
    """The couplings of two parts to a scalar, one for each rank that both reach."""

    def reached(part: Sequence[int]) -> dict[int, Node]:
        if len(part) == 1:
            return {ranks[part[0]]: f"t{part[0]}"}
        a, b = part
        return {l: (f"t{a}", f"t{b}", l) for l in range(abs(ranks[a] - ranks[b]), ranks[a] + ranks[b] + 1)}

    one, other = reached(left), reached(right)
    return [(one[l], other[l], 0) for l in sorted(one.keys() & other.keys())]


def _solve(nodes: Sequence[Node], at: Callable[[int], tuple[Evaluator, Fraction]]) -> list[Fraction]:
    """The coefficients, from as many points as make the trees independent; the trees span, so they are unique.

    Trees that are independent functions are so at generic points, so that points that add to the rank do come.
    """
    trees = [CouplingTree(write(node)) for node in nodes]
    independent = Echelon(len(trees), _PRIME)
    rows: list[list[Fraction]] = []
    wanted: list[list[Fraction]] = []
    numbers = count()
    while len(rows) < len(trees):
        evaluator, whole = at(next(numbers))
        row = [Fraction(evaluator.value(tree)[0]) for tree in trees]
        if independent.insert(fractions_mod(np.array(row, dtype=object), np.array([_PRIME]))[0]):
            rows.append(row)
            wanted.append([whole])
    found = solve(rows, wanted)
    if found is None:
        raise EnumerationError("independent points have a singular matrix; please report this as a defect")
    return [row[0] for row in found]


def _renamed(node: Node, names: dict[str, str]) -> Node:
    if isinstance(node, str):
        return names[node]
    return (_renamed(node[0], names), _renamed(node[1], names), node[2])
