"""The study of real shapes: turning cuts nothing, areas are those of scikit-learn, and the whole runs when small."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from benchmarks import field_classification as study
from invgen.testing.rotations import random_rotation


def test_turning_keeps_all_of_a_shape() -> None:
    generator = np.random.default_rng(0)
    shape = np.zeros((14, 14, 14), dtype=np.float32)
    shape[2:13, 5:8, 1:4] = 1
    found = study.turned(shape, random_rotation(generator))
    assert max(found[0].max(), found[-1].max(), found[:, 0].max(), found[:, :, -1].max()) == 0
    assert found.sum() == pytest.approx(shape.sum(), rel=0.02)  # linear interpolation of a bar three voxels thick


def test_areas_are_those_of_scikit_learn() -> None:
    from sklearn.metrics import roc_auc_score

    generator = np.random.default_rng(0)
    labels, scores = generator.integers(2, size=50), np.round(generator.random(50), 1)
    assert study.area(scores, labels) == pytest.approx(roc_auc_score(labels, scores), rel=1e-14)


@pytest.mark.slow
def test_the_study_runs_at_a_small_size(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if not study.FILE.is_file():
        pytest.skip(f"{study.FILE} is not here; set INVGEN_DATA to the folder of data sets")
    path = tmp_path / "results.json"
    # Of five folds each needs a shape with a mass: of the first 20 shapes for training six have one.
    monkeypatch.setattr(study, "STRENGTHS", study.STRENGTHS[::4])
    monkeypatch.setattr(study, "measure", partial(study.measure, draws=100))
    study.main(["--shapes", "20", "--turns", "1", "--json", str(path)])
    found = json.loads(path.read_text())
    assert set(found["results"]) == {study.VOLUME, study.DISTANCES, study.WHOLE, study.LOCAL, study.BOTH}
    assert "paired bootstrap" in capsys.readouterr().out
