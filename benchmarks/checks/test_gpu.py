"""The one command for a GPU runs without one too: it checks the torch target and says what it skips, and why."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("optimised")


@pytest.mark.slow
def test_without_a_gpu_the_torch_target_is_checked_and_the_rest_is_skipped_with_the_reason(
    repository: Path, tmp_path: Path
) -> None:
    command = [sys.executable, "benchmarks/gpu.py", "--device", "cpu", "--skip-peers", "--json", tmp_path / "gpu.json"]
    # A plain checkout: nothing of this run's path or cache reaches the script.
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "INVGEN_CACHE_DIR")}
    done = subprocess.run(command, cwd=repository, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "target cuda: skipped, the device is not a GPU" in done.stdout
    data = json.loads((tmp_path / "gpu.json").read_text())
    assert data["target_cuda"] == "skipped: the device is not a GPU"
    assert data["errors"]["good"] and len(data["errors"]["rows"]) == 15
    assert all(0 < row["errors"]["torch.float32"] < 1e-5 for row in data["errors"]["rows"])


@pytest.mark.slow
def test_a_missing_gpu_is_one_sentence_and_exit_code_2(repository: Path) -> None:
    environment = {**os.environ, "CUDA_VISIBLE_DEVICES": ""}
    command = [sys.executable, "benchmarks/gpu.py"]
    done = subprocess.run(command, cwd=repository, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and done.stdout == ""
    assert "sees no CUDA device; run this on a GPU, or use --device cpu" in done.stderr
