"""The text of CUDA kernels, compiled by g++ and run on the CPU: a device that computes and keeps no time.

The text is what is tested here, and optimisation takes longer than the numbers do: g++ is asked for none.

Threads of a block run one after the other, each to its next barrier and no further, so that a kernel that reads what
another thread has not yet written goes wrong here too. Barriers are of the block, or of a warp; an exchange between the
lanes of a warp is two of the latter.
"""

from __future__ import annotations

import ctypes
import hashlib
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from invgen.runtime import building, targets
from invgen.runtime.build.cubin import KernelReport, files_of
from invgen.runtime.build.nvrtc import Compiled
from invgen.runtime.gpu.libraries import LIBRARIES
from invgen.runtime.gpu.plan import AnyPlan, LaunchPlan, launch_plans
from invgen.runtime.implementation import Implementation

GPP = shutil.which("g++")
MOST_ARGUMENTS = 24

PRELUDE = r"""
#include <cmath>
#define __global__
#define __device__
#define __forceinline__ inline
#define __shared__ static
#define __launch_bounds__(...)
struct Place { unsigned x, y, z; };
static Place blockIdx, threadIdx, blockDim;
static void __syncthreads();
static void __syncwarp();
template <class T> static T __shfl_xor_sync(unsigned, T value, int mask);
"""

# Kernels without a barrier are plain calls; those with one are coroutines that the scheduler resumes in turns. A
# function may be given more integer arguments than it takes; 24 are more than any kernel does.
DRIVER = r"""
#include <ucontext.h>
#include <cstdlib>
enum { MOST_THREADS = 1024, STACK = 1 << 17, BLOCK_BARRIER = 1, WARP_BARRIER = 2 };
static ucontext_t scheduler, contexts[MOST_THREADS];
static char *stacks;
static int current, finished[MOST_THREADS], barrier[MOST_THREADS], in_coroutine;
static double exchanged[MOST_THREADS];
typedef long long L;
static void (*kernel_called)(L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L);
static L *given;
static void pause_at(int kind)
{
    if (!in_coroutine) abort();
    barrier[current] = kind;
    swapcontext(&contexts[current], &scheduler);
}
static void __attribute__((unused)) __syncthreads() { pause_at(BLOCK_BARRIER); }
static void __attribute__((unused)) __syncwarp() { pause_at(WARP_BARRIER); }
template <class T> static __attribute__((unused)) T __shfl_xor_sync(unsigned, T value, int mask)
{
    exchanged[current] = value;
    pause_at(WARP_BARRIER);
    const T other = exchanged[current ^ mask];
    pause_at(WARP_BARRIER);
    return other;
}
static void call()
{
    L *g = given;
    kernel_called(g[0], g[1], g[2], g[3], g[4], g[5], g[6], g[7], g[8], g[9], g[10], g[11], g[12], g[13], g[14], g[15],
                  g[16], g[17], g[18], g[19], g[20], g[21], g[22], g[23]);
}
static void coroutine() { call(); finished[current] = 1; }
/* Every thread of a warp to its next barrier: its kind, 0 if all have finished, -1 if they differ. */
static int step(int first)
{
    int kind = -2;
    for (int t = first; t < first + 32; ++t) {
        if (finished[t]) return -1;
        current = t; threadIdx.x = t;
        swapcontext(&scheduler, &contexts[t]);
        const int met = finished[t] ? 0 : barrier[t];
        if (kind != -2 && met != kind) return -1;
        kind = met;
    }
    return kind;
}
extern "C" int run_blocks(void (*kernel)(), L *arguments, L first_block, L blocks, int threads, int barriers)
{
    kernel_called = (decltype(kernel_called))kernel; given = arguments;
    blockDim.x = (unsigned)threads;
    if (!stacks) stacks = (char *)malloc((size_t)MOST_THREADS * STACK);
    for (L block = first_block; block < first_block + blocks; ++block) {
        blockIdx.x = (unsigned)block;
        if (!barriers) {
            for (int t = 0; t < threads; ++t) { threadIdx.x = t; call(); }
            continue;
        }
        in_coroutine = 1;
        for (int t = 0; t < threads; ++t) {
            getcontext(&contexts[t]);
            contexts[t].uc_stack.ss_sp = stacks + (size_t)t * STACK;
            contexts[t].uc_stack.ss_size = STACK;
            contexts[t].uc_link = &scheduler;
            makecontext(&contexts[t], coroutine, 0);
            finished[t] = 0;
        }
        int done[MOST_THREADS / 32] = {0};
        for (int left = threads / 32; left;) {
            int waiting = 0, ended = 0;
            for (int warp = 0; warp < threads / 32; ++warp) {
                if (done[warp]) continue;
                int kind = WARP_BARRIER;
                while (kind == WARP_BARRIER) kind = step(32 * warp);
                if (kind < 0) return 1; /* some threads of a warp met other barriers than others */
                waiting += kind == BLOCK_BARRIER;
                ended += done[warp] = !kind;
            }
            left -= ended;
            if (waiting && left != threads / 32) return 1; /* a warp ended where others wait */
        }
        in_coroutine = 0;
    }
    return 0;
}
"""


def methods(library: Implementation) -> Any:
    """The bare functions of a library as methods, which kernels have."""
    return SimpleNamespace(**{name: partial(library.call, name) for name in library.functions})


def build(source: str, folder: Path) -> ctypes.CDLL:
    """The kernels of a CUDA source as functions of a shared library."""
    name = "cuda_" + hashlib.sha256(source.encode()).hexdigest()[:16]
    library = folder / f"{name}.so"
    if not library.exists():
        (folder / f"{name}.cpp").write_text(PRELUDE + source + DRIVER, encoding="ascii")
        flags = [
            "-std=c++17",
            "-O0",
            "-Wall",
            "-Wextra",
            "-Wno-clobbered",
            "-Wno-unknown-pragmas",
            "-Werror",
            "-fPIC",
            "-shared",
        ]
        subprocess.run([str(GPP), *flags, f"{name}.cpp", "-o", library.name], cwd=folder, check=True)
    return ctypes.CDLL(str(library))


def without_machine_code(patch: pytest.MonkeyPatch) -> None:
    """Let kernels that only run on the CPU be loaded without NVRTC, which takes longer than anything else for them.

    Which of several kernels a function launches is chosen as if all were alike to a GPU.
    """

    def alike(made: Compiled, plans: Sequence[AnyPlan]) -> tuple[KernelReport, ...]:
        numbers = dict(registers=64, frame=0, spill_stores=0, spill_loads=0, shared=0, instructions=1000)
        return tuple(KernelReport(plan.name, "sm_90", **numbers, threads=plan.threads, occupancy=0.5) for plan in plans)

    patch.setattr("invgen.runtime.gpu.loading.machine_code", lambda *_: Compiled("sm_90", b"\x7fELF", ""))
    patch.setattr("invgen.runtime.gpu.invariants.reports_of", alike)


def take_cpu_tensors(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let target "cuda" take CPU tensors, in kernels whose text is compiled by g++ in a folder.

    Operators cannot be taken back: no other test of the process may build the same kernels for a GPU.
    """

    def load(spec: Any, *_: Any) -> Implementation:
        device = CpuWarps(spec.kernel.source, folder)
        return LIBRARIES[spec.family](spec, lambda _: device)

    without_machine_code(patch)
    patch.setitem(targets._BY_NAME, "cuda", replace(targets.target_named("cuda"), device="cpu", dispatch_key="CPU"))
    patch.setitem(building._LOADERS, "cuda", load)


class CpuDevice:
    """A `Device` whose kernels are functions of a library that g++ made of the same source."""

    architecture = "sm_90"

    def __init__(self, source: str, folder: Path) -> None:
        self._library = build(source, folder)
        self._plans = {plan.name: plan for plan in launch_plans(source, "a kernel")}
        self.launched: list[str] = []
        self.capturing = False

    def load(self, cubin: bytes, names: Sequence[str]) -> dict[str, LaunchPlan]:
        assert all(file[:4] == b"\x7fELF" for file in files_of(cubin))
        return {name: self._plans[name] for name in names}

    def launch(self, kernel: LaunchPlan, blocks: int, threads: int, arguments: Sequence[int]) -> None:
        assert threads == kernel.threads
        self.launched.append(kernel.name)
        *arrays, pairs, channels = arguments
        self.run(kernel, arrays, pairs, channels, 0, blocks)

    def is_capturing(self) -> bool:
        return self.capturing

    def seconds(self, call: Any, rounds: int) -> float:
        call()
        return float(len(self.launched))

    def run(
        self, plan: LaunchPlan, arrays: Sequence[int], pairs: int, channels: int, first_block: int, blocks: int
    ) -> None:
        """Some blocks of a launch, on arrays at these addresses."""
        run_blocks(
            self._library, plan.name, [*arrays, pairs, channels], first_block, blocks, plan.threads, plan.form == "tile"
        )


class CpuWarps:
    """A `Device` for kernels whose warps have barriers, known by their names alone."""

    architecture = "sm_90"

    def __init__(self, source: str, folder: Path) -> None:
        self._library = build(source, folder)
        self.launched: list[str] = []
        self.capturing = False

    def load(self, cubin: bytes, names: Sequence[str]) -> dict[str, str]:
        assert all(file[:4] == b"\x7fELF" for file in files_of(cubin))
        return {name: name for name in names}

    def launch(self, kernel: str, blocks: int, threads: int, arguments: Sequence[int]) -> None:
        self.launched.append(kernel)
        run_blocks(self._library, kernel, arguments, 0, blocks, threads, True)

    def is_capturing(self) -> bool:
        return self.capturing

    def seconds(self, call: Any, rounds: int) -> float:
        call()
        return float(len(self.launched))


def run_blocks(
    library: ctypes.CDLL,
    name: str,
    arguments: Sequence[int],
    first_block: int,
    blocks: int,
    threads: int,
    barriers: bool,
) -> None:
    """Some blocks of a launch; arguments are integers and addresses."""
    given = (ctypes.c_int64 * MOST_ARGUMENTS)(*((value + 2**63) % 2**64 - 2**63 for value in arguments))
    kernel = ctypes.cast(getattr(library, name), ctypes.c_void_p)
    numbers = ctypes.c_longlong(first_block), ctypes.c_longlong(blocks)
    diverged = library.run_blocks(kernel, given, *numbers, threads, int(barriers))
    assert not diverged, f"threads of {name} meet different barriers"
