"""A configuration is refused with a sentence that says where and what is allowed; Python and files obey the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from invgen.errors import InputError
from invgen.training import BasisConfig, Config, LossConfig, ModelConfig, OptimiserConfig, read_config
from invgen.training.bases import build_basis
from invgen.training.models import model_basis
from invgen.training.yaml_file import dump_yaml
from tests.support.training_cases import settings

HERE = Path(".")


def changed(place: str, value: Any) -> dict[str, Any]:
    given = settings(HERE)
    *groups, last = place.split(".")
    group = given
    for name in groups:
        group = group.setdefault(name, {})
    group[last] = value
    return given


@pytest.mark.parametrize(
    ("place", "value", "sentence"),
    [
        ("models", {}, "the configuration has no entry 'models'; its entries are data, model"),
        ("model.cutof", 5.0, "model has no entry 'cutof'"),
        ("data.train.unit", "eV", "data.train has no entry 'unit'"),
        ("training.epochs", "ten", "training.epochs is a whole number, got 'ten'"),
        ("training.epochs", True, "training.epochs is a whole number, got True"),
        ("training.epochs", 0, "training: epochs is at least 1, got 0"),
        ("model.cutof", 5.0, "did you mean 'cutoff'"),
        (
            "model.residual",
            2.5,
            "model.residual is true or false or a whole number or one of 'own', 'none' or nothing, got 2.5",
        ),
        ("model.residual", 0, "model: residual is 'own' .*, got 0"),
        ("model.target", "tpu", "model: target must be one of 'c', 'cuda', 'torch', got 'tpu'"),
        ("model.cutoff", None, "model.cutoff is a number, got None"),
        ("model.cutoff", float("nan"), "model.cutoff is a number, got nan"),
        (
            "model.kind",
            "PaiNN",
            "model.kind is one of 'HIPNN', 'HIPNNTS', .*'EquivariantNetwork', 'Allegro', got 'PaiNN'",
        ),
        ("model.parity", True, "model: parity is not an option of HIPNNTS"),
        ("loss.dipole", 1.0, "loss.dipole is for networks whose atoms have tensors, MACE, .*, not for HIPNNTS"),
        ("data.train.dipole_units", "Debye", "data.train has no entry 'dipole_units'.*did you mean 'dipole_unit'"),
        ("model.messages", "0e", "model: messages is not an option of HIPNNTS"),
        ("model", {"kind": "NequIP", "cutoff": 5.0, "correlation": 2}, "correlation is not an option of NequIP"),
        ("model", {"kind": "MACE", "cutoff": 5.0, "channels": 0}, "channels is at least 1, got 0"),
        ("model", {"kind": "MACE", "cutoff": 5.0, "average_neighbours": 0.0}, "average_neighbours is positive"),
        ("model.features", [8, "x"], r"model.features\[1\] is a whole number, got 'x'"),
        ("model.basis", {"l_max": 2, "max_degree": 2}, "model: basis is not an option of HIPNNTS"),
        ("data.validation", 2.5, "data.validation is a group of entries .* or a whole number, got 2.5"),
        ("data.train", "frames.npz", "data.train holds names with values, got 'frames.npz'"),
        ("optimiser.ema", 1.0, "optimiser: ema is between 0 and 1, got 1.0"),
        ("optimiser.weight_decay", 0.1, "weight_decay is an option of adamw"),
        ("loss.forces", -1.0, "weights are 0 or more, got forces = -1.0"),
        ("loss", {"energy": 0.0, "forces": 0.0}, "at least one weight"),
        ("training.displacement", 0.1, "for force_gradients: displaced"),
        ("hardware.accelerator", "tpu", "hardware.accelerator is one of 'cpu', 'gpu', got 'tpu'"),
        ("dtype", "float16", "dtype is one of 'float32', 'float64', got 'float16'"),
    ],
)
def test_what_is_not_allowed_is_refused_in_one_sentence(place: str, value: Any, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence) as caught:
        Config.from_mapping(changed(place, value))
    assert "\n" not in str(caught.value)


def test_a_missing_entry_is_named() -> None:
    given = settings(HERE)
    del given["model"]["cutoff"]
    with pytest.raises(InputError, match=r"model.cutoff is missing: it is a number"):
        Config.from_mapping(given)


def test_python_obeys_what_a_file_obeys() -> None:
    with pytest.raises(InputError, match="cutoff is a number, got '5'"):
        ModelConfig("HIPNN", "5")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="patience is at least 0"):
        OptimiserConfig(patience=-1)
    assert ModelConfig("HIPNN", 5).cutoff == 5.0 and isinstance(ModelConfig("HIPNN", 5).cutoff, float)
    assert LossConfig(energy=0.0).targets == ("forces",)


def test_a_configuration_survives_json_and_yaml(tmp_path: Path) -> None:
    config = Config.from_mapping(settings(tmp_path, model={"features": [8, 6], "interactions": None}))
    assert Config.from_mapping(json.loads(config.to_json())) == config
    (tmp_path / "config.yaml").write_text(dump_yaml(config))
    assert read_config(tmp_path / "config.yaml") == config


def test_numbers_without_a_point_are_numbers_and_changes_are_values(tmp_path: Path) -> None:
    text = dump_yaml(Config.from_mapping(settings(tmp_path))).replace("learning_rate: 0.005", "learning_rate: 5e-3")
    assert "5e-3" in text  # YAML 1.1 calls that a text
    (tmp_path / "config.yaml").write_text(text)
    config = read_config(tmp_path / "config.yaml", ["optimiser.clip=1e1", "model.features=[8]", "loss.penalty=huber"])
    assert (config.optimiser.learning_rate, config.optimiser.clip, config.model.features) == (0.005, 10.0, (8,))
    assert config.loss.penalty == "huber"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("seed: 1\nseed: 2\n", "'seed' appears twice in the group that begins on line 1"),
        ("a: [1\n", "is not YAML"),
        ("- 1\n", "holds names with values, got list"),
        ("seed: !!python/object/apply:os.getcwd []\n", "is not YAML"),
    ],
)
def test_a_file_that_is_no_configuration_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "config.yaml").write_text(text)
    with pytest.raises(InputError, match=sentence):
        read_config(tmp_path / "config.yaml")


def test_a_file_that_is_not_there_and_a_change_without_a_value_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read the configuration"):
        read_config(tmp_path / "none.yaml")
    (tmp_path / "config.yaml").write_text("seed: 1\n")
    with pytest.raises(InputError, match="a change is NAME=VALUE"):
        read_config(tmp_path / "config.yaml", ["seed"])


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "one of file, package, space and l_max, got none"),
        ({"file": "a.json", "l_max": 2}, "got file and l_max"),
        ({"l_max": 2}, "l_max needs max_degree"),
        ({"package": "a", "select": "linear"}, "select chooses how a basis is made"),
    ],
)
def test_a_basis_is_given_in_one_way(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        BasisConfig(**given)


def test_a_basis_is_that_of_the_file_the_package_or_the_request(repository: Path) -> None:
    generated = repository / "generated"
    names = [
        BasisConfig(file="optimal_l2_n4/basis.json"),
        BasisConfig(package="optimal_l2_n4"),
        BasisConfig(space="0e + 1o + 2e", max_degree=4),
        BasisConfig(l_max=2, max_degree=4, select="independent"),
    ]
    assert len({build_basis(each, generated).id for each in names}) == 1
    assert len(build_basis(BasisConfig(l_max=3, max_degree=4, select="hippynn"), generated)) == 13
    turned = build_basis(BasisConfig(package="optimal_l2_n4", convention="e3nn"), generated)
    assert turned.convention == "e3nn"


def test_random_members_are_those_of_the_seed(repository: Path) -> None:
    def drawn(seed: int) -> list[str]:
        config = BasisConfig(package="optimal_l3_n4", random_members=5, random_seed=seed)
        return [str(each) for each in build_basis(config, repository / "generated").contractions]

    assert drawn(1) == drawn(1) != drawn(2) and len(drawn(1)) == 5


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        (BasisConfig(package="no_such_package"), "there is no kernel package 'no_such_package'"),
        (BasisConfig(package="optimal_l2_n4", random_members=99), "random_members is at most"),
        (BasisConfig(space="0e + 1o", max_degree=2, select="hippynn"), "is a list for l_max and max_degree alone"),
    ],
)
def test_a_basis_that_is_not_to_be_had_is_refused(repository: Path, config: BasisConfig, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        build_basis(config, repository / "generated")


@pytest.mark.parametrize("name", ["hippynn", "flexible", "l4_n4", "ace", "mace", "allegro"])
def test_the_examples_are_configurations_whose_bases_exist(repository: Path, name: str) -> None:
    config = read_config(repository / "examples" / "configs" / f"ethanol_{name}.yaml")
    basis = model_basis(config, (1, 6, 8), repository)
    assert basis is None if name in ("mace", "allegro") else basis is not None and len(basis) > 10


@pytest.mark.parametrize("value", [True, False, 5, "own", "none"])
def test_every_residual_state_is_kept_as_it_was_written(value: Any) -> None:
    config = Config.from_mapping(changed("model.residual", value))
    again = Config.from_mapping(json.loads(config.to_json()))
    assert (again == config and again.model.residual is value) or again.model.residual == value
    assert json.loads(config.to_json())["model"]["residual"] == value


def test_numbers_of_numpy_are_plain_in_a_configuration() -> None:
    given = changed("model.cutoff", np.float32(2.5))
    given["training"]["epochs"] = np.int64(3)
    config = Config.from_mapping(given)
    assert type(config.model.cutoff) is float and type(config.training.epochs) is int
    assert config == Config.from_mapping(json.loads(config.to_json()))
