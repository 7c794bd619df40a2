from __future__ import annotations

import dataclasses
import errno
import multiprocessing
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock
import pytest

from invgen.errors import CacheError, CompilerError
from invgen.runtime.build import cache
from invgen.runtime.build.cache import (
    LIBRARY,
    LOG,
    META,
    SOURCE,
    Cached,
    build_count,
    cache_key,
    entry_folder,
    shared_library,
)
from invgen.runtime.build.compilers import find_compiler
from tests.support.handwritten import build_when_all_are_ready, make_spec
from tests.support.paths import REPOSITORY

# Tests build a source that compiles in no time: what is tested is where the result goes.
SPEC = make_spec(source="int invgen_answer(void) { return 42; }\n")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("INVGEN_CACHE_DIR", str(folder))
    monkeypatch.delenv("INVGEN_CACHE_PATH", raising=False)
    return folder


def build() -> Cached:
    return shared_library(SPEC, find_compiler())


def test_an_entry_is_built_once_and_holds_source_meta_and_log(folder: Path) -> None:
    before = build_count()
    first, second = build(), build()
    assert (first.compiled, second.compiled) == (True, False)
    assert build_count() == before + 1
    assert first.library == second.library == entry_folder(folder, SPEC, cache_key(SPEC, find_compiler())) / LIBRARY
    assert {path.name for path in first.library.parent.iterdir()} == {LIBRARY, SOURCE, META, LOG}
    assert (first.library.parent / SOURCE).read_text() == SPEC.source


def test_the_key_changes_with_everything_that_shapes_the_binary(monkeypatch: pytest.MonkeyPatch) -> None:
    compiler = find_compiler()
    keys = {
        cache_key(SPEC, compiler),
        cache_key(dataclasses.replace(SPEC, source=SPEC.source + "\n"), compiler),
        cache_key(dataclasses.replace(SPEC, name="other"), compiler),
        cache_key(SPEC, dataclasses.replace(compiler, version="another version")),
        cache_key(SPEC, dataclasses.replace(compiler, command=("/another/cc",))),
        cache_key(SPEC, dataclasses.replace(compiler, flags=(*compiler.flags, "-g"))),
    }
    monkeypatch.setattr(cache, "system", lambda: "Another system")
    keys.add(cache_key(SPEC, compiler))
    monkeypatch.undo()
    monkeypatch.setattr(cache, "cpu_features", lambda _: "another processor")
    keys.add(cache_key(SPEC, compiler))
    assert len(keys) == 8
    assert all(len(key) == 64 for key in keys)


def test_two_versions_share_a_cache_and_never_an_entry(folder: Path) -> None:
    # The same basis and name from another codegen version: its text may differ, and so may what a call means.
    other = dataclasses.replace(SPEC, codegen_version="0", source=SPEC.source.replace("42", "41"))
    compiler = find_compiler()
    mine, theirs = build(), shared_library(other, compiler)
    assert mine.compiled and theirs.compiled and mine.library != theirs.library
    assert not build().compiled and not shared_library(other, compiler).compiled
    assert (mine.library.parent / SOURCE).read_text() == SPEC.source
    assert (theirs.library.parent / SOURCE).read_text() == other.source
    same_text = dataclasses.replace(SPEC, codegen_version="0")
    assert shared_library(same_text, compiler).compiled


@pytest.mark.parametrize("damage", ["truncated", "altered", "missing", "meta"])
def test_a_damaged_entry_is_rebuilt(folder: Path, damage: str) -> None:
    library = build().library
    content = library.read_bytes()
    if damage == "truncated":
        library.write_bytes(content[: len(content) // 2])
    elif damage == "altered":
        library.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    elif damage == "missing":
        library.unlink()
    else:
        (library.parent / META).write_text("[]")
    assert build().compiled
    assert library.read_bytes() == content
    assert not build().compiled


def test_a_library_on_the_search_path_is_used_and_nothing_is_written(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = build().library
    monkeypatch.setenv("INVGEN_CACHE_PATH", os.pathsep.join([str(tmp_path / "absent"), "", str(folder)]))
    monkeypatch.setenv("INVGEN_CACHE_DIR", str(tmp_path / "own"))
    assert build() == Cached(library, compiled=False)
    assert not (tmp_path / "own").exists()


def test_a_damaged_library_on_the_search_path_is_not_used(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damaged = build().library
    damaged.write_bytes(b"")
    monkeypatch.setenv("INVGEN_CACHE_PATH", str(folder))
    monkeypatch.setenv("INVGEN_CACHE_DIR", str(tmp_path / "own"))
    result = build()
    assert result.compiled
    assert (tmp_path / "own") in result.library.parents
    assert damaged.read_bytes() == b""


def test_a_cache_folder_that_is_a_file_is_one_sentence(folder: Path) -> None:
    folder.write_text("")
    with pytest.raises(CacheError, match=rf"{folder} cannot be written \(.+\): set INVGEN_CACHE_DIR"):
        build()


@contextmanager
def unprivileged() -> Iterator[None]:
    """Root may write anywhere, so root becomes somebody else for a while."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_read_only_cache_refuses_what_it_lacks_and_serves_what_it_holds(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiler = find_compiler()
    # Folders of pytest are closed to others, so this one stands elsewhere.
    with tempfile.TemporaryDirectory(prefix="invgen-test-") as name:
        monkeypatch.setenv("INVGEN_CACHE_DIR", name)
        built = shared_library(SPEC, compiler)
        inside = [Path(name), *Path(name).rglob("*")]
        for path in inside:
            path.chmod(0o555 if path.is_dir() else 0o444)
        try:
            with unprivileged():
                assert shared_library(SPEC, compiler) == Cached(built.library, compiled=False)
                with pytest.raises(CacheError, match=rf"{name} cannot be written \(Permission denied\)"):
                    shared_library(dataclasses.replace(SPEC, codegen_version="2"), compiler)
        finally:
            for path in inside:
                path.chmod(0o755)


def test_a_file_system_that_takes_no_more_bytes_is_one_sentence_and_leaves_no_rest(folder: Path) -> None:
    compiler = find_compiler()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
    try:
        with pytest.raises(CacheError, match=os.strerror(errno.EFBIG)):
            shared_library(SPEC, compiler)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert [path.name for path in folder.rglob("*.build-*")] == []
    assert build().compiled


def script(path: Path, text: str) -> str:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def test_a_disk_that_fills_up_while_compiling_is_the_caches_fault(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = '[ "$1" = --version ] && exec cc "$@"; echo "ld: final link failed: No space left on device" >&2; exit 1'
    monkeypatch.setenv("CC", script(tmp_path / "cc", text))
    with pytest.raises(CacheError, match=r"No space left on device.*INVGEN_CACHE_DIR"):
        build()


def test_a_refused_source_leaves_nothing_behind_and_says_which_kernel(folder: Path) -> None:
    with pytest.raises(CompilerError, match="kernel 'handwritten' was not built"):
        shared_library(make_spec(source="no C at all\n"), find_compiler())
    assert [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock"] == []


def test_waiting_for_another_process_ends_with_the_name_of_the_lock(folder: Path) -> None:
    compiler = find_compiler()
    entry = entry_folder(folder, SPEC, cache_key(SPEC, compiler))
    entry.parent.mkdir(parents=True)
    path = entry.with_name(f"{entry.name}.lock")
    with filelock.FileLock(path), pytest.raises(CacheError, match=f"holds {path}"):
        shared_library(SPEC, compiler, lock_timeout=0.05)
    assert shared_library(SPEC, compiler, lock_timeout=0.05).compiled


@pytest.mark.slow
def test_eight_racing_processes_compile_once(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = tmp_path / "calls"
    # The compiler counts its own calls and takes its time, so that all eight arrive while it runs.
    text = f'[ "$1" = --version ] || {{ echo call >> {calls}; sleep 0.5; }}; exec cc "$@"'
    monkeypatch.setenv("CC", script(tmp_path / "cc", text))
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager:
        barrier = manager.Barrier(8)
        with context.Pool(8) as pool:
            results = pool.map(build_when_all_are_ready, [barrier] * 8, chunksize=1)
    assert [values for values, _ in results] == [[14.0, 6.0]] * 8
    assert sorted(builds for _, builds in results) == [0] * 7 + [1]
    assert calls.read_text() == "call\n"


@pytest.mark.slow
def test_a_killed_build_blocks_nobody_and_its_rest_is_swept_up(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stall = tmp_path / "stall"
    stall.touch()
    started = tmp_path / "started"
    text = f'[ "$1" != --version ] && [ -e {stall} ] && {{ touch {started}; sleep 60; }}; exec cc "$@"'
    monkeypatch.setenv("CC", script(tmp_path / "cc", text))
    source = "from tests.runtime.build.test_cache import build; build()"
    path = str(REPOSITORY)
    environment = {**os.environ, "PYTHONPATH": path}
    victim = subprocess.Popen([sys.executable, "-c", source], env=environment, start_new_session=True)
    try:
        deadline = time.monotonic() + 60
        while not started.exists() and victim.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        assert started.exists()
    finally:
        os.killpg(victim.pid, signal.SIGKILL)
        victim.wait()
    assert len(list(folder.rglob("*.build-*"))) == 1
    stall.unlink()
    # Far below the lock's own patience: a lock that outlives its holder fails here.
    assert shared_library(SPEC, find_compiler(), lock_timeout=5).compiled
    assert list(folder.rglob("*.build-*")) == []
