"""One member of a basis: its expression, exactly expanded and written for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from invgen.contractions import printing as expressions
from invgen.contractions.contraction import Contraction
from invgen.contractions.expression import Expression
from invgen.contractions.printing import Monomials
from invgen.errors import InputError
from invgen.spaces.outputs import SCALAR, noun
from invgen.spaces.space import TensorSpace

if TYPE_CHECKING:
    import sympy


@dataclass(frozen=True)
class Invariant:
    """One member of a basis: it has the same value on x and on every rotated (under O(3): reflected) copy of x.

    A member of a basis with `outputs` is a covariant instead: its value turns with x.

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
        return self.expression.subscripts if isinstance(self.expression, Contraction) else self.expression.text

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

    def latex(self) -> str:
        """The contraction as LaTeX."""
        return expressions.latex(self.expression)

    def polynomial(self) -> Monomials:
        """The exact expansion in components: exponents -> coefficient; `InputError` for a covariant."""
        self._check_scalar()
        return expressions.polynomial(self.expression, self._space, self._convention)

    def sympy(self) -> sympy.Expr:
        """The exact expansion as a SymPy expression; `InputError` for a covariant."""
        self._check_scalar()
        return expressions.expression(self.expression, self._space, self._convention)

    def _check_scalar(self) -> None:
        if self._outputs != SCALAR:
            raise InputError(f"{self} is a covariant {self._outputs}, only invariants are expanded; use basis.evaluate")

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"

    def __str__(self) -> str:
        return str(self.expression)

    def __repr__(self) -> str:
        return f"<{noun(self._outputs, 1).capitalize()} {self.index}: {self}, degree {self.degree}>"
