"""Weighted contractions on NVIDIA GPUs: samples sorted by species on the device, launches without a wait."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from invgen.runtime.build.cubin import KernelReport
from invgen.runtime.families.table import Function
from invgen.runtime.families.weighted import WEIGHTED, summed
from invgen.runtime.gpu.chunked import ChunkedPlan, CudaChunked, chunked_plans, cut, one_by_one
from invgen.runtime.gpu.library import report
from invgen.runtime.implementation import Tensors
from invgen.runtime.spec import KernelSpec
from invgen.runtime.weighted_spec import WeightedSpec


def weighted_plans(spec: KernelSpec) -> tuple[ChunkedPlan, ...]:
    """The plans of the kernels in a source, in the order in which those of one function run.

    Raises:
        BasisFileError: a line is damaged, or a function is absent.
    """
    return chunked_plans(spec, WEIGHTED)


def weighted_report(spec: WeightedSpec, architecture: str) -> tuple[KernelReport, ...]:
    """The same as `build_report`, for a weighted contraction."""
    return report(spec.kernel, architecture, weighted_plans(spec.kernel))


class CudaWeighted(CudaChunked):
    """A species that w does not have gives NaN.

    NaN appears for its sample and in the gradients with respect to weights of species 0.
    A call does not wait for the device, so it cannot raise.
    """

    def launch(self, function: Function, inputs: Sequence[Any], out: Tensors) -> None:
        """The kernels of the function, on chunks of samples where it sums, then the sums of chunks."""
        x, w, species, *others = inputs
        sums, (kinds, weights, channels) = summed(function), w.shape
        if not channels or not species.numel():
            for place in sums:
                out[place].zero_()
            return
        loaded, species = self._on(x.device), species.reshape(-1)
        chunks, targets = cut(species, kinds) if sums else one_by_one(species), list(out)
        for place in sums:
            targets[place] = w.new_empty((chunks.span.shape[0], weights, channels))
        self.visit(loaded, function, (x, w, *others, *targets), chunks, species, kinds)
        for place in sums:
            self.add(loaded, targets[place], chunks.chunk_of, out[place], kinds)
