"""The system's C compiler: where it is, what it is, and how it is called."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shlex
import shutil
import subprocess
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Final

from invgen.errors import CompilerError

# -ffast-math and -Ofast are never among them: they link a start-up object that switches the whole process to
# flush-to-zero when the library is loaded, and they drop tests for NaN.
# -mprefer-vector-width=512 is not among them either: it lowers the clock on some processors, and which ones is for
# the compiler's own tuning under -march=native to know.
FLAGS: Final = (
    "-std=c11",
    "-O3",
    "-march=native",
    "-fno-math-errno",
    "-fno-trapping-math",
    "-ffp-contract=fast",
    "-fopenmp",
    "-fPIC",
    "-shared",
)

# How a source says what belongs to a section.
_BLOCK: Final = re.compile(
    r"^#if !defined\(INVGEN_APART\) \|\| defined\(INVGEN_(\w+)\)\n.*?^#endif /\* INVGEN_\1 \*/\n",
    re.MULTILINE | re.DOTALL,
)
SECTIONS: Final = "sections"
_CANDIDATES: Final = ("cc", "gcc", "clang")
_WAY_OUT: Final = 'or use target="torch", which needs no compiler'
# What -march=native depends on: the instruction sets, and the model that the instruction scheduling is tuned for.
_CPUINFO_FIELDS: Final = ("vendor_id", "cpu family", "model", "flags", "CPU implementer", "CPU part", "Features", "isa")


@dataclass(frozen=True)
class Compiler:
    """Equal compilers turn equal source into equal binaries, on processors with equal features.

    Attributes:
        command: absolute path of the program, then arguments that came with `CC`.
        version: first line of what it prints for `--version`.
        flags: everything between the command and the file names.
    """

    command: tuple[str, ...]
    version: str
    flags: tuple[str, ...] = FLAGS

    def describe(self) -> str:
        """One line for people: the command and its version."""
        return f"{shlex.join(self.command)} ({self.version})"


def find_compiler() -> Compiler:
    """The compiler that `CC` names if it is set, else the first of cc, gcc and clang on PATH.

    Raises:
        CompilerError: if there is none, or `CC` names something that does not run.
    """
    named = os.environ.get("CC", "").strip()
    if named:
        words = _split(named)
        path = shutil.which(words[0])
        if path is None:
            raise CompilerError(
                f"CC is set to {named!r}, which is not a program that can be run: "
                f"unset it, set it to a C11 compiler, {_WAY_OUT}"
            )
        return identify((os.path.abspath(path), *words[1:]))
    for candidate in _CANDIDATES:
        path = shutil.which(candidate)
        if path is not None:
            return identify((os.path.abspath(path),))
    raise CompilerError(
        f"no C compiler was found (CC is not set, and none of {', '.join(_CANDIDATES)} is on PATH): "
        f"install one, set CC, {_WAY_OUT}"
    )


def compile_library(compiler: Compiler, source: Path, library: Path, log: Path) -> None:
    """`library` exists afterwards, built from `source` alone; what the compiler said is in `log`.

    The working folder and the compiler's temporary files are in the folder of `library`, which must not be shared:
    the sections of a large source are compiled side by side into object files there.

    Raises:
        CompilerError: if the compiler does not run or refuses the source; the sentence holds its first complaint.
        OSError: if `log` cannot be written.
    """
    # Relative names: complaints read well, and the binary does not depend on where the cache is.
    name = os.path.relpath(source, library.parent)
    found = write_sections(source, library.parent)
    make = [*compiler.command, *compiler.flags, "-o", library.name]
    if not found:
        run_compiler([[[*make, name]]], library.parent, log)
    else:
        objects = object_commands(compiler, name, found)
        run_compiler([list(objects.values()), [[*make, *objects]]], library.parent, log)


def sections(source: str) -> tuple[str, ...]:
    """The sections of a large C source, which can be compiled apart, in order; empty for a source that has none."""
    return tuple(dict.fromkeys(block[1] for block in _BLOCK.finditer(source)))


def write_sections(source: Path, folder: Path) -> tuple[str, ...]:
    """Writes each section of a large source, with what is outside all sections, to `SECTIONS` in a folder; their names.

    A compiler that had to skip the other sections would take half its time for it.
    """
    found = section_texts(source.read_text(encoding="utf-8"))
    for section, own in found.items():
        (folder / SECTIONS).mkdir(exist_ok=True)
        (folder / SECTIONS / f"{section}.c").write_text(own, encoding="utf-8", newline="\n")
    return tuple(found)


def section_texts(source: str) -> dict[str, str]:
    """Each section of a large source with what is outside all sections, by name, in order; empty if there are none."""
    pieces: list[tuple[str, str]] = []  # section, or nothing, and text
    end = 0
    for block in _BLOCK.finditer(source):
        pieces += [("", source[end : block.start()]), (block[1], block[0])]
        end = block.end()
    pieces.append(("", source[end:]))
    return {
        section: "".join(piece for name, piece in pieces if name in ("", section))
        for section in dict.fromkeys(section for section, _ in pieces if section)
    }


def object_commands(compiler: Compiler, source: str, found: Sequence[str]) -> dict[str, list[str]]:
    """Object files that together are the source, each with the command that makes it.

    There is one for each section, whatever the number of processors: equal sources give equal libraries.
    """
    start = [*compiler.command, *(flag for flag in compiler.flags if flag != "-shared"), "-c"]
    if not found:
        return {"kernel.o": [*start, "-o", "kernel.o", source]}
    names = {section: f"{SECTIONS}/{section}" for section in found}
    return {
        f"{name}.o": [*start, "-DINVGEN_APART", f"-DINVGEN_{section}", "-o", f"{name}.o", f"{name}.c"]
        for section, name in names.items()
    }


def run_compiler(stages: Sequence[Sequence[Sequence[str]]], folder: Path, log: Path) -> None:
    """Runs commands in `folder`, where temporary files go too; what they said is in `log`, in their order.

    The commands of a stage run side by side, as many as there are processors; a stage begins when the one before is
    done. After a failure no further command is started.

    Raises:
        CompilerError: if a command does not run or fails; the sentence holds its first complaint.
        OSError: if `log` cannot be written.
    """
    story = ""
    for commands in stages:
        done = _side_by_side(commands, folder)
        story += "".join(ran.text for ran in done)
        log.write_text(story, encoding="utf-8")
        complaint = next((ran.error for ran in done if ran.error is not None), None)
        if complaint is not None:
            raise complaint


@dataclass(frozen=True)
class _Ran:
    """What a command said, and what is to be raised if it failed."""

    text: str
    error: CompilerError | None


def _side_by_side(commands: Sequence[Sequence[str]], folder: Path) -> list[_Ran]:
    """Runs commands until one fails; those that ran, in their order."""
    failed = threading.Event()
    with ThreadPoolExecutor(min(len(commands), processors())) as pool:
        ran = list(pool.map(partial(_run, folder=folder, failed=failed), commands))
    return [one for one in ran if one is not None]


def _run(command: Sequence[str], folder: Path, failed: threading.Event) -> _Ran | None:
    """Runs one command unless another has failed."""
    if failed.is_set():
        return None
    environment = {**os.environ, "LC_ALL": "C", "TMPDIR": str(folder)}
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
    except OSError as error:
        failed.set()
        sentence = f"{command[0]} cannot be run ({error.strerror}): set CC, {_WAY_OUT}"
        return _Ran(f"{shlex.join(command)}\n{error.strerror}\n", CompilerError(sentence))
    said = (done.stdout + done.stderr).decode("utf-8", errors="replace")
    text = f"{shlex.join(command)}\n{said}exit code {done.returncode}\n"
    if done.returncode == 0:
        return _Ran(text, None)
    failed.set()
    sentence = (
        f"{command[0]} refused the source (exit code {done.returncode}: {_first_complaint(said)}): "
        f"set CC to a C11 compiler with OpenMP, {_WAY_OUT}"
    )
    return _Ran(text, CompilerError(sentence))


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def cpu_features(compiler: Compiler) -> str:
    """Processors for which `-march=native` means different code have different strings.

    Linux says what the processor is; elsewhere the compiler is asked which macros `-march=native` defines.

    Raises:
        CompilerError: if the compiler must be asked and does not answer.
    """
    return linux_features() or _macro_features(compiler.command)


def instruction_sets() -> frozenset[str]:
    """What the processor can do, in Linux's words, such as `avx2`; empty where Linux does not say."""
    return frozenset(_linux_fields().get("flags", "").split())


@lru_cache(maxsize=1)
def _linux_fields() -> dict[str, str]:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return {}
    first = text.split("\n\n", 1)[0]
    fields = dict(line.split(":", 1) for line in first.splitlines() if ":" in line)
    return {name.strip(): " ".join(sorted(value.split())) for name, value in fields.items()}


def linux_features() -> str:
    """What Linux says of the processor that shapes `-march=native`; empty elsewhere."""
    known = _linux_fields()
    return "; ".join(f"{name}={known[name]}" for name in _CPUINFO_FIELDS if name in known)


@lru_cache(maxsize=8)
def _macro_features(command: tuple[str, ...]) -> str:
    macros = _ask(command, "-march=native", "-dM", "-E", "-x", "c", os.devnull)
    return "macros " + hashlib.sha256("\n".join(sorted(macros.splitlines())).encode("utf-8")).hexdigest()


def system() -> str:
    """Operating system and architecture, for example `Linux x86_64`."""
    return f"{platform.system()} {platform.machine()}"


@lru_cache(maxsize=8)
def identify(command: tuple[str, ...], flags: tuple[str, ...] = FLAGS) -> Compiler:
    """The compiler behind a command, with the version that it says it has.

    Raises:
        CompilerError: if the command does not run.
    """
    lines = _ask(command, "--version").strip().splitlines()
    return Compiler(command, lines[0].strip() if lines else "version unknown", flags)


def _ask(command: tuple[str, ...], *arguments: str) -> str:
    environment = {**os.environ, "LC_ALL": "C"}
    try:
        done = subprocess.run(
            [*command, *arguments], env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
    except OSError as error:
        raise CompilerError(f"{command[0]} cannot be run ({error.strerror}): set CC, {_WAY_OUT}") from error
    if done.returncode != 0:
        raise CompilerError(
            f"{shlex.join([*command, *arguments])} ended with exit code {done.returncode}: "
            f"set CC to a C11 compiler, {_WAY_OUT}"
        )
    return done.stdout.decode("utf-8", errors="replace")


def _split(named: str) -> list[str]:
    try:
        return shlex.split(named)
    except ValueError as error:
        raise CompilerError(
            f"CC is set to {named!r}, which is not a command line ({error}): correct or unset it"
        ) from error


def _first_complaint(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return next((line for line in lines if "error" in line.lower()), lines[-1] if lines else "it said nothing")
