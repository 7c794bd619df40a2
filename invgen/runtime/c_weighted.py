"""How the C functions of weighted kernels are called: on samples sorted by species and cut into chunks.

Sums over the samples of a species are made in each chunk, and then over chunks in their order: the number of threads
changes no bit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import torch

from invgen.runtime import constants
from invgen.runtime.c_library import open_chunked
from invgen.runtime.families.table import Function
from invgen.runtime.families.weighted import WEIGHTED, misplaced_error, summed
from invgen.runtime.implementation import Bare, Tensors, bare_functions, dense
from invgen.runtime.threads import threads
from invgen.runtime.weighted_spec import WeightedSpec


def weighted_functions(spec: WeightedSpec, path: Path) -> dict[str, Bare]:
    """The functions of a weighted kernel on CPU tensors; a species out of range raises `InputError`.

    Raises:
        CompilerError: if the library cannot be loaded or lacks a function.
    """
    library = open_chunked(WEIGHTED, path)
    misplaced, chunks_of, sum_up = library["misplaced"], library["chunks"], library["sum"]

    def run(function: Function) -> Callable[[Sequence[torch.Tensor], Tensors], None]:
        entry, sums = library[function.name], summed(function)

        def call(inputs: Sequence[torch.Tensor], out: Tensors) -> None:
            # The list keeps the contiguous copies alive until the calls have returned.
            x, w, species, *others = dense(inputs)
            kinds, weights, channels = w.shape
            samples = species.numel()
            wrong = misplaced(species.data_ptr(), samples, kinds)
            if wrong >= 0:
                raise misplaced_error(spec, species, wrong, kinds)
            if not channels or not samples:
                for place in sums:
                    out[place].zero_()
                return
            most, count = samples // constants.WEIGHTED_CHUNK + kinds, threads()
            # One block of integers: order, begin, kind, chunk_of.
            sizes = (samples, most + 1, most, kinds + 1)
            integers = torch.empty(sum(sizes), dtype=torch.int64).split(sizes)
            plan = [part.data_ptr() for part in integers]
            chunks = chunks_of(species.data_ptr(), samples, kinds, *plan)
            targets = list(out)
            for place in sums:
                targets[place] = w.new_empty((chunks, weights, channels))
            addresses = [array.data_ptr() for array in (x, w, *others, *targets)]
            entry(*addresses, *plan[:3], chunks, channels, count)
            for place in sums:
                total = out[place].data_ptr()
                sum_up(targets[place].data_ptr(), plan[3], kinds, weights, channels, total, count)

        return call

    return bare_functions(WEIGHTED, spec, run)
