"""One table says which emitter writes what; HIP is text alone, and stages are told as they come."""

from __future__ import annotations

import logging
from typing import Any

import pytest
import torch

import invgen
from invgen import TensorSpace, generate
from invgen.compiler import source
from invgen.compiler.targets import EMITTERS, targets_of
from invgen.emit.moments_cuda import FORMS
from invgen.errors import InputError
from invgen.runtime.families import FAMILIES
from invgen.runtime.targets import TARGETS, TEXTS

STAGES = ["lower", "differentiate", "emit", "build", "load"]


def small() -> invgen.Basis:
    return generate(TensorSpace("0e + 1o"), 2)


def test_the_table_of_emitters_agrees_with_the_tables_of_the_runtime() -> None:
    assert list(EMITTERS) == list(FAMILIES)
    for family in FAMILIES.values():
        assert targets_of(family.name) == family.targets
        assert set(EMITTERS[family.name]) <= {*TARGETS, *TEXTS}


def test_hip_is_rendered_and_not_built() -> None:
    text = source(small(), "hip", torch.float64, name="on_amd")
    assert text.startswith("/* on_amd: ") and "HIP C++17 for hipRTC" in text and "double" in text
    said = (
        "target must be one of 'c', 'cuda', 'torch', got 'hip', which can be rendered and not built: "
        'invgen.compiler.source(basis, target="hip") gives the text of a kernel of invariants'
    )
    calls: list[Any] = [
        lambda: invgen.compile(small(), "hip"),
        lambda: invgen.compile_weighted(small(), 2, "hip"),
        lambda: invgen.compile_moments(1, target="hip"),
        lambda: invgen.compile_convolution("0e", 1, target="hip"),
    ]
    for call in calls:
        with pytest.raises(InputError) as caught:
            call()
        assert str(caught.value) == said


def test_a_target_that_a_family_lacks_is_refused_before_anything_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(EMITTERS["moments"], "torch")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="kernels of moments are built for target 'c' or 'cuda', got 'torch'"):
        invgen.compile_moments(1, target="torch")


@pytest.mark.parametrize("target", TARGETS)
def test_the_source_is_what_would_be_built(target: str) -> None:
    from invgen.compiler.invariants import invariants_spec

    assert source(small(), target) == invariants_spec(small(), target).source


def test_a_source_of_an_unknown_target_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(InputError, match="target must be one of 'c', 'cuda', 'torch', 'hip', got 'metal'"):
        source(small(), "metal")


def test_moments_without_a_gpu_kernel_are_known_before_they_are_rendered() -> None:
    from invgen.compiler.moments import job_of

    for form in invgen.runtime.MOMENTS_FORMS:
        job = job_of(None if form == "environment" else 1, form, "sphericart", "unit", None)
        assert ("cuda" in job.targets) == (form in FORMS)


@pytest.mark.parametrize(
    ("make", "stages"),
    [
        (lambda told, name: invgen.compile(small(), name=name, progress=told), STAGES),
        (lambda told, name: invgen.compile(small(), "torch", name=name, progress=told), [*STAGES[:3], "load"]),
        (lambda told, name: invgen.compile_weighted(small(), 2, name=name, progress=told), STAGES),
        (lambda told, name: invgen.compile_moments(1, name=name, progress=told), ["lower", "emit", "build", "load"]),
        (
            lambda told, name: invgen.compile_convolution("0e", 1, name=name, target="torch", progress=told),
            ["lower", "emit", "load"],
        ),
    ],
    ids=["invariants", "torch", "weighted", "moments", "convolution"],
)
def test_stages_are_told_and_logged_in_order(
    make: Any, stages: list[str], request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> None:
    name = "staged_" + request.node.callspec.id
    told: list[tuple[str, int, int]] = []
    with caplog.at_level(logging.INFO, "invgen.compiler"):
        make(lambda *step: told.append(step), name)
    assert told == [(each, done, 1) for each in stages for done in (0, 1)]
    lines = [record.getMessage() for record in caplog.records if record.name == "invgen.compiler"]
    assert [line.partition(": ")[0] for line in lines] == stages
    assert all(float(line.partition(": ")[2].removesuffix(" s")) >= 0 for line in lines)
    # What the process has built is not built again.
    told.clear()
    make(lambda *step: told.append(step), name)
    assert [text for text, done, _ in told if done] == [each for each in stages if each not in ("build", "load")]


def test_a_callback_that_raises_stops_the_work() -> None:
    def stop(text: str, done: int, total: int) -> None:
        if text == "emit":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        invgen.compile(small(), name="never_emitted", progress=stop)


def test_writing_a_package_tells_its_stages(tmp_path: Any) -> None:
    told: list[str] = []
    invgen.write_package(small(), tmp_path / "told", progress=lambda text, done, _: told.append(text) if done else None)
    assert told == ["lower", "differentiate", "emit", "write"]
