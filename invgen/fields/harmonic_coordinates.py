"""Orthonormal coordinates of Hermite moments in which a rotation acts block by block, one block for each (n, l).

The moments of order n are the entries of a symmetric tensor. It is a sum of harmonic parts l = n, n - 2, ..., as a
polynomial of degree n is a sum of r^(n - l) times harmonic polynomials of degree l. In the norm of tensors the parts
are orthogonal, and the squared norm of all moments is the sum of the squares of the coordinates. In the plane the
parts of weight l have two coordinates, cosine and sine.

Coordinates are grouped by l: for each l the parts of all orders, one after the other, each with m = -l..l (in the plane
-l and l). A rotation acts by the same matrix on all parts of one l.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from math import comb

import numpy as np
from numpy.typing import NDArray

from invgen.fields.slabs import exponents_of
from invgen.spaces.harmonics import multinomial, solid_harmonics, squared_norms
from invgen.spaces.rotations import rotation_generators

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Part:
    """All parts of one l.

    Attributes:
        l: the rank, in the plane the weight.
        count: how many there are.
        size: coordinates of one of them.
        start: the first coordinate.
    """

    l: int
    count: int
    size: int
    start: int

    @property
    def where(self) -> slice:
        """The coordinates."""
        return slice(self.start, self.start + self.count * self.size)


@dataclass(frozen=True)
class Layout:
    """Where the parts are.

    Attributes:
        dimension: of the field, 2 or 3.
        parts: with ascending l.
    """

    dimension: int
    parts: tuple[Part, ...]

    @classmethod
    def of(cls, dimension: int, counts: dict[int, int]) -> Layout:
        """The layout with `counts[l]` parts of each l; those without any are left out."""
        parts, start = [], 0
        for l, count in sorted(counts.items()):
            if count:
                size = 2 * l + 1 if dimension == 3 else 1 if l == 0 else 2
                parts.append(Part(l, count, size, start))
                start += count * size
        return cls(dimension, tuple(parts))

    @property
    def size(self) -> int:
        """The number of coordinates."""
        return sum(part.count * part.size for part in self.parts)

    @cached_property
    def blocks(self) -> tuple[slice, ...]:
        """The coordinates of each part of each l."""
        return tuple(
            slice(part.start + i * part.size, part.start + (i + 1) * part.size)
            for part in self.parts
            for i in range(part.count)
        )

    def spread(self, matrices: dict[int, Floats]) -> Floats:
        """The matrix that acts on the parts of each l by `matrices[l]` (new count, count), on each m alike."""
        rows = sum(matrices[part.l].shape[0] * part.size for part in self.parts)
        found, start = np.zeros((rows, self.size)), 0
        for part in self.parts:
            block = np.kron(matrices[part.l], np.eye(part.size))
            found[start : start + len(block), part.where] = block
            start += len(block)
        return found


@cache
def layout_of(order: int, dimension: int) -> Layout:
    """The layout of all moments of orders 0..order."""
    return Layout.of(dimension, {l: (order - l) // 2 + 1 for l in range(order + 1)})


@cache
def harmonic_matrix(order: int, dimension: int) -> Floats:
    """The matrix (dim, dim) from Hermite moments, as `fields.moments` gives them, to harmonic coordinates.

    Moments are the entries of tensors, of which one stands for several; the coordinates count all of them. Rows with
    white noise of unit variance in the field have unit variance.
    """
    exponents = exponents_of(order, dimension)
    place = {e: i for i, e in enumerate(exponents)}
    rows = []
    for l in range(order + 1):
        harmonics = _harmonics(l, dimension)
        for n in range(l, order + 1, 2):
            for polynomial in harmonics:
                row = np.zeros(len(exponents))
                # Products of polynomial coefficients with entries sum over all entries of the full tensors.
                for exponent, coefficient in _times_radius(polynomial, (n - l) // 2, dimension).items():
                    row[place[exponent]] = float(coefficient)
                copies = np.array([_copies(e) for e in exponents], dtype=np.float64)
                rows.append(row / np.sqrt((row**2 / copies).sum()))
    found: Floats = np.stack(rows)
    found.setflags(write=False)
    return found


def _copies(exponents: tuple[int, ...]) -> int:
    """How many entries of the full tensor one stands for."""
    return multinomial(exponents) if len(exponents) == 3 else comb(sum(exponents), exponents[0])


def _harmonics(l: int, dimension: int) -> list[dict[tuple[int, ...], int]]:
    """Harmonic polynomials of one l, in space m = -l..l, in the plane the imaginary and the real part of (x + iy)^l."""
    if dimension == 3:
        return [{tuple(e): value for e, value in polynomial.items()} for polynomial in solid_harmonics(l)]
    parts: list[dict[tuple[int, ...], int]] = [{}, {}]
    for j in range(l + 1):
        parts[1 - j % 2][l - j, j] = (-1) ** (j // 2) * comb(l, j)
    return parts if l else parts[1:]


def _times_radius(polynomial: dict[tuple[int, ...], int], power: int, dimension: int) -> dict[tuple[int, ...], int]:
    """A polynomial times r² to a power."""
    for _ in range(power):
        found: dict[tuple[int, ...], int] = {}
        for e, coefficient in polynomial.items():
            for axis in range(dimension):
                raised = tuple(v + 2 * (i == axis) for i, v in enumerate(e))
                found[raised] = found.get(raised, 0) + coefficient
        polynomial = found
    return polynomial


@cache
def generators_of(l: int, dimension: int) -> Floats:
    """The generators of rotations about x, y and z on one part, (3, size, size); in the plane about z, (1, 2, 2)."""
    if dimension == 2:
        # The pair is (imaginary, real): under a rotation by φ the moment re + i im is multiplied by e^(i l φ).
        return np.array([[[0.0, float(l)], [-float(l), 0.0]]]) if l else np.zeros((1, 1, 1))
    norms = np.sqrt(np.array([float(norm) for norm in squared_norms(l)]))
    rational = np.array([[[float(v) for v in row] for row in matrix] for matrix in rotation_generators(l)])
    found: Floats = rational * norms[None, None, :] / norms[None, :, None]
    return found
