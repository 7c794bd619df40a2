"""Kernel packages as texts: what their manifest vouches for."""

from __future__ import annotations

import hashlib
import json
import lzma
from pathlib import Path

from invgen.runtime.constants import COMPRESSED_SUFFIX, MANIFEST


def expanded(folder: Path) -> dict[str, bytes]:
    """The files of a package by the names and with the contents that its manifest vouches for."""
    found = {}
    for path in sorted(folder.iterdir()):
        if path.suffix == COMPRESSED_SUFFIX:
            found[path.name.removesuffix(COMPRESSED_SUFFIX)] = lzma.decompress(path.read_bytes())
        elif path.is_file():
            found[path.name] = path.read_bytes()
    hashes = json.loads(found[MANIFEST])["files"]
    assert {name: hashlib.sha256(content).hexdigest() for name, content in found.items() if name != MANIFEST} == hashes
    return found
