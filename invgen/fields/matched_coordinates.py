"""Coordinates in which the noise of a field is white and the bound of the rotational correlation is tight.

Per l they are a linear map of the parts of all orders n, so that rotations act as before. First the map whitens the
noise. Then it turns the parts such that those of the template are orthogonal to each other (a singular value
decomposition of the template's parts). By the Cauchy-Schwarz inequality in each part

    max over R of <c, D(R) t>  <=  sum over parts of |c_part| |t_part|,

and for l = 0 there is nothing to turn: the term is the product itself, with its sign. The norms |c_part|² are
invariants of degree 2. With orthogonal parts the bound is close to the sum of the nuclear norms of the matrices
sum over n of c_nl t_nl^T, the best that no use of the relations between different m and l allows, without singular
values at every voxel: in noise the sum of nuclear norms is 2 % lower.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from invgen.errors import InputError
from invgen.fields.backgrounds import Coordinates
from invgen.fields.harmonic_coordinates import Layout

Floats = NDArray[np.float64]
DAMPING = 2.0  # times the number of coordinates
SLACK = 1e-5  # the bound is computed in float32


@dataclass(frozen=True, eq=False)
class MatchedCoordinates:
    """A template, and the map from moments to the coordinates in which it is compared.

    The score of the coordinates c is max over R of <c, D(R) t> / sqrt(|c|² + damping) with |t| = 1. It lies between
    -1 and 1.

    Attributes:
        matrix: from moments to coordinates, (size, dim).
        layout: of the coordinates.
        template: (size,), of norm 1.
        length: of the template before that, in units of the noise where there is any.
        damping: twice the expected |c|² of noise alone, 0 without noise.
        noisy: whether coordinates are in units of noise.
    """

    matrix: Floats
    layout: Layout
    template: Floats
    length: float
    damping: float
    noisy: bool

    def energies(self, values: NDArray[Any]) -> NDArray[Any]:
        """The squared norms of the blocks, for coordinates (..., size, n) -> (blocks, ..., n)."""
        return np.stack(
            [np.einsum("...mn,...mn->...n", values[..., w, :], values[..., w, :]) for w in self.layout.blocks]
        )

    def bounds(self, values: NDArray[np.float32], energies: NDArray[np.float32]) -> NDArray[np.float32]:
        """An upper bound of max over R of <c, D(R) t> for coordinates (..., size, n) with their energies: (..., n)."""
        total = np.zeros(energies.shape[1:], dtype=np.float32)
        scalars = self.layout.parts[0].count
        for i, (where, energy) in enumerate(zip(self.layout.blocks, energies, strict=True)):
            length = np.linalg.norm(self.template[where])
            if i < scalars:
                total += np.float32(self.template[where.start]) * values[..., where.start, :]
            elif length:
                total += np.float32(length) * np.sqrt(energy)
        total += np.float32(SLACK) * np.abs(total)
        return total

    def scores(self, products: Any, energies: Any) -> Any:
        """The scores of the greatest products, for these |c|²."""
        # The least float keeps the score of nothing at zero; rounding may put a score of one a little above it.
        lengths = np.sqrt(np.maximum(energies + np.float32(self.damping), np.finfo(np.float32).tiny))
        return np.clip(products / lengths, -1.0, 1.0)


def match(moments: Floats, coordinates: Coordinates, covariances: dict[int, Floats] | None) -> MatchedCoordinates:
    """The coordinates for a template and the covariances of the noise.

    Raises:
        InputError: the template is a constant.
    """
    layout = coordinates.layout
    before = coordinates.matrix @ moments
    if np.linalg.norm(before) <= 1e-9 * np.linalg.norm(moments):
        raise InputError("the template has no contrast: what is left without a constant is zero")
    maps = {}
    for part in layout.parts:
        whiten = np.eye(part.count) if covariances is None else _inverse_root(covariances[part.l])
        parts = whiten @ before[part.where].reshape(part.count, part.size)
        maps[part.l] = np.linalg.svd(parts)[0].T @ whiten
    spread = layout.spread(maps)
    template = spread @ before
    for part in layout.parts:  # what is zero but for rounding is zero, so that it takes no part in bounds
        for i in range(part.count):
            where = slice(part.start + i * part.size, part.start + (i + 1) * part.size)
            if np.linalg.norm(template[where]) <= 1e-12 * np.linalg.norm(template):
                template[where] = 0.0
    length = float(np.linalg.norm(template))
    damping = 0.0 if covariances is None else DAMPING * layout.size
    return MatchedCoordinates(
        spread @ coordinates.matrix, layout, template / length, length, damping, covariances is not None
    )


def _inverse_root(matrix: Floats) -> Floats:
    values, vectors = np.linalg.eigh(matrix)
    found: Floats = (vectors / np.sqrt(values)) @ vectors.T
    return found
