"""Writing files so that no reader ever sees one half written."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from invgen.errors import InputError


def write_text(path: Path, text: str) -> None:
    """Write a text as UTF-8 with line feeds; see `replacing`.

    Raises:
        InputError: as `replacing`.
    """
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path to write to, which becomes `path` at the end; if something fails, `path` is as it was.

    A symbolic link stays: its target is replaced. A file that is replaced keeps its permissions. What is not a regular
    file (a pipe, a terminal, /dev/null) cannot be replaced without destroying it: the finished bytes are written into
    it.

    Raises:
        InputError: the folder does not exist or cannot be written, or `path` is a folder.
    """
    import shutil  # these two take 10 ms, which only writing should cost
    import tempfile

    try:
        target = Path(os.path.realpath(path))
        if not target.parent.is_dir():
            raise InputError(f"the folder {target.parent} does not exist; create it first")
        if target.is_dir():
            raise InputError(f"{path} is a folder; name a file")
        mode = target.stat().st_mode if target.exists() else stat.S_IFREG | (0o666 & ~_umask())
        regular = stat.S_ISREG(mode)
        with tempfile.TemporaryDirectory(
            dir=target.parent if regular else None, prefix=f".{target.name}.", suffix=".tmp"
        ) as folder:
            temporary = Path(folder) / target.name
            yield temporary
            if regular:
                os.chmod(temporary, stat.S_IMODE(mode))
                os.replace(temporary, target)
            else:
                with temporary.open("rb") as source, target.open("wb") as sink:
                    shutil.copyfileobj(source, sink)
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror}; choose another place") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
