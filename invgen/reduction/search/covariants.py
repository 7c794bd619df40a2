"""Covariants of a multidegree as coupling trees, and the invariants that pairs of them make.

All covariants of a multidegree arise by coupling one more tensor to those of the multidegree with that tensor taken
off, because Sym^k(H) lies in H ⊗ Sym^(k-1)(H). Invariants are scalar products of covariants of two halves of the
multidegree, which span them for the same reason.
"""

from __future__ import annotations

from collections.abc import Iterator

from invgen.algebra.finite_field import Echelon
from invgen.contractions.coupling import coupling
from invgen.contractions.trees import CouplingTree, Node, write
from invgen.errors import EnumerationError
from invgen.reduction.search.patterns import Multidegree
from invgen.reduction.search.values import PointValues
from invgen.spaces import groups
from invgen.spaces.point_groups import PointGroup, structural_names
from invgen.spaces.space import TensorSpace

_SPARE_POINTS = 2


class CovariantPool:
    """Bases of the covariants of each multidegree and rank, built when they are asked for.

    Args:
        space: the tensors.
        points: where covariants are told apart.
    """

    def __init__(self, space: TensorSpace, points: PointValues) -> None:
        self._space = space
        self._points = points
        self._known: dict[tuple[Multidegree, int], list[tuple[int, Node]]] = {}

    def covariants(self, multidegree: Multidegree, rank: int) -> list[tuple[int, Node]]:
        """A basis of the covariants of this rank, (cost, tree) in order of cost.

        The cost is the number of terms of the couplings. Their number is the multiplicity of H_rank.
        """
        key = (multidegree, rank)
        if key not in self._known:
            self._known[key] = self._build(multidegree, rank)
        return self._known[key]

    def invariants(self, multidegree: Multidegree) -> Iterator[tuple[int, CouplingTree]]:
        """Invariants that span those of a multidegree modulo products: by the rank of the two halves, then by cost."""
        if sum(multidegree) == 1:
            for cost, node in self.covariants(multidegree, 0):
                yield cost, CouplingTree(write(node))
            return
        half, rest = _halves(multidegree)
        highest = sum(k * t.l for k, t in zip(rest, self._space.tensors, strict=True))
        # Scalars of the halves make products of invariants, unless inversion changes the sign of both.
        for rank in range(1 if self._space.admits(half) else 0, highest + 1):
            pairs = [
                (a + b + 2 * rank + 1, u, v)
                for a, u in self.covariants(half, rank)
                for b, v in self.covariants(rest, rank)
            ]
            for cost, u, v in sorted(pairs, key=lambda pair: pair[0]):
                yield cost, CouplingTree(write((u, v, 0)))

    def maps(self, multidegree: Multidegree, group: PointGroup, rank: int, parity: int) -> list[tuple[int, Node]]:
        """A basis of the equivariant maps to H_rank under a subgroup of O(3), as (cost, tree).

        Args:
            multidegree: not zero.
            group: the subgroup.
            rank: of the outputs.
            parity: of the multidegree and of the outputs, multiplied.

        Every covariant of every rank is coupled to every structural tensor that this rank and the outputs' couple with,
        which gives all maps once (docs/mathematics.md).
        """
        highest = sum(k * t.l for k, t in zip(multidegree, self._space.tensors, strict=True))
        found: list[tuple[int, Node]] = []
        for inner in range(highest + 1):
            for l in range(abs(inner - rank), inner + rank + 1):
                names = structural_names(group, l, parity)
                if not names:
                    continue
                joined = coupling(inner, l, rank)
                terms = len(joined.terms) if joined and l else 0
                for cost, node in self.covariants(multidegree, inner):
                    found += [(cost + terms, (node, name, rank) if l else node) for name in names]
        return found

    def _build(self, multidegree: Multidegree, rank: int) -> list[tuple[int, Node]]:
        count = _multiplicity(self._space, multidegree, rank)
        if not count:
            return []
        last = max(i for i, k in enumerate(multidegree) if k)
        tensor = self._space.tensors[last]
        smaller = (*multidegree[:last], multidegree[last] - 1, *multidegree[last + 1 :])
        if not any(smaller):
            return [(0, tensor.name)]  # count > 0 says that the rank is the tensor's
        candidates: list[tuple[int, Node, int]] = []
        for inner in range(abs(rank - tensor.l), rank + tensor.l + 1):
            found = coupling(inner, tensor.l, rank)
            terms = len(found.terms) if found else 0
            candidates += [
                (cost + terms, (node, tensor.name, rank), inner) for cost, node in self.covariants(smaller, inner)
            ]
        # One component decides: if a combination has one component zero everywhere, rotation makes all of them zero.
        echelon = Echelon(count + _SPARE_POINTS, self._points.prime)
        kept: list[tuple[int, Node]] = []
        for cost, node, _ in sorted(candidates, key=lambda candidate: candidate[0]):
            if echelon.insert(self._points.covariant(node, count + _SPARE_POINTS)[:, 0]):
                kept.append((cost, node))
                if len(kept) == count:
                    return kept
        raise EnumerationError(
            f"multidegree {multidegree} of {self._space} has {count} covariants of rank {rank}, but couplings give "
            f"{len(kept)}; please report this as a defect"
        )


def _multiplicity(space: TensorSpace, multidegree: Multidegree, rank: int) -> int:
    return groups.count_covariants(((t.l, k) for t, k in zip(space.tensors, multidegree, strict=True)), rank)


def _halves(multidegree: Multidegree) -> tuple[Multidegree, Multidegree]:
    """Two multidegrees that sum to the given one, the degree of the second the lower half of its degree."""
    rest = [k // 2 for k in multidegree]
    missing = sum(multidegree) // 2 - sum(rest)
    for i, k in enumerate(multidegree):
        if missing and k % 2:
            rest[i] += 1
            missing -= 1
    return tuple(k - r for k, r in zip(multidegree, rest, strict=True)), tuple(rest)
