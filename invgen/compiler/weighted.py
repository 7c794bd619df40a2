"""From bases to a kernel that contracts them with weights by species and channel.

1. lower          bases -> program (x, w) -> y        (invgen.ir.weighted)
2. differentiate  program -> the functions            (invgen.passes.weighted)
3. emit           programs -> C, CUDA or torch source (invgen.emit)
4. build          source -> WeightedKernel            (invgen.runtime)
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, overload

from invgen.basis.basis import Basis
from invgen.compiler.job import Job, dtype_name, header
from invgen.emit.header import Header
from invgen.errors import InputError
from invgen.ir import Program
from invgen.ir.weighted import components_of, lower_weighted
from invgen.passes.gathered import GatheredPrograms, apart, gathered_programs
from invgen.passes.weighted import WeightedPrograms, weighted_programs
from invgen.runtime.targets import check_target
from invgen.runtime.weighted_spec import GatheredSpec, WeightedSpec
from invgen.spaces.conventions import CARTESIAN
from invgen.stages import COMPILER, Progress, stage

if TYPE_CHECKING:
    import torch

    from invgen.runtime import GatheredKernel, SharedWeightsKernel, WeightedKernel


@overload
def compile_weighted(
    basis: Basis | Sequence[Basis],
    species: int,
    target: str = "c",
    dtype: torch.dtype | None = None,
    name: str = "weighted",
    progress: Progress | None = None,
    gather: None = None,
) -> WeightedKernel: ...
@overload
def compile_weighted(
    basis: Basis | Sequence[Basis],
    species: None = None,
    target: str = "c",
    dtype: torch.dtype | None = None,
    name: str = "weighted",
    progress: Progress | None = None,
    gather: None = None,
) -> SharedWeightsKernel: ...
@overload
def compile_weighted(
    basis: Basis | Sequence[Basis],
    species: None = None,
    target: str = "c",
    dtype: torch.dtype | None = None,
    name: str = "weighted",
    progress: Progress | None = None,
    *,
    gather: str | Sequence[str],
) -> GatheredKernel: ...
def compile_weighted(
    basis: Basis | Sequence[Basis],
    species: int | None = None,
    target: str = "c",
    dtype: torch.dtype | None = None,
    name: str = "weighted",
    progress: Progress | None = None,
    gather: str | Sequence[str] | None = None,
) -> WeightedKernel | SharedWeightsKernel | GatheredKernel:
    """A kernel of y[s, o, c] = Σ_k w[species[s], k, c] B_{k,o}(x[s, :, c]) and its first two derivatives.

    B is `basis.evaluate`; o counts the 2L + 1 components of covariants, and is 0 for invariants. Target "c" does not
    store the values of the basis: weights are applied as early in the program as it saves work. MACE's symmetric
    contraction is this job (Batatia et al., arXiv:2206.07697, eq. 10 and 11).

    Args:
        basis: what to contract, or several bases over one space in one convention; their weights and outputs then
            follow one another, in the order given.
        species: the number of species, that is of rows of weights; None for weights that all samples share.
        target: "c" (C11 and OpenMP through the system's compiler, CPU tensors), "cuda" (NVIDIA GPUs) or "torch" (plain
            PyTorch, any device, which gathers the weights of each sample).
        dtype: torch.float32 (the default) or torch.float64.
        name: what profilers and exported graphs call the operators.
        progress: as for `compile`.
        gather: without species: the tensors, by name as in `degrees` of `generate`, that are read by an index of each
            sample, such as sums over the neighbours of an atom for each of its edges.

    Returns:
        A callable (x, w, species) -> y for x (..., dim, channel), w (species, weights, channel) and species (...),
        twice differentiable in torch with respect to x and w, with the bare kernels as methods. Without species (x, w)
        -> y for w (weights, channel). With a gather (x, z, w, index) -> y for x of the components of the other tensors,
        z (rows, gathered components, channel) and index (...), differentiable with respect to z too.

    Raises:
        InputError: an argument is not one of those listed.
        CompilerError: no compiler was found, or it refused the source, or target "cuda" lacks something.
        CacheError: the kernel cache cannot be used.
    """
    from invgen import runtime

    if gather is not None:
        if species is not None:
            raise InputError("with gather= all samples share the weights; leave species out, or gather before the call")
        return runtime.build_gathered(gathered_spec(basis, gather, target, dtype, name, progress), progress)
    if species is None:
        return runtime.build_shared_weights(weighted_spec(basis, 1, target, dtype, name, progress), progress)
    return runtime.build_weighted(weighted_spec(basis, species, target, dtype, name, progress), progress=progress)


def weighted_spec(
    basis: Basis | Sequence[Basis],
    species: int,
    target: str = "c",
    dtype: torch.dtype | None = None,
    name: str = "weighted",
    progress: Progress | None = None,
) -> WeightedSpec:
    """What `compile_weighted` builds, not yet built: the source is in it, and no compiler or GPU is needed.

    Raises:
        InputError: as `compile_weighted`.
    """
    check_target(target)
    real = dtype_name(dtype)
    bases = bases_of(basis)
    job = job_of(bases, name, progress)
    return WeightedSpec(job.spec(target, real, progress=progress), species, job.content.weights, outputs_of(bases))


def gathered_spec(
    basis: Basis | Sequence[Basis],
    gather: str | Sequence[str],
    target: str = "c",
    dtype: torch.dtype | None = None,
    name: str = "weighted",
    progress: Progress | None = None,
) -> GatheredSpec:
    """What `compile_weighted` builds with a gather, not yet built: the source is in it, and no compiler is needed.

    Raises:
        InputError: as `compile_weighted`.
    """
    check_target(target)
    real = dtype_name(dtype)
    bases = bases_of(basis)
    places = _places(bases[0], gather)
    own = _header(bases, name)
    with stage(COMPILER, "lower", progress):
        _lowered(bases)
    with stage(COMPILER, "differentiate", progress):
        programs = _gathered_programs(bases, places)
    job = Job("gathered", programs, own, programs.dim, programs.rows)
    kernel = job.spec(target, real, progress=progress)
    return GatheredSpec(kernel, programs.gathered, programs.weights, outputs_of(bases))


def job_of(bases: tuple[Basis, ...], name: str, progress: Progress | None = None) -> Job:
    """Bases that `bases_of` accepts as something to compile.

    Raises:
        InputError: the name is not an identifier.
    """
    own = _header(bases, name)
    with stage(COMPILER, "lower", progress):
        _lowered(bases)
    with stage(COMPILER, "differentiate", progress):
        programs = _programs(bases)
    return Job("weighted", programs, own, programs.dim, programs.rows)


def outputs_of(bases: tuple[Basis, ...]) -> tuple[tuple[str, int, int], ...]:
    """For each basis its irrep, its number of members, and its number of rows of y."""
    return tuple((each.outputs, len(each), components_of(each)) for each in bases)


def bases_of(given: Basis | Sequence[Basis]) -> tuple[Basis, ...]:
    """The bases that are contracted together, in order.

    Raises:
        InputError: they are not bases, differ in space or convention, or one has no members.
    """
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


def _places(basis: Basis, gather: Any) -> tuple[int, ...]:
    """The components of the tensors that are gathered, in the order of the space.

    Raises:
        InputError: not names of tensors of the space, or they leave none over, or components belong to no one tensor.
    """
    names = (gather,) if isinstance(gather, str) else tuple(gather) if isinstance(gather, list | tuple) else ()
    space = basis.space
    if not names or not all(isinstance(name, str) for name in names):
        raise InputError(f"gather is the name of a tensor of {space} or a tuple of names, got {gather!r}")
    if basis.convention == CARTESIAN:
        raise InputError(
            "gather takes whole tensors, and components in the convention 'cartesian' belong to several; use "
            "with_convention('rational') first"
        )
    tensors = {place for name in names for place in space.places(name)}
    if len(tensors) == len(space.tensors):
        raise InputError(f"gather={gather!r} leaves no tensor of {space} that each sample has of its own; name fewer")
    return tuple(c for place in sorted(tensors) for c in range(space.dimension)[space.slices[place]])


def _header(bases: tuple[Basis, ...], name: str) -> Header:
    basis_id = hashlib.sha256(" ".join(each.id for each in bases).encode("ascii")).hexdigest()
    return header(name, basis_id, bases[0].convention)


@lru_cache(maxsize=16)
def _lowered(bases: tuple[Basis, ...]) -> Program:
    return lower_weighted(bases)


@lru_cache(maxsize=16)
def _programs(bases: tuple[Basis, ...]) -> WeightedPrograms:
    return weighted_programs(_lowered(bases))


@lru_cache(maxsize=16)
def _gathered_programs(bases: tuple[Basis, ...], places: tuple[int, ...]) -> GatheredPrograms:
    return gathered_programs(apart(_lowered(bases), places))
