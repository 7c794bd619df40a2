"""One protocol for all kinds: what every kind answers, and what a fourth kind takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import networkx
import numpy as np
import pytest
import sympy

from invgen.basis.basis import Basis
from invgen.contractions import evaluation, expression
from invgen.contractions.contraction import Contraction
from invgen.contractions.costs import multiplications
from invgen.contractions.expression import KINDS, Expression
from invgen.contractions.factors import ScalarFactors
from invgen.contractions.markup import Markup
from invgen.contractions.planar_product import PlanarProduct
from invgen.contractions.trees import CouplingTree
from invgen.errors import InputError
from invgen.ir import lowering
from invgen.reduction.forms import operations
from invgen.reduction.given.entries import magnitude_of
from invgen.show import pictures
from invgen.spaces.space import TensorSpace

SPACE = TensorSpace("s:0e + v:1o + q:2e + t:3o", "SO3")
PLANE = TensorSpace("s:0e + p:0o + a:1e + b:2e", "SO2")
EXAMPLES = [
    (Contraction, "i,ij,j v,q,v", SPACE),
    (Contraction, ", s,s", SPACE),
    (Contraction, "s", SPACE),
    (Contraction, "ijk,i,jl,kl eps,v,q,q", SPACE),
    (CouplingTree, "((v,q)1,v)0", SPACE),
    (CouplingTree, "(s,(q,q)0)0", SPACE),
    (PlanarProduct, "Re(a a b*)", PLANE),
    (PlanarProduct, "Im(s p a a b*)", PLANE),
]
DISPATCHED = {
    "value": evaluation._value,
    "gradient": evaluation._gradient,
    "cost": multiplications,
    "magnitude": magnitude_of,
    "operations": operations._ways,
    "instructions": lowering._written,
    "picture": pictures._drawn,
}


@pytest.mark.parametrize(("kind", "line", "space"), EXAMPLES)
def test_lines_and_members_of_files_come_back(kind: type[Expression], line: str, space: TensorSpace) -> None:
    found = expression.parse(f"  {line} ")
    assert type(found) is kind
    assert found == expression.parse(str(found)) == expression.from_json(found.to_json()) == found.check(space)
    assert found.degree == len(found.factors) == sum(found.multidegree(space))
    assert [name for name in found.tensors if name != "eps"] == list(found.factors)
    there = {name: f"x_{name}" for name in space.names}
    back = {new: old for old, new in there.items()}
    assert found.renamed(there) != found
    assert found.renamed(there | {"eps": "eps"}).renamed(back | {"eps": "eps"}) == found


@pytest.mark.parametrize(("kind", "line", "space"), EXAMPLES)
def test_the_nodes_of_a_graph_are_the_factors_in_order(kind: type[Expression], line: str, space: TensorSpace) -> None:
    found = expression.parse(line)
    graph = found.graph()
    assert isinstance(graph, networkx.MultiGraph) and graph.name == str(found)
    nodes = [(node["kind"], node["name"]) for _, node in graph.nodes(data=True)]
    assert tuple(name for kind, name in nodes if kind == "tensor") == found.factors
    assert {kind for kind, _ in nodes} <= {"tensor", "epsilon", "coupling", "part"}
    assert [*found.graph().edges(keys=True)] == [*graph.edges(keys=True)]


@pytest.mark.parametrize("stage", list(DISPATCHED))
def test_every_kind_has_a_row_in_every_stage(stage: str) -> None:
    rows = DISPATCHED[stage].registry
    assert set(KINDS) | {object} == {kind for kind in rows if kind in (*KINDS, object)}
    with pytest.raises(TypeError, match="str has no"):
        rows[object]("no expression", None)


def test_products_are_of_one_kind() -> None:
    contraction, tree, planar = (expression.parse(line) for line in ("i,i v,v", "(q,q)0", "Re(a a*)"))
    assert str(expression.product_of([contraction, contraction])) == "i,i,j,j v,v,v,v"
    assert str(expression.product_of([tree, tree])) == "((q,q)0,(q,q)0)0"
    with pytest.raises(InputError, match="cannot be multiplied into one expression"):
        expression.product_of([contraction, tree])
    with pytest.raises(InputError, match="is not the real or imaginary part of one product"):
        expression.product_of([planar, planar])


@pytest.mark.parametrize("line", ["i,i v,v", "Re(a a*)"])
def test_scalars_are_no_covariants(line: str) -> None:
    found = expression.parse(line)
    with pytest.raises(InputError, match="is a scalar; outputs 1o are coupling trees"):
        found.check(SPACE, "1o")
    with pytest.raises(InputError, match="is a scalar, not a covariant"):
        _ = found.root


@pytest.mark.parametrize("data", [{"coupling": 1}, {"product": None}, {"subscripts": "", "tensors": [1]}])
def test_a_member_of_a_file_consists_of_strings(data: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="must consist of strings"):
        expression.from_json(data)


@pytest.mark.parametrize(("data", "field"), [({}, "subscripts"), ({"subscripts": "i,i"}, "tensors")])
def test_a_member_of_a_file_without_a_field_is_refused(data: dict[str, Any], field: str) -> None:
    with pytest.raises(KeyError, match=field):
        expression.from_json(data)


# A fourth kind -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SquaredNorm(ScalarFactors):
    """|v|², written "|v|"."""

    text: str

    openings: ClassVar[tuple[str, ...]] = ("|",)
    field: ClassVar[str] = "norm"
    by_components: ClassVar[bool] = False

    @property
    def factors(self) -> tuple[str, ...]:
        return (self.text[1:-1],) * 2

    @property
    def tensors(self) -> tuple[str, ...]:
        return self.factors

    def check(self, space: TensorSpace, outputs: str = "0e") -> SquaredNorm:
        self.contraction(space)
        return self

    def contraction(self, space: TensorSpace) -> Contraction:
        letters = "ijkl"[: space.tensors[space.index(self.factors[0])].l]
        return Contraction(f"{letters},{letters}", self.factors)

    def renamed(self, names: Mapping[str, str]) -> SquaredNorm:
        return SquaredNorm(f"|{names[self.factors[0]]}|")

    def written(self, markup: Markup) -> str:
        return f"|{markup.tensor(self.factors[0])}|"

    def graph(self) -> networkx.MultiGraph:
        graph = networkx.MultiGraph()
        graph.add_node(0, kind="part", name="")
        graph.add_node(1, kind="tensor", name=self.factors[0], conjugated=True)
        return graph

    def to_json(self) -> dict[str, Any]:
        return {self.field: self.text}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> SquaredNorm:
        return cls(data[cls.field])

    @classmethod
    def parse(cls, line: str) -> SquaredNorm:
        return cls(line.strip())

    @classmethod
    def product(cls, parts: Any) -> SquaredNorm:
        raise InputError("norms are not multiplied")

    def __str__(self) -> str:
        return self.text


def register_squared_norms(space: TensorSpace) -> None:
    """One row for each stage: what a fourth kind adds outside its class."""
    evaluation._value.register(SquaredNorm, lambda norm, at: at.value(norm.contraction(space)))
    evaluation._gradient.register(SquaredNorm, lambda norm, at: at.gradient(norm.contraction(space)))
    multiplications.register(SquaredNorm, lambda norm, space: multiplications(norm.contraction(space), space))
    lowering._written.register(SquaredNorm, lambda norm, made: lowering._written(norm.contraction(space), made))
    pictures._drawn.register(SquaredNorm, lambda norm, names: pictures._row(norm.graph(), names))


def test_a_fourth_kind_needs_its_class_and_one_row_for_each_stage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    space = TensorSpace("v:1o + q:2e")
    monkeypatch.setattr(expression, "KINDS", (SquaredNorm, *KINDS))
    register_squared_norms(space)
    basis = Basis.from_contractions(["|v|", "i,ij,j v,q,v", "|q|"], space, "hippynn")
    same = Basis.from_contractions(["i,i v,v", "i,ij,j v,q,v", "ij,ij q,q"], space, "hippynn")

    assert all(claim.holds for claim in basis.verify())
    assert Basis.load(basis.save(tmp_path / "basis.json")) == basis
    x = np.arange(1.0, 9.0)
    assert (basis.evaluate(x) == same.evaluate(x)).all() and (basis.jacobian(x) == same.jacobian(x)).all()
    assert [m.sympy() for m in basis] == [m.sympy() for m in same] and isinstance(basis[0].sympy(), sympy.Expr)
    assert [m.cost for m in basis] == [m.cost for m in same]
    assert lowering.lower(basis) == lowering.lower(same)
    formulas: dict[str, Callable[[], str]] = {style: lambda s=style: basis.table(s) for style in ("markdown", "csv")}
    for make in (*formulas.values(), lambda: basis.table("html"), lambda: basis.table("latex")):
        assert "|" in make()
    assert "|v|" in pictures.basis_svg(basis)
    assert basis[0].graph().nodes[1] == {"kind": "tensor", "name": "v", "conjugated": True, "l": 1, "parity": -1}
