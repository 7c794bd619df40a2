"""The cheapest form of every member: another invariant of its multidegree that leaves the generated algebra as it is.

A member m may be replaced by f = c m + P, where c is not zero and P is a polynomial in the members before it. Then
members and replacements generate the same algebra, step by step, and their gradients span the same space at every
point: independence, completeness, flexibility, full rank on strata, the orbits that are told apart and what products
generate are untouched. P has the multidegree of m, so it is a combination of products of earlier members.

Whether f is of this kind is decided by values at points modulo three primes, as ranks of rejected candidates are; the
certificate is that of the members returned, so that nothing it proves rests on this.

Forms are contraction graphs and coupling trees. They are compared by the operations that they add to those of the
members before (`reduction.forms.operations`), so raising max_degree only appends. The form that a selection found stays
unless another one takes three quarters of its operations at most: intermediates of contractions serve later members
more often, which no cost of a member and those before it can see.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np

from invgen.algebra.finite_field import Echelon, Vector, derived_primes
from invgen.contractions.candidates import connected_contractions
from invgen.contractions.expression import Expression
from invgen.reduction.forms.operations import Ledger
from invgen.reduction.forms.tree_forms import TreeForms
from invgen.reduction.search.patterns import Multidegree
from invgen.reduction.search.products import Candidate, product_rows
from invgen.reduction.search.two_sources import few_graphs
from invgen.reduction.search.values import PointValues
from invgen.spaces.space import TensorSpace
from invgen.stages import Progress

_CONTENT = "invgen 1|forms"
_PRIMES = 3
_SPARE_POINTS = 2
_WORTH = Fraction(3, 4)  # of the operations of the form found first


def cheapest_forms(
    space: TensorSpace, members: Sequence[Expression], progress: Progress | None = None
) -> list[Expression]:
    """The members in their order, each in the form that adds the fewest operations.

    Complexity: for each member its forms, each priced in time linear in its operations, and the values of the products
    of earlier members at as many points as its multidegree has invariants.
    """
    search = _FormSearch(space)
    for done, member in enumerate(members):
        search.add(member)
        if progress is not None:
            progress("forms", done + 1, len(members))
    return search.chosen


class _FormSearch:
    """The forms chosen so far."""

    def __init__(self, space: TensorSpace) -> None:
        self.chosen: list[Expression] = []
        self._space = space
        self._generators: list[Candidate] = []
        self._ledger = Ledger(space)
        self._trees = TreeForms(space)
        self._points = [PointValues(space, p, _CONTENT) for p in derived_primes(_CONTENT, _PRIMES)]

    def add(self, member: Expression) -> None:
        """Choose the form of the next member."""
        multidegree = member.multidegree(self._space)
        form = self._cheapest(member, multidegree)
        self._ledger.write(form)
        self.chosen.append(form)
        self._generators.append(Candidate(multidegree, 0, form))

    def _cheapest(self, member: Expression, multidegree: Multidegree) -> Expression:
        bound = _WORTH * self._ledger.added(member)
        priced = [(self._ledger.added(form), form) for form in self._others(member, multidegree)]
        worth = sorted((pair for pair in priced if pair[0] <= bound), key=lambda pair: pair[0])
        tests: list[_Equivalence] = []
        for _, form in worth:
            for number, points in enumerate(self._points):
                if number == len(tests):
                    tests.append(_Equivalence(self._space, member, multidegree, self._generators, points))
                if not tests[number].holds(form):
                    break
            else:
                return form
        return member

    def _others(self, member: Expression, multidegree: Multidegree) -> Iterator[Expression]:
        """Other connected contractions where they are few, then coupling trees."""
        if member.degree == 1:
            return
        if few_graphs(self._space, multidegree):
            yield from (c for _, c in connected_contractions(self._space, multidegree) if c != member)
        yield from (tree for tree in self._trees.invariants(multidegree) if tree != member)


class _Equivalence:
    """Whether a form is a multiple, not zero, of a member, up to products of earlier members, at one prime."""

    def __init__(
        self,
        space: TensorSpace,
        member: Expression,
        multidegree: Multidegree,
        earlier: Sequence[Candidate],
        points: PointValues,
    ) -> None:
        self._points = points
        self._length = space.count_rotation_invariants(multidegree) + _SPARE_POINTS
        self._products = Echelon(self._length, points.prime)
        for row in product_rows(earlier, multidegree, points, self._length):
            self._products.insert(row)
        self._member = self._residue(member)

    def holds(self, form: Expression) -> bool:
        """Whether form - c · member vanishes modulo the products for a c that is not zero."""
        residue = self._residue(form)
        place = int(np.argmax(self._member != 0))
        prime = self._points.prime
        factor = int(residue[place]) * pow(int(self._member[place]), -1, prime) % prime
        return factor != 0 and not ((residue - factor * self._member) % prime).any()

    def _residue(self, expression: Expression) -> Vector:
        values = self._points.values(expression, self._length)
        residue: Vector = self._products.residues(values[None])[0]
        return residue
