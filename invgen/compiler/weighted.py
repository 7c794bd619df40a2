"""From bases to a kernel that contracts them with weights by species and channel.

1. lower          bases -> program (x, w) -> y        (invgen.ir.weighted)
2. differentiate  program -> the functions            (invgen.passes.weighted)
3. emit           programs -> C or torch source       (invgen.emit.weighted)
4. build          source -> WeightedKernel            (invgen.runtime)
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from invgen.basis.basis import Basis
from invgen.emit import weighted, weighted_cuda, weighted_pytorch
from invgen.emit.header import Header
from invgen.emit.version import CODEGEN_VERSION
from invgen.errors import InputError, needs
from invgen.ir.weighted import components_of, lower_weighted
from invgen.passes.weighted import WeightedPrograms, weighted_programs

if TYPE_CHECKING:
    import torch

    from invgen.runtime import WeightedKernel, WeightedSpec

TARGETS = ("c", "torch", "cuda")


def compile_weighted(
    basis: Basis | Sequence[Basis],
    species: int,
    target: str = "c",
    dtype: torch.dtype | None = None,
    name: str = "weighted",
) -> WeightedKernel:
    """A kernel of y[s, o, c] = Σ_k w[species[s], k, c] B_{k,o}(x[s, :, c]) and its first two derivatives.

    B is `basis.evaluate`; o counts the 2L + 1 components of covariants, and is 0 for invariants. Target "c" does not
    store the values of the basis: weights are applied as early in the program as it saves work. MACE's symmetric
    contraction is this job (Batatia et al., arXiv:2206.07697, eq. 10 and 11).

    Args:
        basis: what to contract, or several bases over one space in one convention; their weights and outputs then
            stand one after the other, in the order given.
        species: the number of species, that is of rows of weights.
        target: "c" (C11 and OpenMP through the system's compiler, CPU tensors) or "torch" (plain PyTorch, any device,
            which gathers the weights of each sample) or "cuda" (NVIDIA GPUs).
        dtype: torch.float32 (the default) or torch.float64.
        name: what profilers and exported graphs call the operators.

    Returns:
        A callable (x, w, species) -> y for x (..., dim, channel), w (species, weights, channel) and species (...),
        twice differentiable in torch by x and w, with the bare kernels as methods.

    Raises:
        InputError: an argument is not one of those listed.
        CompilerError: no compiler was found, or it refused the source, or target "cuda" lacks something.
        CacheError: the kernel cache cannot be used.
    """
    from invgen import runtime

    return runtime.build_weighted(weighted_spec(basis, species, target, dtype, name))


def weighted_spec(
    basis: Basis | Sequence[Basis],
    species: int,
    target: str = "c",
    dtype: torch.dtype | None = None,
    name: str = "weighted",
) -> WeightedSpec:
    """What `compile_weighted` builds, not yet built: the source is in it, and no compiler or GPU is needed.

    Raises:
        InputError: as `compile_weighted`.
    """
    needs("torch")
    import torch

    from invgen import runtime
    from invgen.runtime.arguments import dtype_name

    dtype = torch.float32 if dtype is None else dtype
    if target not in TARGETS:
        raise InputError(f"weighted kernels have the targets 'c', 'torch' or 'cuda', got {target!r}")
    real = dtype_name(dtype)
    if not isinstance(name, str) or not name.isascii() or not name.isidentifier():
        raise InputError(f"a kernel cannot be named {name!r}: use letters, digits and underscores, and no digit first")
    bases = _bases(basis)
    programs = _programs(bases)
    basis_id = hashlib.sha256(" ".join(each.id for each in bases).encode("ascii")).hexdigest()
    header = Header(name, basis_id, bases[0].convention, CODEGEN_VERSION)
    if target == "torch":
        source = weighted_pytorch.render(programs, header)
    else:
        render = weighted.render if target == "c" else weighted_cuda.render
        source = render(programs, real, header)
    kernel = runtime.KernelSpec(
        name=name,
        basis_id=basis_id,
        convention=bases[0].convention,
        dimension=programs.dim,
        count=programs.rows,
        dtype=real,
        target=target,
        source=source,
        codegen_version=str(CODEGEN_VERSION),
    )
    outputs = tuple((each.outputs, len(each), components_of(each)) for each in bases)
    return runtime.WeightedSpec(kernel, species, programs.weights, outputs)


def _bases(given: Basis | Sequence[Basis]) -> tuple[Basis, ...]:
    bases = (given,) if isinstance(given, Basis) else tuple(given) if isinstance(given, (list, tuple)) else ()
    if not bases or not all(isinstance(each, Basis) for each in bases):
        raise InputError(
            f"the first argument is a Basis or a list of them, got {given!r}; use invgen.generate or Basis.load"
        )
    first = bases[0]
    for each in bases:
        if each.space != first.space or each.convention != first.convention:
            raise InputError(
                f"bases that are contracted together have one space and one convention, got {first.space} in "
                f"{first.convention!r} and {each.space} in {each.convention!r}; compile them apart"
            )
        if not len(each):
            raise InputError("a basis without members has nothing to contract; raise its max_degree")
    return bases


@lru_cache(maxsize=16)
def _programs(bases: tuple[Basis, ...]) -> WeightedPrograms:
    return weighted_programs(lower_weighted(bases))
