"""Weighted contractions on NVIDIA GPUs, whatever samples are visited together: those of a species, or of an index.

They are sorted and cut into chunks on the device, and nothing waits for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch

from invgen.runtime.constants import WEIGHTED_CUDA_CHUNK as CHUNK
from invgen.runtime.families import family_of
from invgen.runtime.families.table import Family, Function, Spec
from invgen.runtime.gpu.device import Device, blocks_of, device_of
from invgen.runtime.gpu.library import CudaLibrary, Loaded
from invgen.runtime.gpu.plan import read_plans
from invgen.runtime.spec import KernelSpec


@dataclass(frozen=True)
class ChunkedPlan:
    """One kernel: its C name, the function that it is a part of, and the threads of a block."""

    name: str
    function: str
    threads: int


def chunked_plans(spec: KernelSpec, family: Family) -> tuple[ChunkedPlan, ...]:
    """The plans of the kernels in a source, in the order in which those of one function run.

    Raises:
        BasisFileError: a line is damaged, or a function is absent.
    """
    return read_plans(spec.source, spec.name, lambda fields: ChunkedPlan(**fields), (*family.by_name, "sum"))


@dataclass(frozen=True)
class Chunks:
    """Samples in an order, cut into chunks.

    Attributes:
        order: (samples), the samples in their new order.
        span: (chunks, 2), where chunks begin and end in it; the last may be empty.
        chunk_of: (kinds + 1), the first chunk of each kind.
    """

    order: torch.Tensor
    span: torch.Tensor
    chunk_of: torch.Tensor


def one_by_one(kind_of: torch.Tensor) -> Chunks:
    """Every sample as a chunk of its own, in the order given."""
    places = torch.arange(kind_of.numel() + 1, device=kind_of.device)
    return Chunks(places, torch.stack((places[:-1], places[1:]), 1).contiguous(), places)


def cut(kind_of: torch.Tensor, kinds: int) -> Chunks:
    """Samples sorted by kind and cut into chunks, without a wait: as many as there may be, the last of them empty.

    Args:
        kind_of: (samples), the species or the index of each; what is unknown counts as 0.
        kinds: how many there are, at least one.
    """
    device, most = kind_of.device, kind_of.numel() // CHUNK + kinds
    known = torch.where((kind_of >= 0) & (kind_of < kinds), kind_of, 0)
    ordered, order = torch.sort(known, stable=True)
    bounds = torch.searchsorted(ordered, torch.arange(kinds + 1, device=device))
    counts = (bounds.diff() + (CHUNK - 1)) // CHUNK
    chunk_of = torch.nn.functional.pad(counts.cumsum(0), (1, 0))
    numbers = torch.arange(most, device=device)
    kind = torch.searchsorted(chunk_of[1:].contiguous(), numbers, right=True).clamp_max(kinds - 1)
    begin = torch.minimum(bounds[kind] + (numbers - chunk_of[kind]) * CHUNK, bounds[kind + 1])
    span = torch.stack((begin, torch.minimum(begin + CHUNK, bounds[kind + 1])), 1).contiguous()
    return Chunks(order, span, chunk_of)


class CudaChunked(CudaLibrary):
    """The functions of a family whose kernels visit samples in chunks.

    Args:
        spec: the kernel; its source is CUDA C.
        devices: which `Device` a tensor is on.

    Raises:
        BasisFileError: the source does not say what its kernels are.
    """

    def __init__(self, spec: Spec, devices: Callable[[torch.device], Device] = device_of) -> None:
        family = family_of(spec)
        plans = chunked_plans(spec.kernel, family)
        self._plans = {
            function.name: [plan for plan in plans if plan.function == function.name] for function in family.functions
        }
        self._sum = next(plan for plan in plans if plan.function == "sum")
        super().__init__(spec, plans, devices)

    def visit(
        self,
        loaded: Loaded,
        function: Function,
        arrays: Sequence[torch.Tensor],
        chunks: Chunks,
        kind_of: torch.Tensor,
        kinds: int,
    ) -> None:
        """The kernels of a function, one after the other, on all chunks.

        Args:
            loaded: where they run.
            function: which.
            arrays: those of points, of what the function reads beside them, and of its results; sums are by chunk.
            chunks: of the samples.
            kind_of: (samples), what says which of them are visited together.
            kinds: how many there are.
        """
        count, channels = chunks.span.shape[0], arrays[0].shape[-1]
        addresses = [tensor.data_ptr() for tensor in (*arrays, chunks.order, chunks.span, kind_of)]
        for plan in self._plans[function.name]:
            blocks = blocks_of(count * channels, plan.threads)
            loaded.device.launch(loaded.handles[plan.name], blocks, plan.threads, [*addresses, kinds, count, channels])

    def add(self, loaded: Loaded, parts: torch.Tensor, first: torch.Tensor, total: torch.Tensor, kinds: int) -> None:
        """total[k] = the sum of parts[first[k]] to parts[first[k + 1] - 1], in order and in double precision.

        Args:
            loaded: where it runs.
            parts: (chunks, components, channels), what is added.
            first: (kinds + 1), the first chunk of each kind.
            total: as many numbers as `kinds` parts have.
            kinds: how many sums there are.
        """
        plan, size = self._sum, parts.shape[-2] * parts.shape[-1]
        addresses = [tensor.data_ptr() for tensor in (parts, first, total)]
        blocks = blocks_of(kinds * size, plan.threads)
        loaded.device.launch(loaded.handles[plan.name], blocks, plan.threads, [*addresses, kinds, size])
