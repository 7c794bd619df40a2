"""What is said of a library that the system does not load names its cause and a way out."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from invgen.errors import CompilerError
from invgen.runtime import build, describe_environment
from invgen.runtime.build.loading import forbids_libraries, loading_error
from tests.support.handwritten import make_spec


@pytest.mark.parametrize(
    "said",
    [
        "failed to map segment from shared object",
        "failed to map segment from shared object: Operation not permitted",
        "cannot open shared object file: Permission denied",
        "code signature in kernel.so not valid for use in process",
    ],
)
def test_a_folder_that_forbids_libraries_is_named_as_the_cause(
    said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INVGEN_CACHE_DIR", str(tmp_path))
    library = tmp_path / "v2" / "00" / "kernel.so"
    text = str(loading_error(library, OSError(f"{library}: {said}")))
    assert text.startswith(f"the compiled kernel {library} cannot be loaded ({said}): the system loads no libraries")
    assert "set INVGEN_CACHE_DIR to a folder whose files may be run" in text and "OpenMP" not in text
    # A binary of a package lies elsewhere, and another cache would not help it.
    elsewhere = str(loading_error(Path("/packages/kernels.so"), OSError(said)))
    assert "copy it to a folder whose files may be run" in elsewhere and "INVGEN_CACHE_DIR" not in elsewhere


def test_a_missing_openmp_library_and_a_damaged_file_are_told_apart(tmp_path: Path) -> None:
    openmp = OSError("libgomp.so.1: cannot open shared object file: No such file or directory")
    assert "repair the compiler's OpenMP library" in str(loading_error(tmp_path / "kernel.so", openmp))
    damaged = tmp_path / "kernel.so"
    damaged.write_bytes(b"no library")
    with pytest.raises(OSError, match=r"ELF|not a mach-o|too short") as raised:
        ctypes.CDLL(str(damaged))
    text = str(loading_error(damaged, raised.value, "the operators", 'use registration="python"'))
    assert f"remove {tmp_path}" in text and text.endswith('or use registration="python"')


def test_a_file_system_mounted_noexec_is_recognised_and_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INVGEN_CACHE_DIR", str(tmp_path))
    assert not forbids_libraries(tmp_path / "absent")
    monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(f_flag=os.ST_NOEXEC | os.ST_NODEV))
    # Whatever the loader says of it.
    text = str(loading_error(tmp_path / "kernel.so", OSError("cannot")))
    assert "mounted noexec; set INVGEN_CACHE_DIR" in text
    finding = next(each for each in describe_environment() if each.name == "kernel cache")
    assert finding.status == "off" and "noexec" in finding.detail and "INVGEN_CACHE_DIR" in finding.detail


@pytest.mark.parametrize("registration", ["python", "c++"])
def test_every_loader_says_so(registration: str, kernel_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str, *_: object, **__: object) -> None:
        raise OSError(f"{path}: failed to map segment from shared object")

    spec = make_spec("float64", name=f"refused_{registration[0]}")
    monkeypatch.setattr(ctypes, "CDLL", refuse)
    monkeypatch.setattr(torch.ops, "load_library", refuse)
    with pytest.raises(CompilerError, match=r"failed to map segment from shared object\): .*INVGEN_CACHE_DIR"):
        build(spec, registration=registration)
