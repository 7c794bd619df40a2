"""Executors and checkpoints change how long a run takes, never what it finds."""

from __future__ import annotations

import json
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from invgen import Basis, InputError, TensorSpace, generate
from invgen.reduction.search import generators

REQUESTS: list[tuple[str, str, int, dict[str, Any]]] = [
    ("1o + 2e + 3o", "O3", 4, {}),
    ("1o + 2e", "SO3", 5, {"select": "linear"}),
    ("2x2e", "O3", 5, {"select": "integrity"}),
    ("1e + 2o", "O3", 6, {}),
    ("1o + 2e + 4e", "O3", 7, {"select": "flexible"}),
]


def made(request: tuple[str, str, int, dict[str, Any]], **work: Any) -> Basis:
    irreps, group, max_degree, options = request
    return generate(TensorSpace(irreps, group), max_degree, **options, **work)


@pytest.mark.xdist_group("threads")
@pytest.mark.parametrize("request_", REQUESTS, ids=str)
def test_threads_and_checkpoints_give_the_same_bytes(request_, tmp_path: Path) -> None:
    alone = made(request_).id
    with ThreadPoolExecutor(3) as executor:
        assert made(request_, executor=executor).id == alone
    assert made(request_, checkpoint=tmp_path / "kept").id == alone
    assert made(request_, checkpoint=tmp_path / "kept").id == alone


@pytest.mark.slow
def test_processes_give_the_same_bytes() -> None:
    with ProcessPoolExecutor(2) as executor:
        for request in REQUESTS:
            assert made(request, executor=executor).id == made(request).id


@pytest.mark.slow
def test_a_dask_cluster_gives_the_same_bytes() -> None:
    distributed = pytest.importorskip("distributed", reason="the Dask client is no dependency of invgen")
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        for request in REQUESTS[:3]:
            assert made(request, executor=client).id == made(request).id


class Interrupted:
    """An executor that is killed after some tasks."""

    def __init__(self, tasks: int) -> None:
        self.left = tasks

    def submit(self, function: Any, /, *args: Any) -> Future:
        future: Future = Future()
        self.left -= 1
        if self.left < 0:
            future.set_exception(KeyboardInterrupt())
        else:
            future.set_result(function(*args))
        return future


def test_a_killed_run_goes_on_from_its_finished_multidegrees(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    request = REQUESTS[2]
    with pytest.raises(KeyboardInterrupt):
        made(request, executor=Interrupted(4), checkpoint=tmp_path)
    finished = len(list(tmp_path.iterdir()))
    assert finished >= 4  # and multidegrees without invariants, which are solved on the way
    solved = []
    monkeypatch.setattr(generators, "solve", lambda *args, solve=generators.solve: solved.append(args) or solve(*args))
    basis = made(request, checkpoint=tmp_path)
    assert len(solved) == len(list(tmp_path.iterdir())) - finished > 0
    assert basis.id == made(request).id


def test_one_checkpoint_serves_other_spaces_and_rules(tmp_path: Path) -> None:
    made(("2e", "O3", 4, {}), checkpoint=tmp_path)
    for request in (*REQUESTS[:3], ("2e", "O3", 6, {"select": "integrity"})):
        assert made(request, checkpoint=tmp_path).id == made(request).id


def test_a_damaged_checkpoint_is_refused_by_name(tmp_path: Path) -> None:
    request = REQUESTS[2]
    made(request, checkpoint=tmp_path)
    # Multidegrees without invariants are not read again where all that need them are there.
    path = next(p for p in sorted(tmp_path.iterdir()) if json.loads(p.read_text())["count"])
    for content in ("{", "[]", "{}", json.dumps({**json.loads(path.read_text()), "request": {}})):
        path.write_text(content)
        with pytest.raises(InputError, match=f"the checkpoint .*{path.name} is damaged .*; remove it and run again"):
            made(request, checkpoint=tmp_path)


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be made: No such file or directory"):
        made(REQUESTS[0], checkpoint=tmp_path / "missing" / "kept")
