"""Plain PyTorch: the same straight-line programs on whole tensors, for any device and as the oracle of the others."""

from __future__ import annotations

from dataclasses import dataclass

from invgen.emit import laws
from invgen.emit.header import Header
from invgen.emit.pytorch_functions import TorchFunction, functions
from invgen.emit.templating import render as render_template
from invgen.passes.programs import KernelPrograms

TEMPLATE = "torch/reference.py.j2"


@dataclass(frozen=True)
class TorchModule:
    """The fields of `torch/reference.py.j2`."""

    header: Header
    dim: int
    count: int
    functions: tuple[TorchFunction, ...]


def render(programs: KernelPrograms, header: Header) -> str:
    """The text of a Python module that imports torch alone and defines the five functions."""
    own = functions(programs.items(), laws.INVARIANTS)
    return render_template(TEMPLATE, TorchModule(header, programs.dim, programs.count, own))
