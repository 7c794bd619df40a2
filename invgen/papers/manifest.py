"""The manifest of a paper folder: the hash of every file, the ids of bases, and the specification."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from invgen._version import __version__
from invgen.checks import json_format
from invgen.errors import InputError
from invgen.papers.folder import PaperFiles
from invgen.papers.spec import PaperSpec

NAME = "manifest.json"
FORMAT = "invgen-paper"
FORMAT_VERSION = 1


@dataclass(frozen=True)
class Manifest:
    """What a manifest says.

    Attributes:
        invgen: the version that made the folder.
        spec: the text of the specification.
        files: the SHA-256 of every file but the manifest, by path.
        bases: the id of every basis file.
        bound: of files whose bytes depend on versions of packages, these versions.
    """

    invgen: str
    spec: str
    files: Mapping[str, str]
    bases: Mapping[str, str]
    bound: Mapping[str, Mapping[str, str]]

    @classmethod
    def of(cls, spec: PaperSpec, made: PaperFiles) -> Manifest:
        """The manifest of what was made."""
        bases = {
            path: json.loads(data)["id"]
            for path, data in made.files.items()
            if path.startswith("bases/") and path.endswith(".json")
        }
        hashes = {path: digest(data) for path, data in made.files.items()}
        return cls(__version__, spec.text, hashes, bases, made.bound)

    def dumps(self) -> str:
        """The text of the file; its id is the hash of the rest."""
        content: dict[str, Any] = {
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "invgen": self.invgen,
            "spec": self.spec,
            "bases": dict(self.bases),
            "bound": {path: dict(versions) for path, versions in self.bound.items()},
            "files": dict(self.files),
        }
        canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return json.dumps({**content, "id": digest(canonical.encode("ascii"))}, indent=1) + "\n"


def digest(data: bytes) -> str:
    """SHA-256, 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def read(folder: Path) -> Manifest:
    """The manifest of a folder.

    Raises:
        InputError: there is none, or it was changed or damaged.
    """
    path = folder / NAME
    if not folder.is_dir():
        raise InputError(f"there is no paper folder {folder}; make one with 'invgen paper build SPEC -o {folder}'")
    try:
        text = path.read_text(encoding="utf-8")
        data = json.loads(text)
    except FileNotFoundError:
        raise InputError(f"{folder} is not a paper folder: it has no {NAME}; name another folder") from None
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error
    except ValueError as error:
        raise InputError(f"{path} is damaged, it is not JSON: {error}; build the folder anew elsewhere") from error
    what, remedy = "the manifest of a paper folder", "build the folder anew elsewhere"
    json_format(data, FORMAT, (FORMAT_VERSION,), path, what, remedy, InputError)
    try:
        found = Manifest(data["invgen"], data["spec"], data["files"], data["bases"], data["bound"])
        same = found.dumps() == text
    except (KeyError, TypeError, AttributeError, ValueError):
        same = False
    if not same:
        raise InputError(f"{path} was changed or damaged: it does not match its id; build the folder anew elsewhere")
    return found


def files_of(folder: Path) -> list[str]:
    """The paths of all files below a folder but the manifest, sorted."""
    paths = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())
    return sorted(path for path in paths if path != NAME)


def changes(folder: Path, manifest: Manifest) -> list[tuple[str, str]]:
    """Files that are not what the manifest says: path, and "was changed", "is missing" or "is not in the manifest"."""
    present = files_of(folder)
    found = [(path, "is missing") for path in manifest.files if path not in present]
    for path in present:
        if path not in manifest.files:
            found.append((path, "is not in the manifest"))
        elif digest((folder / path).read_bytes()) != manifest.files[path]:
            found.append((path, "was changed"))
    return sorted(found)
