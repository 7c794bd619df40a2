"""The checked-in packages are what the generator writes, byte for byte, and stand on their own."""

from __future__ import annotations

import json
import lzma
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import regenerate
import torch

import invgen
from invgen import Basis, cli
from invgen.compiler import packages
from invgen.errors import BasisFileError
from invgen.runtime import load_package
from invgen.runtime.constants import MANIFEST
from tests.support.basis_cases import PACKAGES, basis_of
from tests.support.packages import expanded
from tests.support.paths import GENERATED

ROOT = Path(invgen.__file__).parents[1]
COMPILERS = [name for name in ("gcc", "clang") if shutil.which(name)]
STRICT = ["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror", "-c"]
# Each package takes subprocesses and compilations of its own; one stands for all where time is short.
ONE_QUICK = [PACKAGES[2], *(pytest.param(package, marks=pytest.mark.slow) for package in PACKAGES[:2])]
FILES = (
    "CARD.json",
    "__init__.py",
    "basis.json",
    "kernels_float32.c",
    "kernels_float32.cu",
    "kernels_float64.c",
    "kernels_float64.cu",
    "reference.py",
)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of the packages under a folder, expanded."""
    return {f"{package}/{name}": text for package in PACKAGES for name, text in expanded(folder / package).items()}


def test_the_generator_writes_the_checked_in_bytes(tmp_path: Path) -> None:
    # Another hash seed, folder, locale and time zone: nothing of them may reach the bytes.
    environment = {**os.environ, "PYTHONHASHSEED": "4711", "PYTHONPATH": str(ROOT), "LC_ALL": "C", "TZ": "Asia/Tokyo"}
    command = [sys.executable, str(GENERATED / "regenerate.py"), str(tmp_path), *PACKAGES]
    done = subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(PACKAGES)
    made, checked_in = contents(tmp_path), contents(GENERATED)
    assert sorted(made) == sorted(checked_in) and len(made) == len(PACKAGES) * (len(FILES) + 1)
    assert [name for name in made if made[name] != checked_in[name]] == []
    assert all(basis_of(package).id in done.stdout for package in PACKAGES)


def test_generated_holds_nothing_but_the_packages() -> None:
    folders = {path.name for path in GENERATED.iterdir() if path.is_dir()} - {"__pycache__"}
    assert folders == set(regenerate.RECIPES)


def test_the_packages_of_the_repository_stay_small() -> None:
    sizes = [path.stat().st_size for path in GENERATED.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert sum(sizes) <= 6 * 2**20


# The largest packages, whose sources are written in one dtype here: in the other they are the same but for the names of
# types and for literals, which every other package holds in both.
ONE_DTYPE = {"ace_4_3_full": "float32", "moments_vector_3d": "float64"}


def without(manifest: dict[str, Any], left_out: set[str]) -> dict[str, Any]:
    """A manifest that knows nothing of some files."""
    files = {name: each for name, each in manifest["files"].items() if name not in left_out}
    return {**manifest, "files": files, "compressed": sorted({*manifest["compressed"]} - left_out)}


@pytest.mark.slow
@pytest.mark.parametrize("package", [name for name in regenerate.RECIPES if name not in PACKAGES])
def test_compressed_packages_expand_to_what_the_generator_writes(
    package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Only the texts are compared; to compress them well takes a third of the time.
    monkeypatch.setattr(packages, "_PRESET", 0)
    if package in ONE_DTYPE:
        monkeypatch.setattr(packages, "DTYPES", (ONE_DTYPE[package],))
    regenerate.main(tmp_path, package)
    made, checked_in = expanded(tmp_path / package), expanded(GENERATED / package)
    if package in ONE_DTYPE:
        left_out = {name for name in FILES if name.startswith("kernels_") and ONE_DTYPE[package] not in name}
        assert json.loads(made.pop(MANIFEST)) == without(json.loads(checked_in.pop(MANIFEST)), left_out)
        checked_in = {name: text for name, text in checked_in.items() if name not in left_out}
    assert sorted(made) == sorted(checked_in)
    assert [name for name in made if made[name] != checked_in[name]] == []


@pytest.mark.slow
def test_a_folder_for_the_packages_must_exist(tmp_path: Path) -> None:
    command = [sys.executable, str(GENERATED / "regenerate.py"), str(tmp_path / "missing")]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True)
    assert done.returncode != 0 and "does not exist; create it first" in done.stderr


@pytest.mark.parametrize("package", PACKAGES)
def test_the_manifest_says_what_the_basis_says(package: str) -> None:
    manifest = json.loads((GENERATED / package / "MANIFEST.json").read_text())
    basis = basis_of(package)
    assert manifest["name"] == package
    assert manifest["basis_id"] == basis.id
    assert manifest["convention"] == basis.convention
    assert (manifest["dimension"], manifest["count"]) == (basis.space.dimension, len(basis))
    assert manifest["components"] == list(basis.components)
    assert manifest["invariants"] == [str(member) for member in basis]
    assert sorted(manifest["files"]) == sorted(FILES)
    assert expanded(GENERATED / package)
    assert basis.id in (GENERATED / package / "__init__.py").read_text()


@pytest.mark.parametrize("package", PACKAGES)
def test_the_basis_inside_is_certified(package: str) -> None:
    basis = basis_of(package)
    claims = basis.verify()
    assert claims and all(claim.holds for claim in claims), claims
    certificate = basis.certificate
    assert certificate.complete and certificate.rank == certificate.target == len(basis)


def test_the_packages_are_the_ones_that_the_papers_know() -> None:
    assert [len(basis_of(package)) for package in PACKAGES] == [6, 13, 13]
    assert str(basis_of("optimal_l3_n4").space) == str(invgen.TensorSpace("0e + 1o + 2e + 3o"))
    assert basis_of("hiphop_l3_n4").convention == "hippynn"
    assert max(basis_of("optimal_l3_n4").degrees) == 4


STAND_ALONE = """
import importlib.abc
import sys

ALLOWED = {"torch", "torchgen", "functorch", "numpy", "platformdirs", "filelock", "typing_extensions"}
LEAVES = ("_lazy", "_moved", "_version", "checks", "errors", "files", "stages")
INVGEN = {"invgen", "invgen.runtime", *(f"invgen.{leaf}" for leaf in LEAVES)}
PACKAGES, BLOCKED = sys.argv[1:], []

class OnlyTheseMayBeImported(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top == "invgen":
            allowed = name in INVGEN or name.startswith("invgen.runtime.")
        else:
            allowed = top in ALLOWED or top in PACKAGES or top in sys.stdlib_module_names
        if not allowed:
            BLOCKED.append(name)
            raise ModuleNotFoundError(f"{name} is blocked", name=name)
        return None

sys.meta_path.insert(0, OnlyTheseMayBeImported())
import importlib
import torch
for package in map(importlib.import_module, PACKAGES):
    x = torch.linspace(-1, 1, len(package.components) * 6, dtype=torch.float64).view(2, -1, 3)
    results = []
    for target in ("c", "torch"):
        kernel = package.kernel(dtype=torch.float64, target=target)
        leaf = x.clone().requires_grad_()
        (first,) = torch.autograd.grad(kernel(leaf).sum(), leaf, create_graph=True)
        first.square().sum().backward()
        results.append(leaf.grad)
        assert kernel(x).shape == (2, len(package.invariants), 3)
    assert torch.allclose(*results, rtol=1e-10, atol=1e-10)
    print(package.basis_id)
foreign = {name.partition(".")[0] for name in sys.modules} & {"sympy", "jinja2", "mpmath", "networkx", "tqdm"}
assert not foreign, foreign
assert not [name for name in BLOCKED if name.startswith("invgen")], BLOCKED
"""


def test_packages_need_torch_and_the_runtime_alone(tmp_path: Path) -> None:
    # They lie alone in a folder, as a user would copy them.
    for package in PACKAGES:
        shutil.copytree(GENERATED / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
    done = subprocess.run(
        [sys.executable, "-c", STAND_ALONE, *PACKAGES], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [basis_of(package).id for package in PACKAGES]


@pytest.mark.slow
@pytest.mark.skipif(not COMPILERS, reason="no C compiler on this machine")
@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("dtype", ["float32", pytest.param("float64", marks=pytest.mark.slow)])
@pytest.mark.parametrize("package", ONE_QUICK)
def test_the_c_files_have_no_warning(package: str, dtype: str, compiler: str, tmp_path: Path) -> None:
    source = f"kernels_{dtype}.c"
    (tmp_path / source).write_bytes(expanded(GENERATED / package)[source])
    # -O3 is what kernels are built with, and where gcc follows values far enough to doubt them.
    # It doubts the same values in both dtypes.
    ways = [["-fopenmp"], ["-fopenmp", "-O3", "-march=native"], ["-Wno-unknown-pragmas"]]
    for flags in ways if dtype == "float32" or package == PACKAGES[2] else ways[::2]:
        # Without OpenMP its pragmas are ignored, and nothing else is.
        subprocess.run([compiler, *STRICT, *flags, source, "-o", "kernels.o"], cwd=tmp_path, check=True)


@pytest.mark.parametrize("package", PACKAGES)
def test_generated_text_is_ascii_with_unix_lines_and_no_trailing_space(package: str) -> None:
    for name, content in expanded(GENERATED / package).items():
        text = content.decode("ascii")
        assert "\r" not in text and text.endswith("\n") and not text.endswith("\n\n"), name
        assert all(line == line.rstrip() for line in text.splitlines()), name


@pytest.mark.parametrize("name", FILES)
def test_a_source_changed_by_hand_refuses_to_load_and_says_why(name: str, tmp_path: Path) -> None:
    copy = tmp_path / "hiphop_l3_n4"
    shutil.copytree(GENERATED / "hiphop_l3_n4", copy, ignore=shutil.ignore_patterns("__pycache__"))
    assert load_package(copy).count == 13
    stored = copy / name if (copy / name).exists() else copy / f"{name}.xz"
    content = lzma.decompress(stored.read_bytes()) if stored.suffix == ".xz" else stored.read_bytes()
    # One character of one number or word.
    place = len(content) // 2
    changed = content[:place] + (b"0" if content[place : place + 1] != b"0" else b"1") + content[place + 1 :]
    stored.write_bytes(lzma.compress(changed) if stored.suffix == ".xz" else changed)
    words = rf"{stored.name} was changed after it was generated .*invgen package"
    with pytest.raises(BasisFileError, match=words) as caught:
        package = load_package(copy)  # compressed files are checked when they are read
        for target, dtype in (
            ("c", "float32"),
            ("c", "float64"),
            ("cuda", "float32"),
            ("cuda", "float64"),
            ("torch", "float32"),
        ):
            package.spec(dtype, target)
    assert "\n" not in str(caught.value)


@pytest.mark.slow
def test_importing_a_changed_package_says_why(tmp_path: Path) -> None:
    copy = tmp_path / "optimal_l2_n4"
    shutil.copytree(GENERATED / "optimal_l2_n4", copy, ignore=shutil.ignore_patterns("__pycache__"))
    with (copy / "basis.json").open("a") as file:
        file.write(" ")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
    done = subprocess.run(
        [sys.executable, "-c", "import optimal_l2_n4"], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "basis.json was changed after it was generated" in done.stderr


COMMANDS = {
    "optimal_l2_n4": ["0e + 1o + 2e", "--max-degree", "4"],
    "optimal_l3_n4": ["0e + 1o + 2e + 3o", "--max-degree", "4"],
    "hiphop_l3_n4": [
        "s:0e + v:1o + q:2e + t:3o",
        *("--contractions", str(GENERATED / "hiphop_l3_n4.txt"), "--convention", "hippynn"),
    ],
}


@pytest.mark.slow
@pytest.mark.parametrize("package", ONE_QUICK)
def test_the_command_line_makes_the_same_basis_and_package(
    package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    recipe = regenerate.RECIPES[package]
    card = [
        "--title",
        recipe.title,
        "--use",
        recipe.use,
        *(part for topic in recipe.topics for part in ("--topic", topic)),
    ]
    for arguments in (
        ["generate", *COMMANDS[package], "-o", "basis.json"],
        ["verify", "basis.json"],
        ["package", "basis.json", "-o", package, "--compressed", *card],
    ):
        assert cli.main(arguments) == 0
    assert Basis.load(tmp_path / "basis.json").id == basis_of(package).id
    assert (tmp_path / "basis.json").read_bytes() == (GENERATED / package / "basis.json").read_bytes()
    made, checked_in = expanded(tmp_path / package), expanded(GENERATED / package)
    assert {*made} == {*FILES, "MANIFEST.json"} and [name for name in made if made[name] != checked_in[name]] == []


@pytest.mark.slow
def test_kernels_of_a_package_and_of_its_basis_are_the_same_program() -> None:
    for package in PACKAGES:
        loaded = load_package(GENERATED / package)
        for dtype in (torch.float32, torch.float64):
            ours = invgen.compile(basis_of(package), "c", dtype, name=package)
            assert ours.spec == loaded.kernel(dtype).spec
