"""What kernels over neighbour lists accept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from invgen.errors import InputError
from invgen.runtime.arguments import Arguments
from invgen.runtime.neighbours import Neighbours


class PairArguments(Arguments):
    """The tensors of pairs and sources fit the lists; whether the lists fit each other is seen when a function runs."""

    def check_neighbours(self, neighbours: Any) -> None:
        """`neighbours` is a `Neighbours`.

        Raises:
            InputError: Otherwise.
        """
        if not isinstance(neighbours, Neighbours):
            raise InputError(
                f"{self._who()} takes neighbours as a Neighbours, got {type(neighbours).__name__}: "
                "make one with Neighbours.from_csr or Neighbours.from_receivers"
            )

    def check_lists(self, lists: Sequence[torch.Tensor], device: torch.device) -> None:
        """All lists are int64 and where the other arguments are.

        Raises:
            InputError: Otherwise.
        """
        for each in lists:
            if each.dtype != torch.int64 or each.dim() != 1 or each.device != device:
                raise InputError(
                    f"{self._who()} takes neighbour lists of int64 on {device}, got {each.dtype} of "
                    f"shape {tuple(each.shape)} on {each.device}: use Neighbours.from_csr, and .to({device.type!r})"
                )

    def check_shape(self, name: str, tensor: torch.Tensor, shape: tuple[int | None, ...]) -> None:
        """`tensor` is one that the kernel takes, and has a shape in which None means any size.

        Raises:
            InputError: Otherwise.
        """
        self.check_tensor(name, tensor)
        found = tensor.shape
        # No call of any(): a generator for each array takes as long as a kernel on a few pairs.
        fits = len(found) == len(shape)
        for have, want in zip(found, shape):
            fits = fits and (want is None or have == want)
        if not fits:
            words = ", ".join("any" if size is None else str(size) for size in shape)
            raise InputError(f"{self._who()} takes {name} of shape ({words}) here, got {tuple(tensor.shape)}")
