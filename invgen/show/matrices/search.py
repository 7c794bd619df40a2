"""Products of words of one multidegree that span all equivariant maps of it, and a member in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np

from invgen.algebra.finite_field import Vector, derived_points, derived_primes, reduced_rows
from invgen.algebra.modular import Array, Plain, PrimeField
from invgen.algebra.rationals import solve
from invgen.contractions.at_points import exact_evaluator
from invgen.contractions.expression import Expression
from invgen.contractions.trees import CouplingTree
from invgen.errors import EnumerationError
from invgen.show.matrices import letters as readings
from invgen.show.matrices.candidates import DEVIATORS, SCALARS, SKEWS, VECTORS, Candidates, Product, components
from invgen.show.matrices.words import PROJECTOR, VECTOR, Letter, Order, Values
from invgen.spaces.groups import count_maps
from invgen.spaces.space import TensorSpace

_CONTENT = "invgen 1|matrix form"
_RANGE = 19  # coordinates -9..9 keep the rationals small
_MORE_POINTS = 6
_ATTEMPTS = 4
_KEPT = 256


@dataclass(frozen=True, eq=False)
class Table:
    """Candidates of one multidegree with their values at points at which equivariant maps of it are determined.

    Attributes:
        kind: "scalars", "vectors", "deviators" or "skews".
        letters: of the words.
        order: of words.
        candidates: in the order of preference.
        axis_degrees: how often each holds the axis.
        values: modulo the prime at `columns` alone, on which they are determined, (candidates, dimension).
        columns: numbers of components at points.
        prime: of 31 bits.
        axis_square: of the integer vector along the axis; 1 where there is none.
    """

    kind: str
    letters: tuple[Letter, ...]
    order: Order
    candidates: tuple[Product, ...]
    axis_degrees: tuple[int, ...]
    values: Vector
    columns: list[int]
    prime: int
    axis_square: int
    _space: TensorSpace
    _given: dict[str, Array]
    _points: Array

    @property
    def projects(self) -> bool:
        """Whether N = n n^T takes the place of the axis."""
        return self.letters[-1].kind == PROJECTOR

    def of_axis_parity(self, odd: int) -> list[int]:
        """The candidates that hold the axis an even or an odd number of times; all where N takes its place."""
        return [i for i, k in enumerate(self.axis_degrees) if self.projects or k % 2 == odd]

    def exact(self, expression: Expression) -> Array:
        """The member's rational components at the points, one after the other, as Fractions."""
        at = exact_evaluator(self._space, self._points)
        found = at.covariant(expression.root) if isinstance(expression, CouplingTree) else at.value(expression)
        flat: Array = found.ravel()
        return flat

    def residues(self, exact: Array) -> Vector:
        """Exact values modulo the prime at `columns`."""
        chosen = [Fraction(exact[i]) for i in self.columns]
        return np.array([v.numerator * pow(v.denominator, -1, self.prime) % self.prime for v in chosen], dtype=np.int64)

    def solution(self, places: Sequence[int], member: Array) -> list[Fraction]:
        """The coefficients with which independent candidates make the member, proved at all points.

        Raises:
            EnumerationError: they do not.
        """
        values = Values(self._given, Plain())
        rows = [self._exact_value(values, place) for place in places]
        _, pivots = reduced_rows(self.values[list(places)], self.prime)
        chosen = [self.columns[i] for i in pivots]
        found = solve([[row[i] for row in rows] for i in chosen], [[Fraction(member[i])] for i in chosen])
        coefficients = [] if found is None else [row[0] for row in found]
        if found is None or any(
            sum(c * row[i] for c, row in zip(coefficients, rows, strict=True)) != value
            for i, value in enumerate(member)
        ):
            raise EnumerationError("words do not make the member that they make modulo a prime; please report this")
        return coefficients

    def _exact_value(self, values: Values, place: int) -> list[Fraction]:
        factors = self.candidates[place]
        scale = Fraction(1, self.axis_square ** (0 if self.projects else self.axis_degrees[place] // 2))
        total = np.array([scale] * len(self._points), dtype=object)
        last = None
        for factor in factors:
            if self.kind == SCALARS or factor.is_scalar:
                total = total * values.of(factor)
            else:
                last = np.array(components(self.kind, values.of(factor)))
        return list((total if last is None else total[:, None] * last).ravel())


@lru_cache(maxsize=_KEPT)
def table(space: TensorSpace, rank: int, parity: int, multidegree: tuple[int, ...]) -> Table:
    """The candidates for equivariant maps of a multidegree to H_rank of a parity.

    Raises:
        EnumerationError: the words do not span them.
    """
    powers = [(t.l, k) for t, k in zip(space.tensors, multidegree, strict=True)]
    wanted = count_maps(powers, space.parity(multidegree) * parity, space.symmetry, rank)
    kind = (SCALARS, VECTORS if parity < 0 else SKEWS, DEVIATORS)[rank]
    prime = derived_primes(_CONTENT, 1)[0]
    count = wanted + _MORE_POINTS
    for _ in range(_ATTEMPTS):
        found = _table(space, kind, parity, multidegree, wanted, count, prime)
        if found is not None:
            return found
        count *= 2
    raise EnumerationError(
        f"words do not span the {wanted} maps of multidegree {multidegree} of {space} to rank {rank}; please report "
        "this as a defect"
    )


def _table(
    space: TensorSpace, kind: str, parity: int, multidegree: tuple[int, ...], wanted: int, count: int, prime: int
) -> Table | None:
    letters = readings.letters(space)
    entries = derived_points(_CONTENT, _RANGE, count, space.dimension).astype(object) - _RANGE // 2
    given, points = readings.values_of(space, entries)
    axis, square = readings.axis(space), 1
    if axis is not None:
        vector = np.array([axis] * count, dtype=object)
        square = sum(v * v for v in axis)
        matrix = vector[:, :, None] * vector[:, None, :]
        given[letters[-1].name] = vector if letters[-1].kind == VECTOR else matrix * Fraction(1, square)
    residues = {name: _modulo(array, prime) for name, array in given.items()}
    search = Candidates(letters, Values(residues, PrimeField(np.full(count, prime))), prime, count)
    candidates: list[tuple[int, Product]] = []
    values: list[Vector] = []
    reach = 0 if axis is None else sum(t.l * k for t, k in zip(space.tensors, multidegree, strict=True)) + 2
    for k in range(reach + 1):
        if axis is not None and not _admits(space, multidegree, k, letters[-1], parity):
            continue
        degrees = multidegree if axis is None else (*multidegree, k)
        columns = sum(n for x, n in zip(letters, degrees, strict=True) if x.kind == VECTOR)
        scale = pow(square, -(k // 2), prime) if axis is not None and letters[-1].kind == VECTOR else 1
        for factors in search.of(kind, degrees, (columns + (kind == VECTORS)) % 2):
            candidates.append((k, factors))
            values.append(search.value(kind, factors) * scale % prime)
        if not values:
            continue
        _, pivots = reduced_rows(np.stack(values), prime)
        if len(pivots) == wanted:
            order = sorted(range(len(values)), key=lambda i: search.order.of_factors(candidates[i][1]))
            return Table(
                kind,
                letters,
                search.order,
                tuple(candidates[i][1] for i in order),
                tuple(candidates[i][0] for i in order),
                np.stack([values[i][pivots] for i in order]),
                pivots,
                prime,
                square,
                space,
                given,
                points,
            )
    return None


def _admits(space: TensorSpace, multidegree: tuple[int, ...], k: int, letter: Letter, parity: int) -> bool:
    """Whether products that hold the axis k times are equivariant: where mirrors reverse it or not."""
    if letter.kind == PROJECTOR or space.group != "Cinfv":
        return True
    return (space.parity(multidegree) == parity) == (k % 2 == 0)


def _modulo(array: Array, prime: int) -> Vector:
    flat = [Fraction(v) for v in array.ravel().tolist()]
    values = [v.numerator * pow(v.denominator, -1, prime) % prime for v in flat]
    return np.array(values, dtype=np.int64).reshape(array.shape)
