"""The compiled kernels that a module calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Self

import torch

from invgen.errors import InputError
from invgen.runtime import ConvolutionKernel, GatheredKernel, Kernel, MomentsKernel, TabulatedKernel, WeightedKernel

AnyKernel = Kernel | MomentsKernel | WeightedKernel | ConvolutionKernel | TabulatedKernel | GatheredKernel


def kernels_of(module: torch.nn.Module) -> Iterator[AnyKernel]:
    """Those of a module and of all modules inside it."""
    for each in module.modules():
        yield from (value for value in vars(each).values() if isinstance(value, AnyKernel))


class KeepsDtype(torch.nn.Module):
    """A module whose `.float()`, `.double()`, `.half()` and `.to(dtype)` are refused where kernels have another dtype.

    They change weights alone; kernels are compiled for one dtype.
    """

    def _apply(self, fn: Callable[[torch.Tensor], torch.Tensor], recurse: bool = True) -> Self:
        for dtype in {kernel.dtype for kernel in kernels_of(self)}:
            changed = fn(torch.empty(0, dtype=dtype)).dtype
            if changed != dtype:
                wide = str(changed).removeprefix("torch.")
                remedy = (
                    f"make the network again with dtype={changed} and load the state dict of this one, or load a "
                    f"trained potential with load_potential(path, dtype={wide!r})"
                    if changed in (torch.float32, torch.float64)
                    else "kernels have torch.float32 and torch.float64"
                )
                raise InputError(
                    f"{type(self).__name__} has kernels compiled for {dtype}, and a conversion to {changed} would "
                    f"change its weights alone: {remedy}"
                )
        return super()._apply(fn, recurse)  # type: ignore[no-untyped-call, no-any-return]
