"""Rotations of a turned protein in noise: their errors, whether covariances hold them, and the frame of second moments.

`python -m benchmarks.fields orientation [--rotations 200] [--json PATH]`
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.field_scenes import CENTRE, ball, cube, template, volumes
from benchmarks.support import ROOT, machine, table, write_json

NOISES = (0.0, 0.5, 1.0, 2.0, 3.0, 4.0)
SCALE, ORDER, ANGLE = 2.5, 6, 20.0
REACH = 15  # voxels of the patch to either side, what the window sees
WRONG = 15.0  # degrees
NINETY = 6.251  # the 90 % quantile of chi2 with three degrees of freedom


def principal_frame(patch: Any) -> np.ndarray:
    """The axes of the second moments, with signs from the third moments along two of them."""
    from invgen import fields
    from invgen.fields.slabs import exponents_of

    values = fields.moments(patch, 3, fields.Window.hermite(SCALE), at=[np.array(patch.shape) // 2]).values[0]
    at = {e: v for e, v in zip(exponents_of(3, 3), values)}

    def entry(*indices: int) -> float:
        return float(at[tuple(indices.count(axis) for axis in range(3))])

    second = np.array([[entry(i, j) for j in range(3)] for i in range(3)])
    third = np.array([[[entry(i, j, k) for k in range(3)] for j in range(3)] for i in range(3)])
    axes = np.linalg.eigh(second)[1].T
    for axis in axes[:2]:
        if np.einsum("ijk,i,j,k->", third, axis, axis, axis) < 0:
            axis *= -1
    axes[2] = np.cross(axes[0], axes[1])
    return axes.T


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fields orientation", description=__doc__.split("\n")[0])
    parser.add_argument("--rotations", type=int, default=200)
    parser.add_argument("--json", type=Path, default=ROOT / "benchmarks" / "results" / "field_orientation.json")
    options = parser.parse_args(arguments)
    data = volumes()
    if data is None:
        print("skipped: volumes_vtk is not here; set INVGEN_DATA to the folder of data sets")
        return
    from scipy.spatial.transform import Rotation

    from invgen import fields
    from invgen.fields.rotation_grids import rotation_grid

    window = fields.Window.hermite(SCALE)
    sought = fields.Template(template(data), window, ORDER)
    turns = Rotation.random(options.rotations, random_state=0)
    patches = []
    for matrix in turns.as_matrix():
        patch = np.zeros((2 * REACH + 1,) * 3)
        values = ball(data["ironprot_68"], CENTRE, matrix, cube(np.zeros(3)))
        inner = slice(REACH - values.shape[0] // 2, REACH + values.shape[0] // 2 + 1)
        patch[inner, inner, inner] = values
        patches.append(patch)
    frame = principal_frame(np.pad(template(data), REACH - 11))
    grid = Rotation.from_quat(rotation_grid(ANGLE))
    nearest = np.degrees([(grid * turn.inv()).magnitude().min() for turn in turns])
    rows, entries = [], []
    for level in NOISES:
        generator = np.random.default_rng([1, int(10 * level)])
        errors, inside, by_frame, runners, seconds = [], [], [], [], []
        for patch, turn in zip(patches, turns):
            seen = patch + level * generator.normal(size=patch.shape)
            b = fields.Template(seen, window, ORDER, background=0.0)
            start = time.process_time()
            found = fields.align(sought, b, angle=ANGLE, noise=level)
            seconds.append(time.process_time() - start)
            error = (turn * found.rotation.inv()).as_rotvec()
            errors.append(np.degrees(np.linalg.norm(error)))
            runners.append(found.runner_up / found.score)
            if level:
                inside.append(float(error @ np.linalg.solve(found.covariance, error)) <= NINETY)
            moved = Rotation.from_matrix(principal_frame(seen) @ frame.T)
            by_frame.append(np.degrees((turn * moved.inv()).magnitude()))
        entry = {
            "noise": level,
            "median": float(np.median(errors)),
            "90 %": float(np.quantile(errors, 0.9)),
            "wrong": float(np.mean(np.array(errors) > WRONG)),
            "inside the 90 % ellipsoid": float(np.mean(inside)) if inside else None,
            "frame of second moments, median": float(np.median(by_frame)),
            "frame of second moments, wrong": float(np.mean(np.array(by_frame) > WRONG)),
            "runner-up / score, median": float(np.median(runners)),
            "CPU ms of an alignment, median": float(1e3 * np.median(seconds)),
        }
        entries.append(entry)
        rows.append([f"{value:.3g}" if value is not None else "" for value in entry.values()])
    print(f"Errors in degrees, {options.rotations} rotations; nearest rotation of the grid {np.median(nearest):.1f}:\n")
    print(table(list(entries[0]), rows))
    write_json(
        options.json,
        {"machine": machine(), "rotations": options.rotations, "window": SCALE, "order": ORDER, "rows": entries},
    )
