"""From a spec to its functions and operators: once for each spec and process, whichever family and target it has."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import torch

from invgen import files
from invgen.checks import one_of
from invgen.errors import InputError
from invgen.runtime.build.elsewhere import c_library
from invgen.runtime.build.registration import REGISTRATIONS
from invgen.runtime.c_gathered import gathered_functions
from invgen.runtime.c_invariants import invariants_functions
from invgen.runtime.c_pairs import pair_functions
from invgen.runtime.c_weighted import weighted_functions
from invgen.runtime.families import FAMILIES, family_of
from invgen.runtime.families.table import Spec
from invgen.runtime.implementation import Bare, Implementation
from invgen.runtime.operators import Operators, load_operators, needs_library, operator_name, register
from invgen.runtime.targets import either, target_named, targets_with
from invgen.stages import COMPILER, Progress, stage

_built: dict[str, Implementation] = {}


def built(
    spec: Spec, registration: str = "python", prebuilt: Path | None = None, progress: Progress | None = None
) -> tuple[Implementation, Operators]:
    """The functions and operators of a spec, compiled or found in the cache.

    Args:
        spec: what to build, of any family.
        registration: what registers the operators: `"python"` or `"c++"`.
        prebuilt: a library of the same kernel that this processor runs, for where no C compiler is found.
        progress: called as progress(stage, done, 1) for the stages "build" and "load"; see `invgen.stages`.

    Raises:
        InputError: if the registration is unknown, `"c++"` is asked for where it cannot be, or the family has no
            such target.
        CompilerError: if something that the target needs is missing, or the compiler refuses the source.
        CacheError: if the kernel cache cannot be used.
        BasisFileError: if a source is damaged.
    """
    one_of("registration", registration, REGISTRATIONS)
    targets = family_of(spec).targets
    if spec.kernel.target not in targets:
        raise InputError(f"kernels of {spec.family} are built for target {either(targets)}, got {spec.kernel.target!r}")
    by_cpp = registration == "c++"
    if by_cpp:
        check_cpp(spec, 'registration "c++"')
    key = operator_name(spec, "")
    implementation = _built.get(key)
    if implementation is None or (by_cpp and needs_library(spec)):
        # Of two threads that build the same spec, both get what the first has built.
        implementation = _built.setdefault(key, _LOADERS[spec.kernel.target](spec, by_cpp, prebuilt, progress))
    return implementation, register(spec, implementation)


def check_cpp(spec: Spec, what: str) -> None:
    """C++ can register the operators of a spec.

    Raises:
        InputError: if it cannot; the sentence begins with what was asked for.
    """
    kernel, families = spec.kernel, [family.name for family in FAMILIES.values() if family.cpp]
    if not family_of(spec).cpp:
        raise InputError(
            f"{what} is for kernels of {' and '.join(families)} alone, and kernel {kernel.name!r} is one of "
            f'{spec.family}: use registration="python"'
        )
    if not target_named(kernel.target).cpp:
        names = " and ".join(f'"{name}"' for name in targets_with("cpp"))
        raise InputError(f"{what} is for target {names} alone, and kernel {kernel.name!r} is for {kernel.target!r}")


def write_operators(spec: Spec, path: str | Path) -> Path:
    """A library at `path` that registers the operators of `spec` in any program with torch, Python or not.

    It is built for this machine's processor and links to torch alone; it is written beside its place and moved there.

    Raises:
        InputError: if C++ cannot register the operators, or the file cannot be written.
        CompilerError: if there is no C or C++ compiler, or one refuses the source.
        CacheError: if the kernel cache cannot be used.
    """
    check_cpp(spec, "a library of operators")
    target = Path(path)
    with stage(COMPILER, "build"):
        library = c_library(spec.kernel, by_cpp=True)
    with files.replacing(target) as temporary:
        shutil.copyfile(library, temporary)
    return target


_C: Final[Mapping[str, Callable[[Any, Path], dict[str, Bare]]]] = {
    "invariants": invariants_functions,
    "weighted": weighted_functions,
    "gathered": gathered_functions,
    "moments": pair_functions,
    "convolution": pair_functions,
    "tabulated": pair_functions,
}


def _load_c(spec: Spec, by_cpp: bool, prebuilt: Path | None, progress: Progress | None) -> Implementation:
    with stage(COMPILER, "build", progress):
        library = c_library(spec.kernel, by_cpp, prebuilt)
    with stage(COMPILER, "load", progress):
        if by_cpp:
            load_operators(spec, library)
        return Implementation(_C[spec.family](spec, library))


def _load_cuda(spec: Spec, by_cpp: bool, prebuilt: Path | None, progress: Progress | None) -> Implementation:
    # A process that builds for the CPU alone does not load what calls GPUs, nor what reads torch sources.
    from invgen.runtime.gpu.device import require_cuda
    from invgen.runtime.gpu.libraries import LIBRARIES

    require_cuda()
    library = LIBRARIES[spec.family](spec)
    with stage(COMPILER, "build", progress):  # NVRTC, or the cache; and the module is loaded
        library.load(torch.device("cuda", torch.cuda.current_device()))
    return library


def _load_torch(spec: Spec, by_cpp: bool, prebuilt: Path | None, progress: Progress | None) -> Implementation:
    from invgen.runtime.torch_source import torch_implementation

    with stage(COMPILER, "load", progress):
        return torch_implementation(spec)


_LOADERS: Final[Mapping[str, Callable[[Spec, bool, Path | None, Progress | None], Implementation]]] = {
    "c": _load_c,
    "cuda": _load_cuda,
    "torch": _load_torch,
}
