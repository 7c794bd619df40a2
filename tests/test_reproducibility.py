from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from invgen import TensorSpace, generate

SCRIPT = """
import sys
from pathlib import Path
from invgen import Basis, TensorSpace, generate
out = Path(sys.argv[1])
for name, irreps, group, degree, select in [
    ("l3", "0e + 1o + 2e + 3o", "O3", 4, "independent"),
    ("linear", "0e + 1o + 2e", "O3", 5, "linear"),
    ("odd", "1o + 2e", "SO3", 6, "linear"),
    ("pseudo", "0o + 1e + 2o", "O3", 4, "linear"),
    ("channels", "3x0e + 3x1o + 3x2e", "O3", 3, "independent"),
    ("bilinear", "a:(0e + 1o + 1e) + b:(0e + 1o + 2e)", "O3", 2, "linear"),
]:
    options = {"degrees": {"b": 1, "a": 1}, "outputs": "1o"} if name == "bilinear" else {}
    basis = generate(TensorSpace(irreps, group=group), degree, select=select, **options)
    basis.save(out / f"{name}.json")
    assert Basis.load(out / f"{name}.json") == basis
    for member in basis[:6]:
        with (out / f"{name}.txt").open("a") as file:
            file.write(f"{member} {member.latex()} {options or (member.polynomial(), member.sympy())}\\n")
"""


def run(folder: Path, root: Path, **environment: str) -> dict[str, bytes]:
    folder.mkdir()
    subprocess.run(
        [sys.executable, "-c", SCRIPT, str(folder)],
        check=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(root), **environment},
    )
    return {p.name: p.read_bytes() for p in folder.iterdir()}


def test_files_do_not_depend_on_the_hash_seed_or_the_place(tmp_path: Path, repository: Path) -> None:
    first = run(tmp_path / "a", repository, PYTHONHASHSEED="0")
    second = run(tmp_path / "another place", repository, PYTHONHASHSEED="4242", TZ="Asia/Tokyo", LC_ALL="C")
    assert len(first) == 12
    assert first == second


def test_generation_twice_in_one_process_gives_the_same_id() -> None:
    space = TensorSpace("0e + 1o + 2e + 3o")
    small = generate(space, 3)  # fills every cache with other spaces and degrees
    large = generate(space, 4)
    assert generate(space, 3) == small and generate(space, 3).id == small.id
    assert generate(space, 4).id == large.id
