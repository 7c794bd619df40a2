"""How C functions over neighbour lists are called: tables of sizes, lists and arrays; they return what is wrong."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch

from invgen.errors import MemoryShortageError
from invgen.runtime.c_library import open_library
from invgen.runtime.constants import MOMENTS_NO_MEMORY
from invgen.runtime.families import family_of
from invgen.runtime.families.pairs import STEPS, STEPS_OF, lists_error
from invgen.runtime.families.table import Function, Spec
from invgen.runtime.implementation import Bare, Tensors, bare_functions, dense
from invgen.runtime.threads import threads


def pair_functions(spec: Spec, path: Path) -> dict[str, Bare]:
    """The functions of a kernel over neighbour lists on CPU tensors; lists that do not fit together raise `InputError`.

    Raises:
        CompilerError: if the library cannot be loaded or lacks a function.
    """
    library = open_library(path, dict.fromkeys(STEPS[spec.family], "ppppz>z"))
    name, family = spec.kernel.name, family_of(spec)

    def run(function: Function) -> Callable[[Sequence[Any], Tensors], None]:
        steps, begin = STEPS_OF[spec.family](function), len(family.points) + len(function.others)
        end = begin + len(family.lists)

        def call(inputs: Sequence[Any], out: Tensors) -> None:
            # The lists keep the contiguous copies alive until the call has returned.
            arrays, lists = dense(inputs[:begin]), dense(inputs[begin:end])
            sizes = (ctypes.c_int64 * 6)(
                lists[0].shape[0] - 1,
                lists[3].shape[0] - 1,
                lists[1].shape[0],
                arrays[1].shape[-1],
                arrays[2].shape[-1],
                arrays[1].shape[0],
            )
            integers = _addresses(lists)
            for step, read, written in steps([*arrays, *inputs[end:]], out):
                status = library[step](sizes, integers, _addresses(read), _addresses(written), threads())
                if status == MOMENTS_NO_MEMORY:
                    raise MemoryShortageError(
                        f"kernel {name!r} found no memory for one chunk of pairs: free some, or pass fewer features"
                    )
                if status:
                    raise lists_error(spec, status)

        return call

    return bare_functions(family, spec, run)


def _addresses(arrays: Sequence[torch.Tensor]) -> ctypes.Array[ctypes.c_void_p]:
    # An array without elements has no address, which C reads as "absent".
    return (ctypes.c_void_p * len(arrays))(*[array.data_ptr() if array.numel() else None for array in arrays])
