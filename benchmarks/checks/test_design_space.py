"""`examples/design_space`: budgets that are kept, runs that go on, and a page that shows what was recorded."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from benchmarks.network_accuracy import SETTINGS, Setting, configuration
from examples.design_space import report, run
from examples.design_space.grid import CENTRE, CHOICES, POINTS
from examples.design_space.run import Cost, Task
from invgen.nn.equivariant_plan import Design
from invgen.training import Config, train
from tests.support.training_cases import write

SMALL = {"kind": "EquivariantNetwork", "messages": "0e", "correlation": 1, "l_max": 0, "layers": 1, "channels": 2,
         "radial_hidden": (4,), "target": "torch"}  # fmt: skip
SOURCE = {"file": "frames.npz", "energy_unit": "eV", "length_unit": "Angstrom"}


@pytest.fixture
def task(tmp_path: Path) -> Task:
    """24 frames of CH4 in 2 batches an epoch, and a budget of as many seconds as `cost` below says 4 epochs take."""
    write(tmp_path)
    data = {"train": SOURCE, "validation": 8, "test": {"300 K": SOURCE, "600 K": SOURCE}}
    return Task(Setting(data, {"cutoff": 3.0}), 5, tmp_path, minutes=9 / 60)


def cost(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "cost.json").write_text(json.dumps({"start": 1.0, "epoch": 2.0}))
    return folder


def test_as_many_epochs_as_fit_are_trained_and_one_at_least() -> None:
    assert Cost(start=1.0, epoch=2.0).epochs(9.0) == 4
    assert Cost(start=1.0, epoch=2.0).epochs(8.9) == 3
    assert Cost(start=1.0, epoch=2.0).epochs(0.5) == 1


def test_an_epoch_is_the_difference_of_two_trainings_after_one_that_makes_kernels(
    task: Task, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[Config] = []

    def spent(config: Config, data: Path) -> float:
        tried.append(config)
        return (100.0 if len(tried) == 1 else 1.0) + 2.0 * config.training.epochs

    monkeypatch.setattr(run, "spent", spent)
    assert run.measured(task, SMALL, tmp_path) == Cost(start=1.0, epoch=2.0)
    assert tried[0].data.train_frames == task.setting.batch_size and tried[1].data.train_frames is None
    assert not any(each.data.test for each in tried)


def test_a_schedule_ends_with_its_budget_and_a_record_is_not_made_again(task: Task, tmp_path: Path) -> None:
    folder = cost(tmp_path / "small_0.15_0")
    run.run("small", SMALL, task, tmp_path)
    text = (folder / "record.json").read_text()
    record = json.loads(text)
    assert (record["epochs"], record["steps"], record["resumed_after"]) == (4, 8, 0)
    assert set(record["errors"]) == {"validation", "300 K", "600 K"}
    # What a configuration with all steps to come would have as its last rate is that of this one.
    last = torch.load(folder / "last.ckpt", weights_only=True)["lr_schedulers"][0]
    assert last["last_epoch"] == 8
    run.run("small", SMALL, task, tmp_path)
    assert (folder / "record.json").read_text() == text


def test_a_run_that_was_killed_goes_on_and_counts_what_it_had_done(task: Task, tmp_path: Path) -> None:
    folder = cost(tmp_path / "small_0.15_0")
    whole = configuration(task.setting, SMALL, 0, 2, folder, 1)
    train(replace(whole, data=replace(whole.data, test={})), task.data)
    run.run("small", SMALL, task, tmp_path)
    record = json.loads((folder / "record.json").read_text())
    assert (record["epochs"], record["steps"], record["resumed_after"]) == (4, 8, 2)
    assert record["processor_seconds"] > 2 * 2.0


def test_every_point_is_a_network_and_those_around_the_centre_change_one_option(tmp_path: Path) -> None:
    for point in POINTS.values():
        configuration(SETTINGS["acac"], point.model, 0, 1, tmp_path, 1)
        if point.model["kind"] == "EquivariantNetwork":
            names = ("messages", "correlation", "l_max", "layers", "nonlinearity")
            Design(last="0e", **{name: point.model[name] for name in names}).plan()
    changes = {name: {k for k in CENTRE if point.model.get(k) != CENTRE[k]} for name, point in POINTS.items()}
    assert not changes["centre"]
    single = ("body2", "body4", "scalar", "tensor", "l1", "l3", "linear", "last")
    assert all(len(changes[name]) == 1 for name in single)


def test_shares_of_the_gap_are_counted_from_its_upper_end() -> None:
    assert report.share(50.0, (50.0, 20.0)) == "0 %"
    assert report.share(20.0, (50.0, 20.0)) == "100 %"
    assert report.share(65.0, (50.0, 20.0)) == "−50 %"


def test_a_point_that_was_trained_again_replaces_the_earlier_one(tmp_path: Path) -> None:
    def record(point: str, epochs: int) -> dict[str, Any]:
        return {"point": point, "minutes": 3.0, "seed": 0, "epochs": epochs}

    (tmp_path / "run").mkdir()
    for found in (record("mace", 1), record("mace", 2), record("centre", 3)):
        (tmp_path / "run" / "record.json").write_text(json.dumps(found))
        report.collect(tmp_path, tmp_path / "all.json")
    assert json.loads((tmp_path / "all.json").read_text()) == [record("centre", 3), record("mace", 2)]


def test_points_of_different_budgets_are_not_compared() -> None:
    def record(point: str, minutes: float) -> dict[str, Any]:
        return {"point": point, "minutes": minutes}

    assert "correlation 1 → 2" not in report.choices([[record("body2", 3.0)], [record("centre", 10.0)]])


def test_a_choice_is_read_from_its_two_points() -> None:
    def record(point: str, forces: float, seconds: float) -> dict[str, Any]:
        times = {"steps": 10, "cost": {"start": 1.0}, "processor_seconds": 1.0 + seconds}
        return {"point": point, "minutes": 3.0, **times, "errors": {"600 K": {"forces_rmse": forces}}}

    above, below = report.gap()
    found = report.choices([[record("body2", 90.0, 20.0), record("centre", 90.0 - (above - below) / 2, 30.0)]])
    (row,) = found.splitlines()[2:]
    assert [cell.strip() for cell in row.split("|")][1:-1][::4] == ["correlation 1 → 2", "50 %"]
    assert "| 1.50 ×" in row
    assert all({without, chosen} <= set(POINTS) for _, without, chosen in CHOICES)


def test_the_page_shows_what_was_recorded() -> None:
    budgets = report.shown()
    page = report.PAGE.read_text(encoding="utf-8")
    assert report.report(budgets) in page
    assert report.choices(budgets) in page


def test_missing_data_are_named_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["run", "--work", str(tmp_path / "work"), "--data", str(tmp_path)])
    with pytest.raises(SystemExit):
        run.main()
    said = " ".join(capsys.readouterr().err.split())
    assert f"{tmp_path / 'botnet/dataset_acac.tar.gz'} does not exist" in said
    assert "INVGEN_DATA" in said
