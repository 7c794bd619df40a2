from __future__ import annotations

from pathlib import Path

import pytest
import torch

from invgen.errors import CompilerError
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


def test_nvrtc_and_the_cuda_target_are_tried_out(monkeypatch: pytest.MonkeyPatch) -> None:
    found = findings()
    assert found["nvrtc"].status == "ok" and "for sm_75 to sm_" in found["nvrtc"].detail
    if not torch.cuda.is_available():
        assert found["target cuda"].status == "off" and 'use target="c"' in found["target cuda"].detail
    monkeypatch.setattr("invgen.runtime.doctor.missing", lambda: "")
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda index: ("old", "new")[index])
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda index: ((6, 0), (9, 0))[index])
    assert findings()["target cuda"].detail == "cuda:0 old (sm_60, too old), cuda:1 new (sm_90)"
    monkeypatch.setattr("invgen.runtime.doctor.find_nvrtc", no_nvrtc)
    assert findings()["nvrtc"] == ("nvrtc", "off", "nothing was found")
    assert findings()["target cuda"] == ("target cuda", "off", "nothing was found")


def no_nvrtc() -> None:
    raise CompilerError("nothing was found")
