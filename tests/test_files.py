"""What is written to a path is all there or not there; links, pipes and devices stay what they are."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from invgen import files
from invgen.errors import InputError


def test_a_file_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    path.write_text("old")
    files.write_text(path, "new\n")
    assert path.read_bytes() == b"new\n" and os.listdir(tmp_path) == ["out.json"]


def test_a_file_keeps_its_permissions_and_a_new_one_has_the_usual_ones(tmp_path: Path) -> None:
    secret, fresh, usual = tmp_path / "secret", tmp_path / "fresh", tmp_path / "usual"
    secret.write_text("old")
    secret.chmod(0o600)
    usual.write_text("")
    for path in (secret, fresh):
        files.write_text(path, "new")
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert fresh.stat().st_mode == usual.stat().st_mode


@pytest.mark.parametrize("exists", [True, False])
def test_a_symbolic_link_stays_and_its_target_is_written(tmp_path: Path, exists: bool) -> None:
    (tmp_path / "elsewhere").mkdir()
    real, link = tmp_path / "elsewhere" / "real.json", tmp_path / "link.json"
    if exists:
        real.write_text("old")
    link.symlink_to(real)
    files.write_text(link, "new")
    assert link.is_symlink() and real.read_text() == "new"


def test_a_pipe_is_written_into(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    files.write_text(pipe, "through the pipe")
    reader.join(timeout=60)
    assert read == ["through the pipe"] and stat.S_ISFIFO(pipe.lstat().st_mode)


def test_a_device_is_written_into() -> None:
    files.write_text(Path("/dev/null"), "nothing")
    assert stat.S_ISCHR(Path("/dev/null").lstat().st_mode)


def test_where_writing_fails_the_old_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_text("old")
    with pytest.raises(KeyboardInterrupt), files.replacing(path) as temporary:
        temporary.write_text("half of it")
        raise KeyboardInterrupt
    assert path.read_text() == "old" and os.listdir(tmp_path) == ["out"]


def test_a_full_disk_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot write /dev/full: No space left on device; choose another place"):
        files.write_text(Path("/dev/full"), "x" * 100_000)


def test_a_folder_that_does_not_exist_and_a_folder_in_place_of_a_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"the folder .* does not exist; create it first"):
        files.write_text(tmp_path / "absent" / "out", "")
    with pytest.raises(InputError, match="is a folder; name a file"):
        files.write_text(tmp_path, "")
