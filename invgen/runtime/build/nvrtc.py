"""NVRTC through ctypes: CUDA C to machine code, with or without a GPU in the machine.

The library is the one that came with torch or with the package nvidia-cuda-nvrtc, else the one that the system finds.
"""

from __future__ import annotations

import ctypes
import importlib.util
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from invgen.errors import CompilerError
from invgen.runtime.build.compilers import processors, section_texts
from invgen.runtime.build.cubin import join

FLAGS: Final = ("--std=c++17", "-w", "--ptxas-options=-v", "--fmad=true")
"""-w: what ptxas says about registers would be buried; the tests compile the same text with warnings elsewhere."""

SIDE_BY_SIDE: Final = "--split-compile=0"
"""Kernels of one source are optimised on all processors. Versions that do not know it go without."""

MOST_AT_ONCE: Final = 8
"""Sections that are compiled at a time: each takes some hundred megabytes."""

_INVALID_OPTION: Final = 5
_INSTALL: Final = "install it with 'pip install nvidia-cuda-nvrtc'"
_NAMES: Final = ("libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so")


@dataclass(frozen=True)
class Compiled:
    """Machine code for one architecture.

    Attributes:
        architecture: for example "sm_90".
        cubin: an ELF file, or several as `cubin.join` joins them.
        log: what NVRTC and ptxas said; registers and spills of every kernel are in it.
    """

    architecture: str
    cubin: bytes
    log: str


class Nvrtc:
    """Equal source, architecture and version give equal machine code.

    Attributes:
        path: the library.
        version: (major, minor).

    Raises:
        CompilerError: if the library cannot be loaded.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        try:
            self._library = ctypes.CDLL(path)
        except OSError as error:
            raise CompilerError(f"NVRTC cannot be loaded ({error}): {_INSTALL}") from error
        self._library.nvrtcGetErrorString.restype = ctypes.c_char_p
        major, minor = ctypes.c_int(), ctypes.c_int()
        self._check(self._library.nvrtcVersion(ctypes.byref(major), ctypes.byref(minor)), "nvrtcVersion")
        self.version = (major.value, minor.value)

    def architectures(self) -> tuple[int, ...]:
        """The compute capabilities, ten times the major and the minor added, that this version compiles for."""
        count = ctypes.c_int()
        self._check(self._library.nvrtcGetNumSupportedArchs(ctypes.byref(count)), "nvrtcGetNumSupportedArchs")
        numbers = (ctypes.c_int * count.value)()
        self._check(self._library.nvrtcGetSupportedArchs(numbers), "nvrtcGetSupportedArchs")
        return tuple(numbers)

    def compile(self, source: str, architecture: str, name: str = "kernels.cu") -> Compiled:
        """Machine code of `source` for a real architecture such as "sm_90".

        The sections of a large source are programs of their own, compiled side by side: ctypes lets other threads run
        during a call. The source says which there are, so that the machine code does not depend on the processors.

        Raises:
            CompilerError: this version does not know the architecture, or refuses the source.
        """
        known = self.architectures()
        if not architecture.startswith("sm_") or architecture[3:] not in {str(number) for number in known}:
            raise CompilerError(
                f"NVRTC {self.text_version} has no architecture {architecture!r}: it knows "
                f"{', '.join(f'sm_{number}' for number in known)}; install another version of nvidia-cuda-nvrtc"
            )
        texts = section_texts(source)
        if not texts:
            return self._compile(source, architecture, name, (SIDE_BY_SIDE,))
        with ThreadPoolExecutor(min(processors(), MOST_AT_ONCE)) as pool:
            made = list(pool.map(lambda text: self._compile(text, architecture, name, ()), texts.values()))
        return Compiled(architecture, join([each.cubin for each in made]), "".join(each.log + "\n" for each in made))

    def _compile(self, source: str, architecture: str, name: str, more: tuple[str, ...]) -> Compiled:
        """One program; without the options `more` where this version does not know them."""
        program = ctypes.c_void_p()
        self._check(
            self._library.nvrtcCreateProgram(
                ctypes.byref(program), source.encode("utf-8"), name.encode("utf-8"), 0, None, None
            ),
            "nvrtcCreateProgram",
        )
        try:
            for extra in dict.fromkeys((more, ())):
                flags = [f"--gpu-architecture={architecture}", *FLAGS, *extra]
                options = (ctypes.c_char_p * len(flags))(*(flag.encode("ascii") for flag in flags))
                status = self._library.nvrtcCompileProgram(program, len(flags), options)
                if status != _INVALID_OPTION:
                    break
            log = self._text(program, "ProgramLog")
            if status != 0:
                said = next((line.strip() for line in log.splitlines() if "error" in line), "it said nothing")
                raise CompilerError(f"NVRTC {self.text_version} refused the source ({said}): regenerate it")
            return Compiled(architecture, self._bytes(program, "CUBIN"), log)
        finally:
            self._library.nvrtcDestroyProgram(ctypes.byref(program))

    @property
    def text_version(self) -> str:
        """The version as people write it."""
        return ".".join(map(str, self.version))

    def _text(self, program: ctypes.c_void_p, what: str) -> str:
        return self._bytes(program, what).rstrip(b"\0").decode("utf-8", errors="replace")

    def _bytes(self, program: ctypes.c_void_p, what: str) -> bytes:
        size = ctypes.c_size_t()
        self._check(getattr(self._library, f"nvrtcGet{what}Size")(program, ctypes.byref(size)), f"nvrtcGet{what}Size")
        buffer = ctypes.create_string_buffer(size.value)
        self._check(getattr(self._library, f"nvrtcGet{what}")(program, buffer), f"nvrtcGet{what}")
        return buffer.raw

    def _check(self, status: int, call: str) -> None:
        if status != 0:
            reason = self._library.nvrtcGetErrorString(status).decode("ascii", errors="replace")
            raise CompilerError(f"{call} of {self.path} failed ({reason}): {_INSTALL}")


@lru_cache(maxsize=1)
def find_nvrtc() -> Nvrtc:
    """The NVRTC beside torch or of the package nvidia-cuda-nvrtc (the newest), else the system's.

    Raises:
        CompilerError: there is none.
    """
    found = _wheels()
    if found:
        return Nvrtc(str(found[-1]))
    for name in _NAMES:
        try:
            return Nvrtc(name)
        except CompilerError:
            continue
    raise CompilerError(f"NVRTC, which compiles CUDA kernels, was not found: {_INSTALL}")


def _wheels() -> list[Path]:
    """The libraries inside the packages that NVIDIA publishes, oldest first."""
    spec = importlib.util.find_spec("nvidia")
    folders = [] if spec is None or spec.submodule_search_locations is None else spec.submodule_search_locations
    found = [path for folder in folders for path in Path(folder).glob("*/lib/libnvrtc.so.*")]
    return sorted(found, key=lambda path: (int(path.suffix[1:]) if path.suffix[1:].isdigit() else 0, str(path)))
