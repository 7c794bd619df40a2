"""Making a paper folder: tables one by one, kept beside the folder until all are done, then moved into place."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from invgen import files
from invgen._version import __version__
from invgen.errors import InputError, InvgenError
from invgen.papers import charts, manifest
from invgen.papers.folder import PaperFiles, contents
from invgen.papers.spec import PaperSpec, TableEntry
from invgen.papers.table import TableResult
from invgen.papers.work import TableWork
from invgen.schema import to_mapping
from invgen.stages import Progress

_PARTS = ".parts"


def make(spec: PaperSpec, progress: Progress | None = None, parts: Path | None = None) -> PaperFiles:
    """Every file of a folder but the manifest.

    Args:
        spec: the specification.
        progress: the callback of `generate`.
        parts: a folder that keeps the results of finished tables, None for no such folder.

    Raises:
        InputError: a table cannot be made; the sentence names it.
    """
    if spec.pdf:
        charts.versions()  # before the work
    work = TableWork(spec.memory_limit, progress)
    return contents(spec, [_result(entry, work, parts) for entry in spec.tables])


def _result(entry: TableEntry, work: TableWork, parts: Path | None) -> TableResult:
    key = manifest.digest(_request(entry).encode("utf-8"))
    kept = None if parts is None else parts / f"{entry.name}.json"
    if kept is not None and kept.is_file():
        found = _kept(kept, key)
        if found is not None:
            return _captioned(found, entry)
    try:
        made = entry.kind.make(entry.name, entry.caption, entry.options, work.of(entry.name))
    except InvgenError as error:
        raise InputError(f"table {entry.name!r} of the kind {entry.kind.name}: {error}") from error
    if kept is not None:
        kept.parent.mkdir(exist_ok=True)
        files.write_text(kept, json.dumps({"key": key, "result": made.to_json()}) + "\n")
    return made


def _request(entry: TableEntry) -> str:
    """What a result depends on but for its caption."""
    request = [__version__, entry.name, entry.kind.name, to_mapping(entry.options)]
    return json.dumps(request, sort_keys=True)


def _kept(path: Path, key: str) -> TableResult | None:
    """The result of an earlier run; None if it was made for another request, or is damaged."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return TableResult.from_json(data["result"]) if data["key"] == key else None
    except (OSError, KeyError, TypeError, ValueError):
        return None


def _captioned(result: TableResult, entry: TableEntry) -> TableResult:
    return replace(result, table=replace(result.table, caption=entry.caption))


def parts_of(folder: Path) -> Path:
    """Where the results of finished tables lie until the folder is done."""
    return folder.with_name(f".{folder.name}{_PARTS}")


def build(spec: PaperSpec, folder: Path, progress: Progress | None = None) -> manifest.Manifest:
    """Make a folder, or replace one that invgen made and nobody changed.

    What is finished when a run is interrupted is not made again by the next one.

    Raises:
        InputError: a table cannot be made, the folder above does not exist, or what is there is not an unchanged paper
            folder.
    """
    folder = Path(os.path.abspath(folder))
    check_place(folder)
    parts = parts_of(folder)
    made = make(spec, progress, parts)
    written = manifest.Manifest.of(spec, made)
    try:
        _write(folder, made, written)
    except OSError as error:
        raise InputError(f"cannot write {folder}: {error.strerror}; choose another place") from error
    shutil.rmtree(parts, ignore_errors=True)
    return written


def check_place(folder: Path) -> None:
    """Refuse what must not be replaced, before the work."""
    if not folder.parent.is_dir():
        raise InputError(f"the folder {folder.parent} does not exist; create it first")
    if not os.access(folder.parent, os.W_OK | os.X_OK):
        raise InputError(f"the folder {folder.parent} cannot be written; choose another place")
    if not os.path.lexists(folder):
        return
    if folder.is_symlink() or not folder.is_dir():
        raise InputError(f"{folder} is not a folder; choose another place")
    if not any(folder.iterdir()):
        return
    changed = manifest.changes(folder, manifest.read(folder))
    if changed:
        path, what = changed[0]
        raise InputError(
            f"{folder} was changed since invgen made it ({path} {what}), so it is not replaced; "
            "move it away, or build into another folder"
        )


def _write(folder: Path, made: PaperFiles, written: manifest.Manifest) -> None:
    """All files under a temporary name beside the folder, then one rename."""
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.", suffix=".tmp") as temporary:
        new = Path(temporary) / "new"
        new.mkdir()
        for path, data in made.files.items():
            (new / path).parent.mkdir(exist_ok=True, parents=True)
            (new / path).write_bytes(data)
        (new / manifest.NAME).write_text(written.dumps(), encoding="utf-8", newline="\n")
        if folder.exists():
            folder.rename(Path(temporary) / "old")
        new.rename(folder)
