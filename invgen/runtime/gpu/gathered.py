"""Weighted contractions with a gather on NVIDIA GPUs: samples sorted by index on the device, launches without a wait.

Sums over the samples of an index are made in each chunk, and then over chunks in their order. Sums over all samples are
made of chunks in groups of consecutive ones, and then of groups in their order: one thread would else read all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import torch

from invgen.runtime.build.cubin import KernelReport
from invgen.runtime.families.gathered import GATHERED, OF_W, OF_Z
from invgen.runtime.families.table import Function
from invgen.runtime.gpu.chunked import ChunkedPlan, CudaChunked, chunked_plans, cut, one_by_one
from invgen.runtime.gpu.library import Loaded, report
from invgen.runtime.implementation import Tensors
from invgen.runtime.spec import KernelSpec
from invgen.runtime.weighted_spec import GatheredSpec

GROUP: Final = 64
"""Chunks, or groups, that one thread adds where all are added; more are done in several rounds."""


def gathered_plans(spec: KernelSpec) -> tuple[ChunkedPlan, ...]:
    """The plans of the kernels in a source, in the order in which those of one function run.

    Raises:
        BasisFileError: a line is damaged, or a function is absent.
    """
    return chunked_plans(spec, GATHERED)


def gathered_report(spec: GatheredSpec, architecture: str) -> tuple[KernelReport, ...]:
    """The same as `build_report`, for a weighted contraction with a gather."""
    return report(spec.kernel, architecture, gathered_plans(spec.kernel))


class CudaGathered(CudaChunked):
    """An index that z does not have gives NaN.

    NaN appears for its sample, in the gradients with respect to row 0 of z, and in those with respect to weights.
    A call does not wait for the device, so it cannot raise.
    """

    def launch(self, function: Function, inputs: Sequence[Any], out: Tensors) -> None:
        """The kernels of the function, on chunks of samples where it sums, then the sums of chunks."""
        x, z, w, index, *others = inputs
        rows, channels = z.shape[0], x.shape[-1]
        sums = [(place, like) for place, like in enumerate(function.writes) if like in (OF_Z, OF_W)]
        if not channels or not index.numel():
            for place, _ in sums:
                out[place].zero_()
            return
        if not rows:  # no index is in range, and there is no row to read in the place of one
            for result in out:
                result.fill_(torch.nan)
            return
        loaded, index = self._on(x.device), index.reshape(-1)
        chunks, targets = cut(index, rows) if sums else one_by_one(index), list(out)
        for place, _ in sums:
            targets[place] = w.new_empty((chunks.span.shape[0], *out[place].shape[-2:]))
        self.visit(loaded, function, (x, z, w, *others, *targets), chunks, index, rows)
        for place, like in sums:
            if like == OF_Z:
                self.add(loaded, targets[place], chunks.chunk_of, out[place], rows)
            else:
                self._add_all(loaded, targets[place], out[place])

    def _add_all(self, loaded: Loaded, parts: torch.Tensor, total: torch.Tensor) -> None:
        """The sum of all parts: of groups of consecutive ones, then of groups of these, until one is left."""
        while True:
            count = parts.shape[0]
            groups = -(-count // GROUP)
            first = torch.arange(groups + 1, device=parts.device).mul_(GROUP).clamp_max_(count)
            sums = total if groups == 1 else parts.new_empty((groups, *parts.shape[1:]))
            self.add(loaded, parts, first, sums, groups)
            if groups == 1:
                return
            parts = sums
