"""An invariant as it is written: a contraction, a coupling tree of rank 0, or a product of moments in the plane."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from invgen.contractions import contraction
from invgen.contractions.contraction import Contraction, from_parts
from invgen.contractions.planar_product import PlanarProduct
from invgen.contractions.trees import CouplingTree, Node, write
from invgen.errors import InputError
from invgen.spaces.outputs import SCALAR
from invgen.spaces.space import TensorSpace

Expression: TypeAlias = Contraction | CouplingTree | PlanarProduct
KINDS = (Contraction, CouplingTree, PlanarProduct)


def parse(line: str) -> Expression:
    """Read "i,ij,j v,q,v" as a contraction, "((v,q)1,v)0" as a coupling tree, and "Re(c2 c1* c1*)"."""
    if line.strip().startswith(("Re(", "Im(")):
        return PlanarProduct(line.strip())
    return CouplingTree(line.strip()) if line.strip().startswith("(") else contraction.parse(line)


def check(expression: Expression, space: TensorSpace, outputs: str = SCALAR) -> Expression:
    """Return the expression if it is an equivariant map from the space to `outputs`.

    Raises:
        InputError: it is not; a contraction is always a scalar.
    """
    if outputs == SCALAR:
        return expression.check(space)
    if not isinstance(expression, CouplingTree):
        raise InputError(f"{expression} is a scalar; outputs {outputs} are coupling trees such as '(v,q)1'")
    return expression.check_covariant(space, outputs)


def root_of(expression: Expression) -> Node:
    """The nested tuples of a coupling tree; `InputError` for a contraction, which is no covariant."""
    if not isinstance(expression, CouplingTree):
        raise InputError(f"{expression} is a scalar and no covariant; write it as a coupling tree")
    return expression.root


def product_of(parts: Sequence[Expression]) -> Expression:
    """The product of expressions of one kind: one contraction, or one coupling tree of scalars.

    Raises:
        InputError: the parts are of different kinds.
    """
    contractions = [part for part in parts if isinstance(part, Contraction)]
    if len(contractions) == len(parts):
        return from_parts(contractions)
    trees = [part for part in parts if isinstance(part, CouplingTree)]
    if len(trees) < len(parts):
        raise InputError("contractions and coupling trees cannot be multiplied into one expression")
    root = trees[0].root
    for tree in trees[1:]:
        root = (root, tree.root, 0)
    return CouplingTree(write(root))


def to_json(expression: Expression) -> dict[str, Any]:
    """How a basis file writes a member."""
    if isinstance(expression, PlanarProduct):
        return {"product": expression.text}
    if isinstance(expression, CouplingTree):
        return {"coupling": expression.text}
    return {"subscripts": expression.subscripts, "tensors": list(expression.tensors)}


def from_json(data: dict[str, Any]) -> Expression:
    """Read `to_json`; `KeyError` where a field is missing, `TypeError` where it is no string."""
    short = next((kind for kind in ("coupling", "product") if kind in data), None)
    fields = [data[short]] if short else [data["subscripts"], *data["tensors"]]
    if not all(isinstance(field, str) for field in fields):
        raise TypeError(f"a member must consist of strings, got {data!r}")
    if short:
        return CouplingTree(fields[0]) if short == "coupling" else PlanarProduct(fields[0])
    return Contraction(data["subscripts"], tuple(data["tensors"]))
