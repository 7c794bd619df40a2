"""Packages of every family import with torch and the runtime alone and give what the kernels of their family give."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

import invgen
from invgen import Basis, write_package
from invgen.cli import main
from invgen.compiler import write_convolution_package, write_moments_package, write_weighted_package
from invgen.compiler.convolution import convolution_spec
from invgen.compiler.moments import moments_spec
from invgen.compiler.weighted import weighted_spec
from invgen.errors import BasisFileError, InputError
from invgen.runtime import DTYPES, Neighbours, Package, load_package
from invgen.runtime.arguments import TORCH_DTYPES
from invgen.runtime.build import compilers
from tests.support.weighted_bases import SPECIES, bases_of

ROOT = Path(invgen.__file__).parents[1]
FORMS = {"mixed": 1, "full": 1, "environment": None}
OF_MOMENTS = tuple(f"moments_{form}" for form in FORMS)
# Harmonics are made of vectors in one, and given in the other, with a path and a factor of its own.
OF_CONVOLUTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "convolution_unit": ("2x0e", {"l_max": 1}),
    "convolution_given": ("1o", {"harmonics": "1o + 0e", "paths": [(0, 1, "1o")], "factors": [0.5]}),
}
NAMES = ("of_invariants", "of_weights", *OF_MOMENTS, *OF_CONVOLUTIONS)

WRITE = """
import sys
from invgen import Basis, write_package
from invgen.compiler import write_convolution_package, write_moments_package, write_weighted_package
from tests.support.weighted_bases import SPECIES, bases_of
bases, folder = bases_of("small"), sys.argv[1]
write_package(bases[0], f"{folder}/of_invariants")
write_weighted_package(bases, SPECIES, f"{folder}/of_weights")
for form, l_max in {"mixed": 1, "full": 1, "environment": None}.items():
    write_moments_package(l_max, f"{folder}/moments_{form}", form)
write_convolution_package("2x0e", f"{folder}/convolution_unit", 1)
options = dict(harmonics="1o + 0e", paths=[(0, 1, "1o")], factors=[0.5])
write_convolution_package("1o", f"{folder}/convolution_given", **options)
"""

# What every package is called with: small numbers, the same in every process.
CALL = """
import torch
from invgen.runtime import Neighbours

def numbers(*shape):
    return torch.arange(1, 1 + torch.Size(shape).numel(), dtype=torch.float64).sin().reshape(shape)

def arguments_of(name, kernel):
    if name == "of_invariants":
        return (numbers(3, kernel.dimension, 2),)
    if name == "of_weights":
        weights = numbers(kernel.species, kernel.weights, 2)
        return numbers(3, kernel.dimension, 2), weights, torch.tensor([0, 2, 0])
    pairs = Neighbours.from_receivers(torch.tensor([0, 0, 1]), torch.tensor([1, 2, 0]), 3)
    if name.startswith("convolution"):
        return numbers(3, kernel.coordinates), numbers(3, kernel.weights, 2), numbers(3, kernel.dimension, 2), pairs
    features = numbers(3, 2, 2) if kernel.form == "mixed" else numbers(3, 2)
    return None if kernel.form == "environment" else numbers(3, 3), numbers(3, 2), features, pairs
"""

RUN = f"""
import importlib, json, sys
{CALL}
results = {{}}
for name in sys.argv[2:]:
    for target in sys.argv[1].split():
        kernel = importlib.import_module(name).kernel(dtype=torch.float64, target=target)
        results[name + " " + target] = kernel(*arguments_of(name, kernel)).flatten().tolist()
foreign = {{name.partition(".")[0] for name in sys.modules}} & {{"sympy", "jinja2", "mpmath"}}
assert not foreign, foreign
loaded = {{name.split(".")[1] for name in sys.modules if name.startswith("invgen.")}}
assert loaded <= {{"_lazy", "_moved", "_version", "checks", "errors", "files", "runtime", "stages"}}, loaded
from invgen.runtime import build_count
print(json.dumps([build_count(), results]))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("packages")
    bases = bases_of("small")
    write_package(bases[0], place / "of_invariants")
    assert write_weighted_package(bases, SPECIES, place / "of_weights") == place / "of_weights"
    for form, l_max in FORMS.items():
        write_moments_package(l_max, place / f"moments_{form}", form)
    for name, (irreps, options) in OF_CONVOLUTIONS.items():
        assert write_convolution_package(irreps, place / name, **options) == place / name
    return place


@pytest.fixture
def packages(folder: Path) -> dict[str, Package]:
    return {name: load_package(folder / name) for name in NAMES}


def arguments_of(name: str, kernel: Any) -> tuple[Any, ...]:
    scope: dict[str, Any] = {}
    exec(CALL, scope)
    return scope["arguments_of"](name, kernel)  # type: ignore[no-any-return]


def spec_of(name: str, dtype: str, target: str) -> Any:
    """What the driver of a family would build under the name of a package."""
    real = TORCH_DTYPES[dtype]
    if name == "of_weights":
        return weighted_spec(bases_of("small"), SPECIES, target, real, name)
    if name in OF_CONVOLUTIONS:
        irreps, options = OF_CONVOLUTIONS[name]
        return convolution_spec(irreps, **options, dtype=real, name=name, target=target)
    form = name.removeprefix("moments_")
    return moments_spec(FORMS[form], form, dtype=real, name=name, target=target)


def run(code: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.mark.parametrize("name", NAMES[1:])
def test_a_package_builds_what_its_family_compiles(name: str, packages: dict[str, Package]) -> None:
    package = packages[name]
    for target in package.targets:
        for dtype in DTYPES:
            assert package.spec(dtype, target) == spec_of(name, dtype, target)


def test_packages_say_what_they_hold(packages: dict[str, Package]) -> None:
    bases = bases_of("small")
    weighted = packages["of_weights"]
    assert weighted.components == tuple(bases[0].components)
    assert weighted.fields["species"] == SPECIES and weighted.fields["weights"] == sum(map(len, bases))
    for number, basis in enumerate(bases):
        assert Basis.load(weighted.folder / f"basis_{number}.json") == basis
    assert [packages[name].fields["form"] for name in OF_MOMENTS] == list(FORMS)
    # No GPU kernel has the form "full".
    every = ("c", "cuda", "torch")
    assert [packages[name].targets for name in OF_MOMENTS] == [every, ("c", "torch"), every]
    unit, given = (packages[name] for name in OF_CONVOLUTIONS)
    assert unit.targets == given.targets == every
    assert (unit.fields["irreps"], unit.fields["angular"], unit.dimension, unit.count) == ("2x0e", "unit", 2, 8)
    assert (given.fields["couplings"], given.fields["outputs"]) == ([["1o", "0e", "1o", 1]], [["1o", 1]])


@pytest.mark.parametrize("name", NAMES)
def test_the_manifest_has_the_hash_of_every_file(name: str, folder: Path, tmp_path: Path) -> None:
    manifest = json.loads((folder / name / "MANIFEST.json").read_text())
    found = {path.name: path.read_bytes() for path in (folder / name).iterdir() if path.is_file()}
    found.pop("MANIFEST.json")
    assert {file: hashlib.sha256(content).hexdigest() for file, content in found.items()} == manifest["files"]
    assert list(manifest["files"]) == sorted(manifest["files"])
    for file in manifest["files"]:
        (tmp_path / name).mkdir(exist_ok=True)
        for each, content in found.items():
            (tmp_path / name / each).write_bytes(content + b"\n" * (each == file))
        (tmp_path / name / "MANIFEST.json").write_text(json.dumps(manifest))
        with pytest.raises(BasisFileError, match=f"{file} was changed after it was generated"):
            load_package(tmp_path / name)


def test_packages_have_the_same_bytes_under_another_hash_seed(folder: Path, tmp_path: Path) -> None:
    done = run(WRITE, str(tmp_path), PYTHONPATH=str(ROOT), PYTHONHASHSEED="4242")
    assert done.returncode == 0, done.stderr
    for name in NAMES:
        files = sorted(path.name for path in (folder / name).iterdir() if path.is_file())
        for file in files:
            assert (folder / name / file).read_bytes() == (tmp_path / name / file).read_bytes(), (name, file)


def test_packages_import_with_torch_and_the_runtime_alone(folder: Path, packages: dict[str, Package]) -> None:
    path = os.pathsep.join([str(folder), str(ROOT)])
    done = run(RUN, "torch c", *NAMES, PYTHONPATH=path)
    assert done.returncode == 0, done.stderr
    _, results = json.loads(done.stdout)
    for target in ("torch", "c"):
        for name in NAMES:
            kernel = packages[name].kernel(torch.float64, target=target)
            # The same source in another process. Here other tests may have built it with less optimisation, which
            # changes a rounding or two of numbers of order 1.
            wanted = kernel(*arguments_of(name, kernel)).flatten()
            found = torch.tensor(results[f"{name} {target}"], dtype=wanted.dtype)
            torch.testing.assert_close(found, wanted, rtol=1e-14, atol=1e-14)


@pytest.mark.parametrize("name", NAMES)
def test_targets_of_a_package_agree(name: str, packages: dict[str, Package]) -> None:
    compiled, plain = (packages[name].kernel(torch.float64, target=target) for target in ("c", "torch"))
    found, wanted = (kernel(*arguments_of(name, kernel)) for kernel in (compiled, plain))
    # Sums of less than 20 products of numbers of order 1, in other orders.
    torch.testing.assert_close(found, wanted, rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("name", NAMES)
def test_models_with_kernels_of_a_package_are_exported(name: str, packages: dict[str, Package]) -> None:
    kernel = packages[name].kernel(torch.float64)

    class Model(torch.nn.Module):
        def forward(self, *given: Any) -> torch.Tensor:
            return 2 * kernel(*given)

    given = arguments_of(name, kernel)
    if name == "moments_environment":

        class WithoutVectors(torch.nn.Module):
            def forward(self, radial: torch.Tensor, features: torch.Tensor, pairs: Neighbours) -> torch.Tensor:
                return 2 * kernel(None, radial, features, pairs)

        program = torch.export.export(WithoutVectors(), given[1:], strict=False)
        found = program.module()(*given[1:])
    else:
        program = torch.export.export(Model(), given, strict=False)
        found = program.module()(*given)
    assert kernel.spec.kernel.key in str(program.graph)
    assert torch.equal(found, 2 * kernel(*given))


@pytest.mark.skipif(compilers.system() != "Linux x86_64", reason="binaries of other architectures differ")
def test_binaries_of_every_family_run_where_no_compiler_is(tmp_path: Path, packages: dict[str, Package]) -> None:
    names = ("of_weights", "moments_mixed")
    write_weighted_package(bases_of("small"), SPECIES, tmp_path / names[0])
    write_moments_package(1, tmp_path / names[1])
    for name in names:
        load_package(tmp_path / name).prebuild("x86-64-v2")
    path = os.pathsep.join([str(tmp_path), str(ROOT), *sys.path])
    cache = str(tmp_path / "cache")
    done = run(RUN, "c", *names, PATH="/nowhere", CC="", PYTHONPATH=path, INVGEN_CACHE_DIR=cache)
    assert done.returncode == 0, done.stderr
    built, results = json.loads(done.stdout)
    assert built == 0
    for name in names:
        kernel = packages[name].kernel(torch.float64, target="torch")
        wanted = kernel(*arguments_of(name, kernel)).flatten()
        # As for the targets of a package.
        found = torch.tensor(results[f"{name} c"], dtype=torch.float64)
        torch.testing.assert_close(found, wanted, rtol=1e-13, atol=1e-13)


def test_what_a_package_lacks_is_said_when_it_is_asked_for(
    packages: dict[str, Package], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(InputError, match="'moments_full' has no target 'cuda': use 'c' or 'torch'"):
        packages["moments_full"].kernel(target="cuda")
    with pytest.raises(InputError, match="'of_weights' has no layout 'plain': use 'channel'"):
        packages["of_weights"].kernel(layout="plain")
    with pytest.raises(InputError, match="for kernels of invariants alone"):
        packages["of_weights"].kernel(torch.float64, registration="c++")
    assert main(["library", str(packages["moments_mixed"].folder), "-o", str(tmp_path / "operators.so")]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "a library of operators is for kernels of invariants alone" in said


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("of_weights", {"outputs": [["0e", 3]]}, "outputs are lists of an irrep, members and rows"),
        ("of_weights", {"weights": 1}, "outputs have . members and . rows, not 1 and"),
        ("of_weights", {"components": ["x"]}, "it names 1 components, not 4"),
        ("moments_mixed", {"form": "none"}, "moments have no form 'none'"),
        ("moments_mixed", {"targets": ["c", "hip"]}, "and kernels of moments have 'c', 'cuda' or 'torch'"),
        ("convolution_unit", {"angular": "flat"}, "convolutions have no harmonics 'flat'"),
        ("convolution_unit", {"couplings": [["0e", "0e", "0e"]]}, "couplings are lists of three irreps and a multi"),
        ("convolution_unit", {"outputs": [["x", 2]]}, "and outputs of an irrep and a multiplicity"),
        ("convolution_unit", {"outputs": [["0e", 2]]}, "outputs have 2 rows, not 8"),
        ("convolution_unit", {"coordinates": "3"}, "'coordinates' is missing or not an integer"),
        ("convolution_unit", {"targets": ["c", "hip"]}, "and kernels of convolution have 'c', 'cuda' or 'torch'"),
        ("moments_full", {"targets": ["c", "cuda", "torch"]}, r"does not list kernels_float32\.cu"),
    ],
)
def test_a_damaged_manifest_is_named(name: str, change: Any, said: str, folder: Path, tmp_path: Path) -> None:
    for path in (folder / name).iterdir():
        if path.is_file():
            (tmp_path / path.name).write_bytes(path.read_bytes())
    manifest = json.loads((tmp_path / "MANIFEST.json").read_text())
    (tmp_path / "MANIFEST.json").write_text(json.dumps({**manifest, **change}))
    with pytest.raises(BasisFileError, match=said):
        load_package(tmp_path)


def test_nothing_is_written_where_the_request_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the number of species is an integer of at least 1, got 0"):
        write_weighted_package(bases_of("small"), 0, tmp_path / "w")
    with pytest.raises(InputError, match="a Basis or a list of them"):
        write_weighted_package([], 2, tmp_path / "w")
    with pytest.raises(InputError, match="l_max is None for the form 'environment'"):
        write_moments_package(2, tmp_path / "m", "environment")
    with pytest.raises(InputError, match="form must be one of 'mixed', 'full', 'environment', got 'other'"):
        write_moments_package(2, tmp_path / "m", "other")
    with pytest.raises(InputError, match="angular must be one of 'unit', 'solid'"):
        write_moments_package(2, tmp_path / "m", angular="flat")
    with pytest.raises(InputError, match="takes either l_max, for harmonics of vectors, or harmonics"):
        write_convolution_package("0e", tmp_path / "c")
    with pytest.raises(InputError, match="the package name '2nd' must be a Python identifier"):
        write_moments_package(2, tmp_path / "2nd")
    assert list(tmp_path.iterdir()) == []
