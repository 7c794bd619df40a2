"""From bases and weights to one straight-line program: y_o = Σ_k w_k B_{k,o}(x), weights applied as early as it pays.

A covariant that is a coupling tree ends in a coupling with one tensor. Couplings are linear, so members whose last
coupling is the same are weighted and summed before it: the coupling is then computed once for all of them. This is
Horner's rule for equivariant polynomials; MACE's contraction nests its sums in the same way (Batatia et al.,
arXiv:2206.07697, eq. 10 and 11), with dense tensors in place of trees.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from invgen.basis.basis import Basis
from invgen.contractions.trees import CouplingTree, Node, common_ratio
from invgen.ir.builder import Builder
from invgen.ir.components import in_convention, rational_components
from invgen.ir.couplings import Components, couple, coupled
from invgen.ir.lowering import lower
from invgen.ir.program import Program
from invgen.spaces import conventions
from invgen.spaces.outputs import SCALAR, is_cartesian, output_irrep
from invgen.spaces.point_groups import is_structural

Weighted = tuple[int, Node]  # the value of a weight, and the tree that it multiplies


def lower_weighted(bases: Sequence[Basis]) -> Program:
    """The program (x, w) -> y of bases over one space: w holds their weights and y their outputs, one after the other.

    Each basis is written as its own program with weights at the end, and, where all members are coupling trees, with
    weights inside; the way that adds fewer operations stays. Subexpressions that bases share are computed once.
    """
    builder = Builder()
    x = builder.input("x", bases[0].space.dimension)
    w = builder.input("w", sum(len(basis) for basis in bases))
    outputs: list[int] = []
    first = 0
    for basis in bases:
        weights = w[first : first + len(basis)]
        first += len(basis)
        ways = _ways(builder, basis, x, weights)
        outputs += ways[builder.cheapest(ways)]()
    builder.output("y", outputs)
    return builder.build()


def components_of(basis: Basis) -> int:
    """How many rows one member of a basis has: 1, or 2L + 1 for covariants of rank L."""
    return len(basis.output_names) // len(basis)


def _ways(builder: Builder, basis: Basis, x: Sequence[int], w: Sequence[int]) -> list[Callable[[], list[int]]]:
    program = lower(basis)
    size = components_of(basis)

    def at_the_end() -> list[int]:
        values = list(x)
        for instruction in program.instructions[len(values) :]:
            args = [values[arg] for arg in instruction.args]
            values.append(builder.apply(instruction.op, args, instruction.constant))
        rows = [values[value] for value in program.outputs[0][1]]
        return [builder.dot(w, rows[o::size]) for o in range(size)]

    def inside() -> list[int]:
        return _horner(builder, basis, roots, x, w)

    # Horner's rule is a way of coupling trees alone, whatever other kinds of expressions there are.
    roots = [member.root for member in basis.contractions if isinstance(member, CouplingTree)]
    trees = len(roots) == len(basis) and not is_cartesian(basis.outputs)
    return [at_the_end, inside] if trees and basis.convention in conventions.NAMES else [at_the_end]


def _horner(builder: Builder, basis: Basis, roots: Sequence[Node], x: Sequence[int], w: Sequence[int]) -> list[int]:
    """The weighted sum of coupling trees in the convention of the basis."""
    structural = {name for member in basis.contractions for name in member.tensors if is_structural(name)}
    names = [*basis.space.names, *sorted(structural)]
    leaves = {name: rational_components(builder, basis, x, name) for name in names}
    total = _Sums(builder, leaves).weighted(list(zip(w, roots, strict=True)), output_irrep(basis.outputs).l)
    if basis.outputs == SCALAR:
        return [builder.scale(*component) for component in total]
    return in_convention(builder, basis, total)


class _Sums:
    """Weighted sums of coupling trees of one rank, in rational components up to factors."""

    def __init__(self, builder: Builder, leaves: Mapping[str, Components]) -> None:
        self._builder = builder
        self._leaves = leaves

    def weighted(self, terms: Sequence[Weighted], rank: int) -> Components:
        """Σ w · tree: each distinct last coupling once, of the sum of what it is applied to."""
        groups: dict[tuple[int, Node], list[Weighted]] = {}
        rest: list[Weighted] = []
        for weight, node in terms:
            if not isinstance(node, str) and _degree(node) > 2:
                groups.setdefault((self._rank(node[0]), node[1]), []).append((weight, node[0]))
        for weight, node in terms:
            if isinstance(node, str):
                rest.append((weight, node))
            elif _degree(node) == 2:
                # A product of two tensors joins a coupling that is there; alone it is likely to be shared.
                group = groups.get((self._rank(node[0]), node[1]))
                (rest if group is None else group).append((weight, node if group is None else node[0]))
        parts = [self._direct(rest, rank)] if rest else []
        parts += [self._group(left, members, right, rank) for (left, right), members in groups.items()]
        return [self._sum(component) for component in zip(*parts, strict=True)]

    def _group(self, left: int, members: Sequence[Weighted], right: Node, rank: int) -> Components:
        """The coupling to `right` of the weighted sum of members of rank `left`."""
        if len(members) == 1 and left >= rank:
            weight, node = members[0]
            coupled_ = couple(self._builder, self._tree(node), self._tree(right), rank)
            return [(factor, self._builder.mul(weight, value)) for factor, value in coupled_]
        ways = [lambda: self._direct(members, left), lambda: self.weighted(members, left)]
        return couple(self._builder, ways[self._builder.cheapest(ways)](), self._tree(right), rank)

    def _direct(self, terms: Sequence[Weighted], rank: int) -> Components:
        """Σ w · tree with every tree on its own."""
        trees = [(weight, self._tree(node)) for weight, node in terms]
        return [
            self._sum([(tree[m][0], self._builder.mul(weight, tree[m][1])) for weight, tree in trees])
            for m in range(2 * rank + 1)
        ]

    def _sum(self, terms: Sequence[tuple[Fraction, int]]) -> tuple[Fraction, int]:
        unit = common_ratio([factor for factor, _ in terms])
        return unit, self._builder.combine((factor / unit, value) for factor, value in terms)

    def _tree(self, node: Node) -> Components:
        return coupled(self._builder, node, self._leaves.__getitem__)

    def _rank(self, node: Node) -> int:
        return len(self._leaves[node]) // 2 if isinstance(node, str) else node[2]


def _degree(node: Node) -> int:
    return 1 if isinstance(node, str) else _degree(node[0]) + _degree(node[1])
