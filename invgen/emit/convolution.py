"""C11 with OpenMP for convolutions over neighbour lists: fixed walks around emitted products of paths.

For one pair, a path costs one multiply-add for each entry of its matrix and channel, whatever rank harmonics have:
entries depend on the direction of the pair alone and are made once for all channels, 32 pairs at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from invgen.emit import laws
from invgen.emit.convolution_tiles import Tile, describe, gradients, sums
from invgen.emit.folds import Fold, folds
from invgen.emit.header import Header
from invgen.emit.moments import GEOMETRIES, Harmonic, harmonic_of
from invgen.emit.reals import real_of
from invgen.emit.templating import render as render_template
from invgen.ir.convolution import Convolution, PlacedPath
from invgen.passes.programs import harmonics_programs

TEMPLATE = "c/convolution.c.j2"

GIVEN = "c/convolution_given.h"

RADIAL = {"given": "c/weights_given_radial.h", "table": "c/weights_table_radial.h"}
"""What is kept of distances, by where weights come from, and"""
WEIGHTS = {"given": "c/weights_given.h", "table": "c/weights_table.h"}
"""how they are made."""


@dataclass(frozen=True)
class Walk:
    """The tiles of a function, and whether they read changes along u."""

    name: str
    along: bool
    tiles: tuple[Tile, ...]


@dataclass(frozen=True)
class ConvolutionSource:
    """The fields of `c/convolution.c.j2`."""

    header: Header
    law: str
    paths: tuple[str, ...]
    real: str
    lane_integer: str
    sqrt: str
    harmonics: int
    coordinates: int
    source_rows: int
    weight_rows: int
    rows: int
    table: tuple[str, ...]
    kernels: tuple[Harmonic, ...]
    geometry: str
    radial: str
    weights: str
    folds: tuple[Fold, ...]
    walks: tuple[Walk, ...]
    pair_walks: tuple[Walk, ...]


def render(content: Convolution, dtype: str, header: Header) -> str:
    """The C source of the functions of a convolution.

    Args:
        content: what it computes.
        dtype: "float32" or "float64".
        header: what the source says about itself.

    Raises:
        InputError: the dtype is unknown.
    """
    real = real_of(dtype)
    paths = content.paths
    given = content.angular == "given"
    programs = harmonics_programs(content.matrices, linear=given)
    origin = "given" if content.knots is None else "table"
    # A change of the distance moves weights of tables, so that their gradients without it matter as well.
    second = gradients if content.knots is None else partial(gradients, plain=True)
    return render_template(
        TEMPLATE,
        ConvolutionSource(
            header=header,
            law=laws.CONVOLUTION if content.knots is None else laws.TABULATED,
            paths=tuple(map(describe, paths)),
            real=real.name,
            lane_integer=real.integer,
            sqrt=real.sqrt,
            harmonics=len(content.matrices.output("y")),
            coordinates=content.matrices.input_count,
            source_rows=content.source_rows,
            weight_rows=content.weights,
            rows=content.rows,
            table=_table(content),
            kernels=tuple(harmonic_of(name, program, real.bits) for name, program in programs),
            geometry=GIVEN if given else GEOMETRIES[content.angular],
            radial=RADIAL[origin],
            weights=WEIGHTS[origin],
            folds=folds(real.bits),
            walks=(
                Walk("value", False, _tiles(sums, "value", paths, along=False)),
                Walk("jvp", True, _tiles(sums, "jvp", paths, along=True)),
            ),
            pair_walks=(
                Walk("vjp", False, _tiles(gradients, "vjp", paths, along=False)),
                Walk("second", True, _tiles(second, "second", paths, along=True)),
            ),
        ),
    )


def _tiles(
    made: Callable[[str, int, PlacedPath, bool], tuple[Tile, ...]], kind: str, paths: Iterable[PlacedPath], along: bool
) -> tuple[Tile, ...]:
    return tuple(tile for number, path in enumerate(paths) for tile in made(kind, number, path, along))


def _table(content: Convolution) -> tuple[str, ...]:
    """The constants of tables."""
    if content.knots is None:
        return ()
    knots = content.knots
    return (
        f"#define INTERVALS {knots.intervals}",
        f"#define FIRST_KNOT ((real){float(knots.first)!r})",
        f"#define KNOT_DENSITY ((real){float(knots.density)!r})",
    )
