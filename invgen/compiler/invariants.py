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
from invgen.emit import c, cuda, pytorch
from invgen.emit.header import Header
from invgen.emit.version import CODEGEN_VERSION
from invgen.errors import InputError, needs
from invgen.ir.lowering import lower
from invgen.passes.cost import Cost, cost
from invgen.passes.programs import KernelPrograms, kernel_programs
from invgen.passes.scratch_split import split_by_scratch

if TYPE_CHECKING:
    import torch

    from invgen.runtime import Kernel

TARGETS = ("c", "cuda", "torch")
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
        registration: who registers the operators: "python", or "c++" for cheaper small calls (target "c" alone).
        accumulate: torch.float64 to compute on tensors of torch.float32 in double precision (target "c" alone): every
            result is rounded once, when it is stored. Default: dtype.
        tune: for target "cuda", time the kernels on the current device and use the fastest of each function, instead of
            those that a model chooses.

    Returns:
        A callable x -> y, twice differentiable in torch, with the bare kernels as methods.

    Raises:
        InputError: an argument is not one of those listed.
        CompilerError: no C compiler was found, or no GPU, CuPy or NVRTC; or the compiler refused the source.
        CacheError: the kernel cache cannot be used.
    """
    needs("torch")
    import torch

    from invgen import runtime
    from invgen.runtime.arguments import dtype_name

    dtype = torch.float32 if dtype is None else dtype
    _allow("target", target, TARGETS)
    _allow("layout", layout, runtime.LAYOUTS)
    real = dtype_name(dtype)
    if accumulate not in (None, dtype) and (accumulate, target) != (torch.float64, "c"):
        raise InputError(
            f"accumulate must be dtype or, for target 'c', torch.float64; got {accumulate} for target {target!r} and "
            f"dtype {dtype}"
        )
    check_basis(basis)
    if not isinstance(name, str) or not name.isascii() or not name.isidentifier():
        raise InputError(f"a kernel cannot be named {name!r}: use letters, digits and underscores, and no digit first")
    programs = programs_of(basis)
    header = header_of(basis, name)
    wider = "" if accumulate in (None, dtype) else "float64"
    if target == "c":
        source = c.render(programs, real, header, wider)
    else:
        source = cuda.render(programs, real, header) if target == "cuda" else pytorch.render(programs, header)
    spec = runtime.KernelSpec(
        name=name,
        basis_id=basis.id,
        convention=basis.convention,
        dimension=basis.space.dimension,
        count=len(basis.output_names),
        dtype=real,
        target=target,
        source=source,
        codegen_version=str(CODEGEN_VERSION),
        accumulate=wider,
    )
    return runtime.build(spec, layout, registration, tune)


def costs(basis: Basis) -> dict[str, Cost]:
    """What the five functions of the C kernel cost per sample and channel, by their names.

    Raises:
        InputError: the argument is no basis.
    """
    check_basis(basis)
    return {name: cost(split_by_scratch(program, c.PART_OPERATIONS)) for name, program in programs_of(basis).items()}


@lru_cache(maxsize=32)
def programs_of(basis: Basis) -> KernelPrograms:
    """The five programs of a basis; the last 32 bases are kept."""
    return kernel_programs(lower(basis))


def header_of(basis: Basis, name: str) -> Header:
    """What every source of a basis says of itself."""
    return Header(name, basis.id, basis.convention, CODEGEN_VERSION)


def _allow(what: str, given: object, allowed: tuple[str, ...]) -> None:
    if given not in allowed:
        raise InputError(f"{what} must be one of {', '.join(map(repr, allowed))}, got {given!r}")


def check_basis(basis: object) -> None:
    """Raise `InputError` unless the argument is a Basis."""
    if not isinstance(basis, Basis):
        raise InputError(
            f"the first argument is a Basis, got {type(basis).__name__}; use invgen.generate or Basis.load"
        )
