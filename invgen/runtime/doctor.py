"""Which parts of the runtime work on this machine, and why the others do not."""

from __future__ import annotations

import ctypes
import os
import tempfile
from pathlib import Path
from typing import Final, NamedTuple

import torch

from invgen.errors import CompilerError
from invgen.runtime.build.cache import cache_folder, search_folders
from invgen.runtime.build.compilers import Compiler, compile_library, find_compiler
from invgen.runtime.build.elsewhere import count_cached
from invgen.runtime.build.loading import forbids_libraries
from invgen.runtime.build.nvrtc import find_nvrtc
from invgen.runtime.gpu.device import ELSEWHERE, LEAST_CAPABILITY, missing

_OPENMP_SOURCE: Final = """\
#include <omp.h>
int invgen_threads(int threads)
{
    int count = 0;
    #pragma omp parallel num_threads(threads) reduction(+ : count)
    count += 1;
    return count;
}
"""


class Finding(NamedTuple):
    """One line of `invgen doctor`.

    Attributes:
        name: what was looked at.
        status: `"ok"`, or `"off"` where something that it describes cannot be used.
        detail: what was found, or why it is off.
    """

    name: str
    status: str
    detail: str


def describe_environment() -> list[Finding]:
    """Compiler, OpenMP, cache folder, torch, NVRTC and CUDA, each tried out; never raises for what it finds."""
    try:
        compiler = find_compiler()
    except CompilerError as error:
        tools = [Finding("C compiler", "off", str(error)), Finding("OpenMP", "off", "needs a C compiler"), _cached()]
    else:
        tools = [Finding("C compiler", "ok", compiler.describe()), _openmp(compiler)]
    return [*tools, _cache(), *_search_path(), _torch(), _nvrtc(), _cuda(), _cuda_target()]


def _openmp(compiler: Compiler) -> Finding:
    # One thread: a process that has opened a wider region must not fork.
    try:
        with tempfile.TemporaryDirectory(prefix="invgen-") as folder:
            source, library = Path(folder) / "openmp.c", Path(folder) / "openmp.so"
            source.write_text(_OPENMP_SOURCE, encoding="utf-8")
            compile_library(compiler, source, library, Path(folder) / "log.txt")
            threads = ctypes.CDLL(str(library)).invgen_threads(1)
    except (CompilerError, OSError, AttributeError) as error:
        return Finding("OpenMP", "off", str(error))
    if threads != 1:
        return Finding("OpenMP", "off", f"a parallel region of one thread ran {threads} times")
    return Finding("OpenMP", "ok", f"{torch.get_num_threads()} threads (torch.set_num_threads changes it)")


def _cached() -> Finding:
    """What can be used without a compiler."""
    kernels, fitting = count_cached()
    detail = (
        f"{fitting} of {kernels} cached kernels were compiled for processors like this one and run without a compiler"
    )
    return Finding("cached kernels", "ok" if fitting else "off", detail)


def _cache() -> Finding:
    folder = cache_folder()
    existing = folder
    while not existing.exists() and existing != existing.parent:
        existing = existing.parent
    if not existing.is_dir():
        return Finding("kernel cache", "off", f"{folder}: {existing} is not a folder; set INVGEN_CACHE_DIR to another")
    try:
        # Trying is the only test that also sees read-only file systems and full disks; it leaves nothing behind.
        with tempfile.TemporaryFile(dir=existing) as file:
            file.write(b"invgen")
    except OSError as error:
        return Finding("kernel cache", "off", f"{folder}: {error.strerror}; set INVGEN_CACHE_DIR to another folder")
    if forbids_libraries(existing):
        return Finding(
            "kernel cache",
            "off",
            f"{folder}: mounted noexec, so that no library is loaded; set INVGEN_CACHE_DIR to another",
        )
    return Finding("kernel cache", "ok", str(folder))


def _search_path() -> list[Finding]:
    return [
        Finding("kernel search path", "ok", str(folder))
        if os.access(folder, os.R_OK | os.X_OK) and folder.is_dir()
        else Finding("kernel search path", "off", f"{folder} in INVGEN_CACHE_PATH is not a folder that can be read")
        for folder in search_folders()
    ]


def _torch() -> Finding:
    return Finding("torch", "ok", torch.__version__)


def _nvrtc() -> Finding:
    try:
        nvrtc = find_nvrtc()
        known = nvrtc.architectures()
        # A kernel of two lines: a library without its builtins is found here and not at the first real one.
        nvrtc.compile('extern "C" __global__ void k(float *y) { y[threadIdx.x] = 1; }', f"sm_{known[0]}")
    except CompilerError as error:
        return Finding("nvrtc", "off", str(error))
    return Finding("nvrtc", "ok", f"{nvrtc.text_version}, for sm_{known[0]} to sm_{known[-1]}, {nvrtc.path}")


def _cuda() -> Finding:
    if torch.version.cuda is None:
        return Finding("CUDA", "off", f"torch {torch.__version__} was built without CUDA")
    if not torch.cuda.is_available():
        return Finding("CUDA", "off", f"torch was built for CUDA {torch.version.cuda} but sees no device and driver")
    return Finding("CUDA", "ok", f"{torch.cuda.get_device_name()} (torch was built for CUDA {torch.version.cuda})")


def _cuda_target() -> Finding:
    """Whether kernels of target "cuda" run on this machine, on every device that torch sees."""
    problem = missing()
    if problem:
        return Finding("target cuda", "off", f"{problem}; {ELSEWHERE}")
    nvrtc = _nvrtc()
    if nvrtc.status == "off":
        return Finding("target cuda", "off", nvrtc.detail)
    parts = []
    for index in range(torch.cuda.device_count()):
        capability = torch.cuda.get_device_capability(index)
        fits = "" if capability >= LEAST_CAPABILITY else ", too old"
        parts.append(f"cuda:{index} {torch.cuda.get_device_name(index)} (sm_{capability[0]}{capability[1]}{fits})")
    return Finding("target cuda", "off" if all("too old" in part for part in parts) else "ok", ", ".join(parts))
