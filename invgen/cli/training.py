"""`invgen train`: a configuration file, and the results in a few lines."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping


def train(arguments: argparse.Namespace) -> None:
    """Train, with bars where standard error is a terminal; print the errors on every set of frames."""
    from invgen.training.yaml_file import read_config

    config = read_config(arguments.config, arguments.set)
    from invgen.training.run import train as run

    folder = arguments.config.parent if arguments.data is None else arguments.data
    result = run(config, folder, resume=arguments.resume, progress=sys.stderr.isatty())
    if not result.first:
        return
    print(f"{result.folder}: {len(result.curve)} epochs, the best was {result.best_epoch}, {result.seconds:.0f} s")
    for name, errors in result.errors.items():
        print(f"{name}: {describe(errors)}")


_UNITS = {
    "energy": (1e3, "meV/atom"),
    "forces": (1e3, "meV/Angstrom"),
    "stress": (1e3, "meV/Angstrom^3"),
    "charges": (1e3, "me"),
    "dipole": (1e3, "me Angstrom"),
    "polarizability": (1.0, "Angstrom^3"),
}


def describe(errors: Mapping[str, float]) -> str:
    """Mean absolute errors in units that people compare by, with the root of the mean square in brackets."""
    parts = []
    for name, (factor, unit) in _UNITS.items():
        if f"{name}_mae" in errors:
            mean, root = factor * errors[f"{name}_mae"], factor * errors[f"{name}_rmse"]
            parts.append(f"{name} {mean:.3g} ({root:.3g}) {unit}")
    return ", ".join(parts)
