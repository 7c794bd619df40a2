from __future__ import annotations

from pathlib import Path

import pytest
import torch

from invgen.runtime import Finding, describe_environment


def findings() -> dict[str, Finding]:
    return {finding.name: finding for finding in describe_environment()}


def test_what_works_is_reported_as_ok(kernel_cache: Path) -> None:
    found = findings()
    assert found["C compiler"].status == "ok"
    assert found["OpenMP"].status == "ok"
    assert found["kernel cache"] == ("kernel cache", "ok", str(kernel_cache))
    assert found["torch"] == ("torch", "ok", torch.__version__)
    assert found["CUDA"].status == ("ok" if torch.cuda.is_available() else "off")


def test_a_missing_compiler_turns_openmp_off_too_and_raises_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", "/nonexistent")
    found = findings()
    assert found["C compiler"].status == found["OpenMP"].status == "off"
    assert 'target="torch"' in found["C compiler"].detail


def test_a_compiler_without_openmp_is_reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    compiler = tmp_path / "cc"
    compiler.write_text('#!/bin/sh\n[ "$1" = --version ] && exec cc "$@"\necho "error: no -fopenmp" >&2\nexit 1\n')
    compiler.chmod(0o755)
    monkeypatch.setenv("CC", str(compiler))
    found = findings()
    assert found["C compiler"].status == "ok"
    assert found["OpenMP"].status == "off" and "no -fopenmp" in found["OpenMP"].detail


def test_a_cache_that_cannot_be_written_is_reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", Path("/proc/invgen")):
        monkeypatch.setenv("INVGEN_CACHE_DIR", str(folder))
        finding = findings()["kernel cache"]
        assert finding.status == "off"
        assert str(folder) in finding.detail and "INVGEN_CACHE_DIR" in finding.detail


def test_a_missing_folder_of_the_search_path_is_reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("INVGEN_CACHE_PATH", str(tmp_path / "absent"))
    assert findings()["kernel search path"].status == "off"
