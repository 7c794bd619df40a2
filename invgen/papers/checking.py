"""Checking a paper folder: hashes and certificates, then every file made anew and compared byte for byte."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from invgen._version import __version__
from invgen.errors import BasisFileError
from invgen.papers import building, charts, manifest, spec
from invgen.reduction.claim import Claim
from invgen.stages import Progress

_SHOWN = 60  # characters of a line that differs


def check(folder: Path, quick: bool = False, progress: Progress | None = None) -> Iterator[Claim]:
    """Every claim with its outcome: each basis, each file, and where a file differs from what is made anew.

    Args:
        folder: the paper folder.
        quick: hashes and certificates alone.
        progress: the callback of `generate`.

    Raises:
        InputError: it is not a paper folder, its manifest was changed, or a table cannot be made anew.
    """
    found = manifest.read(folder)
    changed = dict(manifest.changes(folder, found))
    for path in found.bases:
        if path not in changed:
            yield _certificate(folder, path, found.bases[path])
    if quick:
        yield from (Claim(f"{path} {what}", False) for path, what in changed.items())
        same = len(found.files) - sum(path in found.files for path in changed)
        yield Claim(f"{same} of {len(found.files)} files have the hashes of the manifest", not changed)
        return
    if found.invgen != __version__:
        yield Claim(f"made by invgen {found.invgen}, compared with what invgen {__version__} makes", True)
    yield from _compared(folder, found, changed, progress)


def _certificate(folder: Path, path: str, stated: str) -> Claim:
    from invgen.basis.basis import Basis

    try:
        basis = Basis.load(folder / path)
    except BasisFileError as error:
        return Claim(f"{path}: {error}", False)
    if basis.id != stated:
        return Claim(f"{path} has the id {basis.id[:12]}..., not that of the manifest", False)
    false = [claim.text for claim in basis.verify() if not claim.holds]
    return Claim(f"{path}: {'; '.join(false) or 'its certificate'}", not false)


def _compared(
    folder: Path, found: manifest.Manifest, changed: dict[str, str], progress: Progress | None
) -> Iterator[Claim]:
    given = spec.parse(found.spec, str(folder / manifest.NAME))
    made = building.make(given, progress)
    for path in sorted({*made.files, *found.files, *changed}):
        bound = found.bound.get(path)
        if bound and bound != charts.versions():
            ours = ", ".join(f"{name} {version}" for name, version in charts.versions().items())
            theirs = ", ".join(f"{name} {version}" for name, version in bound.items())
            held = path not in changed
            yield Claim(
                f"{path} is bound to {theirs} and not compared under {ours}; its hash {'holds' if held else 'differs'}",
                held,
            )
            continue
        if not (folder / path).is_file():
            yield Claim(f"{path} is missing", False)
        elif path not in made.files:
            yield Claim(f"{path} is not made by the specification", False)
        else:
            where = difference(path, made.files[path], (folder / path).read_bytes())
            yield Claim(f"{path}{'' if where is None else ': ' + where}", where is None)
    made_again = manifest.Manifest.of(given, made).files
    if any(made_again.get(path) != found.files.get(path) for path in made_again if path not in found.bound):
        yield Claim("the manifest has other hashes than the files that are made anew", False)


def difference(path: str, wanted: bytes, found: bytes) -> str | None:
    """Where two files differ first, in words; None where they are equal."""
    if wanted == found:
        return None
    try:
        ours, theirs = wanted.decode("utf-8"), found.decode("utf-8")
    except UnicodeDecodeError:
        place = next((i for i, (a, b) in enumerate(zip(wanted, found, strict=False)) if a != b), None)
        return f"differs from byte {min(len(wanted), len(found)) if place is None else place}"
    if path.endswith(".csv"):
        cell = _cell(ours, theirs)
        if cell is not None:
            return cell
    lines = zip_longest(ours.splitlines(keepends=True), theirs.splitlines(keepends=True))
    for number, (here, there) in enumerate(lines, 1):
        if here == there:
            continue
        if here is None:
            return f"line {number} is more than is made: {_short(there or '', 0)!r}"
        if there is None:
            return f"line {number} is missing: {_short(here, 0)!r}"
        column = next(
            (i for i, (a, b) in enumerate(zip(here, there, strict=False)) if a != b), min(len(here), len(there))
        )
        start = _word(here, there, column)
        return f"line {number}, column {column + 1}: has {_short(there, start)!r} where {_short(here, start)!r} is made"
    return "differs in its line ends"


def _cell(ours: str, theirs: str) -> str | None:
    """The first cell that differs, by its row and heading; None where rows are not alike."""
    rows = list(zip(csv.reader(io.StringIO(ours)), csv.reader(io.StringIO(theirs)), strict=False))
    headings = rows[0][0] if rows else []
    for number, (here, there) in enumerate(rows):
        if len(here) != len(there):
            return None
        for heading, wanted, found in zip(headings, here, there, strict=False):
            if wanted != found:
                where = f"row {number}" if number else "the headings"
                return f"{where}, {heading!r}: has {found!r} where {wanted!r} is made"
    return None


def _word(here: str, there: str, column: int) -> int:
    """The beginning of the word or number that holds a column."""
    start = column
    while start > 0 and (here[start - 1].isalnum() or here[start - 1] == "."):
        start -= 1
    return start


def _short(line: str, start: int) -> str:
    text = line[start:].rstrip("\r\n")
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
