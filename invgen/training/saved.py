"""A trained potential in one file: weights and plain values alone, read without running any code."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch

from invgen import files
from invgen.basis import file as basis_file
from invgen.basis.basis import Basis
from invgen.errors import InputError
from invgen.nn.potential import Potential
from invgen.structures import AtomicEnergies
from invgen.training.config import Config
from invgen.training.models import basis_of, build_potential

FORMAT: Final = "invgen-potential-1"


@dataclass(frozen=True, eq=False)
class Trained:
    """A potential and what its numbers mean.

    Attributes:
        potential: gives energies without those of atoms, eV and Angstrom.
        atomic_energies: to add; `AtomicEnergies.of` sums them in float64.
        elements: atomic numbers that it knows.
        config: of the run.
    """

    potential: Potential
    atomic_energies: AtomicEnergies
    elements: tuple[int, ...]
    config: Config


def save_potential(path: str | Path, trained: Trained) -> Path:
    """Write a trained potential; the file appears when it is complete.

    Args:
        path: of the file to write.
        trained: the potential with what is needed to use it.

    Raises:
        InputError: the file cannot be written.
    """
    path = Path(path)
    basis = basis_of(trained.potential)
    content = {
        "format": FORMAT,
        "config": trained.config.to_json(),
        "elements": list(trained.elements),
        "atomic_elements": list(trained.atomic_energies.elements),
        "atomic_energies": list(trained.atomic_energies.energies),
        "basis": None if basis is None else json.dumps(basis.to_json(), sort_keys=True),
        "state": trained.potential.state_dict(),
    }
    with files.replacing(path) as temporary:
        torch.save(content, temporary)
    return path


def load_potential(path: str | Path, target: str | None = None, dtype: str | None = None) -> Trained:
    """The potential in a file that `train` or `save_potential` wrote, in evaluation mode, on the CPU.

    The file holds its basis; weights that were saved with another one are refused.

    Args:
        path: the file.
        target: of the kernels, in place of the one it was trained with.
        dtype: "float32" or "float64", in place of the one it was trained in.

    Raises:
        InputError: it is not such a file, or is damaged.
    """
    content = read_plain(path)
    if content.get("format") != FORMAT:
        raise InputError(f"{path} holds no potential of 'invgen train': pass its potential.pt")
    given = json.loads(content["config"])
    if target is not None:
        given["model"]["target"] = target
    if dtype is not None:
        given["dtype"] = dtype
    config = Config.from_mapping(given)
    elements = tuple(content["elements"])
    potential = build_potential(config, elements, None if content["basis"] is None else _basis(content, path))
    potential.load_state_dict(content["state"])
    energies = AtomicEnergies(tuple(content["atomic_elements"]), tuple(content["atomic_energies"]))
    return Trained(potential.eval(), energies, elements, config)


def _basis(content: dict[str, Any], path: str | Path) -> Basis:
    parts, stated, actual = basis_file.from_json(json.loads(content["basis"]), str(path))
    if stated != actual:
        raise InputError(f"the basis in {path} was changed: its id is {actual}, not {stated}; train again")
    return Basis.of(parts)


def read_plain(path: str | Path) -> dict[str, Any]:
    """A file of tensors and plain values.

    Raises:
        InputError: it cannot be read, or holds anything else, which might run code.
    """
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # torch raises whatever the damage causes
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise InputError(f"{path} cannot be read as a file of weights and plain values: {reason}") from error
    if not isinstance(content, dict):
        raise InputError(f"{path} holds no names with values")
    return content
