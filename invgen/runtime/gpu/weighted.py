"""Weighted contractions on NVIDIA GPUs: samples sorted by species on the device, launches without a wait."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from invgen.runtime.build.cubin import KernelReport
from invgen.runtime.constants import WEIGHTED_CUDA_CHUNK as CHUNK
from invgen.runtime.families.table import Function
from invgen.runtime.families.weighted import WEIGHTED, summed
from invgen.runtime.gpu.device import Device, blocks_of, device_of
from invgen.runtime.gpu.library import CudaLibrary, report
from invgen.runtime.gpu.plan import read_plans
from invgen.runtime.implementation import Tensors
from invgen.runtime.spec import KernelSpec
from invgen.runtime.weighted_spec import WeightedSpec


@dataclass(frozen=True)
class WeightedPlan:
    """One kernel: its C name, the function that it is a part of, and the threads of a block."""

    name: str
    function: str
    threads: int


def weighted_plans(spec: KernelSpec) -> tuple[WeightedPlan, ...]:
    """The plans of the kernels in a source, in the order in which those of one function run.

    Raises:
        BasisFileError: a line is damaged, or a function is absent.
    """
    return read_plans(spec.source, spec.name, lambda fields: WeightedPlan(**fields), (*WEIGHTED.by_name, "sum"))


def weighted_report(spec: WeightedSpec, architecture: str) -> tuple[KernelReport, ...]:
    """The same as `build_report`, for a weighted contraction."""
    return report(spec.kernel, architecture, weighted_plans(spec.kernel))


class CudaWeighted(CudaLibrary):
    """A species that w does not have gives NaN.

    NaN appears for its sample and in the gradients with respect to weights of species 0.
    A call does not wait for the device, so it cannot raise.

    Args:
        spec: the kernel; its source is CUDA C.
        devices: which `Device` a tensor is on.

    Raises:
        BasisFileError: the source does not say what its kernels are.
    """

    def __init__(self, spec: WeightedSpec, devices: Callable[[torch.device], Device] = device_of) -> None:
        plans = weighted_plans(spec.kernel)
        self._plans = {
            function.name: [plan for plan in plans if plan.function == function.name] for function in WEIGHTED.functions
        }
        self._sum = next(plan for plan in plans if plan.function == "sum")
        super().__init__(spec, plans, devices)

    def launch(self, function: Function, inputs: Sequence[Any], out: Tensors) -> None:
        """The kernels of the function, on chunks of samples where it sums, then the sums of chunks."""
        x, w, species, *others = inputs
        sums, (kinds, weights, channels) = summed(function), w.shape
        if not channels or not species.numel():
            for place in sums:
                out[place].zero_()
            return
        loaded, species = self._on(x.device), species.reshape(-1)
        order, span, chunk_of = _chunks(species, kinds) if sums else _one_by_one(species)
        chunks, targets = span.shape[0], list(out)
        for place in sums:
            targets[place] = w.new_empty((chunks, weights, channels))
        arrays = [tensor.data_ptr() for tensor in (x, w, *others, *targets, order, span, species)]
        for plan in self._plans[function.name]:
            blocks = blocks_of(chunks * channels, plan.threads)
            loaded.device.launch(loaded.handles[plan.name], blocks, plan.threads, [*arrays, kinds, chunks, channels])
        threads = self._sum.threads
        for place in sums:
            addresses = [targets[place].data_ptr(), chunk_of.data_ptr(), out[place].data_ptr()]
            blocks = blocks_of(out[place].numel(), threads)
            loaded.device.launch(
                loaded.handles[self._sum.name], blocks, threads, [*addresses, kinds, weights * channels]
            )


def _one_by_one(species: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Every sample as a chunk of its own, in the order given."""
    places = torch.arange(species.numel() + 1, device=species.device)
    return places, torch.stack((places[:-1], places[1:]), 1).contiguous(), places


def _chunks(species: torch.Tensor, kinds: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Samples sorted by species and cut into chunks, without a wait: as many chunks as there may be, the last empty.

    Returns:
        The samples in their new order; (chunks, 2) where chunks begin and end in it; (kinds + 1) the first chunk of
        each species. Samples of unknown species count as of species 0.
    """
    device, most = species.device, species.numel() // CHUNK + kinds
    known = torch.where((species >= 0) & (species < kinds), species, 0)
    ordered, order = torch.sort(known, stable=True)
    bounds = torch.searchsorted(ordered, torch.arange(kinds + 1, device=device))
    counts = (bounds.diff() + (CHUNK - 1)) // CHUNK
    chunk_of = torch.nn.functional.pad(counts.cumsum(0), (1, 0))
    numbers = torch.arange(most, device=device)
    kind = torch.searchsorted(chunk_of[1:].contiguous(), numbers, right=True).clamp_max(kinds - 1)
    begin = torch.minimum(bounds[kind] + (numbers - chunk_of[kind]) * CHUNK, bounds[kind + 1])
    return (
        order,
        torch.stack((begin, torch.minimum(begin + CHUNK, bounds[kind + 1])), 1).contiguous(),
        chunk_of,
    )
