from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from invgen.compiler.moments import moments_spec
from invgen.compiler.weighted import weighted_spec
from invgen.errors import BasisFileError, InputError
from invgen.runtime import load_package
from invgen.runtime.families import FAMILIES
from invgen.runtime.package import source_files
from invgen.runtime.targets import target_named
from tests.support.handwritten import TORCH_SOURCE, c_source, expected
from tests.support.weighted_cases import SPECIES, bases_of, draw, kernel_of

pytestmark = pytest.mark.usefixtures("optimised")

FILES = {
    "basis.json": "{}\n",
    "kernels_float32.c": c_source("float32"),
    "kernels_float32.cu": "/* nothing for GPUs */\n",
    "kernels_float64.c": c_source("float64"),
    "kernels_float64.cu": "/* nothing for GPUs */\n",
    "reference.py": TORCH_SOURCE,
}


def write_manifest(folder: Path, change: Callable[[dict[str, Any]], None] = lambda manifest: None) -> None:
    manifest: dict[str, Any] = {
        "format": "invgen-package",
        "format_version": 1,
        "name": "by_hand",
        "basis_id": "0" * 64,
        "convention": "cartesian",
        "dimension": 3,
        "count": 2,
        "components": ["m100", "m010", "m001"],
        "invariants": ["i,i", "x y z"],
        "codegen_version": "1",
        "files": {name: hashlib.sha256(text.encode()).hexdigest() for name, text in FILES.items()},
    }
    change(manifest)
    (folder / "MANIFEST.json").write_text(json.dumps(manifest))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    write_manifest(tmp_path)
    return tmp_path


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("target", ["c", "torch"])
def test_a_package_gives_kernels_of_every_dtype_and_target(folder: Path, dtype: torch.dtype, target: str) -> None:
    package = load_package(folder)
    kernel = package.kernel(dtype=dtype, target=target)
    assert (kernel.dtype, kernel.target, kernel.layout, kernel.name) == (dtype, target, "channel", "by_hand")
    x = torch.arange(12, dtype=dtype).reshape(2, 3, 2)
    # Small integers: both sides are exact.
    assert torch.equal(kernel(x), expected(x))


def test_a_package_says_what_its_manifest_says(folder: Path) -> None:
    package = load_package(str(folder))
    assert (package.name, package.dimension, package.count) == ("by_hand", 3, 2)
    assert package.components == ("m100", "m010", "m001")
    assert package.invariants == ("i,i", "x y z")


def test_equal_arguments_give_the_same_kernel(folder: Path) -> None:
    package = load_package(folder)
    assert package.kernel() is package.kernel(torch.float32, "channel", "c")
    assert package.kernel(layout="plain") is not package.kernel()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"dtype": torch.bfloat16}, "no dtype torch.bfloat16: use torch.float32 or torch.float64"),
        ({"layout": "rows"}, "no layout 'rows': use 'channel' or 'plain'"),
        ({"target": "hip"}, "no target 'hip': use 'c' or 'cuda' or 'torch'"),
    ],
)
def test_what_a_package_does_not_have_is_refused_with_what_it_has(
    folder: Path, arguments: dict[str, Any], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        load_package(folder).kernel(**arguments)


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_changed_or_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).write_text(FILES[name] + "\n")
    with pytest.raises(BasisFileError, match=rf"{name} was changed .*invgen package"):
        load_package(folder)
    (folder / name).unlink()
    with pytest.raises(BasisFileError, match=rf"{name} cannot be read"):
        load_package(folder)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda manifest: manifest.update(format="other"), "not a manifest of a kernel package"),
        (lambda manifest: manifest.update(format_version=3), "format version 3, and this invgen reads 1 and 2"),
        (lambda manifest: manifest.pop("basis_id"), "'basis_id' is missing or not text"),
        (lambda manifest: manifest.update(count="2"), "'count' is missing or not an integer"),
        (lambda manifest: manifest.update(count=3), "names 2 invariants, not 3"),
        (lambda manifest: manifest["files"].pop("reference.py"), "does not list reference.py"),
        (lambda manifest: manifest["files"].update({"../escape": "0"}), "outside the package"),
    ],
)
def test_a_damaged_manifest_is_refused_with_the_reason(
    folder: Path, change: Callable[[dict[str, Any]], None], said: str
) -> None:
    write_manifest(folder, change)
    with pytest.raises(BasisFileError, match=said):
        load_package(folder)


def test_a_folder_without_a_readable_manifest_is_no_package(folder: Path) -> None:
    (folder / "MANIFEST.json").write_text("{")
    with pytest.raises(BasisFileError, match=r"MANIFEST\.json is damaged"):
        load_package(folder)
    (folder / "MANIFEST.json").unlink()
    with pytest.raises(BasisFileError, match=r"MANIFEST\.json cannot be read"):
        load_package(folder)


def test_a_package_needs_nothing_that_makes_kernels(folder: Path, repository: Path) -> None:
    program = f"""
import sys
for name in ("sympy", "jinja2", "mpmath", "networkx", "scipy"):
    sys.modules[name] = None
import torch
from invgen.runtime import load_package
kernel = load_package({str(folder)!r}).kernel()
assert kernel(torch.ones(1, 3, 1)).tolist() == [[[3.0], [1.0]]]
loaded = {{name.split(".")[1] for name in sys.modules if name.startswith("invgen.")}}
assert loaded <= {{"_lazy", "_moved", "_version", "checks", "errors", "files", "runtime", "stages"}}, loaded
"""
    subprocess.run([sys.executable, "-c", program], cwd=repository, check=True, timeout=120)


def write_package_of(folder: Path, spec_of: Callable[[str, str], Any], family: str, **fields: Any) -> None:
    """A package of another family than invariants, as its manifest says."""
    folder.mkdir()
    kernel = spec_of("float32", "c").kernel
    files = {}
    for target in FAMILIES[family].targets:
        for dtype in ("float32", "float64"):
            files[target_named(target).source_file(dtype)] = spec_of(dtype, target).kernel.source
    assert tuple(sorted(files)) == source_files(FAMILIES[family].targets)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    write_manifest(
        folder,
        lambda manifest: (
            [manifest.pop("components"), manifest.pop("invariants")]
            and manifest.update(
                {name: getattr(kernel, name) for name in ("name", "basis_id", "convention", "dimension", "count")},
                codegen_version=kernel.codegen_version,
                family=family,
                files={name: hashlib.sha256(text.encode()).hexdigest() for name, text in files.items()},
                **fields,
            )
        ),
    )


DTYPES = {"float32": torch.float32, "float64": torch.float64}


def moments_of(dtype: str, target: str) -> Any:
    return moments_spec(1, dtype=DTYPES[dtype], target=target)


def weighted_of(dtype: str, target: str) -> Any:
    return weighted_spec(bases_of("small"), SPECIES, target, DTYPES[dtype], name="a_case")


def test_packages_of_every_family_give_the_specs_that_they_were_written_from(tmp_path: Path) -> None:
    spec = weighted_of("float32", "c")
    more = {"components": list("abcd"), "species": SPECIES, "weights": spec.weights}
    write_package_of(tmp_path / "w", weighted_of, "weighted", **more, outputs=[list(each) for each in spec.outputs])
    write_package_of(tmp_path / "m", moments_of, "moments", form="mixed")
    for name, spec_of in (("w", weighted_of), ("m", moments_of)):
        package = load_package(tmp_path / name)
        for target in FAMILIES[package.family].targets:
            for dtype in DTYPES:
                assert package.spec(dtype, target) == spec_of(dtype, target)
    kernel = load_package(tmp_path / "w").kernel(torch.float64)
    given = draw(kernel, (3,), 2)
    arguments = [given[name] for name in ("x", "w", "species")]
    assert torch.equal(kernel(*arguments), kernel_of("small").value(*arguments))
    with pytest.raises(InputError, match="has no layout 'plain': use 'channel'"):
        load_package(tmp_path / "w").kernel(layout="plain")


@pytest.mark.parametrize(
    ("family", "fields", "said"),
    [
        ("fields", {}, "kernels of the family 'fields' are not known"),
        ("moments", {}, "'form' is missing or not text"),
        ("weighted", {"species": "3"}, "'species' is missing or not an integer"),
    ],
)
def test_a_manifest_of_another_family_is_checked_as_well(
    folder: Path, family: str, fields: dict[str, Any], said: str
) -> None:
    write_manifest(folder, lambda manifest: manifest.update(family=family, **fields))
    with pytest.raises(BasisFileError, match=said):
        load_package(folder)


def test_registration_is_asked_for_in_time_by_packages_too(folder: Path) -> None:
    # A name of its own: the first kernel of a spec decides who registers its operators.
    write_manifest(folder, lambda manifest: manifest.update(name="by_package"))
    package = load_package(folder)
    package.kernel()
    with pytest.raises(InputError, match="registered in this process already"):
        package.kernel(registration="c++")
