"""Atomic numbers as features."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import torch

from invgen.checks import as_integer, shown
from invgen.errors import InputError
from invgen.nn import earlier
from invgen.nn.tables import Tables
from invgen.structures import element_index

_HIGHEST: Final = 118


class Elements(Tables):
    """Z -> one-hot: 1 at the place of the element in `species`, 0 elsewhere.

    Inside a compiled graph nothing can be raised: there the features of an unknown element are NaN.

    Args:
        species: the atomic numbers that may occur, in the order of the features.
        dtype: of the features.

    Shapes:
        (atoms) -> (atoms, len(species)).

    Raises:
        InputError: the species are not distinct atomic numbers; on loading a state of other species.
    """

    table: torch.Tensor

    def __init__(self, species: Sequence[int], dtype: torch.dtype = torch.float32) -> None:
        super().__init__()
        self.species = check_species(species)
        self._dtype = dtype
        self.register_tables()

    def tables(self) -> dict[str, torch.Tensor]:
        """The one-hot features of every atomic number."""
        return {"table": one_hot_table(self.species, self._dtype)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(earlier.elements(state))  # type: ignore[no-untyped-call]

    def __iter__(self) -> Iterator[int]:
        return iter(self.species)

    def __len__(self) -> int:
        return len(self.species)

    def forward(self, species: torch.Tensor) -> torch.Tensor:
        """The features.

        Raises:
            InputError: there is an element that is not in the list.
        """
        if not torch.compiler.is_compiling():
            if species.dtype != torch.int64 or species.dim() != 1:
                raise InputError(
                    f"species are atomic numbers, int64 of shape (atoms), got {species.dtype} of shape "
                    f"{tuple(species.shape)}"
                )
            element_index(species, self.species)
            self.bring_tables(species.device)
        return self.table.index_select(0, species)

    def get_extra_state(self) -> dict[str, list[int]]:
        """The species in their order, which weights depend on."""
        return {"species": list(self.species)}

    def set_extra_state(self, state: Any) -> None:
        """Refuse the state of other species."""
        found = state.get("species") if isinstance(state, dict) else None
        if found != list(self.species):
            raise InputError(
                f"the state was saved with the elements {found}, this network has {list(self.species)}; build it with "
                "those, in their order"
            )

    def extra_repr(self) -> str:
        """The species."""
        return f"species={list(self.species)}"


def check_species(species: Sequence[int]) -> tuple[int, ...]:
    """The species, if they are distinct atomic numbers.

    Raises:
        InputError: they are not.
    """
    given = tuple(species)
    found = tuple(number for number in map(as_integer, given) if number is not None and 0 < number <= _HIGHEST)
    if not given or len(found) != len(given) or len(set(found)) != len(found):
        raise InputError(
            f"species are distinct atomic numbers from 1 to {_HIGHEST}, got [{', '.join(map(shown, given))}]"
        )
    return found


def one_hot_table(species: Sequence[int], dtype: torch.dtype) -> torch.Tensor:
    """(119, len(species)): in the row of an atomic number its one-hot features, NaN where it is not in the species."""
    table = torch.full((_HIGHEST + 1, len(species)), torch.nan, dtype=dtype, device="cpu")
    table[list(species)] = torch.eye(len(species), dtype=dtype, device="cpu")
    return table
