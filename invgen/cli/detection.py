"""`invgen detect`: copies of a template in a field, as a table."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from invgen.cli import streams
from invgen.errors import InputError
from invgen.reduction.options import MEMORY, Option

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from invgen.fields.reading import Volume

_READ = "invgen.cli.detection"
OPTIONS = (
    Option(
        "window",
        "the scale of the Hermite window, in the units of the spacing; default: 0.28 of half the template's shortest "
        "side",
        metavar="SIGMA",
        reader=f"{_READ}:number",
    ),
    Option("max_order", "the highest order of moments; default: 6", 6, metavar="N", kind="integer"),
    Option(
        "scales",
        'sizes of the copies relative to the template, "0.8,1,1.25"; default: 1',
        (1.0,),
        metavar="LIST",
        reader=f"{_READ}:numbers",
    ),
    Option(
        "false_discoveries",
        "the share of detections that may be false; default: 0.05",
        0.05,
        metavar="SHARE",
        reader=f"{_READ}:number",
    ),
    Option(
        "threshold",
        "keep what scores at least this, instead of --false-discoveries",
        metavar="SCORE",
        reader=f"{_READ}:number",
    ),
    Option(
        "min_distance",
        "of two detections closer than this, in the units of the spacing, the better one is kept",
        metavar="LENGTH",
        reader=f"{_READ}:number",
    ),
    Option(
        "angle",
        "between the rotations of the first search, in degrees; default: 20",
        20.0,
        metavar="DEGREES",
        reader=f"{_READ}:number",
    ),
    Option(
        "spacing",
        'of the voxels of both files along x, y and z, "1,1,1.5", instead of what the files say',
        metavar="LIST",
        reader=f"{_READ}:numbers",
    ),
    Option("field_key", "which array of an .npz file is the field", metavar="NAME"),
    Option("template_key", "which array of an .npz file is the template", metavar="NAME"),
    Option(
        "points", "write the detections as points for ParaView, too, to this .vtp file", metavar="FILE", kind="path"
    ),
    Option(
        "memory_limit",
        'refuse what is estimated to take more memory: a number of bytes, or "8GiB"; default: 4GiB',
        MEMORY,
        metavar="BYTES",
        reader="invgen.reduction.search.estimates:parse_memory",
    ),
)
_DIRECT = ("scales", "false_discoveries", "threshold", "min_distance", "angle")  # arguments of fields.detect
_SHARE = 0.28  # of a pattern's radius: the window that keeps most of it at order 6
_WORKING = 40  # bytes of a voxel beside the field itself: the padded field in float32, maps and their peaks
_SLAB = 64 * 2**20
_COLUMNS = {
    "voxel": ("voxel_x", "voxel_y", "voxel_z"),
    "quaternion": ("qx", "qy", "qz", "qw"),
    "rotation_covariance": tuple(f"cov_{a}{b}" for a in "xyz" for b in "xyz"),
}


def number(text: str) -> float:
    """One number of the command line."""
    try:
        return float(text)
    except ValueError:
        raise InputError(f"expected a number, got {text!r}") from None


def numbers(text: str) -> tuple[float, ...]:
    """Numbers joined by commas."""
    return tuple(number(part) for part in text.split(","))


def detect(arguments: argparse.Namespace) -> None:
    """Find the template, write the table; nothing is written where anything fails."""
    options = {o.name: o.read(getattr(arguments, o.name)) for o in OPTIONS if getattr(arguments, o.name) is not None}
    if "threshold" in options and "false_discoveries" in options:
        raise InputError("--threshold replaces --false-discoveries; give one of them")
    from invgen.cli.commands import check_output

    check_output(arguments.output)
    points = options.get("points")
    if points is not None:
        check_output(points)
        if points.suffix != ".vtp":
            raise InputError(f"--points writes a .vtp file, got {points.name}")
    from invgen.fields import reading

    _check_memory(reading.header_of(arguments.field, options.get("field_key")), options.get("memory_limit", MEMORY))
    volume = reading.read_volume(arguments.field, options.get("field_key"))
    pattern = reading.read_volume(arguments.template, options.get("template_key"))
    spacing = _spacing(volume, pattern, options.get("spacing"))
    table = _detected(volume, pattern, spacing, options)
    text = as_csv(table, volume)
    if points is not None:
        from invgen.fields.vtk import to_vtk

        to_vtk(points, table, origin=volume.origin, direction=_in_space(volume))
    if arguments.output is None:
        streams.write(text)
        return
    from invgen import files

    files.write_text(arguments.output, text)
    streams.say(f"{arguments.output}: {len(table)} detections")


def _check_memory(header: Any, limit: int) -> None:
    from invgen.reduction.search.estimates import in_words

    needed = header.count * (header.dtype.itemsize + _WORKING) + _SLAB
    if needed > limit:
        raise InputError(
            f"a search in {' x '.join(map(str, header.shape))} voxels needs about {in_words(needed)}, more than "
            f"memory_limit = {in_words(limit)}; cut the field into overlapping parts, or raise --memory-limit"
        )


def _spacing(volume: Volume, pattern: Volume, given: tuple[float, ...] | None) -> tuple[float, ...]:
    """That of the field; the template's must be the same."""
    dimension = volume.values.ndim
    if dimension != pattern.values.ndim:
        raise InputError(
            f"the field has {dimension} axes, the template {pattern.values.ndim}; both are volumes, or both are images"
        )
    if given is not None:
        if len(given) not in (1, dimension):
            raise InputError(f"--spacing is one number, or {dimension}, got {len(given)}")
        return given * dimension if len(given) == 1 else given
    if any(abs(a - b) > 1e-3 * a for a, b in zip(volume.spacing, pattern.spacing, strict=True)):
        raise InputError(
            f"the field's spacing is {_joined(volume.spacing)}, the template's {_joined(pattern.spacing)}; resample "
            "one of them, or say --spacing for both"
        )
    return volume.spacing


def _joined(values: tuple[float, ...]) -> str:
    return ",".join(f"{v:g}" for v in values)


def _detected(volume: Volume, pattern: Volume, spacing: tuple[float, ...], options: dict[str, Any]) -> Any:
    from invgen import fields

    shortest = min(n * h for n, h in zip(pattern.values.shape, spacing, strict=True))
    window = fields.Window.hermite(options.get("window", _SHARE * shortest / 2))
    search: Any = fields
    template = search.Template(pattern.values, window=window, order=options.get("max_order", 6), spacing=spacing)
    chosen = {name: options[name] for name in _DIRECT if name in options}
    return search.detect(volume.values, template, spacing=spacing, **chosen)


def as_csv(table: Any, volume: Volume) -> str:
    """The table with a head: x, y and z are positions in the file's units, with its origin and axes."""
    dimension = len(volume.spacing)
    names = [name for name in table.dtype.names if name != "position"]
    head = list("xyz"[:dimension])
    for name in names:
        head += _COLUMNS.get(name, (name,))[: dimension if name == "voxel" else None]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    for row, place in zip(table, volume.physical(table["position"].reshape(-1, dimension)), strict=True):
        writer.writerow([*(f"{v:.10g}" for v in place), *(text for name in names for text in _texts(row[name]))])
    return out.getvalue()


def _texts(value: Any) -> Iterator[str]:
    for number in value.ravel():
        yield str(int(number)) if number.dtype.kind in "iu" else f"{float(number):.10g}"


def _in_space(volume: Volume) -> Any:
    """The axes as a matrix (3, 3), those of an image with z beside them."""
    import numpy as np

    axes = np.eye(3)
    axes[: len(volume.spacing), : len(volume.spacing)] = volume.direction
    return axes
