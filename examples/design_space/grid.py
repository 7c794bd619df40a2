"""The points of the design space that are trained: one factor at a time around a centre, and corners."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.network_accuracy import MODELS

CENTRE: Mapping[str, Any] = {
    "kind": "EquivariantNetwork",
    "messages": "0e + 1o",
    "correlation": 2,
    "l_max": 2,
    "layers": 2,
    "channels": 32,
    "nonlinearity": "product",
    "readout": 16,
    "levels": "all",
    "tables": 128,
}
"""All options of the design space; a point changes some of them."""


@dataclass(frozen=True)
class Point:
    """One network.

    Attributes:
        title: what the table calls it.
        model: its kind and options, as a configuration has them.
    """

    title: str
    model: Mapping[str, Any]


def _changed(title: str, **options: Any) -> Point:
    return Point(title, {**CENTRE, **options})


POINTS: Mapping[str, Point] = {
    "centre": _changed("centre"),
    "body2": _changed("correlation 1", correlation=1),
    "body4": _changed("correlation 3", correlation=3),
    "scalar": _changed("messages 0e", messages="0e"),
    "tensor": _changed("messages 0e + 1o + 2e", messages="0e + 1o + 2e"),
    "l1": _changed("l_max 1", l_max=1),
    "l3": _changed("l_max 3", l_max=3),
    "linear": _changed("no hidden layer in the readout", readout=0),
    "last": _changed("readout of the last layer alone", levels="last"),
    "gate": _changed("like NequIP: 3 layers, gate, last layer", correlation=1, layers=3, nonlinearity="gate",
                     levels="last", readout=0),
    "botnet": _changed("like BOTNet: 3 layers, correlation 1", correlation=1, layers=3),
    "mace": _changed("like MACE: correlation 3, l_max 3, 0e + 1o + 2e", correlation=3, l_max=3,
                     messages="0e + 1o + 2e"),
    "invariant": _changed("correlation 3, l_max 3, messages 0e", correlation=3, l_max=3, messages="0e"),
    "hiphop": Point("HIP-HOP (4, 5), independent, 64 features", MODELS["hop45"]),
}  # fmt: skip
"""By name, in the order of the table."""

CHOICES: Sequence[tuple[str, str, str]] = (
    ("correlation 1 → 2", "body2", "centre"),
    ("correlation 2 → 3", "centre", "body4"),
    ("messages 0e → 0e + 1o", "scalar", "centre"),
    ("messages 0e + 1o → 0e + 1o + 2e", "centre", "tensor"),
    ("messages 0e → 0e + 1o + 2e, at correlation 3 and l_max 3", "invariant", "mace"),
    ("l_max 1 → 2", "l1", "centre"),
    ("l_max 2 → 3", "centre", "l3"),
    ("a hidden layer of 16 in the readout", "linear", "centre"),
    ("readout of the last layer → of all layers", "last", "centre"),
    ("layers 2 → 3, at correlation 1", "body2", "botnet"),
    ("no gate → a gate and the last layer alone, at 3 layers", "botnet", "gate"),
    ("all of MACE: correlation 3, l_max 3, 0e + 1o + 2e", "centre", "mace"),
)
"""What is chosen, and the points without and with it."""
