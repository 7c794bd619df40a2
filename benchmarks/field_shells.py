"""Functions on a shell as templates, where `independent` invariants lose rank, among functions that they confuse.

A band-limited function on the sphere is smeared to a shell by a Gaussian. Along such functions the gradients of
independent invariants of orders 0..4 have rank 13 of 22, so that walks lead to other functions with equal invariants.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.spatial.transform import Rotation

from benchmarks.field_scenes import RADIUS, cube, places
from invgen import Basis, fields

SHELL, BLUR = 5.0, 1.3  # radius and Gaussian in voxels
ORDER, SCALE = 4, 2.5
SOUGHT = 6  # the order of the template, for bases of higher orders and low degree
NODES = 300  # on the sphere
STEPS, LENGTH = 20, 2.5  # of a walk, in units of the function's norm
CLOSED = 1e-10  # of the largest invariants: how close Newton brings them back
NOISES = (0.25, 0.5, 1.0)
SEED = 20261130


def nodes() -> np.ndarray:
    """Nearly even points on the unit sphere (NODES, 3)."""
    k = np.arange(NODES) + 0.5
    z, angle = 1 - 2 * k / NODES, np.pi * (1 + 5**0.5) * k
    return np.stack([np.sqrt(1 - z * z) * np.cos(angle), np.sqrt(1 - z * z) * np.sin(angle), z], axis=1)


def functions() -> np.ndarray:
    """An orthonormal basis of the functions of degree up to 4, (25, NODES)."""
    x, y, z = nodes().T
    powers = [(a, b, c) for n in (3, 4) for a in range(n + 1) for b in range(n + 1 - a) for c in [n - a - b]]
    rows = np.array([x**a * y**b * z**c for a, b, c in powers])
    return np.linalg.svd(rows, full_matrices=False)[2][:25]


def shell(values: np.ndarray, matrix: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The turned function at points (..., 3) about its centre."""
    found = np.zeros(points.shape[:-1])
    for node, value in zip(SHELL * nodes() @ matrix.T, values, strict=True):
        found += value * np.exp(-((points - node) ** 2).sum(axis=-1) / (2 * BLUR**2))
    return found


def walk(start: np.ndarray, moments: np.ndarray, basis: Basis, rng: np.random.Generator) -> np.ndarray:
    """Coefficients of a function with the invariants of another, as far as the steps lead."""
    degrees = np.array([member.degree for member in basis], dtype=float)
    sizes = np.linalg.norm(moments @ start) ** degrees

    def returned(c: np.ndarray) -> np.ndarray | None:
        for _ in range(15):
            rest = (np.asarray(basis.evaluate(moments @ start)) - np.asarray(basis.evaluate(moments @ c))) / sizes
            if abs(rest).max() < CLOSED:
                return c
            rows = (np.asarray(basis.jacobian(moments @ c)) / sizes[:, None]) @ moments
            c = c + np.linalg.lstsq(rows, rest, rcond=1e-6)[0]
        return None

    at, before = start, rng.normal(size=len(start))
    for _ in range(STEPS):
        rows = (np.asarray(basis.jacobian(moments @ at)) / sizes[:, None]) @ moments
        _, values, right = np.linalg.svd(rows)
        unseen = right[(values > 1e-6 * values[0]).sum() :]
        direction = unseen.T @ (unseen @ before)
        direction *= LENGTH / STEPS * np.linalg.norm(start) / np.linalg.norm(direction)
        for half in range(6):
            there = returned(at + direction / 2**half)
            if there is not None:
                at, before = there, direction
                break
    return at


def detection(size: int, scenes: int, known: dict[str, Basis], score: Any) -> dict[str, Any]:
    """AP of invariants for a function on a shell among others: random ones, and ones with equal independent invariants.

    Args:
        size: of a scene.
        scenes: how many for each noise.
        known: the bases; that named "invariants, independent" is confused.
        score: (map, targets) -> (hits, scores), and the average precision of those of all scenes.
    """
    precision_recall, average_precision = score
    rng = np.random.default_rng(SEED)
    harmonics, window, points = functions(), fields.Window.hermite(SCALE), cube(np.zeros(3))
    unit = [fields.Template(shell(row, np.eye(3), points), window, ORDER, background=0.0).moments for row in harmonics]
    moments = np.stack(unit, axis=1)
    start = rng.normal(size=25)
    # Unit root mean square in the ball, as the other templates have.
    inside = np.linalg.norm(points, axis=-1) <= RADIUS
    start /= np.sqrt((shell(start @ harmonics, np.eye(3), points)[inside] ** 2).mean())
    patch = shell(start @ harmonics, np.eye(3), points)
    sought = fields.Template(patch, window, SOUGHT, background=0.0)
    # The choice is made for the orders of the bases that lose rank.
    choice = fields.basis_for(fields.Template(patch, window, ORDER, background=0.0), tolerance=1e-3)
    bases = known | {"invariants, per template": choice.basis}
    confused = known["invariants, independent"]
    partners = [walk(start, moments, confused, rng) for _ in range(6)]
    apart = [float(fields.align(patch, shell(p @ harmonics, np.eye(3), points), window, ORDER).score) for p in partners]
    rows = []
    for kind in ("equal independent invariants", "random"):
        for level in NOISES:
            pooled: dict[str, list[list[Any]]] = {name: [[], []] for name in bases}
            for seed in range(scenes):
                generator = np.random.default_rng([SEED, seed, int(100 * level)])
                centres = places(size, 12, generator)
                turns = Rotation.random(12, random_state=seed).as_matrix()
                field = level * generator.normal(size=(size,) * 3)
                for i, (centre, matrix) in enumerate(zip(centres, turns, strict=True)):
                    values = start
                    if i >= 6 and kind == "random":
                        values = generator.normal(size=25)
                        values *= np.linalg.norm(start) / np.linalg.norm(values)
                    elif i >= 6:
                        values = partners[i - 6]
                    middle = np.rint(centre).astype(int)
                    where = tuple(slice(m - 11, m + 12) for m in middle)
                    field[where] += shell(values @ harmonics, matrix, cube(centre - middle))
                for name, basis in bases.items():
                    found = fields.similarity(field.astype(np.float32), sought, "invariants", basis=basis).map
                    hits, scores = precision_recall(found, centres[:6])
                    pooled[name][0] += hits
                    pooled[name][1] += scores
            ap = {n: round(average_precision(np.array(h), np.array(s), 6 * scenes), 4) for n, (h, s) in pooled.items()}
            print("shell", kind, level, ap, flush=True)
            rows.append({"others": kind, "noise": level, "ap": ap})
    return {
        "rank before the choice": choice.before, "rank after": choice.rank, "rank needed": choice.needed,
        "correlation of the partners with the template": [round(a, 3) for a in apart], "rows": rows,
    }  # fmt: skip
