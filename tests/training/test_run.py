"""Runs repeat bit for bit, go on where they were killed, stop where they must, and keep to their basis."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from invgen import cli
from invgen.errors import InputError, TrainingError
from invgen.structures import read
from invgen.training import evaluate, load_potential, train
from invgen.training.curve import Curve
from invgen.training.data import EpochBatches
from invgen.training.yaml_file import dump_yaml
from tests.support.training_cases import config, molecules, settings, write


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Tensors of these tests are too small to share out."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path)
    return tmp_path


def curve(run: Path) -> str:
    return (run / "curve.csv").read_text()


def rows(run: Path) -> list[dict[str, float]]:
    return [{k: float(v) for k, v in row.items()} for row in csv.DictReader(curve(run).splitlines())]


def killed(given: Any, folder: Path, epoch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run until the row of an epoch is written, which is before its checkpoint is."""

    class Killed(Exception):
        pass

    whole = Curve.write

    def write_and_die(self: Curve) -> None:
        whole(self)
        if len(self.rows) == epoch:
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Curve, "write", write_and_die)
        with pytest.raises(Killed):
            train(given, folder)


def test_the_loss_falls_and_everything_is_written(folder: Path) -> None:
    given = config(folder, training={"epochs": 8}, data={"test": {"all": settings(folder)["data"]["train"]}})
    result = train(given, folder)
    found = rows(folder / "run")
    assert [row["epoch"] for row in found] == list(range(1, 9))
    assert found[-1]["validation_loss"] < 0.8 * found[0]["validation_loss"]
    assert found[-1]["learning_rate"] == pytest.approx(5e-5), "the cosine ends at a hundredth"
    names = {"curve.csv", "seconds.csv", "last.ckpt", "best.ckpt", "potential.pt", "errors.json", "config.yaml"}
    assert {path.name for path in (folder / "run").iterdir()} == names
    errors = json.loads((folder / "run" / "errors.json").read_text())
    assert errors["best_epoch"] == result.best_epoch and set(errors["errors"]) == {"validation", "all"}
    best = min(found, key=lambda row: row["validation_loss"])
    # The same frames in batches of another order of sums.
    assert errors["errors"]["validation"]["loss"] == pytest.approx(best["validation_loss"], rel=1e-12)


def test_the_same_seed_gives_the_same_bits_and_another_gives_others(folder: Path) -> None:
    state = torch.get_rng_state()
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        train(config(folder, output=str(folder / name), seed=seed, training={"epochs": 2}), folder)
    assert curve(folder / "a") == curve(folder / "b") != curve(folder / "c")
    assert torch.equal(state, torch.get_rng_state()), "torch's random state is the caller's"


@pytest.mark.parametrize(
    "optimiser",
    [{"schedule": "cosine", "warmup_steps": 2, "ema": 0.9}, {"schedule": "plateau", "patience": 0, "factor": 0.1}],
)
def test_a_resumed_run_has_the_curve_of_one_that_never_stopped(
    folder: Path, optimiser: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    # A large rate makes the plateau schedule act within a few epochs.
    optimiser = {"learning_rate": 0.5, **optimiser}
    whole = config(folder, output=str(folder / "whole"), optimiser=optimiser, training={"epochs": 4, "patience": 3})
    train(whole, folder)
    if optimiser["schedule"] == "plateau":
        assert len({row["learning_rate"] for row in rows(folder / "whole")}) > 1
    cut = config(folder, output=str(folder / "cut"), optimiser=optimiser, training={"epochs": 4, "patience": 3})
    killed(cut, folder, 3, monkeypatch)
    assert len(rows(folder / "cut")) == 3
    train(cut, folder, resume=True)
    assert curve(folder / "cut") == curve(folder / "whole")
    first, second = (load_potential(folder / name / "potential.pt") for name in ("whole", "cut"))
    for a, b in zip(first.potential.parameters(), second.potential.parameters(), strict=True):
        assert torch.equal(a, b)


# The command, which waits for a second after each epoch: so few epochs are enough to be killed among them.
WAITS = """
import sys, time
from invgen import cli
from invgen.training.curve import Curve
whole = Curve.write
Curve.write = lambda self: (whole(self), time.sleep(1))
sys.exit(cli.main(sys.argv[1:]))
"""


@pytest.mark.slow
def test_a_process_that_is_killed_can_be_resumed(folder: Path) -> None:
    groups: dict[str, Any] = {"training": {"epochs": 6}, "hardware": {"threads": 1}}
    train(config(folder, output=str(folder / "whole"), **groups), folder)
    (folder / "cut.yaml").write_text(dump_yaml(config(folder, output=str(folder / "cut"), **groups)))
    command = ["train", str(folder / "cut.yaml")]
    process = subprocess.Popen(
        [sys.executable, "-c", WAITS, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 300  # of imports alone, on a busy machine
    while not (folder / "cut" / "last.ckpt").is_file():
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL, "it was still running"
    assert len(rows(folder / "cut")) < 6
    assert cli.main([*command, "--resume"]) == 0
    assert curve(folder / "cut") == curve(folder / "whole")


def test_displaced_geometries_train_along_the_same_curve(folder: Path) -> None:
    for name in ("exact", "displaced"):
        given = config(
            folder, output=str(folder / name), training={"epochs": 3, "force_gradients": name}, optimiser={"clip": 1.0}
        )
        train(given, folder)
    pairs = zip(rows(folder / "exact"), rows(folder / "displaced"), strict=True)
    for exact, displaced in pairs:
        # Gradients agree to 1e-7; Adam divides by their size, and nine steps follow one another.
        assert displaced["validation_loss"] == pytest.approx(exact["validation_loss"], rel=1e-4)


def test_early_stopping_waits_for_so_many_epochs(folder: Path) -> None:
    given = config(
        folder,
        training={"epochs": 50, "patience": 2},
        optimiser={"learning_rate": 1e-12, "schedule": "constant"},
        dtype="float32",
    )
    result = train(given, folder)
    assert len(result.curve) < 50 and len(result.curve) - result.best_epoch >= 2


def test_the_moving_average_is_what_is_kept(folder: Path) -> None:
    result = train(config(folder, optimiser={"ema": 0.9}, training={"epochs": 2}), folder)
    state = torch.load(folder / "run" / "best.ckpt", weights_only=True)["state_dict"]
    name, value = next(iter(result.trained.potential.named_parameters()))
    assert torch.equal(value, state[f"averaged.module.{name}"])
    assert not torch.equal(value, state[f"potential.{name}"])


def test_averages_forget_early_weights_and_decay_later() -> None:
    from invgen.training.module import Ramp  # loads Lightning

    ramp, zero = Ramp(0.5), [torch.zeros(1)]
    for number, expected in ((0, 0.1), (1000, 0.5)):  # (1 + 0) / (10 + 0), and the decay itself
        averaged = [torch.ones(1)]
        ramp(averaged, zero, torch.tensor(number))
        assert float(averaged[0]) == pytest.approx(expected)


def test_checkpoints_hold_states_and_plain_values_alone(folder: Path) -> None:
    train(config(folder, optimiser={"ema": 0.9}), folder)
    for name in ("last.ckpt", "best.ckpt", "potential.pt"):
        torch.load(folder / "run" / name, weights_only=True)
    found = torch.load(folder / "run" / "last.ckpt", weights_only=True)["invgen"]
    assert json.loads(found["config"])["model"]["kind"] == "HIPNNTS"


def test_a_saved_potential_gives_the_numbers_it_was_chosen_for(folder: Path) -> None:
    result = train(config(folder), folder)
    again = load_potential(folder / "run" / "potential.pt")
    frames = read(folder / "frames.npz", energy_unit="eV", length_unit="Angstrom")
    bare = again.atomic_energies.subtract(frames)
    assert evaluate(again, bare) == evaluate(result.trained, bare)
    assert evaluate(again, bare)["forces_mae"] > 0
    # -40 eV per molecule is the reference's, what remains is of the order of springs.
    assert abs(float(again.atomic_energies.of(frames)[0]) + 40) < 5


def test_a_potential_trained_in_float32_can_be_loaded_in_float64(folder: Path) -> None:
    train(config(folder, dtype="float32"), folder)
    frames = read(folder / "frames.npz", energy_unit="eV", length_unit="Angstrom")
    single = load_potential(folder / "run" / "potential.pt")
    double = load_potential(folder / "run" / "potential.pt", dtype="float64")
    assert {each.dtype for each in double.potential.parameters()} == {torch.float64}
    bare = single.atomic_energies.subtract(frames)
    first, second = (evaluate(each, bare)["forces_mae"] for each in (single, double))
    # The same weights: they differ by the rounding of float32 in sums of some hundred terms.
    assert first != second
    assert first == pytest.approx(second, rel=1e-4)


@pytest.mark.parametrize(("frame", "what"), [(5, "F"), (7, "E")])
def test_a_loss_that_is_no_number_stops_names_the_frames_and_keeps_the_checkpoint(
    folder: Path, frame: int, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Atomic energies that were fitted to an absurd energy would be absurd for all frames.
    given = config(folder, training={"epochs": 3}, data={"atomic_energies": "none"})
    killed(given, folder, 2, monkeypatch)
    kept = (folder / "run" / "last.ckpt").read_bytes()
    data = molecules()
    data[what][frame] = 1e200  # its square is infinite
    write(folder, **{what: data[what]})
    with pytest.raises(
        TrainingError, match=rf"NaN or infinite in epoch 2.* on the frames \[.*\b{frame}\b.*\] of frames.npz"
    ) as error:
        train(given, folder, resume=True)
    assert "last.ckpt is from epoch 1" in str(error.value)
    assert (folder / "run" / "last.ckpt").read_bytes() == kept


def test_frames_without_forces_are_refused_where_forces_have_a_weight(folder: Path) -> None:
    write(folder, without=("F",))
    with pytest.raises(InputError, match=r"data.train: .*24 of 24 frames have no forces.*; or set loss.forces to 0"):
        train(config(folder), folder)
    assert not (folder / "run").exists()
    result = train(config(folder, loss={"forces": 0.0}, training={"epochs": 1}), folder)
    assert "validation_forces_mae" not in result.curve[0]


def test_elements_that_the_model_does_not_know_are_refused(folder: Path) -> None:
    with pytest.raises(InputError, match="has an atom of C, but the model knows H, O"):
        train(config(folder, model={"elements": ["O", "H"]}), folder)


def test_too_few_frames_unknown_labels_and_bad_ranges_are_refused(folder: Path) -> None:
    with pytest.raises(InputError, match="has 24 frames, too few"):
        train(config(folder, data={"validation": 24}), folder)
    source = settings(folder)["data"]["train"]
    with pytest.raises(InputError, match="has no label 'split' to select by"):
        train(config(folder, data={"train": {**source, "select": {"split": "train"}}}), folder)
    with pytest.raises(InputError, match=r"frames of frames.npz go from 0 to 24, got 3 to 99"):
        train(config(folder, data={"train": {**source, "frames": [3, 99]}}), folder)


def hiphop(folder: Path, basis: dict[str, Any], **groups: Any) -> Any:
    model = {"kind": "HIPHOPNN", "basis": basis, "l_max": None}
    return config(folder, model=model, training={"epochs": 1}, **groups)


def test_a_checkpoint_of_another_basis_convention_or_model_is_refused(folder: Path) -> None:
    train(hiphop(folder, {"l_max": 1, "max_degree": 2, "select": "independent"}), folder)
    for other in (
        {"max_degree": 2, "select": "linear"},
        {"max_degree": 2, "select": "independent", "convention": "e3nn"},
    ):
        with pytest.raises(InputError, match=r"saved with basis .*: a basis and its convention cannot change"):
            train(hiphop(folder, {"l_max": 1, **other}), folder, resume=True)
    with pytest.raises(InputError, match=r"saved with loss.energy = 1.0, this run has 2.0"):
        train(
            hiphop(folder, {"l_max": 1, "max_degree": 2, "select": "independent"}, loss={"energy": 2.0}),
            folder,
            resume=True,
        )
    (folder / "run" / "last.ckpt").write_bytes(b"not a checkpoint")
    with pytest.raises(InputError, match="cannot be read as a file of weights and plain values"):
        train(hiphop(folder, {"l_max": 1, "max_degree": 2, "select": "independent"}), folder, resume=True)


def test_a_saved_potential_refuses_weights_of_another_basis(folder: Path) -> None:
    train(hiphop(folder, {"l_max": 1, "max_degree": 2, "select": "independent"}), folder)
    train(hiphop(folder, {"l_max": 1, "max_degree": 2, "select": "linear"}, output=str(folder / "other")), folder)
    content = torch.load(folder / "run" / "potential.pt", weights_only=True)
    content["basis"] = torch.load(folder / "other" / "potential.pt", weights_only=True)["basis"]
    torch.save(content, folder / "mixed.pt")
    with pytest.raises((InputError, RuntimeError), match=r"basis|size mismatch"):
        load_potential(folder / "mixed.pt")
    with pytest.raises(InputError, match="holds no potential"):
        load_potential(folder / "run" / "last.ckpt")


def test_ace_trains_with_a_linear_and_a_network_readout(folder: Path) -> None:
    for name, hidden in (("linear", None), ("network", [8])):
        model = {
            "kind": "ACE",
            "cutoff": 3.0,
            "n_radial": 2,
            "hidden": hidden,
            "basis": {"l_max": 1, "max_degree": 2, "select": "linear"},
            "target": "torch",
        }
        given = settings(folder, training={"epochs": 6}, output=str(folder / name), optimiser={"learning_rate": 0.05})
        found = train(type(config(folder)).from_mapping({**given, "model": model}), folder).curve
        assert found[-1]["validation_loss"] < 0.7 * found[0]["validation_loss"]


@pytest.mark.parametrize(
    ("kind", "options"),
    [("MACE", {"correlation": 2}), ("EquivariantNetwork", {"correlation": 1, "nonlinearity": "gate", "readout": 0})],
)
def test_equivariant_networks_train_and_count_neighbours(folder: Path, kind: str, options: dict[str, Any]) -> None:
    given = settings(folder, optimiser={"learning_rate": 0.02}, training={"epochs": 3})
    small = {"messages": "0e + 1o", "l_max": 1, "layers": 2, "channels": 2, "radial_hidden": [4], "n_radial": 4}
    given["model"] = {"kind": kind, "cutoff": 3.0, "target": "torch", **small, **options}
    result = train(type(config(folder)).from_mapping(given), folder)
    losses = [row["validation_loss"] for row in result.curve]
    assert losses[-1] < losses[0]
    again = load_potential(folder / "run" / "potential.pt")
    network: Any = again.potential.network
    # CH4 within 3 Angstrom: every atom sees the four others.
    assert network.average_neighbours == 4.0 and network.radial.number == 4
    frames = again.atomic_energies.subtract(read(folder / "frames.npz", energy_unit="eV", length_unit="Angstrom"))
    assert evaluate(again, frames) == evaluate(result.trained, frames)


def test_a_folder_that_holds_a_run_is_not_written_over(folder: Path) -> None:
    given = config(folder, training={"epochs": 1})
    with pytest.raises(InputError, match=r"there is no last.ckpt in .* to resume from"):
        train(given, folder, resume=True)
    train(given, folder)
    with pytest.raises(InputError, match="holds a run: resume it"):
        train(given, folder)
    with pytest.raises(InputError, match="does not exist; create it"):
        train(config(folder, output=str(folder / "no" / "run")), folder)


def test_tensorboard_gets_the_curve(folder: Path) -> None:
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    train(config(folder, tensorboard=True, training={"epochs": 2}), folder)
    events = EventAccumulator(str(folder / "run" / "tensorboard"))
    events.Reload()
    values = [event.value for event in events.Scalars("validation_loss")]
    # TensorBoard keeps float32.
    assert values == pytest.approx([row["validation_loss"] for row in rows(folder / "run")], rel=1e-6)


def test_the_command_trains_and_says_what_came_out(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "run.yaml").write_text(dump_yaml(config(folder)))
    change = ["--set", "training.epochs=2", "--set", f"output={folder / 'other'}"]
    assert cli.main(["train", str(folder / "run.yaml"), *change]) == 0
    out = capsys.readouterr().out
    assert "2 epochs" in out and "validation: energy" in out and "meV/Angstrom" in out
    assert cli.main(["train", str(folder / "run.yaml"), *change]) == 2
    error = capsys.readouterr().err
    assert error.startswith("invgen: ") and error.count("\n") == 1


def test_processes_share_out_every_batch() -> None:
    whole, parts = EpochBatches(10, 4, seed=3), [EpochBatches(10, 4, 3, rank, 2) for rank in range(2)]
    for epoch in range(2):
        for each in (whole, *parts):
            each.set_epoch(epoch)
        for batch, *shares in zip(whole, *parts, strict=True):
            assert sorted(batch) == sorted(shares[0] + shares[1])
    assert len(whole) == 3
    assert sorted(np.concatenate(list(whole))) == list(range(10))
    with pytest.raises(InputError, match="leave a batch of 1, fewer than the 2 processes"):
        EpochBatches(9, 4, 0, 0, 2)


@pytest.mark.slow
@pytest.mark.xdist_group("threads")
def test_two_processes_have_the_loss_of_one(folder: Path) -> None:
    one, two = (
        config(folder, output=str(folder / name), hardware={"devices": devices, "threads": 1}, optimiser={"ema": 0.9})
        for name, devices in (("one", 1), ("two", 2))
    )
    train(one, folder)
    (folder / "two.yaml").write_text(dump_yaml(two))
    command = [sys.executable, "-m", "invgen", "train", str(folder / "two.yaml")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("epochs, the best was") == 1
    for one, two in zip(rows(folder / "one"), rows(folder / "two"), strict=True):
        # Sums of float64 in another order, over twelve steps.
        assert two == pytest.approx(one, rel=1e-9)
