"""What is shipped works alone: the sdist makes the wheel, the wheel holds the templates and writes a kernel package."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import invgen

WRITE_A_PACKAGE = """
import sys
from pathlib import Path
import invgen
assert Path(invgen.__file__).is_relative_to(sys.argv[1]), invgen.__file__
assert invgen.__version__ == sys.argv[2], invgen.__version__
basis = invgen.generate(invgen.TensorSpace("0e+1o"), max_degree=2)
invgen.write_package(basis, sys.argv[3])
"""


def run(command: Sequence[str | Path], cwd: Path, env: dict[str, str] | None = None) -> str:
    """Standard output of a command that must succeed; both its streams are in the failure."""
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, f"{command[0]} exited with {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def build(kind: str, tree: Path, folder: Path) -> Path:
    """Build one archive of a tree with the installed hatchling: no network, no isolated environment."""
    run([sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", folder], cwd=tree)
    (archive,) = folder.iterdir()
    return archive


@pytest.fixture(scope="module")
def sdist(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("sdist", repository, tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="module")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel is built from the unpacked sdist, so that whatever the sdist lacks is missed here."""
    unpacked = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(sdist) as archive:
        # The first releases of Python 3.11 have no filters yet.
        archive.extractall(unpacked, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
    (tree,) = unpacked.iterdir()
    return build("wheel", tree, tmp_path_factory.mktemp("wheel"))


def relative_files(folder: Path) -> set[str]:
    """Paths of the source files under a folder, relative to its parent."""
    files = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(folder.parent).as_posix() for path in files}


@pytest.mark.slow
def test_the_sdist_holds_package_templates_and_generated(sdist: Path, repository: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    wanted = set.union(*(relative_files(repository / folder) for folder in ("invgen", "templates", "generated")))
    assert any(name.startswith("generated/") for name in wanted)
    assert wanted - names == set()


@pytest.mark.slow
def test_the_wheel_holds_every_template_and_the_catalogue_and_nothing_but_the_package(
    wheel: Path, repository: Path
) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    templates = {f"invgen/{name}" for name in relative_files(repository / "templates")}
    assert templates, "there are no templates to ship"
    packages = {f"invgen/{name}" for name in relative_files(repository / "generated")}
    assert templates | packages | relative_files(repository / "invgen") <= names
    assert {name.partition("/")[0] for name in names} == {"invgen", f"invgen-{invgen.__version__}.dist-info"}


@pytest.mark.slow
def test_a_wheel_installed_alone_writes_a_kernel_package(wheel: Path, tmp_path: Path) -> None:
    target, elsewhere = tmp_path / "target", tmp_path / "elsewhere"
    elsewhere.mkdir()
    run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", target, wheel],
        tmp_path,
    )
    env = {**os.environ, "PYTHONPATH": str(target)}
    package = elsewhere / "scalar_and_vector"
    run([sys.executable, "-c", WRITE_A_PACKAGE, target, invgen.__version__, package], elsewhere, env)
    found = run([sys.executable, "-c", "import invgen; print(invgen.load('strain_D2h').__file__)"], elsewhere, env)
    assert Path(found.strip()).is_relative_to(target / "invgen" / "generated")
    text = (package / "kernels_float64.c").read_text(encoding="utf-8")
    assert "void invgen_vjp_of_vjp(" in text
    assert str(tmp_path) not in text


def test_every_requirement_has_a_pin_that_satisfies_it(repository: Path) -> None:
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))
    named = list(project["project"]["dependencies"])
    for part in (project["project"]["optional-dependencies"], project["dependency-groups"]):
        named.extend(requirement for requirements in part.values() for requirement in requirements)
    lines = (repository / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = dict(line.split("==") for line in lines if not line.startswith("#"))
    for requirement in map(Requirement, named):
        if requirement.name.startswith("nvidia-"):
            continue  # a CUDA build of torch pins these itself, to other versions than its CPU build leaves us
        pin = pins.get(canonicalize_name(requirement.name))
        assert pin is not None and requirement.specifier.contains(pin), f"{requirement} against the pin {pin}"


def test_the_citation_states_the_version(repository: Path) -> None:
    text = (repository / "CITATION.cff").read_text(encoding="utf-8")
    assert re.findall(r"^version: (.+)$", text, re.MULTILINE) == [invgen.__version__]
