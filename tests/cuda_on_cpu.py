"""The text of CUDA kernels, compiled by g++ and run on the CPU: a device that computes and keeps no time.

Threads of a block run one after the other, each to its next barrier and no further, so that a kernel that reads what
another thread has not yet written goes wrong here too.
"""

from __future__ import annotations

import ctypes
import hashlib
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from invgen.runtime.cuda_plan import LaunchPlan, launch_plans

GPP = shutil.which("g++")

PRELUDE = r"""
#define __global__
#define __device__
#define __forceinline__ inline
#define __shared__ static
#define __launch_bounds__(...)
struct Place { unsigned x, y, z; };
static Place blockIdx, threadIdx;
static void __syncthreads();
"""

# Kernels without a barrier are plain calls; those with one are coroutines that the scheduler resumes in turns.
DRIVER = r"""
#include <ucontext.h>
#include <cstdlib>
enum { MOST_THREADS = 1024, STACK = 1 << 17 };
static ucontext_t scheduler, contexts[MOST_THREADS];
static char *stacks;
static int current, finished[MOST_THREADS], in_coroutine;
static void (*kernel_called)();
static void **arrays_given;
static int array_count;
static long long pairs_given, channels_given;
static void __syncthreads() { if (in_coroutine) swapcontext(&contexts[current], &scheduler); }
static void call()
{
    typedef void *P;
    typedef long long L;
    P *a = arrays_given;
    L p = pairs_given, c = channels_given;
    if (array_count == 2) ((void (*)(P, P, L, L))kernel_called)(a[0], a[1], p, c);
    if (array_count == 3) ((void (*)(P, P, P, L, L))kernel_called)(a[0], a[1], a[2], p, c);
    if (array_count == 4) ((void (*)(P, P, P, P, L, L))kernel_called)(a[0], a[1], a[2], a[3], p, c);
    if (array_count == 5) ((void (*)(P, P, P, P, P, L, L))kernel_called)(a[0], a[1], a[2], a[3], a[4], p, c);
}
static void coroutine() { call(); finished[current] = 1; }
extern "C" int run_blocks(void (*kernel)(), void **arrays, int count, long long pairs, long long channels,
                          long long first_block, long long blocks, int threads, int barriers)
{
    kernel_called = kernel; arrays_given = arrays; array_count = count; pairs_given = pairs; channels_given = channels;
    if (!stacks) stacks = (char *)malloc((size_t)MOST_THREADS * STACK);
    for (long long block = first_block; block < first_block + blocks; ++block) {
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
        for (int left = threads; left;) {
            left = 0;
            for (int t = 0; t < threads; ++t) {
                if (finished[t]) return 1; /* some threads met fewer barriers than others */
                current = t; threadIdx.x = t;
                swapcontext(&scheduler, &contexts[t]);
                left += !finished[t];
            }
            if (left && left != threads) return 1;
        }
        in_coroutine = 0;
    }
    return 0;
}
"""


def build(source: str, folder: Path) -> ctypes.CDLL:
    """The kernels of a CUDA source as functions of a shared library."""
    name = "cuda_" + hashlib.sha256(source.encode()).hexdigest()[:16]
    library = folder / f"{name}.so"
    if not library.exists():
        (folder / f"{name}.cpp").write_text(PRELUDE + source + DRIVER, encoding="ascii")
        flags = [
            "-std=c++17",
            "-O1",
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


class CpuDevice:
    """A `Device` whose kernels are functions of a library that g++ made of the same source."""

    architecture = "sm_90"

    def __init__(self, source: str, folder: Path) -> None:
        self._library = build(source, folder)
        self._plans = {plan.name: plan for plan in launch_plans(source, "a kernel")}
        self.launched: list[str] = []
        self.capturing = False

    def load(self, cubin: bytes, names: Sequence[str]) -> dict[str, LaunchPlan]:
        assert cubin[:4] == b"\x7fELF"
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
        pointers = (ctypes.c_void_p * len(arrays))(*(address % 2**64 for address in arrays))
        kernel = ctypes.cast(getattr(self._library, plan.name), ctypes.c_void_p)
        counts = (ctypes.c_longlong(number) for number in (pairs, channels, first_block, blocks))
        diverged = self._library.run_blocks(
            kernel, pointers, len(arrays), *counts, plan.threads, int(plan.form == "tile")
        )
        assert not diverged, f"threads of {plan.name} meet different numbers of barriers"
