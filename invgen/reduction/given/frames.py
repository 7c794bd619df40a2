"""The components in which polynomials are written, and how rotations act on them, as sparse exact matrices.

In a frame the components are own = F x, with x the rational components and F an invertible matrix of rationals. A
rotation generator L of the rational components becomes F L F^-1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm

import numpy as np

from invgen.algebra.finite_field import Vector
from invgen.algebra.modular import Array, fractions_mod
from invgen.algebra.rationals import inverted
from invgen.errors import EnumerationError, InputError
from invgen.spaces import conventions, harmonics
from invgen.spaces.conventions import CARTESIAN
from invgen.spaces.rotations import rotation_generators
from invgen.spaces.space import TensorSpace

# In space L_z and L_x generate so(3): what both annihilate, their commutator L_y annihilates.
AXES = (2, 0)

Rows = tuple[dict[int, Fraction], ...]  # a square matrix: for each row, column -> entry


@dataclass(frozen=True)
class Derivation:
    """The derivation x_v' = sum_w G_vw x_w of polynomials, for an integer matrix G stored by rows.

    Attributes:
        starts: row v has the entries starts[v] to starts[v + 1].
        columns: the column w of each entry.
        values: the entries, int64 if they are all below 2^62, otherwise Python integers.
    """

    starts: Vector
    columns: Vector
    values: Array

    @cached_property
    def norm(self) -> int:
        """The largest sum of the magnitudes of a row's entries."""
        sums = np.concatenate([[0], np.cumsum(np.abs(self.values).astype(object))])
        return int((sums[self.starts[1:]] - sums[self.starts[:-1]]).max())


@dataclass(frozen=True)
class Frame:
    """The components of a space in a convention whose maps are rational.

    Attributes:
        space: the tensors.
        convention: "rational", "hippynn" (in space), or "cartesian" for spaces of Cartesian moments or tensors.
    """

    space: TensorSpace
    convention: str

    @cached_property
    def forward(self) -> Rows:
        """F: rational components to those of the frame."""
        if self.convention == CARTESIAN:
            return _inverse(self.back)
        if self.convention == "rational":
            return _identity(self.space.dimension)
        return _blockwise(self.space, [_to_free_entries(t.l) for t in self.space.tensors])

    @cached_property
    def back(self) -> Rows:
        """F^-1: components of the frame to rational ones."""
        if self.convention == CARTESIAN and self.space.layout is not None:
            return tuple({c: Fraction(v) for c, v in row} for row in self.space.layout.rows)
        if self.convention == "rational":
            return _identity(self.space.dimension)
        return _blockwise(self.space, [_from_free_entries(t.l) for t in self.space.tensors])

    @cached_property
    def generators(self) -> tuple[Rows, ...]:
        """L_z and L_x on rational components; in the plane the one generator."""
        if self.space.spatial_dimension == 2:
            return (_blockwise(self.space, [_planar_generator(t.l) for t in self.space.tensors]),)
        return tuple(
            _blockwise(self.space, [rotation_generators(t.l)[axis] for t in self.space.tensors]) for axis in AXES
        )

    @cached_property
    def derivations(self) -> tuple[Derivation, ...]:
        """Positive multiples of the generators on the frame's components, with integer entries."""
        moved = [self._moved(g) for g in self.generators]
        return tuple(_derivation(rows, _denominator(rows)) for rows in moved)

    def along(self, directions: Sequence[tuple[int, int, int]]) -> tuple[tuple[Derivation, ...], int]:
        """The derivations along a · (L_x, L_y, L_z) in space for vectors a, times the least n that makes them integers.

        Returns:
            The derivations, and n.
        """
        found = [
            self._moved(_blockwise(self.space, [_rotation_about(t.l, direction) for t in self.space.tensors]))
            for direction in directions
        ]
        unit = lcm(*map(_denominator, found))
        return tuple(_derivation(rows, unit) for rows in found), unit

    def _moved(self, matrix: Rows) -> Rows:
        """A matrix on rational components as it acts on the frame's: F matrix F^-1."""
        return _product(_product(self.forward, matrix), self.back)

    @cached_property
    def weights(self) -> Vector:
        """For each component the highest rank of the tensors that it is made of."""
        ranks = [t.l for t in self.space.tensors for _ in range(t.dimension)]
        return np.array([max(ranks[j] for j in row) for row in self.forward], dtype=np.int64)

    @cached_property
    def blocks(self) -> Vector:
        """For each component a number shared by all components that rotations mix with it.

        Labels sink to the lowest one connected with them: they never rise, so that the sinking ends.
        """
        labels = np.arange(self.space.dimension)
        edges = [(np.repeat(np.arange(len(labels)), np.diff(d.starts)), d.columns) for d in self.derivations]
        rows, columns = (np.concatenate(side) for side in zip(*edges, strict=True))
        while True:
            lowest = labels.copy()
            np.minimum.at(lowest, rows, labels[columns])
            np.minimum.at(lowest, columns, labels[rows])
            if (lowest == labels).all():
                return labels
            labels = lowest

    @cached_property
    def is_odd(self) -> Vector:
        """1 for each component that inversion changes the sign of; Cartesian ones have one parity each.

        In the plane y -> -y takes the place of inversion: it keeps real parts and changes imaginary ones, or the other
        way round.
        """
        if self.space.spatial_dimension == 2:
            odd = [int((t.parity < 0) != (part == "im")) for t in self.space.tensors for part in t.labels]
            return np.array([odd[min(row)] for row in self.forward], dtype=np.int64)
        odd = [int(t.parity < 0) for t in self.space.tensors for _ in range(t.dimension)]
        return np.array([odd[min(row)] for row in self.forward], dtype=np.int64)

    @cached_property
    def widths(self) -> tuple[int, int, int]:
        """Factors by which tensor entries, rational components and own components exceed integer coordinates z.

        The coordinates are x_m = q z_m / s_m with the scales s_m of `harmonics.tensor_of_components` and the smallest
        integer q that makes all components of both kinds integer combinations of z; entries are T = matrix · q z. In
        the plane entries and rational components are the same and their scales 1.
        """
        if self.space.spatial_dimension == 2:
            q = lcm(*(v.denominator for row in self.forward for v in row.values()))
            return q, q, max(int(q * sum(map(abs, row.values()))) for row in self.forward)
        tables = [harmonics.tensor_of_components(t.l) for t in self.space.tensors]
        inverse = [1 / s for _, scales in tables for s in scales]
        own = [[v * inverse[j] for j, v in row.items()] for row in self.forward]
        q = lcm(*(v.denominator for v in inverse), *(v.denominator for row in own for v in row))
        return (
            q * max(sum(map(abs, row)) for matrix, _ in tables for row in matrix),
            max(int(q * v) for v in inverse),
            max(int(q * sum(map(abs, row))) for row in own),
        )


def frame(space: TensorSpace, convention: str | None) -> Frame:
    """The frame of a convention; by default "cartesian" where a space has Cartesian components, otherwise "rational".

    Raises:
        InputError: the convention is unknown, not defined for the space, or irrational.
    """
    if convention is None:
        convention = "rational" if space.layout is None else CARTESIAN
    if convention == CARTESIAN:
        if space.layout is None:
            raise InputError(
                f"the convention {CARTESIAN!r} is defined for spaces made by TensorSpace.moments or "
                f"TensorSpace.cartesian, not for {space}; use 'rational'"
            )
        return Frame(space, convention)
    convention = conventions.of_space(convention, space)
    if convention == conventions.COMPLEX:
        convention = "rational"  # the same numbers
    if convention not in ("rational", "hippynn"):
        raise InputError(
            f"invariants have irrational coefficients in the convention {convention!r}; "
            "write polynomials in 'rational' or 'hippynn' components"
        )
    return Frame(space, convention)


class ModularMatrix:
    """A sparse exact matrix modulo several primes, applied to one vector for each prime.

    Args:
        rows: the matrix.
        primes: below 2^31, none of which divides a denominator.
    """

    def __init__(self, rows: Rows, primes: Vector) -> None:
        self._primes = primes
        self._rows = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
        self._columns = np.array([c for row in rows for c in row], dtype=np.int64)
        values = np.array([v for row in rows for v in row.values()], dtype=object)
        self._values = fractions_mod(values, primes)

    def apply(self, x: Vector) -> Vector:
        """matrix · x: (primes, dimension) -> (primes, dimension)."""
        return self._sum(x, self._columns, self._rows)

    def apply_transposed(self, x: Vector) -> Vector:
        """x · matrix: (primes, dimension) -> (primes, dimension)."""
        return self._sum(x, self._rows, self._columns)

    def _sum(self, x: Vector, source: Vector, target: Vector) -> Vector:
        result = np.zeros_like(x)
        parts = x[:, source] * self._values % self._primes[:, None]
        for row, part in zip(result, parts, strict=True):
            np.add.at(row, target, part)
        return result % self._primes[:, None]


def _identity(dimension: int) -> Rows:
    return tuple({i: Fraction(1)} for i in range(dimension))


def _blockwise(space: TensorSpace, blocks: list[tuple[tuple[Fraction, ...], ...]]) -> Rows:
    return tuple(
        {where.start + w: value for w, value in enumerate(row) if value}
        for block, where in zip(blocks, space.slices, strict=True)
        for row in block
    )


def _product(a: Rows, b: Rows) -> Rows:
    result = []
    for row in a:
        total: dict[int, Fraction] = {}
        for j, left in row.items():
            for k, right in b[j].items():
                total[k] = total.get(k, Fraction(0)) + left * right
        result.append({k: v for k, v in sorted(total.items()) if v})
    return tuple(result)


def _inverse(matrix: Rows) -> Rows:
    """The inverse, block by block of what the nonzero entries connect."""
    owner: dict[int, int] = {}  # column -> the block it belongs to, named by its first row
    blocks: dict[int, tuple[set[int], set[int]]] = {}
    for i, row in enumerate(matrix):
        rows, columns = {i}, set(row)
        for old in sorted({owner[c] for c in row if c in owner}):
            more = blocks.pop(old)
            rows |= more[0]
            columns |= more[1]
        blocks[min(rows)] = (rows, columns)
        owner.update(dict.fromkeys(columns, min(rows)))
    result: list[dict[int, Fraction]] = [{} for _ in matrix]
    for unordered_rows, unordered_columns in blocks.values():
        rows_of, columns_of = sorted(unordered_rows), sorted(unordered_columns)
        inverse = inverted([[matrix[i].get(c, 0) for c in columns_of] for i in rows_of])
        if inverse is None:
            raise EnumerationError("the matrix of a layout is singular; please report this as a defect")
        for c, values in zip(columns_of, inverse, strict=True):
            result[c] = {i: v for i, v in zip(rows_of, values, strict=True) if v}
    return tuple(result)


def _planar_generator(weight: int) -> tuple[tuple[Fraction, ...], ...]:
    """The derivative of e^(imφ) c with respect to φ at 0, on the real and imaginary parts of c."""
    if not weight:
        return ((Fraction(0),),)
    return ((Fraction(0), Fraction(-weight)), (Fraction(weight), Fraction(0)))


def _rotation_about(l: int, direction: tuple[int, int, int]) -> tuple[tuple[Fraction, ...], ...]:
    """a · (L_x, L_y, L_z) on rational components of rank l."""
    return tuple(
        tuple(sum((a * v for a, v in zip(direction, entries, strict=True)), Fraction(0)) for entries in zip(*rows))
        for rows in zip(*rotation_generators(l), strict=True)
    )


def _denominator(rows: Rows) -> int:
    return lcm(*(v.denominator for row in rows for v in row.values()))


def _derivation(rows: Rows, unit: int) -> Derivation:
    starts = np.cumsum([0, *(len(row) for row in rows)], dtype=np.int64)
    columns = np.array([c for row in rows for c in row], dtype=np.int64)
    integers = [int(v * unit) for row in rows for v in row.values()]
    small = all(abs(v) < 2**62 for v in integers)
    return Derivation(starts, columns, np.array(integers, dtype=np.int64 if small else object))


def _to_free_entries(l: int) -> tuple[tuple[Fraction, ...], ...]:
    """Rational components to the entries that hippynn keeps."""
    matrix, scales = harmonics.tensor_of_components(l)
    place = {e: i for i, e in enumerate(harmonics.monomials(l))}
    return tuple(tuple(v * s for v, s in zip(matrix[place[e]], scales, strict=True)) for e in harmonics.free_entries(l))


def _from_free_entries(l: int) -> tuple[tuple[Fraction, ...], ...]:
    """The inverse of `_to_free_entries`."""
    columns = list(zip(*harmonics.tensor_of_free_entries(l), strict=True))
    return tuple(
        tuple(Fraction(sum(p * e for p, e in zip(row, column, strict=True))) for column in columns)
        for row in harmonics.components_of_tensor(l)
    )
