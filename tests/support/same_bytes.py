"""The same text, tables and pictures from several Pythons, oldest and newest packages, hash seeds and locales.

    python -m tests.support.same_bytes python3.11 python3.13 [--folder FOLDER]

For each Python two environments without torch are made: one with the lowest versions that pyproject.toml states, or the
lowest that have wheels, and one with the newest. Each builds the folders of `SPECS` in `papers/`, without PDF, and
tables and pictures of some bases, under a hash seed and a locale of its own. All files hold the same bytes, or the
first that differs is named and the exit code is 1.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from tests.support.paths import REPOSITORY

SPECS = ("counts", "generators")
# The lowest versions with wheels for a Python, where there are none of those that pyproject.toml states.
WHEELS = {"3.13": {"numpy": "2.1"}}
SETTINGS = (("0", "C"), ("1", "C.UTF-8"), ("4711", "C.UTF-8"), ("random", "C"))
MAKE = """
import sys
from pathlib import Path
import invgen
from invgen.papers import building, spec
from invgen.show.pictures import basis_svg
from invgen.spaces.reading import read_space

repository, folder, names = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]
assert Path(invgen.__file__).is_relative_to(repository), invgen.__file__
for name in names:
    text = (repository / "papers" / f"{name}.yaml").read_text(encoding="utf-8") + "pdf: false\\n"
    building.build(spec.parse(text, name), folder / name)
for place, (line, group, degree) in enumerate(
    (("1o + 2e", "O3", 4), ("moments 0..2 vector", "O3", 3), ("moments 2..3", "SO2", 4), ("cartesian ij=ji", "Oh", 4))
):
    basis = invgen.generate(read_space(line, group), degree)
    for style in ("markdown", "latex", "csv", "html"):
        (folder / f"{place}.{style}").write_text(basis.table(style), encoding="utf-8", newline="\\n")
    (folder / f"{place}.svg").write_text(basis_svg(basis), encoding="utf-8", newline="\\n")
    if group != "Oh":
        (folder / f"{place}.txt").write_text(str(basis.report()), encoding="utf-8", newline="\\n")
"""


def requirements(python: str, oldest: bool) -> list[str]:
    """What to install for a version of Python such as "3.13": lowest or newest versions, without torch."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    stated = [*project["dependencies"], "pyyaml>=6"]
    if not oldest:
        return stated
    least = dict(requirement.split(">=") for requirement in stated) | WHEELS.get(python, {})
    return [f"{name}=={version}.*" for name, version in least.items()]


def make(python: str, oldest: bool, setting: tuple[str, str], folder: Path) -> str:
    """The files of one environment in `folder / "out"`; what it was, in words."""
    subprocess.run([python, "-m", "venv", folder / "venv"], check=True)
    inside = folder / "venv" / "bin" / "python"
    version = _said(inside, "import sys; print('%d.%d' % sys.version_info[:2])")
    install = [str(inside), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:"]
    subprocess.run([*install, *requirements(version, oldest)], check=True)
    versions = _said(inside, "import numpy, sympy; print(f'NumPy {numpy.__version__}, SymPy {sympy.__version__}')")
    (folder / "out").mkdir()
    seed, locale = setting
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONHASHSEED": seed, "LC_ALL": locale}
    subprocess.run([inside, "-c", MAKE, REPOSITORY, folder / "out", *SPECS], check=True, env=environment, cwd=folder)
    return f"Python {version}, {versions}, hash seed {seed}, locale {locale}"


def _said(python: Path, code: str) -> str:
    return subprocess.run([python, "-c", code], check=True, capture_output=True, text=True).stdout.strip()


def contents(folder: Path) -> dict[str, bytes]:
    """The bytes of all files below a folder, by path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def difference(first: dict[str, bytes], second: dict[str, bytes]) -> str | None:
    """The first path whose bytes are not the same in both."""
    return next((path for path in sorted({*first, *second}) if first.get(path) != second.get(path)), None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pythons", nargs="+", help="interpreters")
    parser.add_argument("--folder", type=Path, help="where to work; by default a temporary folder")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        root = (arguments.folder or Path(temporary)).resolve()
        made: list[tuple[str, dict[str, bytes]]] = []
        for python in arguments.pythons:
            for oldest in (True, False):
                folder = root / f"environment{len(made)}"
                folder.mkdir(parents=True)
                told = make(python, oldest, SETTINGS[len(made) % len(SETTINGS)], folder)
                made.append((told, contents(folder / "out")))
                print(f"{told}: {len(made[-1][1])} files", flush=True)
    for told, files in made[1:]:
        path = difference(made[0][1], files)
        if path is not None:
            sys.exit(f"{path} differs: {made[0][0]}; {told}")
    print("all files are the same")


if __name__ == "__main__":
    main()
