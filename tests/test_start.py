"""What a fresh process loads: nothing that the work at hand does not use."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import invgen

ROOT = Path(invgen.__file__).parents[1]
SLOW = {"sympy", "mpmath", "flint", "jinja2", "tqdm", "networkx", "torch", "scipy", "matplotlib"}
THIRTEEN = 'import invgen\nbasis = invgen.generate(invgen.TensorSpace("0e + 1o + 2e + 3o"), max_degree=4)'
GIVEN = {"invgen.reduction.given.frames", "invgen.reduction.given.polynomials", "invgen.reduction.given.entries"}
OTHER_SPACES = {f"invgen.spaces.{name}" for name in ("cartesian", "index_symmetries", "planar_moments", "rotations")}


def loaded_after(code: str) -> set[str]:
    """Names of all modules that a fresh interpreter holds after some statements."""
    code += "\nimport sys\nprint('', *sys.modules, sep='\\nloaded ')"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return {line.removeprefix("loaded ") for line in run.stdout.splitlines() if line.startswith("loaded ")}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    space = invgen.TensorSpace("0e + 1o + 2e + 3o")
    return invgen.generate(space, max_degree=4).save(tmp_path_factory.mktemp("start") / "basis.json")


def test_generation_loads_the_stages_that_it_runs_and_no_other() -> None:
    loaded = loaded_after(THIRTEEN)
    assert {"invgen.reduction.selections.independent", "invgen.algebra.finite_field"} <= loaded
    assert loaded & SLOW == set()
    assert loaded & (GIVEN | OTHER_SPACES | {"numpy.ma", "numpy.random"}) == set()
    packages = {name.rpartition(".")[0] for name in loaded}
    assert packages & {"invgen.reduction.orbits", "invgen.reduction.forms", "invgen.show", "invgen.ir"} == set()


@pytest.mark.parametrize("rest", ["", "\nassert all(claim.holds for claim in basis.verify())"], ids=["load", "verify"])
def test_files_are_read_and_verified_without_what_lists_and_other_spaces_need(file: Path, rest: str) -> None:
    loaded = loaded_after(f"import invgen\nbasis = invgen.Basis.load({str(file)!r}){rest}")
    assert "invgen.basis.file" in loaded
    assert loaded & (SLOW | GIVEN | OTHER_SPACES | {"numpy.ma", "numpy.random"}) == set()


@pytest.mark.parametrize("options", [[], ["--report"]])
def test_a_basis_is_shown_without_any_slow_package(file: Path, options: list[str]) -> None:
    loaded = loaded_after(f"from invgen.cli import main\nmain({['show', str(file), *options]!r})")
    assert "invgen.basis.basis" in loaded
    assert loaded & (SLOW | GIVEN | OTHER_SPACES) == set()


@pytest.mark.parametrize("style", ["markdown", "latex", "csv", "html"])
def test_tables_are_made_without_any_slow_package(file: Path, style: str) -> None:
    loaded = loaded_after(f"import invgen\ninvgen.Basis.load({str(file)!r}).table({style!r})")
    assert loaded & (SLOW | GIVEN | OTHER_SPACES) == set()


def test_moments_load_neither_index_symmetries_nor_the_plane() -> None:
    loaded = loaded_after("import invgen\ninvgen.TensorSpace.moments(range(4))")
    assert "invgen.spaces.cartesian" in loaded
    assert loaded & {"invgen.spaces.index_symmetries", "invgen.spaces.planar_moments", "invgen.spaces.planar"} == set()


def test_exact_numbers_are_rounded_and_systems_solved_without_computer_algebra() -> None:
    loaded = loaded_after(
        "import invgen\n"
        "basis = invgen.generate(invgen.TensorSpace('v:1o + q:2e'), 4, select='linear')\n"
        "basis.evaluate([0.0] * 8)\n"
        "assert basis.expand('i,ij,j v,q,v')"
    )
    assert loaded & SLOW == set()
