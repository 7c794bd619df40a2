"""Permeability tensors of periodic media: Stokes flow by a D3Q19 lattice with two relaxation times.

The magic number 3/16 puts walls half way between voxels whatever the viscosity (Ginzburg 2008). Without inertia a step
is linear in the populations, so that the steady state is found by a Krylov solver, not by time steps.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from scipy import ndimage
from scipy.sparse.linalg import LinearOperator, bicgstab, gmres

Floats = np.ndarray

DIRECTIONS = np.array(
    sorted((c for c in product((-1, 0, 1), repeat=3) if sum(map(abs, c)) <= 2), key=lambda c: sum(map(abs, c)))
)
WEIGHTS = np.array([(1 / 3, 1 / 18, 1 / 36)[abs(c).sum()] for c in DIRECTIONS])
OPPOSITE = np.array([int(np.nonzero((DIRECTIONS == -c).all(axis=1))[0][0]) for c in DIRECTIONS])
MAGIC = 3 / 16
BICGSTAB = 200  # iterations


def connected(pores: Floats) -> Floats:
    """The largest part of the pores that is connected through faces, across the periodic ones, too."""
    labels, count = ndimage.label(pores)
    parent = np.arange(count + 1)

    def root(i: int) -> int:
        while parent[i] != i:
            i = parent[i]
        return i

    for axis in range(3):
        first, last = np.take(labels, 0, axis), np.take(labels, -1, axis)
        both = (first > 0) & (last > 0)
        for a, b in np.unique(np.stack([first[both], last[both]], axis=1), axis=0):
            parent[root(int(a))] = root(int(b))
    merged = np.array([root(i) for i in range(count + 1)])[labels]
    sizes = np.bincount(merged.ravel())
    sizes[0] = 0
    return merged == sizes.argmax() if count else np.zeros_like(pores)


class Lattice:
    """The populations of all pore voxels of a periodic medium, and one step of them as an affine map.

    Args:
        pores: (X, Y, Z), true where fluid is.
        tau: the relaxation time of even populations.
        dtype: float64, or float32, which takes half the time and is right to 1e-4.
    """

    def __init__(self, pores: Floats, tau: float = 1.0, dtype: type = np.float64) -> None:
        self.dtype = dtype
        self.count = int(pores.sum())
        self.viscosity = (tau - 0.5) / 3
        number = np.full(pores.shape, -1)
        number[pores] = np.arange(self.count)
        source = np.empty((19, self.count), dtype=np.intp)  # where a population comes from
        here = np.arange(self.count)
        for i, c in enumerate(DIRECTIONS):
            before = np.roll(number, tuple(c), axis=(0, 1, 2))[pores]
            source[i] = np.where(before >= 0, i * self.count + before, OPPOSITE[i] * self.count + here)
        self._source = source.ravel()
        odd = 1 / (0.5 + MAGIC / (tau - 0.5))
        same, other = np.eye(19), np.eye(19)[OPPOSITE]
        density = WEIGHTS[:, None] * np.ones((1, 19))
        momentum = 3 * WEIGHTS[:, None] * (DIRECTIONS @ DIRECTIONS.T)
        even_part, odd_part = (same + other) / 2, (same - other) / 2
        collide = same - (even_part - density) / tau - odd * (odd_part - momentum)
        self._collide = collide.astype(dtype)
        # Momentum is that half way through the step, so that a force F adds F / 2 to it.
        self._force = 3 * WEIGHTS[:, None] * DIRECTIONS * (1 - odd / 2) + odd * 1.5 * WEIGHTS[:, None] * DIRECTIONS

    def step(self, populations: Floats) -> Floats:
        """Collision and streaming without a force, (19 · count,)."""
        return np.take(self._collide @ populations.reshape(19, -1), self._source)

    def forced(self, axis: int) -> Floats:
        """What a unit force along an axis adds in a step."""
        return np.take(np.repeat(self._force[:, axis : axis + 1], self.count, axis=1), self._source).astype(self.dtype)

    def flow(self, axis: int, tolerance: float) -> tuple[Floats, int]:
        """The velocity (3, count) of the steady flow under a unit force along an axis, and how many steps it took."""
        steps = 0

        def residual(x: Floats) -> Floats:
            nonlocal steps
            steps += 1
            return x - self.step(x)

        size = 19 * self.count
        operator = LinearOperator((size, size), matvec=residual, dtype=self.dtype)
        right = self.forced(axis)
        found, failed = bicgstab(operator, right, rtol=tolerance, atol=0.0, maxiter=BICGSTAB)
        if failed:  # it may stagnate where GMRES, which takes twice the time, does not
            found, failed = gmres(operator, right, found, rtol=tolerance, atol=0.0, restart=40, maxiter=40)
        if failed:
            raise RuntimeError(f"no steady flow after {steps} steps")
        velocity = DIRECTIONS.T @ found.reshape(19, -1).astype(np.float64)
        velocity[axis] += 0.5
        return velocity, steps


def permeability(
    pores: Floats, tolerance: float = 1e-7, tau: float = 1.0, dtype: type = np.float64
) -> tuple[Floats, int]:
    """The tensor K (3, 3) in voxels², mean velocity = K · force / viscosity, and the number of lattice steps."""
    open_pores = connected(pores)
    if not open_pores.any():
        return np.zeros((3, 3)), 0
    lattice = Lattice(open_pores, tau, dtype)
    columns, steps = [], 0
    for axis in range(3):
        velocity, taken = lattice.flow(axis, tolerance)
        columns.append(velocity.sum(axis=1) / pores.size * lattice.viscosity)
        steps += taken
    return np.stack(columns, axis=1), steps
