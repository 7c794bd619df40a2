"""Write the checked-in kernel packages again; the bytes must not change unless the mathematics or the code does.

    python generated/regenerate.py [FOLDER]

FOLDER defaults to the one that holds this file.
"""

from __future__ import annotations

import sys
from pathlib import Path

from invgen import Basis, TensorSpace, generate, write_package

HERE = Path(__file__).resolve().parent


def bases() -> dict[str, Basis]:
    """The bases of the packages by package name, as the command line makes them."""
    lines = (HERE / "hiphop_l3_n4.txt").read_text(encoding="utf-8").splitlines()
    listed = [line for line in lines if line.strip() and not line.startswith("#")]
    return {
        "optimal_l2_n4": generate(TensorSpace("0e + 1o + 2e"), max_degree=4),
        "optimal_l3_n4": generate(TensorSpace("0e + 1o + 2e + 3o"), max_degree=4),
        "hiphop_l3_n4": Basis.from_contractions(listed, TensorSpace("s:0e + v:1o + q:2e + t:3o"), "hippynn"),
    }


def main(folder: Path) -> None:
    """Write every package into `folder`."""
    for name, basis in bases().items():
        print(write_package(basis, folder / name).name, basis.id)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
