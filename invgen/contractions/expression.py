"""The kinds of expressions: an invariant is a contraction, a coupling tree or a product of moments in the plane.

Every kind answers the same questions, those of `Expression`. They concern the expression alone: its factors, whether it
is an invariant, how it is written, its graph. What a stage makes of an expression belongs to that stage: values
(`contractions.evaluation`), multiplications (`contractions.costs`), bounds of coefficients (`reduction.given.entries`),
operations counted beforehand (`reduction.forms.operations`), instructions (`ir.lowering`) and pictures
(`show.pictures`). There it is a `functools.singledispatch` function with one registration for each kind. A class could
not hold these as methods, since a stage imports those before it and none imports a later one. With registrations the
table of a stage is beside the code that it calls, its types are checked, and a kind without a row is refused.

To add a kind: its class in a file of its own, its place in `KINDS`, and a registration in the stages that it reaches.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, Protocol

from invgen.contractions.contraction import Contraction
from invgen.contractions.markup import Markup
from invgen.contractions.planar_product import PlanarProduct
from invgen.contractions.trees import CouplingTree, Node
from invgen.errors import InputError
from invgen.spaces.outputs import SCALAR
from invgen.spaces.space import TensorSpace

if TYPE_CHECKING:
    from typing import Self

    import networkx


class Expression(Protocol):
    """A product of named tensors that rotations leave unchanged (a covariant: that rotates as a tensor).

    Expressions are immutable; equal ones have equal strings, and `str` is what a user types.
    """

    openings: ClassVar[tuple[str, ...]]
    """The beginning of a line that writes this kind."""
    field: ClassVar[str]
    """The field of a member in a basis file that belongs to this kind alone."""
    by_components: ClassVar[bool]
    """Whether its coefficients are those of rational components of tensors, rather than of tensor entries."""

    @property
    def text(self) -> str:
        """The column "contraction" of tables: the einsum string, or the whole expression."""

    @property
    def tensors(self) -> tuple[str, ...]:
        """The names of everything that is multiplied, the Levi-Civita symbol included, in the order written."""

    @property
    def factors(self) -> tuple[str, ...]:
        """The names of the tensors of the space that are multiplied, in the order written."""

    @property
    def degree(self) -> int:
        """The polynomial degree: the number of factors."""

    @property
    def root(self) -> Node:
        """The nested couplings of a covariant; `InputError` for a kind that is always a scalar."""

    def multidegree(self, space: TensorSpace) -> tuple[int, ...]:
        """How often each tensor of the space occurs."""

    def is_admitted(self, space: TensorSpace) -> bool:
        """Whether it is an invariant of the space's group, given that it is one of rotations."""

    def check_scalar(self, space: TensorSpace) -> Self:
        """Return self if rotations of all factors leave it unchanged, whatever its parity, otherwise `InputError`."""

    def check(self, space: TensorSpace, outputs: str = SCALAR) -> Self:
        """Return self if it is an equivariant map from the space to `outputs`, otherwise raise `InputError`."""

    def renamed(self, names: Mapping[str, str]) -> Self:
        """The same expression of other tensors."""

    def written(self, markup: Markup) -> str:
        """The expression in a notation of `contractions.markup`."""

    def graph(self) -> networkx.MultiGraph:
        """Its structure: node attributes `kind` and `name`, parallel edges for several index lines.

        Nodes and edges are in an order that is a function of the expression. Kinds of nodes are "tensor", "epsilon",
        "coupling" (with its rank `l`) and "part" ("Re" or "Im").
        """

    def to_json(self) -> dict[str, Any]:
        """How a basis file writes a member; `from_json` reads it."""

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read `to_json`; `KeyError` where a field is missing, `TypeError` where it is not a string."""

    @classmethod
    def parse(cls, line: str) -> Self:
        """Read `str` of an expression; `InputError` where that fails."""

    @classmethod
    def product(cls, parts: Sequence[Self]) -> Self:
        """The product of invariants of this kind; `InputError` for a kind that is not closed under products."""


KINDS: tuple[type[Expression], ...] = (PlanarProduct, CouplingTree, Contraction)
"""All kinds; a line or a member of a file is of the first kind that claims it."""


def parse(line: str) -> Expression:
    """Read "i,ij,j v,q,v" as a contraction, "((v,q)1,v)0" as a coupling tree, and "Re(c2 c1* c1*)"."""
    kind = next(kind for kind in KINDS if line.strip().startswith(kind.openings))
    return kind.parse(line)


def product_of(parts: Sequence[Expression]) -> Expression:
    """The product of expressions of one kind as one expression.

    Raises:
        InputError: the parts are of different kinds, or of a kind that is not closed under products.
    """
    kind = type(parts[0])
    if any(type(part) is not kind for part in parts):
        raise InputError("contractions and coupling trees cannot be multiplied into one expression")
    return kind.product(parts)


def from_json(data: dict[str, Any]) -> Expression:
    """Read `Expression.to_json`; `KeyError` where a field is missing, `TypeError` where it is not a string."""
    kind = next((kind for kind in KINDS if kind.field in data), Contraction)
    return kind.from_json(data)


def no_row(expression: object, what: str) -> NoReturn:
    """The error of a stage that has no registration for a kind of expression."""
    raise TypeError(f"{type(expression).__name__} has no {what}; register one for it")
