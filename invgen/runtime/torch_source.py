"""Kernels as plain PyTorch: the module text that a torch emitter wrote, run in a namespace of its own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any, Final

import torch

from invgen.errors import BasisFileError
from invgen.runtime.convolution_spec import ConvolutionSpec, TabulatedSpec
from invgen.runtime.convolution_torch import convolution_source
from invgen.runtime.families import family_of, gathered
from invgen.runtime.families.gathered import OF_Z, misplaced_index_error
from invgen.runtime.families.table import Function, Spec
from invgen.runtime.families.weighted import OF_W, misplaced_error, summed
from invgen.runtime.implementation import Bare, Implementation, Tensors
from invgen.runtime.moments_spec import MomentsSpec
from invgen.runtime.moments_torch import HARMONICS, moments_source
from invgen.runtime.tabulated_torch import tabulated_source
from invgen.runtime.weighted_spec import GatheredSpec, WeightedSpec

Source = Callable[..., Any]
"""A function of a source: tensors -> a tensor or a tuple of them."""


def torch_implementation(spec: Spec) -> Implementation:
    """The functions that the text of a spec's source defines, on tensors of any device.

    Raises:
        BasisFileError: if the text is not Python, or lacks a function.
    """
    module = _module(spec)
    made = _SOURCES[spec.family]
    functions = {function.name: _bare(made(spec, function, module)) for function in family_of(spec).functions}
    # torch.compile finds the globals of what it traces through the module of that name.
    sys.modules[module.__name__] = module
    return Implementation(functions)


def _module(spec: Spec) -> ModuleType:
    kernel = spec.kernel
    module = ModuleType(f"invgen_kernel_{kernel.name}_{kernel.key}", f"Generated source of kernel {kernel.name}.")
    try:
        exec(compile(kernel.source, f"<torch source of {kernel.name}>", "exec"), module.__dict__)
    except SyntaxError as error:
        raise BasisFileError(
            f"the torch source of kernel {kernel.name!r} is damaged ({error}): regenerate it"
        ) from error
    return module


def _own(spec: Spec, function: Function, module: ModuleType) -> Source:
    """The function of this name in the text."""
    return _found(spec, function.name, module)


def _found(spec: Spec, name: str, module: ModuleType) -> Source:
    found: Any = getattr(module, name, None)
    if not callable(found):
        raise BasisFileError(f"the torch source of kernel {spec.kernel.name!r} lacks {name}(): regenerate it")
    return found  # type: ignore[no-any-return]


def _bare(source: Source) -> Bare:
    def call(inputs: Sequence[Any], out: Tensors | None) -> Tensors:
        with torch.no_grad():
            found = source(*inputs)
            results = found if isinstance(found, tuple) else (found,)
            if out is None:
                return tuple([result.contiguous() for result in results])
            return tuple([target.copy_(result) for target, result in zip(out, results, strict=True)])

    return call


def _over_pairs(spec: MomentsSpec, function: Function, module: ModuleType) -> Source:
    """Sums over pairs, for which the text has the harmonics."""
    names = () if spec.form == "environment" else HARMONICS
    return moments_source(spec, function, {name: _found(spec, name, module) for name in names})


def _tabulated(spec: TabulatedSpec, function: Function, module: ModuleType) -> Source:
    """The same with weights looked up by distance."""
    return tabulated_source(spec, function, *_matrices(spec, module))


def _convolved(spec: ConvolutionSpec, function: Function, module: ModuleType) -> Source:
    """Sums over pairs, for which the text has the matrices and where their rows stand."""
    return convolution_source(spec, function, *_matrices(spec, module))


def _matrices(spec: ConvolutionSpec, module: ModuleType) -> tuple[dict[str, Source], tuple[Any, ...]]:
    paths = getattr(module, "PATHS", None)
    if not isinstance(paths, tuple):
        raise BasisFileError(f"the torch source of kernel {spec.kernel.name!r} lacks PATHS: regenerate it")
    return {name: _found(spec, name, module) for name in HARMONICS}, paths


def _by_species(spec: WeightedSpec, function: Function, module: ModuleType) -> Source:
    """A function of weights of each sample as one of weights by species: gathered before, summed after."""
    source = _found(spec, function.name, module)
    weights = [False, True, *(like == OF_W for like in function.reads)]
    sums = summed(function)

    def call(x: torch.Tensor, w: torch.Tensor, species: torch.Tensor, *others: torch.Tensor) -> Any:
        kinds = w.shape[0]
        if not _traced(species):
            wrong = ((species < 0) | (species >= kinds)).reshape(-1).nonzero()
            if wrong.numel():
                raise misplaced_error(spec, species, int(wrong[0, 0]), kinds)
        # Of one species the weights of all samples are the same memory.
        rows = (*species.shape, *w.shape[1:])
        given = [
            each if not weight else each[0].expand(rows) if kinds == 1 else each[species]
            for each, weight in zip((x, w, *others), weights, strict=True)
        ]
        found = source(*given)
        if not sums:
            return found
        results = list(found)
        for place in sums:
            results[place] = _sums(results[place], species, kinds)
        return tuple(results)

    return call


def _sums(tensor: torch.Tensor, species: torch.Tensor, kinds: int) -> torch.Tensor:
    """The sums over the samples of each species; no atomics, so that a device gives the same bits again."""
    samples, own = tensor.flatten(0, -3) if tensor.dim() > 2 else tensor[None], species.reshape(-1)
    if kinds == 1:
        return samples.sum(0, keepdim=True)
    if _traced(species):  # no shape may depend on values
        return torch.stack([torch.where((own == kind)[:, None, None], samples, 0.0).sum(0) for kind in range(kinds)])
    return torch.stack([samples[own == kind].sum(0) for kind in range(kinds)])


def _with_gather(spec: GatheredSpec, function: Function, module: ModuleType) -> Source:
    """A function of z and w of each sample as one of gathered z and shared w: gathered before, summed after."""
    source = _found(spec, function.name, module)
    likes = (0, OF_Z, gathered.OF_W, *function.reads)

    def call(x: torch.Tensor, z: torch.Tensor, w: torch.Tensor, index: torch.Tensor, *others: torch.Tensor) -> Any:
        if not _traced(index):
            wrong = ((index < 0) | (index >= z.shape[0])).reshape(-1).nonzero()
            if wrong.numel():
                raise misplaced_index_error(spec, index, int(wrong[0, 0]), z.shape[0])
        rows = (*index.shape, *w.shape)
        given = [
            each[index] if like == OF_Z else each.expand(rows) if like == gathered.OF_W else each
            for each, like in zip((x, z, w, *others), likes, strict=True)
        ]
        found = source(*given)
        results = list(found) if isinstance(found, tuple) else [found]
        for place, like in enumerate(function.writes):
            if like == OF_Z:
                results[place] = _sums_by_index(results[place], index, z.shape[0])
            elif like == gathered.OF_W:
                results[place] = results[place].reshape(index.numel(), *w.shape).sum(0)
        return tuple(results)

    return call


def _sums_by_index(tensor: torch.Tensor, index: torch.Tensor, rows: int) -> torch.Tensor:
    """The sums over the samples of each index, in the order of the samples; no atomics, as above."""
    flat = index.reshape(-1)
    if _traced(index) or not rows:  # how many samples an index has is not known there, or there is no index
        shape = (rows, *tensor.shape[-2:])
        return tensor.new_zeros(shape).index_add(0, flat, tensor.reshape(flat.shape[0], *shape[1:]))
    samples = tensor.reshape(flat.shape[0], *tensor.shape[-2:])[flat.argsort(stable=True)]
    return torch.segment_reduce(samples, "sum", lengths=torch.bincount(flat, minlength=rows), axis=0)


def _traced(index: torch.Tensor) -> bool:
    """Whether a tensor holds no numbers that could be looked at, as those of which a graph is made."""
    return type(index) is not torch.Tensor


_SOURCES: Final[Mapping[str, Callable[[Any, Function, ModuleType], Source]]] = {
    "invariants": _own,
    "weighted": _by_species,
    "gathered": _with_gather,
    "moments": _over_pairs,
    "convolution": _convolved,
    "tabulated": _tabulated,
}
