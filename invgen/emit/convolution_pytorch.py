"""Convolutions in plain PyTorch: matrices of pairs as text; the sums over pairs are `runtime.convolution_torch`'s."""

from __future__ import annotations

from dataclasses import dataclass

from invgen.emit import laws
from invgen.emit.header import Header
from invgen.emit.moments_pytorch import GEOMETRIES
from invgen.emit.pytorch_functions import TorchFunction, functions
from invgen.emit.reals import real_of
from invgen.emit.templating import render as render_template
from invgen.ir.convolution import Convolution, Knots, PlacedPath
from invgen.passes.programs import harmonics_programs

TEMPLATE = "torch/convolution.py.j2"

GIVEN = "torch/convolution_given.py.j2"


@dataclass(frozen=True)
class ConvolutionTorchSource:
    """The fields of `torch/convolution.py.j2`."""

    header: Header
    law: str
    paths: tuple[str, ...]
    functions: tuple[TorchFunction, ...]
    geometry: str
    table: tuple[str, ...]


def render(content: Convolution, dtype: str, header: Header) -> str:
    """The text of a Python module that imports torch alone; the arguments are those of `emit.convolution.render`.

    Raises:
        InputError: the dtype is unknown.
    """
    real_of(dtype)
    given = content.angular == "given"
    programs = harmonics_programs(content.matrices, linear=given)
    return render_template(
        TEMPLATE,
        ConvolutionTorchSource(
            header,
            laws.CONVOLUTION if content.knots is None else laws.TABULATED,
            tuple(map(_placed, content.paths)),
            functions(programs, laws.MATRICES),
            GIVEN if given else GEOMETRIES[content.angular],
            _table(content.knots),
        ),
    )


def _table(knots: Knots | None) -> tuple[str, ...]:
    """The constants of tables: operators are named after the text, so those of other knots must have another text."""
    if knots is None:
        return ()
    return f"KNOTS = {knots.count}", f"SPAN = ({float(knots.first)!r}, {float(knots.last)!r})"


def _placed(path: PlacedPath) -> str:
    source, target = path.source, path.target
    places = tuple((m, n) for m, n, _ in path.entries)
    numbers = (source.first, 2 * source.l + 1, source.copies, path.weight, target.first, path.offset, target.copies)
    return repr((*numbers, 2 * target.l + 1, places))
