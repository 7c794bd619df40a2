"""Without a compiler, kernels are used that others compiled for a processor that this one can stand in for."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from invgen.errors import CompilerError
from invgen.runtime import describe_environment
from invgen.runtime.build import elsewhere
from invgen.runtime.build.cache import LIBRARY, META, shared_library
from invgen.runtime.build.compilers import find_compiler, linux_features
from invgen.runtime.build.elsewhere import c_library, count_cached, gpu_library
from invgen.runtime.build.registration import find_registration
from invgen.runtime.gpu.loading import CUBIN, machine_code
from tests.support.handwritten import make_spec

pytestmark = pytest.mark.usefixtures("optimised")

SPEC = make_spec(source="int invgen_answer(void) { return 42; }\n")

HERE = ("avx", "avx2", "fma", "hypervisor", "sse2")


def processor(*flags: str, vendor: str = "Here") -> str:
    """What Linux says of a processor with these flags."""
    return f"vendor_id={vendor}; cpu family=6; flags={' '.join(sorted(flags))}"


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache that another machine has filled, which this one reads; its own is empty."""
    monkeypatch.setenv("INVGEN_CACHE_DIR", str(tmp_path / "shared"))
    monkeypatch.delenv("INVGEN_CACHE_PATH", raising=False)
    shared_library(SPEC, find_compiler())
    monkeypatch.setenv("INVGEN_CACHE_DIR", str(tmp_path / "own"))
    monkeypatch.setenv("INVGEN_CACHE_PATH", str(tmp_path / "shared"))
    # Every machine that runs this test has the same processor, whatever it has.
    monkeypatch.setattr(elsewhere, "linux_features", lambda: processor(*HERE))
    alter(entry(tmp_path / "shared"), cpu=processor(*HERE))
    return tmp_path / "shared"


@pytest.fixture
def no_compiler(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setenv("CC", "")


def entry(root: Path) -> Path:
    (meta,) = root.glob(f"*/*/*/{META}")
    return meta.parent


def alter(folder: Path, **changes: object) -> None:
    meta = json.loads((folder / META).read_text())
    (folder / META).write_text(json.dumps(meta | changes))


def copy_entry(folder: Path, name: str, **changes: object) -> None:
    other = folder.parent.parent / name / name
    shutil.copytree(folder, other)
    alter(other, **changes)


@pytest.mark.usefixtures("no_compiler")
def test_a_kernel_of_the_same_source_is_used_and_nothing_is_written(shared: Path) -> None:
    assert c_library(SPEC) == entry(shared) / LIBRARY
    assert not Path(os.environ["INVGEN_CACHE_DIR"]).exists()


@pytest.mark.usefixtures("no_compiler")
@pytest.mark.parametrize(
    "change",
    [
        {"cpu": processor("avx", "sse2")},
        {"cpu": processor(*HERE, vendor="Another")},
        {"cpu": processor(*HERE, "vmx", "md_clear", "arch_capabilities", "constant_tsc")},
        {"compiler": ["/opt/cc"], "compiler_version": "another", "flags": ["-O2"]},
    ],
)
def test_another_compiler_and_a_lesser_or_virtual_processor_do_not_matter(
    shared: Path, change: dict[str, object]
) -> None:
    alter(entry(shared), **change)
    assert c_library(SPEC) == entry(shared) / LIBRARY


@pytest.mark.usefixtures("no_compiler")
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"cpu": processor(*HERE, "avx99", "amx_b2")}, "there is none; .* processors with amx_b2, avx99$"),
        ({"cpu": "macros 0123"}, "there is none$"),
        ({"cpu": ""}, "there is none$"),
        ({"cpu": None}, "there is none$"),
        ({"system": "Linux other"}, "there is none$"),
        ({"source": "0"}, "there is none$"),
        ({"spec": "0"}, "there is none$"),
        ({"registration": {"torch": "2"}}, "there is none$"),
        ({"library_sha256": "0"}, "there is none$"),
    ],
)
def test_what_cannot_run_here_is_not_used_and_the_sentence_says_where_was_looked(
    shared: Path, change: dict[str, object], sentence: str
) -> None:
    alter(entry(shared), **change)
    with pytest.raises(CompilerError, match=sentence) as raised:
        c_library(SPEC)
    text = str(raised.value)
    assert text.startswith("no C compiler was found") and 'target="torch"' in text
    assert f"kernel 'handwritten' was looked for in {os.environ['INVGEN_CACHE_DIR']}, {shared}" in text


@pytest.mark.usefixtures("no_compiler")
def test_of_several_the_one_for_this_processor_is_taken_then_the_one_that_uses_most(shared: Path) -> None:
    own = entry(shared)
    made = {
        "00": ("sse2",),
        "01": ("avx", "avx2", "sse2"),
        "02": ("avx", "fma", "sse2"),
        "03": (*HERE, "avx99"),
    }
    for name, flags in made.items():
        copy_entry(own, name, cpu=processor(*flags))
    for folder in (own, *(own.parent.parent / name / name for name in ("01", "02", "00"))):
        assert c_library(SPEC) == folder / LIBRARY
        (folder / LIBRARY).write_bytes(b"damaged")
    with pytest.raises(CompilerError, match="for processors with avx99"):
        c_library(SPEC)


def test_with_a_compiler_nothing_is_looked_for(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elsewhere, "_metas", None)
    assert c_library(SPEC) == entry(shared) / LIBRARY
    alter(entry(shared), library_sha256="0")
    assert str(c_library(SPEC)).startswith(os.environ["INVGEN_CACHE_DIR"])


def test_a_prebuilt_library_comes_first(shared: Path, no_compiler: None, tmp_path: Path) -> None:
    assert c_library(SPEC, prebuilt=tmp_path / "kernels.so") == tmp_path / "kernels.so"


@pytest.mark.skipif(not linux_features(), reason="only Linux says what its processor can do")
def test_libraries_that_register_operators_are_found_for_the_same_torch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INVGEN_CACHE_DIR", str(tmp_path))
    spec = make_spec("float64", name="registered_elsewhere")
    library = shared_library(spec, find_compiler(), find_registration()).library
    monkeypatch.setenv("PATH", "/nowhere")
    assert c_library(spec, by_cpp=True) == library
    with pytest.raises(CompilerError, match=r"there is none$"):
        c_library(spec)
    registration = json.loads((library.parent / META).read_text())["registration"]
    alter(library.parent, registration=registration | {"torch": "1.0"})
    with pytest.raises(CompilerError, match=r"there is none$"):
        c_library(spec, by_cpp=True)


def test_machine_code_of_a_gpu_is_found_without_nvrtc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVGEN_CACHE_DIR", str(tmp_path))
    spec = dataclasses.replace(SPEC, target="cuda", source='extern "C" __global__ void k(float *y) { y[0] = 1; }')
    made = machine_code(spec, "sm_80")

    def missing() -> None:
        raise CompilerError("NVRTC is not here")

    monkeypatch.setattr("invgen.runtime.gpu.loading.find_nvrtc", missing)
    assert machine_code(spec, "sm_80") == made
    with pytest.raises(CompilerError, match=r"NVRTC is not here; .*processors with sm_80"):
        machine_code(spec, "sm_90")
    with pytest.raises(CompilerError, match=r"there is none$"):
        gpu_library(SPEC, CUBIN, "sm_80", CompilerError("NVRTC is not here"))


def test_the_doctor_says_what_runs_without_a_compiler(shared: Path, no_compiler: None) -> None:
    def finding() -> tuple[str, str]:
        return next(each[1:] for each in describe_environment() if each.name == "cached kernels")

    assert finding() == (
        "ok",
        "1 of 1 cached kernels were compiled for processors like this one and run without a compiler",
    )
    alter(entry(shared), cpu=processor(*HERE, "avx99"))
    assert count_cached() == (1, 0) and finding()[0] == "off"


PROGRAM = """
import torch, invgen
print(invgen.compile(invgen.generate(invgen.TensorSpace("1o"), 2))(torch.ones(1, 3, 1)).item())
"""


@pytest.mark.skipif(not linux_features(), reason="only Linux says what its processor can do")
def test_a_process_without_a_compiler_gives_the_numbers_of_the_one_that_had_it(tmp_path: Path) -> None:
    def run(**environment: str) -> subprocess.CompletedProcess[str]:
        given = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment}
        return subprocess.run([sys.executable, "-c", PROGRAM], env=given, capture_output=True, text=True, timeout=300)

    there = run(INVGEN_CACHE_DIR=str(tmp_path / "there"))
    node = {"INVGEN_CACHE_DIR": str(tmp_path / "node"), "PATH": "/nowhere", "CC": ""}
    here = run(**node, INVGEN_CACHE_PATH=str(tmp_path / "there"))
    assert here.stdout == there.stdout != ""
    assert "there is none" in run(**node, INVGEN_CACHE_PATH="").stderr
