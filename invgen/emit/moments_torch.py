"""Moments in plain PyTorch: the harmonics of pairs as text; the sums over pairs are `runtime.moments_torch`'s."""

from __future__ import annotations

from dataclasses import dataclass

from invgen.emit.header import Header
from invgen.emit.moments import LAWS, harmonics_programs
from invgen.emit.reals import real_of
from invgen.emit.templating import render as render_template
from invgen.emit.torch import Function, lines
from invgen.errors import InputError
from invgen.ir import Program

TEMPLATE = "torch/moments.py.j2"

_PROGRAM_LAWS = {
    "value": "Return y, the harmonics at x.",
    "vjp": "Return xbar, the gradient of y . ybar.",
    "jvp": "Return ydot, the derivative of y along u.",
    "bend": "Return the gradient of vjp(x, ybar) . u with respect to x.",
}


@dataclass(frozen=True)
class MomentsTorchSource:
    """The fields of `torch/moments.py.j2`."""

    header: Header
    law: str
    form: str
    functions: tuple[Function, ...]
    geometries: tuple[str, ...]


def render(form: str, harmonics: Program | None, solid: bool, dtype: str, header: Header) -> str:
    """The text of a Python module that imports torch alone; the arguments are those of `invgen.emit.moments.render`.

    Raises:
        InputError: the form or dtype is unknown.
    """
    real_of(dtype)
    if form not in LAWS:
        raise InputError(f"the form of moments is one of {', '.join(LAWS)}, got {form!r}")
    programs = () if harmonics is None else harmonics_programs(harmonics)
    functions = tuple(
        Function(name, ", ".join(vector for vector, _ in program.inputs), _PROGRAM_LAWS[name], lines(program))
        for name, program in programs
    )
    geometry = () if harmonics is None else (f"torch/moments_{'solid' if solid else 'unit'}.py.j2",)
    return render_template(TEMPLATE, MomentsTorchSource(header, LAWS[form], form, functions, geometry))
