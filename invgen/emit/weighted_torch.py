"""Weighted contractions in plain PyTorch: the programs on whole tensors, with the weights of each sample."""

from __future__ import annotations

from dataclasses import dataclass

from invgen.emit.header import Header
from invgen.emit.templating import render as render_template
from invgen.emit.torch import Function, lines
from invgen.passes.weighted import WeightedPrograms

TEMPLATE = "torch/weighted.py.j2"

LAWS = {
    "value": "Return y, the sum over k of w_k B_k(x).",
    "vjp": "Return (xbar, wbar), the gradients of y . ybar; wbar for each sample.",
    "vjp_x": "Return xbar.",
    "value_and_vjp": "Return (y, xbar, wbar).",
    "jvp": "Return ydot, the derivative of y along (u, v).",
    "vjp_of_vjp": "Return the gradients of xbar . u + wbar . v with respect to x, w (for each sample) and ybar.",
    "vjp_of_vjp_x": "Return the gradients of xbar . u with respect to x, w (for each sample) and ybar.",
}


@dataclass(frozen=True)
class WeightedTorchSource:
    """The fields of `torch/weighted.py.j2`."""

    header: Header
    functions: tuple[Function, ...]


def render(programs: WeightedPrograms, header: Header) -> str:
    """The text of a Python module that imports torch alone and defines the functions."""
    functions = tuple(
        Function(name, ", ".join(vector for vector, _ in program.inputs), LAWS[name], lines(program))
        for name, program in programs.items()
    )
    return render_template(TEMPLATE, WeightedTorchSource(header, functions))
