"""The selections: one row each. A new one is a module in `reduction.selections` and a row here.

A row says which options a selection takes and in which modules it works. Modules are loaded when they are asked for, so
that a request loads what its own selection needs and the command line reads the names without loading any.

A selection's module has

    find(request, work, progress) -> Found              the members, and what else certify needs
    certify(request, found) -> Certificate
    recertify(request, members, before) -> Certificate  if it takes "forms": the same members in other forms
    claims(stated, basis, request, drawn) -> [Claim]    the checks in addition to those of all selections
    settled(request) -> Request                         if the row says so: what depends on the space is filled in
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from invgen.errors import InputError

_SELECTIONS = "invgen.reduction.selections"
_PROOFS = "invgen.reduction.proofs"


@dataclass(frozen=True)
class SelectionRow:
    """What is the same for every basis of one kind.

    Attributes:
        name: as `generate` and a basis file write it.
        proof: the class of its proofs, as "module:class".
        options: of `generate`, those that this selection takes and some other does not.
        adjective: what its members are called, before "invariants".
        every_multidegree: whether every multidegree is solved, and the members counted for each.
        keeps_products: whether products of members are members.
        settles: whether its module fills in what depends on the space.
        offered: whether `generate` makes it.
        point_groups: whether it has a meaning, and is built, under point groups.
    """

    name: str
    proof: str
    options: frozenset[str] = frozenset()
    adjective: str = ""
    every_multidegree: bool = False
    keeps_products: bool = False
    settles: bool = False
    offered: bool = True
    point_groups: bool = False

    @property
    def module(self) -> Any:
        """The module that finds, certifies and checks."""
        return import_module(f"{_SELECTIONS}.{self.name}")

    @property
    def proof_type(self) -> Any:
        """The class of its proofs."""
        module, _, name = self.proof.partition(":")
        return getattr(import_module(module), name)

    def takes(self, option: str) -> bool:
        """Whether an option goes with this selection."""
        return option in self.options

    def check(self, option: str, value: object) -> None:
        """`InputError` if an option, which is not what it is by default, does not go with this selection."""
        if not self.takes(option):
            allowed = alternatives(tuple(map(repr, takers(option))))
            raise InputError(
                f"{option}={value!r} goes with select={allowed} only, got select={self.name!r}; "
                "leave it out or change select"
            )


_ROWS = (
    SelectionRow(
        "independent",
        f"{_PROOFS}.jacobian:IndependentProof",
        frozenset({"order", "outputs", "strata", "total_degree", "forms"}),
        adjective="independent",
        point_groups=True,
    ),
    SelectionRow(
        "flexible",
        f"{_PROOFS}.flexible:FlexibleProof",
        frozenset({"flexible", "anchor", "strata", "forms"}),
        adjective="flexible",
        settles=True,
    ),
    SelectionRow("separating", f"{_PROOFS}.separating:SeparatingProof", frozenset({"forms"})),
    SelectionRow(
        "linear",
        f"{_PROOFS}.counts:LinearProof",
        frozenset({"outputs", "total_degree", "degrees"}),
        adjective="linearly independent",
        every_multidegree=True,
        keeps_products=True,
        point_groups=True,
    ),
    SelectionRow(
        "integrity",
        f"{_PROOFS}.counts:IntegrityProof",
        frozenset({"outputs", "total_degree", "forms"}),
        every_multidegree=True,
        point_groups=True,
    ),
    SelectionRow("given", f"{_PROOFS}.given:GivenProof", offered=False),
)
SELECTIONS = {row.name: row for row in _ROWS}
OFFERED = tuple(row.name for row in _ROWS if row.offered)
INDEPENDENT, INTEGRITY, GIVEN = "independent", "integrity", "given"


def takers(option: str) -> tuple[str, ...]:
    """The selections that take an option."""
    return tuple(row.name for row in _ROWS if row.takes(option))


def alternatives(words: tuple[str, ...]) -> str:
    """Words as a choice: "a", "a or b", "a, b or c"."""
    return " or ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)
