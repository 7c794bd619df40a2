"""Buffers that follow from what a module is, and so are not in a state dict."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import Self

import torch


class Tables(torch.nn.Module):
    """A module with tables, which are made again wherever its tensors get other memory.

    A module built on the meta device and emptied elsewhere would otherwise keep whatever memory held, as no state dict
    brings tables back.
    """

    @abstractmethod
    def tables(self) -> dict[str, torch.Tensor]:
        """The tables by name, on the CPU whatever the default device is."""

    def register_tables(self) -> None:
        """Hold the tables as buffers on the default device."""
        tables = self.tables()
        self._first_table = next(iter(tables))
        for name, table in tables.items():
            self.register_buffer(name, table.to(torch.get_default_device()), persistent=False)

    def bring_tables(self, device: torch.device) -> None:
        """Make tables on a device, where a state was assigned to a module on the meta device and they stayed there."""
        if device.type != "meta" and self.get_buffer(self._first_table).is_meta:
            for name, table in self.tables().items():
                setattr(self, name, table.to(device))

    def _apply(self, fn: Callable[[torch.Tensor], torch.Tensor], recurse: bool = True) -> Self:
        super()._apply(fn, recurse)  # type: ignore[no-untyped-call]
        for name, table in self.tables().items():
            if not self.get_buffer(name).is_meta:
                self.get_buffer(name).copy_(table)
        return self
