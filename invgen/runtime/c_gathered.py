"""How the C functions of kernels with a gather are called: on samples sorted by index and cut into chunks.

Sums over the samples of an index, and over all samples, are made in each chunk and then over chunks in their order: the
number of threads changes no bit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import torch

from invgen.runtime import constants
from invgen.runtime.c_library import open_chunked
from invgen.runtime.families.gathered import GATHERED, OF_W, OF_Z, misplaced_index_error
from invgen.runtime.families.table import Function
from invgen.runtime.implementation import Bare, Tensors, bare_functions, dense
from invgen.runtime.threads import threads
from invgen.runtime.weighted_spec import GatheredSpec


def gathered_functions(spec: GatheredSpec, path: Path) -> dict[str, Bare]:
    """The functions of a kernel with a gather on CPU tensors; an index out of range raises `InputError`.

    Raises:
        CompilerError: if the library cannot be loaded or lacks a function.
    """
    library = open_chunked(GATHERED, path)
    misplaced, chunks_of, sum_up = library["misplaced"], library["chunks"], library["sum"]

    def run(function: Function) -> Callable[[Sequence[torch.Tensor], Tensors], None]:
        entry = library[function.name]
        sums = [(place, like) for place, like in enumerate(function.writes) if like in (OF_Z, OF_W)]

        def call(inputs: Sequence[torch.Tensor], out: Tensors) -> None:
            # The list keeps the contiguous copies alive until the calls have returned.
            x, z, w, index, *others = dense(inputs)
            rows, samples, channels = z.shape[0], index.numel(), x.shape[-1]
            wrong = misplaced(index.data_ptr(), samples, rows)
            if wrong >= 0:
                raise misplaced_index_error(spec, index, wrong, rows)
            if not channels or not samples:
                for place, _ in sums:
                    out[place].zero_()
                return
            most, count = samples // constants.WEIGHTED_CHUNK + rows, threads()
            # One block of integers: order, begin, kind, chunk_of, and the chunks of all samples.
            sizes = (samples, most + 1, most, rows + 1, 2)
            integers = torch.empty(sum(sizes), dtype=torch.int64).split(sizes)
            *plan, chunks_of_row, all_chunks = [part.data_ptr() for part in integers]
            chunks = chunks_of(index.data_ptr(), samples, rows, *plan, chunks_of_row)
            integers[-1][0], integers[-1][1] = 0, chunks
            targets = list(out)
            for place, _ in sums:
                targets[place] = w.new_empty((chunks, *out[place].shape[-2:]))
            addresses = [array.data_ptr() for array in (x, z, w, *others, *targets)]
            entry(*addresses, *plan, chunks, channels, count)
            for place, like in sums:
                by, kinds = (chunks_of_row, rows) if like == OF_Z else (all_chunks, 1)
                components, total = out[place].shape[-2], out[place].data_ptr()
                sum_up(targets[place].data_ptr(), by, kinds, components, channels, total, count)

        return call

    return bare_functions(GATHERED, spec, run)
