"""Neighbour lists: which source each pair comes from, grouped by receiver, and the same pairs grouped by source."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import torch
from torch.utils import _pytree as pytree

from invgen import checks
from invgen.errors import InputError

Lists = tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Pairs row_pointer[i] ... row_pointer[i + 1] - 1 belong to receiver i, and pair p comes from source index[p].

    Make one with `from_csr` or `from_receivers`, once per neighbour list. It holds the transposed list too: gradients
    with respect to the features of the sources need it so that their sums are ordered. Sources are often the receivers
    themselves. Periodic images and copies from other processes make more of them. With one source per pair
    (`index = arange(pairs)`) features are messages.

    All five are int64, contiguous, on one device. What they say is checked by every kernel call, at no cost that can
    be measured, so a list that was altered or comes from a saved program is refused and never read out of bounds.

    Attributes:
        row_pointer: (receivers + 1).
        index: (pairs), the source of each pair.
        receivers: (pairs), the receiver of each pair.
        column_pointer: (sources + 1).
        column_pairs: (pairs), the pairs of source 0, then those of source 1, ..., each in rising order.
    """

    row_pointer: torch.Tensor
    index: torch.Tensor
    receivers: torch.Tensor
    column_pointer: torch.Tensor
    column_pairs: torch.Tensor

    @classmethod
    def from_csr(cls, row_pointer: torch.Tensor, index: torch.Tensor, sources: int | None = None) -> Neighbours:
        """From row pointers and the source of each pair; O(pairs log pairs).

        Args:
            row_pointer: (receivers + 1), integers from 0 to the number of pairs, never falling.
            index: (pairs), integers from 0 to sources - 1.
            sources: how many there are; as many as receivers if left out.

        Raises:
            InputError: the lists are not of that form.
        """
        row_pointer, index = _integers("row_pointer", row_pointer), _integers("index", index)
        if row_pointer.device != index.device:
            raise InputError(f"row_pointer is on {row_pointer.device} and index on {index.device}: move one of them")
        if row_pointer.numel() == 0:
            raise InputError("row_pointer is empty: it has one entry more than there are receivers")
        counts = row_pointer.diff()
        if int(row_pointer[0]) != 0 or int(row_pointer[-1]) != index.numel() or bool((counts < 0).any()):
            raise InputError(
                f"row_pointer must rise from 0 to the number of pairs, {index.numel()}, without falling; it goes from "
                f"{int(row_pointer[0])} to {int(row_pointer[-1])}"
            )
        atoms = row_pointer.numel() - 1
        receivers = torch.repeat_interleave(torch.arange(atoms, device=index.device), counts)
        return cls._transposed(row_pointer, index, receivers, atoms if sources is None else sources)

    @classmethod
    def from_receivers(
        cls, receivers: torch.Tensor, index: torch.Tensor, atoms: int, sources: int | None = None
    ) -> Neighbours:
        """From the receiver and the source of each pair, sorted by receiver.

        Args:
            receivers: (pairs), integers from 0 to atoms - 1, never falling.
            index: (pairs), integers from 0 to sources - 1.
            atoms: how many receivers there are; those without pairs get zeros.
            sources: how many sources there are; `atoms` if left out.

        Raises:
            InputError: the lists are not of that form.
        """
        receivers, index = _integers("receivers", receivers), _integers("index", index)
        atoms = checks.integer("the number of receivers", atoms, least=0)
        if receivers.device != index.device or receivers.shape != index.shape:
            raise InputError(
                "receivers and index are equally long and on one device, got "
                f"{receivers.numel()} on {receivers.device} and {index.numel()} on {index.device}"
            )
        if bool((receivers.diff() < 0).any()):
            raise InputError(
                "receivers must not fall: sort the pairs with order = torch.argsort(receivers, stable=True), and bring "
                "index, vectors and radial values into that order"
            )
        if receivers.numel() and (int(receivers[0]) < 0 or int(receivers[-1]) >= atoms):
            raise InputError(
                f"receivers go from 0 to {atoms - 1}, got numbers from {int(receivers[0])} to {int(receivers[-1])}"
            )
        return cls._transposed(_pointer(receivers, atoms), index, receivers, atoms if sources is None else sources)

    @classmethod
    def _transposed(
        cls, row_pointer: torch.Tensor, index: torch.Tensor, receivers: torch.Tensor, sources: int
    ) -> Neighbours:
        sources = checks.integer("the number of sources", sources, least=0)
        if index.numel() and not 0 <= int(index.min()) <= int(index.max()) < sources:
            raise InputError(
                f"index goes from 0 to {sources - 1}, got numbers from {int(index.min())} to {int(index.max())}"
            )
        return cls(row_pointer, index, receivers, _pointer(index, sources), torch.argsort(index, stable=True))

    @property
    def atoms(self) -> int:
        """How many receivers there are."""
        return self.row_pointer.shape[0] - 1

    @property
    def sources(self) -> int:
        """How many sources there are."""
        return self.column_pointer.shape[0] - 1

    @property
    def pairs(self) -> int:
        """How many pairs there are."""
        return self.index.shape[0]

    @property
    def lists(self) -> Lists:
        """The five lists, in the order in which operators take them."""
        return self.row_pointer, self.index, self.receivers, self.column_pointer, self.column_pairs

    def to(self, device: torch.device | str) -> Neighbours:
        """The same list on another device."""
        return Neighbours(*(each.to(device) for each in self.lists))

    def __repr__(self) -> str:
        return f"Neighbours({self.pairs} pairs, {self.sources} sources -> {self.atoms} receivers)"


# torch.export takes arguments apart to their tensors, and a saved program must find the class again by this name.
pytree.register_pytree_node(
    Neighbours,
    lambda neighbours: (list(neighbours.lists), None),
    lambda lists, _: Neighbours(*lists),
    flatten_with_keys_fn=lambda neighbours: (
        [(pytree.GetAttrKey(field.name), getattr(neighbours, field.name)) for field in fields(neighbours)],
        None,
    ),
    serialized_type_name="invgen.runtime.Neighbours",
    to_dumpable_context=lambda context: "",
    from_dumpable_context=lambda text: None,
)

# A program saved with torch.export holds its example inputs, and loading it unpickles nothing that is not listed.
torch.serialization.add_safe_globals([Neighbours])


def _integers(name: str, given: Any) -> torch.Tensor:
    if not isinstance(given, torch.Tensor) or given.dtype not in (torch.int64, torch.int32) or given.dim() != 1:
        what = (
            f"{given.dtype} of shape {tuple(given.shape)}" if isinstance(given, torch.Tensor) else type(given).__name__
        )
        raise InputError(f"{name} is a torch tensor of integers with one dimension, got {what}")
    return given.detach().to(torch.int64).contiguous()


def _pointer(owners: torch.Tensor, count: int) -> torch.Tensor:
    """Where the pairs of each owner begin when pairs are sorted by owner, and where the last end."""
    pointer = torch.zeros(count + 1, dtype=torch.int64, device=owners.device)
    torch.cumsum(torch.bincount(owners, minlength=count), 0, out=pointer[1:])
    return pointer
