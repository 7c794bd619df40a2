"""Binaries that travel with a package: for machines of a named kind of processor that have no compiler.

A binary is used only if no C compiler is found, the manifest vouches for its bytes, and the processor has all the
instructions that it was compiled for. Where there is a compiler, the source is compiled for this processor.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Final

from invgen.errors import InputError
from invgen.runtime.build.compilers import Compiler, compile_library, find_compiler, instruction_sets, system
from invgen.runtime.spec import KernelSpec
from invgen.runtime.targets import either

# What each level adds to the one before, as Linux names it (x86-64 psABI, micro-architecture levels).
_X86_LEVELS: Final = {
    "x86-64-v2": frozenset("cx16 lahf_lm popcnt sse4_1 sse4_2 ssse3".split()),
    "x86-64-v3": frozenset("abm avx avx2 bmi1 bmi2 f16c fma movbe xsave".split()),
    "x86-64-v4": frozenset("avx512bw avx512cd avx512dq avx512f avx512vl".split()),
}
MARCHES: Final = (*_X86_LEVELS, "armv8-a")
"""The processors that binaries are built for, by the name that compilers give to `-march`."""


def file_name(dtype: str, march: str) -> str:
    """The name in a package of the binary for a dtype and a kind of processor."""
    return f"kernels_{dtype}.{march}.so"


def usable(names: tuple[str, ...], dtype: str) -> str | None:
    """Of the binaries in a package, the one with most instructions that this machine runs; None if it runs none."""
    runs = [march for march in MARCHES if _runs(march) and file_name(dtype, march) in names]
    return file_name(dtype, runs[-1]) if runs else None


def compile_for(spec: KernelSpec, march: str) -> bytes:
    """The library of a C kernel for a kind of processor.

    Raises:
        InputError: if the kind is not in `MARCHES`, or is of an architecture that is not this machine's.
        CompilerError: if there is no compiler, or it refuses the source.
    """
    if march not in MARCHES:
        raise InputError(f"binaries are not built for {march!r}: use {either(MARCHES)}")
    if march not in _of_this_architecture():
        raise InputError(
            f"a binary for {march!r} cannot be built on {system()}: use {either(_of_this_architecture()) or 'none'}"
        )
    with tempfile.TemporaryDirectory(prefix="invgen-") as scratch:
        folder = Path(scratch)
        (folder / "source.c").write_text(spec.source, encoding="utf-8", newline="\n")
        compile_library(_compiler_for(march), folder / "source.c", folder / "kernel.so", folder / "log.txt")
        return (folder / "kernel.so").read_bytes()


def add_to_manifest(folder: Path, manifest: str, binaries: dict[str, bytes]) -> None:
    """Writes binaries into a package and their hashes into its manifest, which is replaced last.

    Raises:
        InputError: if the folder cannot be written.
    """
    content = json.loads((folder / manifest).read_text(encoding="utf-8"))
    try:
        for name, binary in sorted(binaries.items()):
            _write(folder / name, binary)
            content["files"][name] = hashlib.sha256(binary).hexdigest()
        _write(folder / manifest, (json.dumps(content, indent=2, ensure_ascii=True) + "\n").encode("ascii"))
    except OSError as error:
        raise InputError(f"cannot write into the package {folder}: {error.strerror}; copy it elsewhere") from error


def _write(path: Path, content: bytes) -> None:
    descriptor, scratch = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.chmod(scratch, 0o644)
        os.replace(scratch, path)
    except OSError:
        Path(scratch).unlink(missing_ok=True)
        raise


def _compiler_for(march: str) -> Compiler:
    compiler = find_compiler()
    return replace(compiler, flags=tuple(flag.replace("-march=native", f"-march={march}") for flag in compiler.flags))


def _of_this_architecture() -> tuple[str, ...]:
    if system() == "Linux x86_64":
        return tuple(_X86_LEVELS)
    return ("armv8-a",) if system() == "Linux aarch64" else ()


def _runs(march: str) -> bool:
    if march not in _of_this_architecture():
        return False
    if march == "armv8-a":
        return True
    levels = list(_X86_LEVELS)
    needed = frozenset[str]().union(*(_X86_LEVELS[level] for level in levels[: levels.index(march) + 1]))
    return needed <= instruction_sets()
