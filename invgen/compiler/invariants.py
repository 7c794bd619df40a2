"""From a basis to a kernel: lower, differentiate, schedule, emit, and hand to the runtime.

1. lower          Basis -> value program              (invgen.ir.lowering)
2. differentiate  value program -> five programs      (invgen.passes)
3. emit           programs -> C or torch source       (invgen.emit)
4. build          source -> Kernel, through the cache (invgen.runtime)
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from invgen.basis.basis import Basis
from invgen.checks import one_of
from invgen.compiler.job import Job, dtype_name, header
from invgen.compiler.targets import check_rendered
from invgen.emit import c
from invgen.emit.header import Header
from invgen.errors import InputError
from invgen.ir import Program
from invgen.ir.lowering import lower
from invgen.passes.cost import Cost, cost
from invgen.passes.programs import KernelPrograms, kernel_programs
from invgen.passes.scratch_split import split_by_scratch
from invgen.runtime.targets import check_target, either, target_named, targets_with
from invgen.stages import COMPILER, Progress, stage

if TYPE_CHECKING:
    import torch

    from invgen.runtime import Kernel, KernelSpec

_DEFAULT_NAME = "invariants"


def compile(
    basis: Basis,
    target: str = "c",
    dtype: torch.dtype | None = None,
    layout: str = "channel",
    name: str = _DEFAULT_NAME,
    registration: str = "python",
    accumulate: torch.dtype | None = None,
    tune: bool = False,
    progress: Progress | None = None,
) -> Kernel:
    """A kernel that computes `basis.evaluate` and its first two derivatives.

    Covariants come flat, K (2L + 1) rows named by `basis.output_names`: y is (..., K (2L + 1), channel), and
    `y.unflatten(-2, (K, 2L + 1))` is (..., K, 2L + 1, channel).

    Args:
        basis: what to compute; its convention is the kernel's.
        target: "c" (C11 and OpenMP through the system's compiler, CPU tensors), "cuda" (CUDA C through NVRTC and CuPy,
            NVIDIA GPUs) or "torch" (plain PyTorch, any device). A target changes neither the mathematics nor the
            number or order of the outputs.
        dtype: torch.float32 (the default) or torch.float64.
        layout: "channel" for x of shape (..., dim, channel), "plain" for (..., dim).
        name: what profilers and exported graphs call the operators.
        registration: what registers the operators: "python", or "c++" for cheaper small calls (target "c" alone).
        accumulate: torch.float64 to compute on tensors of torch.float32 in double precision (target "c" alone): every
            result is rounded once, when it is stored. Default: dtype.
        tune: for target "cuda", time the kernels on the current device and use the fastest of each function, instead of
            those that a model chooses.
        progress: called as progress(stage, 0, 1) when a stage begins and progress(stage, 1, 1) when it ends: "lower",
            "differentiate", "emit", "build" (a compiler runs, or the cache has the library) and "load". What this
            process has done already is not done again. The logger "invgen.compiler" gets one line per stage, at INFO.

    Returns:
        A callable x -> y, twice differentiable in torch, with the bare kernels as methods.

    Raises:
        InputError: an argument is not one of those listed.
        CompilerError: no C compiler was found, or no GPU, CuPy or NVRTC; or the compiler refused the source.
        CacheError: the kernel cache cannot be used.
    """
    from invgen import runtime

    check_target(target)
    one_of("layout", layout, runtime.LAYOUTS)
    spec = invariants_spec(basis, target, dtype, name, accumulate, progress)
    return runtime.build(spec, layout, registration, tune, progress=progress)


def invariants_spec(
    basis: Basis,
    target: str = "c",
    dtype: torch.dtype | None = None,
    name: str = _DEFAULT_NAME,
    accumulate: torch.dtype | None = None,
    progress: Progress | None = None,
) -> KernelSpec:
    """What `compile` builds, not yet built: the source is in it, and no compiler or GPU is needed.

    Raises:
        InputError: as `compile`.
    """
    check_target(target)
    real = dtype_name(dtype)
    wider = _wider(accumulate, real, target)
    return job_of(basis, name, progress).spec(target, real, wider, progress)


def source(basis: Basis, target: str = "c", dtype: torch.dtype | None = None, name: str = _DEFAULT_NAME) -> str:
    """The text of a kernel of `basis`, of which nothing is built.

    Args:
        basis: what to compute; its convention is the kernel's.
        target: as for `compile`, or "hip": the kernels of target "cuda" in HIP C++ for hipRTC, which invgen renders
            and never builds.
        dtype: torch.float32 (the default) or torch.float64.
        name: what the text calls the kernel.

    Raises:
        InputError: an argument is not one of those listed.
    """
    check_rendered("invariants", target)
    return job_of(basis, name).source(target, dtype_name(dtype))


def job_of(basis: Basis, name: str, progress: Progress | None = None) -> Job:
    """A basis as something to compile.

    Raises:
        InputError: the first argument is not a Basis, or the name is not an identifier.
    """
    check_basis(basis)
    own = header(name, basis.id, basis.convention)
    with stage(COMPILER, "lower", progress):
        _lowered(basis)
    with stage(COMPILER, "differentiate", progress):
        programs = programs_of(basis)
    return Job("invariants", programs, own, basis.space.dimension, len(basis.output_names))


def costs(basis: Basis) -> dict[str, Cost]:
    """What the five functions of the C kernel cost per sample and channel, by their names.

    Args:
        basis: whose kernel is looked at.

    Raises:
        InputError: the argument is not a basis.
    """
    check_basis(basis)
    return {name: cost(split_by_scratch(program, c.PART_OPERATIONS)) for name, program in programs_of(basis).items()}


def _wider(accumulate: torch.dtype | None, dtype: str, target: str) -> str:
    """The name of what a kernel computes in; empty where that is its dtype."""
    from invgen.runtime.arguments import TORCH_DTYPES

    if accumulate is None or accumulate == TORCH_DTYPES[dtype]:
        return ""
    for name in target_named(target).wider:
        if accumulate == TORCH_DTYPES[name]:
            return name
    raise InputError(
        f"accumulate must be dtype or, for target {either(targets_with('wider'))}, torch.float64; got {accumulate} for "
        f"target {target!r} and dtype {TORCH_DTYPES[dtype]}"
    )


@lru_cache(maxsize=32)
def _lowered(basis: Basis) -> Program:
    """The value program of a basis; the last 32 are kept."""
    return lower(basis)


@lru_cache(maxsize=32)
def programs_of(basis: Basis) -> KernelPrograms:
    """The five programs of a basis; the last 32 bases are kept."""
    return kernel_programs(_lowered(basis))


def header_of(basis: Basis, name: str) -> Header:
    """What every source of a basis says of itself."""
    return header(name, basis.id, basis.convention)


def check_basis(basis: object) -> None:
    """Raise `InputError` unless the argument is a Basis."""
    if not isinstance(basis, Basis):
        raise InputError(
            f"the first argument is a Basis, got {type(basis).__name__}; use invgen.generate or Basis.load"
        )
