"""Weighted contractions in plain PyTorch: the programs on whole tensors, with the weights of each sample."""

from __future__ import annotations

from dataclasses import dataclass

from invgen.emit import laws
from invgen.emit.header import Header
from invgen.emit.pytorch_functions import TorchFunction, functions
from invgen.emit.templating import render as render_template
from invgen.passes.gathered import GatheredPrograms
from invgen.passes.weighted import WeightedPrograms

TEMPLATE = "torch/weighted.py.j2"


@dataclass(frozen=True)
class WeightedTorchModule:
    """The fields of `torch/weighted.py.j2`."""

    header: Header
    functions: tuple[TorchFunction, ...]


def render(programs: WeightedPrograms | GatheredPrograms, header: Header) -> str:
    """The text of a Python module that imports torch alone and defines the functions."""
    own = laws.GATHERED if isinstance(programs, GatheredPrograms) else laws.WEIGHTED
    return render_template(TEMPLATE, WeightedTorchModule(header, functions(programs.items(), own)))
