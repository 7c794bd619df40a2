"""What the functions of a weighted kernel are, whichever language they were emitted in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import torch

from invgen.errors import InputError
from invgen.runtime.weighted_spec import LIKE_W, WeightedSpec

Tensors = tuple[torch.Tensor, ...]


class WeightedImplementation(Protocol):
    """The functions of `FUNCTIONS`, without autograd.

    x is (..., dim, channel), w (species, weights, channel), species (...) int64; shapes, dtypes and devices agree, the
    caller has checked that. Inputs may have any strides. Results are fresh and contiguous, or written into ``out``,
    which is contiguous, of the right shapes, and overlaps no input.
    """

    def run(
        self, name: str, species: torch.Tensor, inputs: Sequence[torch.Tensor], out: Tensors | None = None
    ) -> Tensors:
        """One function: its results in the order of `FUNCTIONS`.

        Raises:
            InputError: If a species is out of range.
        """
        ...


def empty_result(spec: WeightedSpec, name: str, x: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
    """A fresh contiguous tensor for the result `name`."""
    if name in LIKE_W:
        return w.new_empty(w.shape)
    return x.new_empty((*x.shape[:-2], spec.size(name), x.shape[-1]))


def misplaced_error(spec: WeightedSpec, species: torch.Tensor, sample: int, kinds: int) -> InputError:
    """The sentence for a species that w does not have."""
    return InputError(
        f"kernel {spec.kernel.name!r} was given the species {int(species.reshape(-1)[sample])} for sample {sample}: "
        f"w has {kinds} species, numbered from 0"
    )
