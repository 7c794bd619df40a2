"""Binaries in a package run where no compiler is, give the same numbers, and are refused once altered."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from invgen.cli import main
from invgen.errors import BasisFileError, InputError
from invgen.runtime import building, load_package
from invgen.runtime.build import compilers, prebuilt
from tests.support.built_kernels import as_users_build

pytestmark = [
    pytest.mark.skipif(compilers.system() != "Linux x86_64", reason="binaries of other architectures differ"),
    pytest.mark.usefixtures("optimised"),
]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    folder = tmp_path_factory.mktemp("packages") / "optimal_l2_n4"
    shutil.copytree(repository / "generated" / "optimal_l2_n4", folder, ignore=shutil.ignore_patterns("__pycache__"))
    with as_users_build():
        load_package(folder).prebuild("x86-64-v2")
    return folder


PROGRAM = """
import sys, torch
from invgen.runtime import build_count, load_package
kernel = load_package(sys.argv[1]).kernel()
x = torch.linspace(-1, 1, 2 * 9 * 3).reshape(2, 9, 3)
print(kernel(x).double().sum().item(), build_count())
"""


def without_compiler(folder: Path, cache: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PATH": "/nowhere",
        "CC": "",
        "PYTHONPATH": os.pathsep.join(sys.path),
        "INVGEN_CACHE_DIR": str(cache),
    }
    command = [sys.executable, "-c", PROGRAM, str(folder)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)


def test_a_machine_without_a_compiler_runs_the_binary(package: Path, tmp_path: Path) -> None:
    done = without_compiler(package, tmp_path)
    total, built = done.stdout.split()
    x = torch.linspace(-1, 1, 2 * 9 * 3).reshape(2, 9, 3)
    right = load_package(package).kernel(target="torch", dtype=torch.float64)(x.double()).sum().item()
    # 36 float32 numbers of order 1.
    assert float(total) == pytest.approx(right, abs=1e-5)
    assert built == "0"


def test_without_a_binary_the_missing_compiler_is_the_answer(repository: Path, tmp_path: Path) -> None:
    done = without_compiler(repository / "generated" / "optimal_l2_n4", tmp_path)
    assert done.returncode == 1 and "no C compiler was found" in done.stderr


def test_the_source_is_compiled_where_there_is_a_compiler(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    used = []
    monkeypatch.setitem(building._C, "invariants", lambda spec, path: used.append(path) or {})
    monkeypatch.setattr(building, "_built", {})
    monkeypatch.setattr(building, "register", lambda *_: dict.fromkeys(("value", "vjp", "jvp", "vjp_of_vjp")))
    load_package(package).kernel()
    assert [path.parent == package for path in used] == [False]


def test_an_altered_binary_refuses_to_load(package: Path, tmp_path: Path) -> None:
    folder = tmp_path / "optimal_l2_n4"
    shutil.copytree(package, folder)
    binary = folder / prebuilt.file_name("float32", "x86-64-v2")
    binary.write_bytes(binary.read_bytes() + b" ")
    with pytest.raises(BasisFileError, match=r"float32\.x86-64-v2\.so was changed after it was generated"):
        load_package(folder)


def test_the_binary_with_most_instructions_that_the_processor_has_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    names = tuple(prebuilt.file_name("float64", march) for march in prebuilt.MARCHES)
    v2 = set(prebuilt._X86_LEVELS["x86-64-v2"])
    v3 = v2 | prebuilt._X86_LEVELS["x86-64-v3"]
    for has, taken in ((set(), None), (v2, "x86-64-v2"), (v3 - {"fma"}, "x86-64-v2"), (v3, "x86-64-v3")):
        monkeypatch.setattr(prebuilt, "instruction_sets", lambda has=has: frozenset(has))
        assert prebuilt.usable(names, "float64") == (taken and prebuilt.file_name("float64", taken))
    assert prebuilt.usable(("kernels_float32.x86-64-v2.so",), "float64") is None


def test_an_unknown_processor_is_one_sentence(package: Path) -> None:
    with pytest.raises(InputError, match="binaries are not built for 'pentium': use 'x86-64-v2', 'x86-64-v3'"):
        load_package(package).prebuild("pentium")
    with pytest.raises(InputError, match="cannot be built on Linux x86_64: use 'x86-64-v2'"):
        load_package(package).prebuild("armv8-a")


def test_the_command_line_adds_binaries(tmp_path: Path, repository: Path) -> None:
    basis = repository / "generated" / "optimal_l2_n4" / "basis.json"
    folder = tmp_path / "small"
    assert main(["package", str(basis), "-o", str(folder), "--prebuilt", "x86-64-v2"]) == 0
    assert sorted(path.suffix for path in folder.iterdir()).count(".so") == 2
    # Written again without, the package is what it always is: binaries are part of what an older one may hold.
    assert main(["package", str(basis), "-o", str(folder)]) == 0
    assert not list(folder.glob("*.so"))
