"""What is shipped works alone: the sdist makes the wheel, the wheel holds the templates and writes a kernel package."""

from __future__ import annotations

import os
import re
import shutil
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

# Modules that nothing imports need no compilation.
PIP_INSTALL = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile")
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
        [sys.executable, *PIP_INSTALL, "--no-deps", "--no-index", "--target", target, wheel],
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


EXACT_SIDE = """
import sys
from pathlib import Path
import invgen
assert Path(invgen.__file__).is_relative_to(sys.argv[1]), invgen.__file__
folder = Path(sys.argv[2])
requests = {
    "independent": ("0e + 1o + 2e + 3o", 4, {}),
    "flexible": ("1o + 2e", 4, {"select": "flexible"}),
    "linear": ("1o + 2e", 3, {"select": "linear", "outputs": "1o"}),
    "integrity": ("2e + 1o", 6, {"select": "integrity"}),
}
for name, (space, degree, options) in requests.items():
    basis = invgen.generate(invgen.TensorSpace(space), degree, **options)
    assert all(claim.holds for claim in basis.verify())
    basis.save(folder / f"{name}.json")
    for style in ("markdown", "latex", "csv"):
        (folder / f"{name}.{style}").write_text(basis.table(style), encoding="utf-8")
from invgen.papers import charts, counts, latex, work, writing
found = counts.moments("m", "Moments.", counts.MomentsOptions(orders=2), work.TableWork())
for suffix, write in (("tex", latex.write_latex), ("csv", writing.write_csv), ("md", writing.write_markdown)):
    (folder / f"moments.{suffix}").write_text(write(found.table), encoding="utf-8")
(folder / "moments.svg").write_text(charts.svg(found.figure), encoding="utf-8")
"""


def newest_python() -> Path:
    """An interpreter of Python 3.13 that has pip, or the test is skipped; a shim of pyenv may lead nowhere."""
    shims = [shutil.which("python3.13"), *sorted((Path.home() / ".pyenv" / "versions").glob("3.13*/bin/python3.13"))]
    for candidate in filter(None, shims):
        done = subprocess.run([candidate, "-m", "pip", "--version"], capture_output=True, stdin=subprocess.DEVNULL)
        if done.returncode == 0:
            return Path(candidate)
    pytest.skip("no Python 3.13 with pip")


@pytest.mark.slow
def test_the_exact_side_of_the_wheel_gives_the_same_bytes_on_the_newest_python(wheel: Path, tmp_path: Path) -> None:
    python, target = newest_python(), tmp_path / "target"
    install = [python, *PIP_INSTALL, "--target", target]
    run([*install, "--no-deps", "--no-index", wheel], tmp_path)
    # Generating, verifying and printing tables need NumPy and nothing else.
    if subprocess.run([*install, "numpy>=2"], cwd=tmp_path, capture_output=True).returncode != 0:
        pytest.skip("no NumPy to install for Python 3.13")
    folders = {}
    for which, interpreter, root, locale in (
        ("newest", python, target, "C"),
        ("this", Path(sys.executable), Path(invgen.__file__).parents[1], "C.UTF-8"),
    ):
        folders[which] = tmp_path / which
        folders[which].mkdir()
        env = {**os.environ, "PYTHONPATH": str(root), "PYTHONHASHSEED": str(len(which)), "LC_ALL": locale}
        run([interpreter, "-c", EXACT_SIDE, root, folders[which]], tmp_path, env)
    names = sorted(path.name for path in folders["this"].iterdir())
    assert len(names) == 20
    for name in names:
        assert (folders["newest"] / name).read_bytes() == (folders["this"] / name).read_bytes(), name
