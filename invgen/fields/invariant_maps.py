"""Resemblance by invariants: how likely they are for the template in simulated noise, against the field at large."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from invgen.basis.basis import Basis
from invgen.errors import InputError
from invgen.fields.backgrounds import Floats
from invgen.fields.grids import Grid
from invgen.fields.local_invariants import iterate
from invgen.fields.rotation_grids import rotation_grid
from invgen.fields.rotation_nulls import Null, empirical_null
from invgen.fields.rotational_newton import maximise
from invgen.fields.searches import Search
from invgen.fields.templates import Template

DRAWS = 6000
SAMPLE = 20_000  # voxels that stand for the field
_FLOOR = 1e-10  # of the greatest eigenvalue of a covariance
LEAST_NOISE = 0.01  # of the template's root mean square coefficient, where the field has no noise
CHIRAL = 0.98  # the correlation with the mirror image below which a template differs from it
_ORDER, _DEGREE = 4, 4  # of the default basis: 32 invariants in space


def default_basis(dimension: int) -> Basis:
    """The invariants under rotations alone, so that a template and its mirror image differ."""
    from invgen.basis.generation import generate
    from invgen.spaces.space import TensorSpace

    group = "SO3" if dimension == 3 else "SO2"
    return generate(TensorSpace.moments(range(_ORDER + 1), "scalar", dimension, group), _DEGREE)


@dataclass(frozen=True, eq=False)
class _Gaussian:
    """A normal distribution of scaled roots of invariants.

    Attributes:
        mean: (K,).
        root: of the inverse covariance, (K, K).
        constant: the logarithm of the determinant of the covariance.
    """

    mean: Floats
    root: Floats
    constant: float

    @classmethod
    def of(cls, values: Floats) -> _Gaussian:
        """Fitted to values (n, K)."""
        eigenvalues, vectors = np.linalg.eigh(np.atleast_2d(np.cov(values, rowvar=False)))
        floored = np.maximum(eigenvalues, max(_FLOOR * float(eigenvalues.max()), _FLOOR))
        return cls(values.mean(axis=0), vectors / np.sqrt(floored), float(np.log(floored).sum()))

    def surprise(self, values: Floats) -> Floats:
        """Minus twice the logarithm of the density, without the constant of all such distributions."""
        found: Floats = (((values - self.mean) @ self.root) ** 2).sum(axis=1) + self.constant
        return found


def invariant_map(
    grid: Grid, template: Template, search: Search, basis: Basis | None
) -> tuple[NDArray[np.float32], Null]:
    """How much likelier the invariants of each voxel are for the template in noise than for the field at large.

    Both are normal distributions of the signed roots |I|^(1/degree), which tame the tails of high degrees; nothing here
    needs their slope at zero. That of the template is fitted to simulated noise of the field added to its moments, that
    of the field to a sample of its voxels. The null is the score of noise alone.
    """
    if basis is None:
        basis = default_basis(grid.dimension)
    kernel = _kernel(template, basis)
    _warn_of_mirror_images(template, search, basis)
    count = basis.space.dimension
    noise = _noise(template, search)[:, :count]
    # A template that is enlarged has more voxels.
    moments = template.moments[:count] * search.scale ** (template.dimension / 2)
    powers = 1.0 / np.array([member.degree for member in basis], dtype=np.float64)

    def roots(values: NDArray[Any]) -> Floats:
        found: Floats = np.sign(values) * np.abs(values.astype(np.float64)) ** powers
        return found

    seen = roots(kernel(moments + noise))
    scales = np.maximum(seen.std(axis=0), 1e-12 * np.abs(seen).max())
    sought = _Gaussian.of(seen / scales)
    field, step = grid.values[..., 0], max(1, grid.values.size // SAMPLE)
    parts = []
    for _, values in iterate(field, basis, search.window, grid.spacing, grid.boundary):
        parts.append(roots(values.reshape(-1, len(basis))[::step]) / scales)
    background = _Gaussian.of(np.concatenate(parts))
    out = np.empty(grid.shape, dtype=np.float32)

    def score(values: NDArray[Any]) -> Floats:
        scaled = roots(values) / scales
        found: Floats = 0.5 * (background.surprise(scaled) - sought.surprise(scaled))
        return found

    for where, values in iterate(field, basis, search.window, grid.spacing, grid.boundary):
        out[where] = score(values.reshape(-1, len(basis))).reshape(out[where].shape)
    return out, empirical_null(score(kernel(noise)))


def _kernel(template: Template, basis: Basis) -> Callable[[Floats], Floats]:
    """The invariants of moments (n, dim) -> (n, K), in float64."""
    import torch

    from invgen.compiler.invariants import compile

    layout = basis.space.layout
    if layout is None or basis.space.spatial_dimension != template.dimension:
        raise InputError(f"the basis is of {basis.space}; a template in {template.dimension} dimensions takes another")
    order = len(layout.recipe[2].split(",")) - 1
    if order > template.order:
        raise InputError(
            f"the basis is of orders up to {order}, the template has moments up to {template.order}; use a template of "
            f"order {order}"
        )
    kernel = compile(basis, "c", torch.float64, layout="channel")

    def values(moments: Floats) -> Floats:
        found: Floats = kernel.value(torch.from_numpy(np.ascontiguousarray(moments.T))).numpy().T
        return found

    return values


def _noise(template: Template, search: Search) -> Floats:
    """Moments of noise (draws, dim) with the covariances of the field."""
    generator = np.random.default_rng(0)
    coordinates, layout = search.coordinates, search.coordinates.layout
    values = generator.normal(size=(DRAWS, layout.size))
    covariances = search.covariances
    if covariances is None:
        size = LEAST_NOISE * np.linalg.norm(coordinates.matrix @ template.moments) / np.sqrt(layout.size)
        covariances = {part.l: size**2 * np.eye(part.count) for part in layout.parts}
    roots: dict[int, Floats] = {l: np.asarray(np.linalg.cholesky(c), dtype=np.float64) for l, c in covariances.items()}
    # The rows of the matrix are orthogonal; the pseudo-inverse leaves the part of constants at zero.
    found: Floats = values @ layout.spread(roots).T @ np.linalg.pinv(coordinates.matrix).T
    return found


def _warn_of_mirror_images(template: Template, search: Search, basis: Basis) -> None:
    if basis.space.group not in ("O3", "O2"):
        return
    matched = search.matched
    mirrored = matched.template.copy()
    for part in matched.layout.parts:
        block = mirrored[part.where].reshape(part.count, part.size)
        if template.dimension == 3:
            block *= (-1) ** part.l
        elif part.l:
            block[:, 0] *= -1  # y -> -y changes the sign of the imaginary part
    grid = rotation_grid(20.0, template.dimension)
    likeness = float(maximise(mirrored[None], matched.template, matched.layout, grid).values[0])
    if likeness < CHIRAL:
        warnings.warn(
            f"under {basis.space.group} the template and its mirror image, which are {likeness:.2f} alike, have equal "
            'invariants, so both are found; use a basis of the rotations alone (group="SO3", in the plane "SO2"), or '
            'method="correlation"',
            stacklevel=4,
        )
