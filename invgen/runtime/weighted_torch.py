"""A weighted contraction as plain PyTorch: the module text that the torch emitter wrote, on any device."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from invgen.errors import BasisFileError
from invgen.runtime.weighted_implementation import Tensors, misplaced_error
from invgen.runtime.weighted_spec import FUNCTIONS, LIKE_W, WeightedSpec


class WeightedTorchSource:
    """A `WeightedImplementation` for tensors on any device; weights are gathered for each sample.

    Raises:
        BasisFileError: If the text is no Python, or lacks a function.
    """

    def __init__(self, spec: WeightedSpec) -> None:
        self._spec = spec
        self._functions: dict[str, Any] = {}
        try:
            exec(compile(spec.kernel.source, f"<torch source of {spec.kernel.name}>", "exec"), self._functions)
        except SyntaxError as error:
            raise BasisFileError(
                f"the torch source of kernel {spec.kernel.name!r} is damaged ({error}): regenerate it"
            ) from error
        missing = [name for name in FUNCTIONS if not callable(self._functions.get(name))]
        if missing:
            raise BasisFileError(f"the torch source of kernel {spec.kernel.name!r} lacks {missing[0]}(): regenerate it")

    def run(
        self, name: str, species: torch.Tensor, inputs: Sequence[torch.Tensor], out: Tensors | None = None
    ) -> Tensors:
        """One function: its results in the order of `FUNCTIONS`."""
        kinds = inputs[1].shape[0]
        wrong = ((species < 0) | (species >= kinds)).reshape(-1).nonzero()
        if wrong.numel():
            raise misplaced_error(self._spec, species, int(wrong[0, 0]), kinds)
        given, results = FUNCTIONS[name]
        with torch.no_grad():
            found = self._functions[name](
                *(tensor[species] if each in LIKE_W else tensor for each, tensor in zip(given, inputs, strict=True))
            )
            several = found if isinstance(found, tuple) else (found,)
            summed = tuple(
                _sums(tensor, species, kinds) if each in LIKE_W else tensor
                for each, tensor in zip(results, several, strict=True)
            )
            if out is None:
                return tuple(tensor.contiguous() for tensor in summed)
            return tuple(target.copy_(tensor) for target, tensor in zip(out, summed, strict=True))


def _sums(tensor: torch.Tensor, species: torch.Tensor, kinds: int) -> torch.Tensor:
    """The sums over the samples of each species; no atomics, so that a device gives the same bits again."""
    samples, own = tensor.flatten(0, -3) if tensor.dim() > 2 else tensor[None], species.reshape(-1)
    return torch.stack([samples[own == kind].sum(0) for kind in range(kinds)])
