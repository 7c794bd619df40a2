"""What a configuration names is built, trained, and the same again from its file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ase
import ase.io
import numpy as np
import pytest
import torch

from invgen.errors import InputError
from invgen.nn import ZBL, Allegro
from invgen.structures import Batch, Structure
from invgen.training import Config, load_potential, train
from tests.support.training_cases import molecules, settings

CHARGES = np.array([-0.4, 0.1, 0.1, 0.1, 0.1])
ALLEGRO: dict[str, Any] = {
    **{"kind": "Allegro", "cutoff": 3.0, "l_max": 1, "layers": 2, "channels": 2, "features": 6, "hidden": [6]},
    **{"n_radial": 4, "target": "torch"},
}
EQUIVARIANT: dict[str, Any] = {
    **{"kind": "EquivariantNetwork", "cutoff": 3.0, "messages": "0e + 1o", "l_max": 2, "layers": 1, "channels": 4},
    **{"correlation": 1, "radial_hidden": [8], "target": "torch"},
}


def run(folder: Path, model: dict[str, Any], **groups: Any) -> Config:
    given = settings(folder, **groups)
    given["model"] = model
    return Config.from_mapping(given)


def write_dipoles(folder: Path, net: float = 0.0) -> None:
    """Frames of CH4 whose dipoles and polarizabilities are those of charges and bonds at their atoms."""
    data = molecules()
    frames = []
    for positions, energy, forces in zip(data["R"], data["E"], data["F"], strict=True):
        atoms = ase.Atoms(data["z"], positions)
        bonds = positions[1:] - positions[0]
        atoms.info.update(energy=energy, dipole=CHARGES @ positions, polarizability=2 * np.eye(3) + bonds.T @ bonds)
        atoms.arrays["forces"] = forces
        atoms.arrays["charges"] = CHARGES + net / 5
        frames.append(atoms)
    ase.io.write(folder / "frames.xyz", frames, format="extxyz")


def test_dipoles_and_polarizabilities_are_learnt_with_energies_and_reported(tmp_path: Path) -> None:
    write_dipoles(tmp_path)
    loss = {"energy": 1.0, "forces": 0.0, "dipole": 10.0, "polarizability": 1.0}
    groups = {"loss": loss, "training": {"epochs": 12}, "optimiser": {"learning_rate": 4e-2}}
    config = run(tmp_path, EQUIVARIANT, data={"train": {"file": "frames.xyz"}}, **groups)
    result = train(config, tmp_path)
    first, last = result.curve[0], result.curve[-1]
    for name in ("dipole", "polarizability"):
        assert last[f"validation_{name}_mae"] < 0.5 * first[f"validation_{name}_mae"], name
        assert result.errors["validation"][f"{name}_rmse"] > 0
    loaded = load_potential(tmp_path / "run" / "potential.pt").potential
    # What the last layer has is read too.
    assert loaded.network.tensor_irreps == ("0e", "0e + 1o + 2e")
    points = molecules()["R"][0]
    batch = Batch.from_structures([Structure(molecules()["z"], points)], 3.0, dtype=torch.float64)
    assert torch.equal(loaded(batch).tensors["dipole"], result.trained.potential(batch).tensors["dipole"])


def test_charged_molecules_are_refused_where_dipoles_are_learnt(tmp_path: Path) -> None:
    write_dipoles(tmp_path, net=1.0)
    loss = {"forces": 0.0, "dipole": 1.0}
    with pytest.raises(InputError, match=r"data.train: frame 0 has the net charge 1 e, and the dipole of a charged"):
        train(run(tmp_path, EQUIVARIANT, data={"train": {"file": "frames.xyz"}}, loss=loss), tmp_path)


def test_allegro_learns_and_takes_its_neighbours_from_the_frames(tmp_path: Path) -> None:
    np.savez(tmp_path / "frames.npz", **molecules())
    config = run(tmp_path, ALLEGRO, training={"epochs": 6}, optimiser={"learning_rate": 2e-2})
    result = train(config, tmp_path)
    assert result.curve[-1]["validation_loss"] < 0.7 * result.curve[0]["validation_loss"]
    network = load_potential(tmp_path / "run" / "potential.pt").potential.network
    assert isinstance(network, Allegro)
    assert network.average_neighbours == 4.0  # all five atoms see the other four
    assert result.errors["validation"]["forces_mae"] > 0


def test_options_of_foundation_models_are_built_and_built_again_from_the_file(tmp_path: Path) -> None:
    np.savez(tmp_path / "frames.npz", **molecules())
    model = {"self_connection": "later", "normalisation": "density", "distance_transform": "agnesi", "repulsion": "zbl"}
    config = run(tmp_path, {**EQUIVARIANT, "layers": 2, "l_max": 1, **model}, training={"epochs": 1})
    result = train(config, tmp_path)
    loaded = load_potential(tmp_path / "run" / "potential.pt").potential
    network: Any = loaded.network
    assert network.get_extra_state().items() >= {name: model[name] for name in list(model)[:3]}.items()
    assert isinstance(loaded.repulsion, ZBL) and loaded.repulsion.cutoff == 3.0
    batch = Batch.from_structures([Structure(molecules()["z"], molecules()["R"][0])], 3.0, dtype=torch.float64)
    assert torch.equal(loaded(batch).forces, result.trained.potential(batch).forces)


@pytest.mark.parametrize(
    ("model", "groups", "sentence"),
    [
        ({"features": [4, 4]}, {}, "features of Allegro are one number"),
        ({"normalisation": "density"}, {}, "normalisation is not an option of Allegro"),
        ({"messages": "0e"}, {}, "messages is not an option of Allegro; its options are l_max, parity"),
        ({}, {"loss": {"charges": 1.0}}, "loss.charges is for HIP networks, Allegro gives one energy an atom"),
        ({}, {"loss": {"polarizability": 1.0}}, "loss.polarizability is for networks whose atoms have tensors, MACE"),
    ],
)
def test_options_of_other_networks_are_refused(
    tmp_path: Path, model: dict[str, Any], groups: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(InputError, match=sentence):
        run(tmp_path, {**ALLEGRO, **model}, **groups)
