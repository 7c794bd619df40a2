"""What moments of fields can do, part by part: `python -m benchmarks.fields PART [options]`; tables in docs/fields.md.

Each part is a module `benchmarks/field_PART.py` with a `main`, and writes benchmarks/results/field_PART.json.
"""

from __future__ import annotations

import sys
from importlib import import_module

PARTS = {
    "invariance": "how much invariants change as blobs turn, against the window and the voxel",
    "speed": "moments and invariants of 128³ voxels beside SciPy, a copy of the bytes, and 256³ streamed",
    "spherical": "ranks at spherical functions, and pairs that earlier invariants confuse",
    "detection": "turned copies of a protein in noise: precision, recall and time",
    "orientation": "errors of rotations, and whether their covariances hold",
    "classification": "AdrenalMNIST3D with pooled invariants",
    "wind": "vortices and saddles of the wind of one day, and a Hill vortex in turbulence",
    "media": "permeability tensors of porous media",
}


def main(arguments: list[str]) -> None:
    if not arguments or arguments[0] not in PARTS:
        width = max(map(len, PARTS))
        print(__doc__.splitlines()[0])
        print("\n".join(f"  {name:{width}}  {text}" for name, text in PARTS.items()))
        raise SystemExit(0 if not arguments or arguments[0] in ("-h", "--help") else 2)
    import_module(f"benchmarks.field_{arguments[0]}").main(arguments[1:])


if __name__ == "__main__":
    main(sys.argv[1:])
