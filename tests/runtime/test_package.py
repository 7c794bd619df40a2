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

from invgen.errors import BasisFileError, InputError
from invgen.runtime import load_package
from tests.support.handwritten import TORCH_SOURCE, c_source, expected

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
        (lambda manifest: manifest.update(format_version=2), "format version 2, and this invgen reads 1"),
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
assert loaded == {{"_version", "errors", "runtime"}}, loaded
"""
    subprocess.run([sys.executable, "-c", program], cwd=repository, check=True, timeout=120)
