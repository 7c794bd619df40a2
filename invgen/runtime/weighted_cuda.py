"""Weighted contractions on NVIDIA GPUs: samples sorted by species on the device, launches without a wait."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import torch

from invgen.errors import BasisFileError
from invgen.runtime.build.cubin import KernelReport, reports
from invgen.runtime.gpu.device import Device, blocks_of, device_of
from invgen.runtime.gpu.loading import OnDevices, device_and_handles, machine_code
from invgen.runtime.gpu.plan import read_plans
from invgen.runtime.spec import KernelSpec
from invgen.runtime.weighted_implementation import Tensors, empty_result
from invgen.runtime.weighted_spec import FUNCTIONS, LIKE_W, WeightedSpec

CHUNK: Final = 16
"""Samples of one species whose sums one thread makes: fewer than on a CPU, so that there are many threads."""


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
    plans = read_plans(spec.source, spec.name, lambda fields: WeightedPlan(**fields))
    missing = [name for name in (*FUNCTIONS, "sum") if all(plan.function != name for plan in plans)]
    if missing:
        raise BasisFileError(f"the CUDA source of kernel {spec.name!r} lacks {missing[0]}: regenerate it")
    return plans


def weighted_report(spec: WeightedSpec, architecture: str) -> tuple[KernelReport, ...]:
    """Registers, spills and occupancy of every kernel on an architecture such as "sm_90"; needs no GPU.

    Raises:
        CompilerError: NVRTC is missing, does not know the architecture, or refuses the source.
        CacheError: the kernel cache cannot be used.
    """
    made = machine_code(spec.kernel, architecture)
    threads = {plan.name: plan.threads for plan in weighted_plans(spec.kernel)}
    return reports(made.cubin, made.log, architecture, threads)


class CudaWeighted:
    """A `WeightedImplementation` for CUDA tensors; equal inputs give equal bits.

    A species that w does not have gives NaN for its sample and for the gradients by weights of species 0: a call does
    not wait for the device, so it cannot raise.

    Args:
        spec: the kernel; its source is CUDA C.
        devices: which `Device` a tensor is on.

    Raises:
        BasisFileError: the source does not say what its kernels are.
    """

    def __init__(self, spec: WeightedSpec, devices: Callable[[torch.device], Device] = device_of) -> None:
        self._spec = spec
        self._plans = weighted_plans(spec.kernel)
        self._on = OnDevices(spec.kernel, [plan.name for plan in self._plans], devices, device_and_handles)

    def run(
        self, name: str, species: torch.Tensor, inputs: Sequence[torch.Tensor], out: Tensors | None = None
    ) -> Tensors:
        """One function: its results in the order of `FUNCTIONS`."""
        x, w = inputs[0], inputs[1]
        names = FUNCTIONS[name][1]
        results = tuple(empty_result(self._spec, each, x, w) for each in names) if out is None else out
        if x.shape[-1] and species.numel():
            self._call(name, species.reshape(-1).contiguous(), [array.contiguous() for array in inputs], results)
        else:
            for each, result in zip(names, results, strict=True):
                if each in LIKE_W:
                    result.zero_()
        return results

    def _call(self, name: str, species: torch.Tensor, inputs: Sequence[torch.Tensor], results: Tensors) -> None:
        device, handles = self._on(species.device)
        kinds, weights, channels = inputs[1].shape
        names = FUNCTIONS[name][1]
        summed = any(each in LIKE_W for each in names)
        order, span, chunk_of = _chunks(species, kinds) if summed else _one_by_one(species)
        chunks = span.shape[0]
        targets = [
            result.new_empty((chunks, weights, channels)) if each in LIKE_W else result
            for each, result in zip(names, results, strict=True)
        ]
        arrays = [tensor.data_ptr() for tensor in (*inputs, *targets, order, span, species)]
        for plan in self._plans:
            if plan.function == name:
                blocks = blocks_of(chunks * channels, plan.threads)
                device.launch(handles[plan.name], blocks, plan.threads, [*arrays, kinds, chunks, channels])
        plan = next(plan for plan in self._plans if plan.function == "sum")
        for each, parts, total in zip(names, targets, results, strict=True):
            if each in LIKE_W:
                addresses = [parts.data_ptr(), chunk_of.data_ptr(), total.data_ptr()]
                blocks = blocks_of(total.numel(), plan.threads)
                device.launch(handles[plan.name], blocks, plan.threads, [*addresses, kinds, weights * channels])


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
    return order, torch.stack((begin, torch.minimum(begin + CHUNK, bounds[kind + 1])), 1).contiguous(), chunk_of
