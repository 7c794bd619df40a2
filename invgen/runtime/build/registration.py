"""Operators that C++ registers: for programs without Python, and for calls that skip the interpreter.

`registration.cpp` is compiled with the kernel's C source into one library. What loads it, Python or a C++ program,
finds the operators under the names that Python would have given them. Torch's stable ABI keeps the library valid for
later versions of torch.
"""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import torch

from invgen.errors import CompilerError
from invgen.runtime.build.compilers import Compiler, identify, object_commands, sections
from invgen.runtime.spec import KernelSpec, operator_prefix

REGISTRATIONS: Final = ("python", "c++")
SOURCE: Final = "registration.cpp"

# The version of the ABI that is asked for: 2.10, the oldest torch that the runtime supports.
FLAGS: Final = ("-std=c++17", "-O2", "-fPIC", "-DTORCH_TARGET_VERSION=0x020a000000000000")
_CANDIDATES: Final = ("c++", "g++", "clang++")
_REAL: Final = {"float32": "float", "float64": "double"}


@dataclass(frozen=True)
class Registration:
    """Equal registrations turn equal kernels into equal libraries.

    Attributes:
        compiler: the C++ compiler; its flags are `FLAGS`.
        torch_folder: where torch's headers and libraries are.
        torch_version: version of these headers.
        text: what is compiled.
    """

    compiler: Compiler
    torch_folder: Path
    torch_version: str
    text: str

    def ingredients(self) -> dict[str, object]:
        """What shapes the library, beside the kernel's own ingredients."""
        return {
            "compiler": list(self.compiler.command),
            "compiler_version": self.compiler.version,
            "flags": list(self.compiler.flags),
            "torch": self.torch_version,
            "source": hashlib.sha256(self.text.encode("utf-8")).hexdigest(),
        }

    def stages(
        self, spec: KernelSpec, compiler: Compiler, kernel: str, registration: str, library: str
    ) -> tuple[list[list[str]], list[list[str]]]:
        """What builds `library` from the two sources, each named relative to the folder that they are in.

        Object files, which can be made side by side, then the library.
        """
        macros = {
            "INVGEN_NAME": operator_prefix(spec),
            "INVGEN_REAL": _REAL[spec.dtype],
            "INVGEN_DIMENSION": str(spec.dimension),
            "INVGEN_COUNT": str(spec.count),
        }
        include = self.torch_folder / "include"
        objects = object_commands(compiler, kernel, sections(spec.source))
        objects["registration.o"] = [
            *self.compiler.command,
            *self.compiler.flags,
            *(f"-D{name}={value}" for name, value in macros.items()),
            *("-isystem", str(include), "-isystem", str(include / "torch" / "csrc" / "api" / "include")),
            *("-c", "-o", "registration.o", registration),
        ]
        # Names bind inside the library: every kernel has functions of the same names.
        link = [*self.compiler.command, "-shared", "-fopenmp", "-Wl,-Bsymbolic", "-o", library]
        return list(objects.values()), [[*link, *objects, "-L", str(self.torch_folder / "lib"), "-ltorch_cpu"]]


def find_registration() -> Registration:
    """The registration with the first of c++, g++ and clang++ on PATH, against the torch that is loaded.

    Raises:
        CompilerError: if there is no C++ compiler, or torch came without its headers.
    """
    return _registration(torch.__version__)


@lru_cache(maxsize=1)
def _registration(torch_version: str) -> Registration:
    found = next((path for path in map(shutil.which, _CANDIDATES) if path is not None), None)
    if found is None:
        raise CompilerError(
            f"no C++ compiler was found (none of {', '.join(_CANDIDATES)} is on PATH): "
            'install one, or use registration="python", which needs none'
        )
    folder = Path(torch.__file__).resolve().parent
    if not (folder / "include" / "torch" / "csrc" / "stable" / "library.h").is_file():
        raise CompilerError(
            f"torch {torch_version} has no headers of its stable ABI in {folder / 'include'}: "
            'install torch 2.10 or newer from a wheel, or use registration="python"'
        )
    return Registration(identify((str(Path(found).absolute()),), FLAGS), folder, torch_version, registration_text())


def registration_text() -> str:
    """The C++ source that registers operators."""
    return Path(__file__).with_name(SOURCE).read_text(encoding="utf-8")
