"""What the tests of training share: frames of a potential that is known, and a small configuration."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from invgen.training import Config


def molecules(frames: int = 24, seed: int = 0, spread: float = 0.05) -> dict[str, np.ndarray]:
    """Frames of CH4 with springs between all atoms: energies in eV, forces their exact negative gradient."""
    rng = np.random.default_rng(seed)
    corners = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]) * 0.63
    rest = np.concatenate([np.zeros((1, 3)), corners])
    positions = rest + spread * rng.standard_normal((frames, 5, 3))
    lengths = np.linalg.norm(rest[:, None] - rest[None], axis=-1) + np.eye(5)
    vectors = positions[:, :, None] - positions[:, None]
    distances = np.linalg.norm(vectors, axis=-1) + np.eye(5)
    strain = distances - lengths
    energies = 10.0 * 0.25 * np.sum(strain**2, axis=(1, 2)) - 40.0
    forces = -10.0 * np.sum((strain / distances)[..., None] * vectors, axis=2)
    return {"z": np.array([6, 1, 1, 1, 1]), "R": positions, "E": energies, "F": forces}


def write(folder: Path, name: str = "frames.npz", without: tuple[str, ...] = (), **changes: Any) -> Path:
    """The frames as a file."""
    content = {key: value for key, value in {**molecules(), **changes}.items() if key not in without}
    np.savez(folder / name, **content)
    return folder / name


def settings(folder: Path, **groups: dict[str, Any]) -> dict[str, Any]:
    """A run that takes a second, with entries of groups replaced."""
    given: dict[str, Any] = {
        "data": {
            "train": {"file": "frames.npz", "energy_unit": "eV", "length_unit": "Angstrom"},
            "validation": 4,
            "batch_size": 8,
        },
        "model": {
            "kind": "HIPNNTS",
            "cutoff": 3.0,
            "l_max": 1,
            "features": 6,
            "interactions": 1,
            "atom_layers": 1,
            "sensitivities": 6,
            "target": "torch",
        },
        "training": {"epochs": 4},
        "optimiser": {"learning_rate": 5e-3},
        "output": str(folder / "run"),
        "dtype": "float64",
    }
    for name, changes in groups.items():
        given[name] = {**given.get(name, {}), **changes} if isinstance(changes, dict) else changes
    return given


def config(folder: Path, **groups: Any) -> Config:
    """The configuration of `settings`."""
    return Config.from_mapping(settings(folder, **groups))
