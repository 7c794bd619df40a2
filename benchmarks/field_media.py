"""Permeability tensors of porous media from covariants of their moments: an example, not a claim."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.media import FAMILIES, SIZE, medium
from benchmarks.stokes import permeability
from benchmarks.support import ROOT

LABELS = ROOT / "benchmarks" / "results" / "field_media_labels.json"
COUNT = 200
TOLERANCE = 1e-4  # of the residual; with float32, tensors are right to 1e-4 then


def label(number: int) -> dict[str, Any]:
    """The tensor of one medium as a row of the file of labels."""
    start = time.process_time()
    family, pores = medium(number)
    tensor, steps = permeability(pores, TOLERANCE, dtype=np.float32)
    row = [[float(f"{v:.6g}") for v in line] for line in tensor]
    return {
        "number": number,
        "family": family,
        "porosity": round(float(pores.mean()), 6),
        "tensor": row,
        "steps": steps,
        "seconds": round(time.process_time() - start, 2),
    }


def write_labels(path: Path, count: int) -> None:
    """Solve all media, one after the other; the file grows, so that a run that was stopped continues."""
    rows = json.loads(path.read_text(encoding="utf-8"))["media"] if path.exists() else []
    for number in range(len(rows), count):
        rows.append(label(number))
        lines = ",\n".join(json.dumps(row) for row in rows)
        head = json.dumps({"size": SIZE, "families": FAMILIES, "tolerance": TOLERANCE})[1:-1]
        path.write_text(f'{{{head}, "media": [\n{lines}\n]}}\n', encoding="utf-8")
        print(number, rows[-1]["family"], rows[-1]["porosity"], rows[-1]["seconds"], flush=True)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fields media", description=__doc__)
    parser.add_argument("--labels", action="store_true", help="solve the media again where the file has no label")
    parser.add_argument("--count", type=int, default=COUNT)
    given = parser.parse_args(arguments)
    if given.labels:
        write_labels(LABELS, given.count)
