"""The kinds of tables: one row each, with the options that an entry of a specification may give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from invgen.papers.table import TableResult


@dataclass(frozen=True)
class Kind:
    """One kind of table.

    Attributes:
        name: as a specification writes it.
        home: the module of the function and its options, in this folder.
        options: the frozen dataclass of its options.
        summary: what it shows, in one line.
    """

    name: str
    home: str
    options: str
    summary: str

    @property
    def option_type(self) -> type[Any]:
        """The dataclass of its options."""
        found: type[Any] = getattr(import_module(f"invgen.papers.{self.home}"), self.options)
        return found

    @property
    def make(self) -> Callable[..., TableResult]:
        """The function that makes the table: (name, caption, options, work) -> TableResult."""
        found: Callable[..., TableResult] = getattr(import_module(f"invgen.papers.{self.home}"), self.name)
        return found


_ROWS = (
    Kind("invariants", "counts", "InvariantsOptions", "independent invariants by highest degree and rank"),
    Kind("flexible", "counts", "FlexibleOptions", "sizes of flexible sets"),
    Kind("moments", "counts", "MomentsOptions", "invariants of the moments of a field, counted and certified"),
    Kind("ace", "counts", "AceOptions", "full and independent counts of the atomic cluster expansion"),
    Kind("generators", "listings", "Cases", "minimal generators of rings of invariants by degree"),
    Kind("orbits", "listings", "Cases", "how many orbits share generic values"),
    Kind("costs", "listings", "Cases", "operations of the kernels that bases compile to"),
    Kind("members", "listings", "ListedBasis", "the members of one basis with their formulas"),
    Kind("published", "published", "Lists", "members and ranks of lists that others printed"),
)
KINDS = {row.name: row for row in _ROWS}
