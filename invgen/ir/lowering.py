"""From a basis to a straight-line program: tensor entries first, then products that members share.

Equal values, also those of members lowered earlier, become one in the builder. Of all orders in which a contraction
can be multiplied, and of all sums of couplings through irreducible covariants, the one that adds the fewest operations
is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, singledispatch

from invgen.basis.basis import Basis
from invgen.contractions.contraction import Contraction
from invgen.contractions.expression import Expression, no_row
from invgen.contractions.planar_product import PlanarProduct
from invgen.contractions.trees import CouplingTree
from invgen.ir.builder import Builder
from invgen.ir.components import in_convention, rational_components
from invgen.ir.contracting import ways_of_contraction
from invgen.ir.couplings import Components, coupled
from invgen.ir.entries import entries_of
from invgen.ir.planar import product_of_moments
from invgen.ir.program import Program
from invgen.spaces.outputs import SCALAR

_REFINED_UP_TO = 5_000
"""Members times operations up to which each member's way is chosen again given all others."""

_SWEEPS = 3


def lower(basis: Basis) -> Program:
    """The value program x -> y of a basis, in its convention; outputs in the order of `basis.output_names`.

    Members are written in ascending and in descending order of degree, each in the way that adds the fewest operations
    to what is there. Where the basis is small, each member's way is then chosen again given all others as they are,
    until nothing changes. Of all programs seen, the first with the fewest operations is returned.

    Complexity: for small bases members² times the ways of a member, on `_REFINED_UP_TO` operations at most; beyond,
    each member's ways are tried once in either order.
    """
    places = sorted(range(len(basis)), key=lambda k: basis.contractions[k].degree)
    descending = sorted(places, key=lambda k: -basis.contractions[k].degree)
    written = [_Lowering(basis) for _ in range(2)]
    for lowering, order in zip(written, (places, descending), strict=True):
        lowering.write_all(order, {})
    best = min(written, key=lambda lowering: lowering.program.operations)
    if len(basis) * best.program.operations <= _REFINED_UP_TO:
        for start in written:
            best = min(best, _refined(basis, places, start), key=lambda lowering: lowering.program.operations)
    return best.program


def _refined(basis: Basis, order: Sequence[int], start: _Lowering) -> _Lowering:
    """The ways of `start` changed one at a time while that lowers the number of operations."""
    ways = dict(start.ways)
    best = start
    settled = 0  # members tried since the others last changed
    for k in list(ways) * _SWEEPS:
        trial = _Lowering(basis)
        trial.write_all([other for other in order if other != k], ways)
        trial.write(k)
        if trial.program.operations < best.program.operations:
            best = trial
        settled = settled + 1 if trial.ways[k] == ways[k] else 1
        ways[k] = trial.ways[k]
        if settled == len(ways):
            break
    return best


class _Lowering:
    """A program that is being written, member by member; `ways` numbers the way in which each was written."""

    def __init__(self, basis: Basis) -> None:
        self.basis = basis
        self.builder = Builder()
        self._x = self.builder.input("x", basis.space.dimension)
        self.entries = {
            tensor.name: entries_of(self.builder, basis, tensor, where, self._x)
            for tensor, where in zip(basis.space.tensors, basis.space.slices, strict=True)
            if any(tensor.name in c.tensors for c in basis.contractions if not c.by_components)
        }
        self._outputs: dict[int, list[int]] = {}
        self.ways: dict[int, int] = {}

    def write_all(self, order: Sequence[int], ways: Mapping[int, int]) -> None:
        """Write members in their ways, or the cheapest ones where none are given."""
        for k in order:
            self.write(k, ways.get(k))

    def write(self, k: int, way: int | None = None) -> None:
        """Write one member."""
        found = _written(self.basis.contractions[k], self)
        if isinstance(found, _Choice):
            self.ways[k] = self.builder.cheapest(found.ways) if way is None else way
            found = [found.ways[self.ways[k]]()]
        self._outputs[k] = found

    @cached_property
    def program(self) -> Program:
        """The program, when all members are written, without values that no member needs."""
        self.builder.output("y", [value for k in range(len(self.basis)) for value in self._outputs[k]])
        return self.builder.build()

    def components(self, name: str) -> Components:
        """The rational components of a tensor."""
        return rational_components(self.builder, self.basis, self._x, name)


@dataclass(frozen=True)
class _Choice:
    """Ways of writing one member, of which the cheapest is taken, and another one where that saves more elsewhere."""

    ways: Sequence[Callable[[], int]]


@singledispatch
def _written(member: Expression, lowering: _Lowering) -> list[int] | _Choice:
    """The values of a member's outputs, or the ways of writing it."""
    no_row(member, "instructions")


@_written.register
def _(contraction: Contraction, lowering: _Lowering) -> _Choice:
    return _Choice(ways_of_contraction(lowering.builder, contraction, lowering.entries, lowering.components))


@_written.register
def _(tree: CouplingTree, lowering: _Lowering) -> list[int]:
    components = coupled(lowering.builder, tree.root, lowering.components)
    if lowering.basis.outputs == SCALAR:
        return [lowering.builder.scale(*component) for component in components]
    return in_convention(lowering.builder, lowering.basis, components)


@_written.register
def _(product: PlanarProduct, lowering: _Lowering) -> list[int]:
    moments = {name: list(own.values()) for name, own in lowering.entries.items()}
    return [product_of_moments(lowering.builder, product, moments)]
