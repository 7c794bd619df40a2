"""Resemblance by invariants: the Mahalanobis distance to the template's invariants in simulated noise."""

from __future__ import annotations

import warnings

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
LEAST_NOISE = 0.01  # of the template's root mean square coefficient, where the field has no noise
CHIRAL = 0.98  # the correlation with the mirror image below which a template differs from it
_ORDER, _DEGREE = 4, 4  # of the default basis: 32 invariants in space


def default_basis(dimension: int) -> Basis:
    """The invariants under rotations alone, so that a template and its mirror image differ."""
    from invgen.basis.generation import generate
    from invgen.spaces.space import TensorSpace

    group = "SO3" if dimension == 3 else "SO2"
    return generate(TensorSpace.moments(range(_ORDER + 1), "scalar", dimension, group), _DEGREE)


def invariant_map(
    grid: Grid, template: Template, search: Search, basis: Basis | None
) -> tuple[NDArray[np.float32], Null]:
    """Minus the Mahalanobis distances of all voxels, and their null.

    Mean and covariance are those of the template's invariants with simulated noise of the field added to its moments;
    the null is the distance of the invariants of noise alone.
    """
    if basis is None:
        basis = default_basis(grid.dimension)
    _warn_of_mirror_images(template, search, basis)
    center, root, kernel_values = _statistics(template, search, basis)
    out = np.empty(grid.shape, dtype=np.float32)
    field = grid.values[..., 0]
    for where, values in iterate(field, basis, search.window, grid.spacing, grid.boundary):
        offsets = values.astype(np.float64).reshape(-1, len(basis)) - center
        out[where] = -np.sqrt(np.einsum("nk,nk->n", offsets @ root, offsets @ root)).reshape(out[where].shape)
    offsets = kernel_values - center
    return out, empirical_null(-np.linalg.norm(offsets @ root, axis=1))


def _statistics(template: Template, search: Search, basis: Basis) -> tuple[Floats, Floats, Floats]:
    """The mean of the template's invariants in noise, a root of the inverse covariance, and invariants of noise."""
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
    count = basis.space.dimension
    noise = _noise(template, search)[:, :count]
    template_moments = template.moments[:count] * search.scale ** (template.dimension / 2)
    seen = kernel.value(torch.from_numpy(np.ascontiguousarray((template_moments + noise).T))).numpy().T
    alone = kernel.value(torch.from_numpy(np.ascontiguousarray(noise.T))).numpy().T
    center = seen.mean(axis=0)
    # Rows are scaled first: variances of degree 1 and of degree 4 differ by many powers of ten.
    deviations = np.maximum(seen.std(axis=0), np.finfo(float).tiny)
    values, vectors = np.linalg.eigh(np.corrcoef(seen, rowvar=False))
    floor = np.maximum(values, 1e-10 * values.max())
    return center, (vectors / np.sqrt(floor)) / deviations[:, None], alone


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
