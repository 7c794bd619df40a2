"""What a basis can tell apart: its rank on vanishing patterns, spherical functions and symmetric inputs, and orbits.

Every rank is that of the members' gradients at a generic point of a subspace, restricted to it, modulo a prime: a
proved lower bound. Where it is the rank that is needed, which nothing exceeds, the verdict "full" is proved. Where it
falls short at three primes and points, the shortfall is real but for a probability that is stated where it is bounded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from invgen.algebra.finite_field import Echelon, Vector, derived_points
from invgen.algebra.modular import product_modulo
from invgen.contractions.at_points import evaluator
from invgen.contractions.expression import Expression
from invgen.reduction.orbits.fibres import FibreBounds
from invgen.reduction.orbits.strata import golden_primes, strata
from invgen.reduction.proofs.error_bounds import minor_error_log2, tree_bits
from invgen.reduction.search.supports import Support, block, target_of
from invgen.show.coverage import Bar, Verdict, coverage_svg
from invgen.spaces.groups import PLANAR
from invgen.spaces.irreps import Irrep
from invgen.spaces.space import TensorSpace

if TYPE_CHECKING:
    from invgen.basis.basis import Basis

SECTIONS = {
    "whole": "the whole space",
    "tensor": "one tensor, the others zero",
    "pair": "two tensors, the others zero",
    "spherical": "spherical functions: tensors of equal rank and parity proportional",
    "stratum": "symmetric inputs",
}

_ON_THE_CIRCLE = "functions on the circle: moments of equal weight and parity proportional"
_CONTENT = "invgen 1|report"
_PRIMES = 3
_SELECTED_LOG2 = 2  # the primes are drawn from a quarter of those of 31 bits
_LONG = 12  # rows of a section beyond which only shortfalls are printed, and of those this many
_MAX_ENTRIES = 2**24  # numbers of Jacobians that are held at once


@dataclass(frozen=True)
class Row:
    """The rank on one subspace.

    Attributes:
        section: a key of `SECTIONS`.
        name: the tensors or the symmetry groups.
        dimension: of the subspace.
        rank: of the members' gradients there, proved as a lower bound.
        needed: the rank that tells generic points of the subspace apart locally, up to motions that keep it.
        error_log2: 2^error_log2 bounds the probability that the rank is higher; 0 where it is proved that it is not,
            None where no bound is known (three primes and points agree).
    """

    section: str
    name: str
    dimension: int
    rank: int
    needed: int
    error_log2: int | None

    @property
    def full(self) -> bool:
        """Whether nothing is missing; this is proved."""
        return self.rank == self.needed

    @property
    def verdict(self) -> str:
        """The verdict in words."""
        if self.full:
            return "full, proved"
        missing = f"falls short by {self.needed - self.rank}"
        if self.error_log2 == 0:
            return f"{missing}, proved"
        bound = "no error bound" if self.error_log2 is None else f"error below 2^{self.error_log2}"
        return f"{missing} ({bound})"


@dataclass(frozen=True)
class Report:
    """The ranks of a basis on all single tensors and pairs, on spherical functions and on every symmetry stratum.

    Full rank on every single tensor and pair is full rank on every vanishing pattern, see docs/mathematics.md. In the
    plane spherical functions are functions on the circle.

    Attributes:
        basis_id: of the basis.
        space: its tensors.
        group: "O3", "SO3", "O2" or "SO2".
        members: how many there are.
        rows: in the order of `SECTIONS`.
        fibre: bounds of the number of orbits that share generic values.
    """

    basis_id: str
    space: str
    group: str
    members: int
    rows: tuple[Row, ...]
    fibre: FibreBounds

    @property
    def planar(self) -> bool:
        """Whether the space is in the plane."""
        return self.group in PLANAR

    @property
    def flexible(self) -> bool:
        """Whether full rank on every vanishing pattern is proved."""
        return all(row.full for row in self.rows if row.section in ("tensor", "pair"))

    @property
    def complete(self) -> bool:
        """Whether full rank on the whole space is proved."""
        return all(row.full for row in self.rows if row.section == "whole")

    @property
    def spherical(self) -> bool:
        """Whether full rank on spherical functions is proved: by their own line, or else by that of the whole."""
        lines = [row.full for row in self.rows if row.section == "spherical"]
        return lines[0] if lines else self.complete

    @property
    def symmetric(self) -> bool:
        """Whether full rank on every symmetry stratum is proved."""
        return all(row.full for row in self.rows if row.section == "stratum")

    @property
    def shortfalls(self) -> tuple[Row, ...]:
        """The rows that fall short."""
        return tuple(row for row in self.rows if not row.full)

    def row(self, name: str) -> Row:
        """The row of a tensor ("l3"), a pair ("l1 + l3") or a group ("C_2h").

        Raises:
            KeyError: no row has this name; groups whose fixed space is zero or the whole space have none.
        """
        for row in self.rows:
            if name == row.name or (row.section == "stratum" and name in row.name.split(", ")):
                return row
        raise KeyError(name)

    def to_json(self) -> dict[str, Any]:
        """Plain lists, numbers and strings; equal for equal bases."""
        rows = [
            {
                "section": row.section,
                "name": row.name,
                "dimension": row.dimension,
                "rank": row.rank,
                "needed": row.needed,
                "full": row.full,
                "error_log2": row.error_log2,
            }
            for row in self.rows
        ]
        return {
            "basis": self.basis_id,
            "space": self.space,
            "group": self.group,
            "members": self.members,
            "complete": self.complete,
            "flexible": self.flexible,
            "spherical": self.spherical,
            "symmetric": self.symmetric,
            "fibre": self.fibre.to_json(),
            "rows": rows,
        }

    def svg(self) -> str:
        """The picture: every row as a bar, filled as far as its rank goes, with a mark; equal for equal bases."""
        holds = (self.complete, self.flexible, self.spherical, self.symmetric, None)
        return self._picture([Verdict(*line, yes) for line, yes in zip(self._verdicts(), holds, strict=True)])

    def _picture(self, verdicts: Sequence[Verdict]) -> str:
        sections: dict[str, list[Bar]] = {}
        for row in self.rows:
            name = "all of them" if row.section == "whole" else row.name
            sections.setdefault(self._title(row.section), []).append(Bar(name, row.rank, row.needed))
        title = f"{self.members} members on {self.space} under {self.group}"
        return coverage_svg(title, verdicts, list(sections.items()))

    def _title(self, section: str) -> str:
        return _ON_THE_CIRCLE if section == "spherical" and self.planar else SECTIONS[section]

    def _verdicts(self) -> list[tuple[str, str]]:
        return [
            ("generic input", _yes(self.complete)),
            ("every vanishing pattern", _yes(self.flexible)),
            ("functions on the circle" if self.planar else "spherical functions", _yes(self.spherical)),
            ("every symmetry", _yes(self.symmetric)),
            ("orbits of equal values", self.fibre.verdict),
        ]

    def _sections(self) -> Iterator[tuple[str, list[Row], list[str]]]:
        """Title, rows to print, and sentences on those that are left out."""
        for section in SECTIONS:
            title = self._title(section)
            rows = [row for row in self.rows if row.section == section]
            short = [row for row in rows if not row.full]
            if len(rows) <= _LONG:
                if rows:
                    yield title, rows, []
                continue
            rest = [f"{len(short) - _LONG} more fall short, see .shortfalls"] if len(short) > _LONG else []
            if len(short) < len(rows):
                rest.append(f"{'the other' if short else 'all'} {len(rows) - len(short)} have full rank, proved")
            yield title, short[:_LONG], rest

    def __str__(self) -> str:
        lines = [f"{self.members} members on {self.space} under {self.group}"]
        lines += [f"{what:<24}{verdict}" for what, verdict in self._verdicts()]
        for title, rows, rest in self._sections():
            lines += ["", title]
            width = max((len(row.name) for row in rows), default=0)
            lines += [f"  {row.name:<{width}}  {row.rank} of {row.needed}  {row.verdict}" for row in rows]
            lines += [f"  {sentence}" for sentence in rest]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        verdicts = "; ".join(f"{what}: <b>{verdict}</b>" for what, verdict in self._verdicts())
        body = []
        for title, rows, rest in self._sections():
            body.append(f'<tr><th colspan="4" style="text-align:left">{escape(title)}</th></tr>')
            for row in rows:
                cells = (row.name, str(row.rank), str(row.needed), row.verdict)
                body.append(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>")
            body += [f'<tr><td colspan="4">{escape(sentence)}</td></tr>' for sentence in rest]
        head = "<tr><th>where</th><th>rank</th><th>needed</th><th>verdict</th></tr>"
        table = f"<table><thead>{head}</thead><tbody>{''.join(body)}</tbody></table>"
        return f"<p>{verdicts}</p>{self._picture(())}{table}"


@dataclass(frozen=True)
class _Size:
    """How large members are in the free coordinates of a subspace: their degree, and bits of trees' coefficients."""

    degree: int
    bits: int


@dataclass(frozen=True)
class _Place:
    """A subspace to look at, with a basis (dim V, dimension) for each prime."""

    section: str
    name: str
    needed: int
    basis: tuple[Vector, ...]
    size: _Size | None  # None where there are no free coordinates of bounded integers


def report(basis: Basis) -> Report:
    """The report on a basis; deterministic.

    Complexity: a Jacobian at three primes for the generic point, one for spherical functions and one for each stratum;
    a rank for each pair and each stratum; and what `basis.fibre()` takes.
    """
    space, members = basis.space, basis.contractions
    primes = golden_primes(f"{_CONTENT}|{basis.id}", _PRIMES)
    size = _Size(max(basis.degrees), tree_bits(space, members))
    rows = _patterns(space, members, primes, size)
    places = [*_spherical(space, primes, size), *_strata(space, primes, size)]
    step = max(1, _MAX_ENTRIES // (_PRIMES * len(members) * space.dimension))
    for start in range(0, len(places), step):
        some = places[start : start + step]
        points = np.stack([point for i, place in enumerate(some) for point in _points(place, primes, start + i)])
        gradients = _gradients(space, members, primes * len(some), points)
        for i, place in enumerate(some):
            rows.append(_row(space, place, gradients[i * _PRIMES : (i + 1) * _PRIMES], primes))
    return Report(basis.id, str(space), space.group, len(members), tuple(rows), basis.fibre())


def _points(place: _Place, primes: Sequence[int], number: int) -> Iterator[Vector]:
    """A generic point of a place for each prime."""
    for basis, prime in zip(place.basis, primes, strict=True):
        free = derived_points(f"{_CONTENT}|place {number}", prime, 1, basis.shape[1])
        yield product_modulo(basis, free.T, prime)[:, 0]


def _gradients(space: TensorSpace, members: Sequence[Expression], primes: Sequence[int], points: Vector) -> Vector:
    """The Jacobians (points, members, dimension), point i modulo primes[i]."""
    at = evaluator(space, primes, points)
    return np.stack([at.gradient(member) for member in members], axis=1)


def _rank(matrices: Iterator[Vector], primes: Sequence[int], needed: int) -> int:
    """The largest rank that any prime shows; `needed` cannot be exceeded, so it ends the search."""
    found = 0
    for matrix, prime in zip(matrices, primes, strict=False):
        echelon = Echelon(matrix.shape[1], prime)
        for row in matrix:
            if echelon.rank < needed:
                echelon.insert(row)
        found = max(found, echelon.rank)
        if found == needed:
            break
    return found


def _row(space: TensorSpace, place: _Place, gradients: Vector, primes: Sequence[int]) -> Row:
    along = (product_modulo(g, b, prime) for g, b, prime in zip(gradients, place.basis, primes, strict=True))
    found = _rank(along, primes, place.needed)
    dimension = place.basis[0].shape[1]
    error = _error(space, found, place.needed, gradients.shape[1], place.size)
    return Row(place.section, place.name, dimension, found, place.needed, error)


def _error(space: TensorSpace, found: int, needed: int, members: int, size: _Size | None) -> int | None:
    """log2 of a bound for the probability that the rank is higher; 0 where it cannot be."""
    if found in (needed, members):
        return 0
    if size is None:
        return None
    bound = minor_error_log2(space, size.degree, found + 1, size.bits) + _PRIMES * _SELECTED_LOG2
    return bound if bound < 0 else None


def _patterns(space: TensorSpace, members: Sequence[Expression], primes: Sequence[int], size: _Size) -> list[Row]:
    """The whole, the single tensors and the pairs, all as blocks of the Jacobian at one generic point per prime."""
    points = np.concatenate([derived_points(_CONTENT, prime, 1, space.dimension) for prime in primes])
    jacobians = _gradients(space, members, primes, points)
    everything = tuple(range(len(space.tensors)))
    parts: list[tuple[str, Support]] = [("whole", everything), *(("tensor", (i,)) for i in everything)]
    parts += [("pair", pair) for pair in combinations(everything, 2)]
    rows = []
    for section, part in parts:
        kept, columns = block(space, members, part)
        needed = target_of(space, part)
        blocks = (jacobian[np.ix_(kept, columns)] for jacobian in jacobians)
        found = _rank(blocks, primes, needed) if kept else 0
        name = str(space) if section == "whole" else " + ".join(space.names[i] for i in part)
        rows.append(Row(section, name, len(columns), found, needed, _error(space, found, needed, len(kept), size)))
    return rows


def _spherical(space: TensorSpace, primes: Sequence[int], size: _Size) -> list[_Place]:
    """Tensors of equal rank and parity as generic multiples of one, where there are such tensors."""
    kinds: dict[tuple[int, int], list[int]] = {}
    for i, tensor in enumerate(space.tensors):
        kinds.setdefault((tensor.l, tensor.parity), []).append(i)
    if len(kinds) == len(space.tensors):
        return []
    sphere = TensorSpace([Irrep(f"y{i}", l, parity) for i, (l, parity) in enumerate(kinds)], space.group)
    bases = []
    for prime in primes:
        factors = derived_points(f"{_CONTENT}|spherical", prime, 1, len(space.tensors))[0]
        columns = np.zeros((space.dimension, sphere.dimension), dtype=np.int64)
        for where, places in zip(sphere.slices, kinds.values(), strict=True):
            for i in places:
                columns[space.slices[i], where] = factors[i] * np.eye(where.stop - where.start, dtype=np.int64)
        bases.append(columns)
    name = ", ".join(" ~ ".join(space.names[i] for i in places) for places in kinds.values() if len(places) > 1)
    # The factors are variables too, which doubles degrees; a derivative sums over at most all tensors.
    inside = _Size(2 * size.degree + len(space.tensors), size.bits + len(space.tensors).bit_length())
    needed = sphere.dimension - sphere.orbit_dimension
    return [_Place("spherical", name, needed, tuple(bases), inside)]


def _strata(space: TensorSpace, primes: tuple[int, ...], size: _Size) -> list[_Place]:
    return [
        _Place("stratum", ", ".join(s.subgroups), s.needed, s.basis, size if s.by_components else None)
        for s in strata(space, primes)
    ]


def _yes(holds: bool) -> str:
    return "full rank, proved" if holds else "falls short"
