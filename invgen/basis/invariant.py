"""One member of a basis: its expression, exactly expanded and written for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from invgen.contractions import printing
from invgen.contractions.contraction import Contraction
from invgen.contractions.costs import multiplications
from invgen.contractions.expression import KINDS, Expression, parse
from invgen.contractions.markup import LATEX
from invgen.contractions.printing import Monomials
from invgen.errors import InputError
from invgen.spaces.outputs import SCALAR, noun
from invgen.spaces.space import TensorSpace

if TYPE_CHECKING:
    import networkx
    import sympy

    from invgen.show.matrix_form import MatrixForm


@dataclass(frozen=True)
class Invariant:
    """One member of a basis: it has the same value on x and on every rotated (under O(3): reflected) copy of x.

    A member of a basis with `outputs` is a covariant instead: its value rotates with x.

    Attributes:
        index: its place in the basis.
        expression: the contraction, coupling tree or product of moments in the plane.
    """

    index: int
    expression: Expression
    _space: TensorSpace
    _convention: str
    _outputs: str = SCALAR

    @property
    def contraction(self) -> str:
        """The einsum string, "i,ij,j", or the text of a coupling tree or of a product of planar moments."""
        return self.expression.text

    @property
    def tensors(self) -> tuple[str, ...]:
        """The names of the contracted tensors in order."""
        return self.expression.tensors

    @property
    def degree(self) -> int:
        """The polynomial degree."""
        return self.expression.degree

    @property
    def multidegree(self) -> tuple[int, ...]:
        """The degree in each tensor of the space."""
        return self.expression.multidegree(self._space)

    @property
    def cost(self) -> int:
        """Multiplications of one evaluation by itself; kernels take fewer, as members share what they can."""
        return multiplications(self.expression, self._space)

    def latex(self) -> str:
        r"""As LaTeX, such as v_{i}\, q_{ij}\, v_{j} or \{\{v, q\}_{1}, v\}_{0}; the name l2 is written T^{(2)}."""
        return self.expression.written(LATEX)

    def graph(self) -> networkx.MultiGraph:
        """The contraction graph: isomorphic for members written alike up to the order of factors and names of indices.

        Of a contraction, nodes are tensors and the Levi-Civita symbol, and every contracted index is an edge with its
        letter as key, so that m index pairs are m parallel edges. Of a coupling tree, nodes are tensors and couplings,
        joined to their parts. Of a product of moments in the plane, the part ("Re" or "Im") is joined to every factor.

        Node attributes are `kind` ("tensor", "epsilon", "coupling" or "part") and `name`; of tensors also `l`,
        `parity` and, in the plane, `conjugated`; of couplings the rank `l`. Nodes and edges have a fixed order.
        """
        graph = self.expression.graph()
        for _, node in graph.nodes(data=True):
            if node["kind"] == "tensor":
                tensor = self._space.tensors[self._space.index(node["name"])]
                node.update(l=tensor.l, parity=tensor.parity)
        return graph

    def polynomial(self) -> Monomials:
        """The exact expansion in components: exponents -> coefficient; `InputError` for a covariant."""
        self._check_scalar()
        return printing.polynomial(self.expression, self._space, self._convention)

    def sympy(self) -> sympy.Expr:
        """The exact expansion as a SymPy expression; `InputError` for a covariant."""
        self._check_scalar()
        return printing.sympy_expression(self.expression, self._space, self._convention)

    def matrix_form(self) -> MatrixForm:
        """As traces, determinants and products of matrices, member = factor · form: "tr(S R^2)", "S R - R S".

        For vectors and second-order tensors under O(3), SO(3) and the axial groups; `show.matrix_form` says how tensors
        are read as vectors and matrices.

        Raises:
            InputError: a space in the plane, a tensor or an output of rank above 2, or a finite point group.
        """
        from invgen.show.matrix_form import matrix_form

        return matrix_form(self.expression, self._space, self._outputs)

    def _check_scalar(self) -> None:
        if self._outputs != SCALAR:
            raise InputError(f"{self} is a covariant {self._outputs}, only invariants are expanded; use basis.evaluate")

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"

    def __str__(self) -> str:
        return str(self.expression)

    def __repr__(self) -> str:
        return f"<{noun(self._outputs, 1).capitalize()} {self.index}: {self}, degree {self.degree}>"


def expression_of(given: tuple[str, Sequence[str]] | str | Expression | Invariant) -> Expression:
    """The expression that a caller means: a member of a basis, an expression, a line or a pair."""
    if isinstance(given, KINDS):
        return given
    if isinstance(given, Invariant):
        return given.expression
    if isinstance(given, str):
        return parse(given)
    if not isinstance(given, tuple | list) or len(given) != 2 or not isinstance(given[0], str):
        raise InputError(f"a contraction is a pair ('i,ij,j', ('v', 'q', 'v')) or a line 'i,ij,j v,q,v', got {given!r}")
    return Contraction(given[0], tuple(given[1]))
