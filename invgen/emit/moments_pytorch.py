"""Moments in plain PyTorch: the harmonics of pairs as text; the sums over pairs are `runtime.moments_torch`'s."""

from __future__ import annotations

from dataclasses import dataclass

from invgen.emit import laws
from invgen.emit.header import Header
from invgen.emit.pytorch_functions import TorchFunction, functions
from invgen.emit.reals import real_of
from invgen.emit.templating import render as render_template
from invgen.errors import InputError
from invgen.ir import Program
from invgen.passes.programs import harmonics_programs

TEMPLATE = "torch/moments.py.j2"

GEOMETRIES = {"solid": "torch/moments_solid.py.j2", "unit": "torch/moments_unit.py.j2"}


@dataclass(frozen=True)
class MomentsTorchSource:
    """The fields of `torch/moments.py.j2`."""

    header: Header
    law: str
    form: str
    functions: tuple[TorchFunction, ...]
    geometry: str


def render(form: str, harmonics: Program | None, solid: bool, dtype: str, header: Header) -> str:
    """The text of a Python module that imports torch alone; the arguments are those of `invgen.emit.moments.render`.

    Raises:
        InputError: the form or dtype is unknown.
    """
    real_of(dtype)
    if form not in laws.MOMENTS:
        raise InputError(f"the form of moments is one of {', '.join(laws.MOMENTS)}, got {form!r}")
    own = () if harmonics is None else functions(harmonics_programs(harmonics), laws.HARMONICS)
    geometry = "" if harmonics is None else GEOMETRIES["solid" if solid else "unit"]
    return render_template(TEMPLATE, MomentsTorchSource(header, laws.MOMENTS[form], form, own, geometry))
