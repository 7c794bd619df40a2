"""What a convolution computes: its paths, where their rows stand in every array, and the matrices of a pair.

    out[i, (m, p), c] = Σ over pairs of receiver i  of  w[pair, p, c] Σ_n M_p[m, n](r) x[source, n, c]

Rows of an irrep with multiplicity k stand by component, then by copy: the row of component n of copy u is n k + u. All
copies have channels of their own, so that the k rows of a component with C channels are k C numbers in one line.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from invgen.ir.program import Program
from invgen.ir.tensor_products import (
    CouplingRanks,
    MatrixEntry,
    matrices_of_harmonics,
    matrices_of_vectors,
)
from invgen.spaces.irreps import symbol_of


@dataclass(frozen=True)
class RowBlock:
    """The rows of one irrep in an array.

    Attributes:
        l: the rank.
        parity: +1 or -1.
        copies: the multiplicity.
        first: its first row.
    """

    l: int
    parity: int
    copies: int
    first: int

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return (2 * self.l + 1) * self.copies

    @property
    def irrep(self) -> str:
        """The irrep as e3nn writes it, without the multiplicity."""
        return symbol_of(self.l, self.parity)


@dataclass(frozen=True)
class PlacedPath:
    """One path, and where it reads and writes.

    Attributes:
        source: the block of the features.
        harmonic: the block of the harmonics.
        target: the block of the output, in which the path has `source.copies` of the copies.
        offset: the first of these copies.
        weight: the first of its `source.copies` rows of weights.
        factor: what multiplies its coefficients.
        entries: the places (m, n) of its matrix and their numbers.
    """

    source: RowBlock
    harmonic: RowBlock
    target: RowBlock
    offset: int
    weight: int
    factor: Fraction
    entries: tuple[MatrixEntry, ...]


@dataclass(frozen=True)
class Knots:
    """Where the polynomials of a radial table meet: on equal intervals of a span of distances.

    Attributes:
        count: how many knots, both ends among them.
        first: the smallest distance.
        last: the largest.
    """

    count: int
    first: Fraction
    last: Fraction

    @property
    def intervals(self) -> int:
        """How many intervals there are."""
        return self.count - 1

    @property
    def density(self) -> Fraction:
        """Intervals per unit of length."""
        return self.intervals / (self.last - self.first)


@dataclass(frozen=True)
class Convolution:
    """All that emitters need.

    Attributes:
        paths: in the order of the weights.
        sources: the blocks of the features.
        targets: the blocks of the output.
        matrices: the program of a pair, from its vector (3) or its harmonics to the entries of all matrices.
        angular: "unit" or "solid" where the program takes a vector, "given" where it takes harmonics.
        weights: rows of weights.
        knots: those of tables in which weights are looked up by distance; None where weights are given.
    """

    paths: tuple[PlacedPath, ...]
    sources: tuple[RowBlock, ...]
    targets: tuple[RowBlock, ...]
    matrices: Program
    angular: str
    weights: int
    knots: Knots | None = None

    @property
    def source_rows(self) -> int:
        """Rows of the features."""
        return sum(block.rows for block in self.sources)

    @property
    def rows(self) -> int:
        """Rows of the output."""
        return sum(block.rows for block in self.targets)


@dataclass(frozen=True)
class Route:
    """A path by the numbers of its features and harmonics, and its irrep.

    Attributes:
        source: the number of the block of the features.
        harmonic: the number of the block of the harmonics.
        l: the rank of the messages.
        parity: their parity.
        factor: what multiplies the coefficients.
    """

    source: int
    harmonic: int
    l: int
    parity: int
    factor: Fraction = Fraction(1)


def blocks(terms: tuple[tuple[int, int, int], ...]) -> tuple[RowBlock, ...]:
    """The blocks of (multiplicity, rank, parity), one after the other."""
    found: list[RowBlock] = []
    first = 0
    for copies, l, parity in terms:
        found.append(RowBlock(l, parity, copies, first))
        first += found[-1].rows
    return tuple(found)


def convolution(
    sources: tuple[RowBlock, ...],
    harmonics: tuple[RowBlock, ...],
    routes: tuple[Route, ...],
    convention: str,
    angular: str,
    knots: Knots | None = None,
) -> Convolution:
    """The paths of `routes`, with their places; outputs stand by rank, then even before odd, then as the paths do.

    Args:
        sources: the blocks of the features.
        harmonics: the blocks of the harmonics; where they are made inside, rank 0, 1, ... once each.
        routes: the paths; ranks and parities fit.
        convention: of all components.
        angular: as in `Convolution`.
        knots: as in `Convolution`.
    """
    copies: dict[tuple[int, int], int] = {}
    offsets: list[int] = []
    for route in routes:
        key = route.l, -route.parity
        offsets.append(copies.get(key, 0))
        copies[key] = offsets[-1] + sources[route.source].copies
    targets = blocks(tuple((copies[key], key[0], -key[1]) for key in sorted(copies)))
    target_of = {(block.l, block.parity): block for block in targets}
    ranks = tuple(
        CouplingRanks(
            sources[route.source].l,
            harmonics[route.harmonic].l,
            route.l,
            harmonics[route.harmonic].first,
            route.factor,
        )
        for route in routes
    )
    if angular == "given":
        matrices = matrices_of_harmonics(ranks, sum(block.rows for block in harmonics))
    else:
        matrices = matrices_of_vectors(ranks, harmonics[-1].l, convention, angular == "solid")
    placed: list[PlacedPath] = []
    weight = 0
    for route, offset, entries in zip(routes, offsets, matrices.entries, strict=True):
        source = sources[route.source]
        target = target_of[route.l, route.parity]
        placed.append(PlacedPath(source, harmonics[route.harmonic], target, offset, weight, route.factor, entries))
        weight += source.copies
    return Convolution(tuple(placed), sources, targets, matrices.program, angular, weight, knots)
