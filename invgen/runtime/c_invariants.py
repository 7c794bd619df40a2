"""How the C functions of invariants are called: addresses, then the numbers of samples, channels and threads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import torch

from invgen.runtime.c_library import open_library
from invgen.runtime.families.invariants import INVARIANTS
from invgen.runtime.families.table import Function
from invgen.runtime.implementation import Bare, Tensors, bare_functions, dense
from invgen.runtime.spec import KernelSpec
from invgen.runtime.threads import threads


def invariants_functions(spec: KernelSpec, path: Path) -> dict[str, Bare]:
    """The functions of a kernel of invariants on CPU tensors.

    Raises:
        CompilerError: if the library cannot be loaded or lacks a function.
    """
    library = open_library(
        path,
        {
            function.name: "p" * (len(INVARIANTS.tensors(function)) + len(function.outputs)) + "iiz"
            for function in INVARIANTS.functions
        },
    )
    dimension = spec.dimension

    def run(function: Function) -> Callable[[Sequence[torch.Tensor], Tensors], None]:
        entry = library[function.name]

        def call(inputs: Sequence[torch.Tensor], out: Tensors) -> None:
            x = inputs[0]
            elements = x.numel()
            if elements == 0:
                return
            channels = x.shape[-1]
            # The list keeps the contiguous copies alive until the call has returned.
            arrays = dense(inputs)
            addresses = [array.data_ptr() for array in (*arrays, *out)]
            entry(*addresses, elements // (dimension * channels), channels, threads())

        return call

    return bare_functions(INVARIANTS, spec, run)
