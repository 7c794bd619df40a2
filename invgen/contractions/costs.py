"""What one evaluation of an expression costs, a number that depends on the expression and its space alone."""

from __future__ import annotations

from functools import singledispatch

from invgen.contractions import planar_product
from invgen.contractions.contraction import Contraction
from invgen.contractions.coupling import coupling
from invgen.contractions.expression import Expression, no_row
from invgen.contractions.planar_product import PlanarProduct
from invgen.contractions.plans import plan
from invgen.contractions.trees import CouplingTree, Node
from invgen.spaces.space import TensorSpace


@singledispatch
def multiplications(expression: Expression, space: TensorSpace) -> int:
    """Multiplications of one evaluation by itself, with nothing shared: the cost by which candidates are ordered.

    Of a contraction those of its cheapest pairwise order, of a coupling tree one for each term of each coupling, of a
    product of moments in the plane those of real numbers.
    """
    no_row(expression, "cost")


@multiplications.register
def _(contraction: Contraction, space: TensorSpace) -> int:
    return plan(contraction).cost


@multiplications.register
def _(tree: CouplingTree, space: TensorSpace) -> int:
    return _terms(tree.root, space)[1]


@multiplications.register
def _(product: PlanarProduct, space: TensorSpace) -> int:
    return planar_product.cost([space.tensors[space.index(name)].l for name in product.factors])


def _terms(node: Node, space: TensorSpace) -> tuple[int, int]:
    """The rank of a covariant and the terms of all its couplings."""
    if isinstance(node, str):
        return space.rank(node), 0
    (a, left), (b, right) = _terms(node[0], space), _terms(node[1], space)
    found = coupling(a, b, node[2])
    return node[2], left + right + (len(found.terms) if found else 0)
