"""Packages by name: the module that an import gives, or one sentence that says why there is none."""

from __future__ import annotations

import importlib
import shutil
import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType

import pytest
import torch

import invgen
from invgen.catalogue import listing
from invgen.errors import BasisFileError, InputError
from tests.support.paths import GENERATED


def test_a_name_gives_the_module_that_an_import_gives() -> None:
    # `generated` is on the path of the tests.
    assert invgen.load("optimal_l2_n4") is importlib.import_module("optimal_l2_n4")
    assert importlib.import_module("strain_D2h") is invgen.load("strain_D2h")


def test_compressed_sources_compile_to_the_kernel_of_the_basis() -> None:
    package = invgen.load("strain_D2h")
    basis = invgen.Basis.load(GENERATED / "strain_D2h" / "basis.json")
    x = torch.linspace(-1.0, 1.0, 2 * basis.space.dimension, dtype=torch.float64).reshape(2, -1)
    found = package.kernel(torch.float64, layout="plain", target="torch")(x)
    # Sums of a few products of numbers of order one.
    assert torch.allclose(found, torch.from_numpy(basis.evaluate(x.numpy())), rtol=1e-12, atol=1e-12)


def test_loading_needs_no_other_distribution(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "entry_points", lambda group: pytest.fail("entry points were read"))
    assert invgen.load("optimal_l2_n4").basis_id


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("hiphop_l3_n44", "the catalogue has no package 'hiphop_l3_n44', did you mean 'hiphop_l3_n4'"),
        (3, "a package of the catalogue has a name such as 'optimal_l3_n4', got 3"),
        ("", "the catalogue has no package ''"),
    ],
)
def test_an_unknown_name_is_one_sentence(name: object, words: str) -> None:
    with pytest.raises(InputError, match=words):
        invgen.load(name)  # type: ignore[arg-type]


def test_a_module_of_the_same_name_is_not_taken_for_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "moments_scalar_2d", ModuleType("moments_scalar_2d"))
    with pytest.raises(InputError, match="a module named 'moments_scalar_2d' is loaded from elsewhere"):
        invgen.load("moments_scalar_2d")


def test_an_entry_point_that_fails_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(GENERATED / "strain_D2h", tmp_path / "breaks", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "breaks" / "__init__.py").write_text("raise ValueError('no')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    points = [EntryPoint("breaks", "breaks", listing.GROUP), EntryPoint("gone", "gone_module", listing.GROUP)]
    monkeypatch.setattr(listing, "entry_points", lambda group: points)
    with pytest.raises(InputError, match=r"'breaks' of an unnamed distribution fails to load: ValueError\('no'\)"):
        invgen.load("breaks")
    with pytest.raises(InputError, match=r"'gone' .* cannot be loaded: its module gone_module does not exist"):
        invgen.load("gone")


def test_a_changed_or_cut_source_is_found_when_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "strain_D2h"
    shutil.copytree(GENERATED / "strain_D2h", folder, ignore=shutil.ignore_patterns("__pycache__"))
    path = folder / "kernels_float64.c.xz"
    whole = path.read_bytes()
    package = invgen.runtime.load_package(folder)
    path.write_bytes(whole[:-40])
    with pytest.raises(BasisFileError, match=r"kernels_float64.c.xz is cut off, or holds more than 256 MiB"):
        package.spec("float64", "c")
    path.write_bytes(b"not compressed")
    with pytest.raises(BasisFileError, match=r"kernels_float64.c.xz cannot be expanded"):
        package.spec("float64", "c")
    shutil.copy(folder / "kernels_float32.c.xz", path)
    with pytest.raises(BasisFileError, match=r"kernels_float64.c.xz was changed after it was generated"):
        package.spec("float64", "c")
    path.unlink()
    with pytest.raises(BasisFileError, match=r"kernels_float64.c.xz cannot be read \(No such file"):
        package.spec("float64", "c")
    path.write_bytes(whole)
    assert "invgen_value" in package.spec("float64", "c").source


def test_a_name_is_exact_where_the_file_system_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert listing.own_named("optimal_l2_n4") is not None
    monkeypatch.setattr(Path, "is_file", lambda self: True)  # as where capitals are the same
    assert [listing.own_named(name) for name in ("Optimal_l2_n4", "..", "", ".", "a/b")] == [None] * 5


def test_a_first_value_loads_no_stage_no_other_family_and_nothing_of_gpus() -> None:
    code = "import sys, torch, invgen\ninvgen.load('strain_D2h').kernel()(torch.ones(6, 1))\nprint(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    modules = run.stdout.split()
    assert not {name.partition(".")[0] for name in modules} & {"sympy", "jinja2", "mpmath", "networkx"}
    loaded = {name.removeprefix("invgen.runtime.") for name in modules if name.startswith("invgen.")}
    assert "c_invariants" in loaded
    assert not {name for name in loaded if name.startswith("gpu.") or name.startswith("invgen.reduction")}
    assert not loaded & {"moments", "weighted", "torch_source", "build.nvrtc", "build.cubin"}
