"""Members as mechanics writes them: traces, determinants and products of matrices, exactly.

*Proof.* Products of words of one multidegree are candidates (`show.matrices.candidates`). All of them and the member
are equivariant polynomial maps of that multidegree, a space of which the Molien integral gives the dimension D. Values
of the candidates at M points have rank D modulo a prime, so that a map of this space that vanishes at the M points is
zero. Thus a combination of candidates that agrees with the member at the M points, over the rationals, is the member.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from invgen.algebra.exact import Surd
from invgen.algebra.modular import Array
from invgen.contractions.expression import Expression
from invgen.errors import EnumerationError
from invgen.show.matrices import letters as readings
from invgen.show.matrices.candidates import SCALARS, SKEWS, VECTORS, Product
from invgen.show.matrices.search import table
from invgen.show.matrices.sparse import sparse_support
from invgen.show.matrices.words import IDENTITY, WORD, Factor, Letter, Order, Term, collected, reversed_word
from invgen.spaces.outputs import SCALAR, is_cartesian, part_of_rank
from invgen.spaces.point_groups import is_structural
from invgen.spaces.space import TensorSpace

if TYPE_CHECKING:
    import sympy


@dataclass(frozen=True)
class MatrixForm:
    """A member as traces, determinants and products of matrices: member = factor · form, exactly.

    A vector "1o" is read as a vector, a pseudo-vector "1e" as the skew matrix R_ij = eps_ijk w_k, "2e" as a symmetric
    traceless matrix, a Cartesian tensor "i", "ij", "ij=ji" or "ij=-ji" as the vector or whole matrix "c". Under axial
    groups n is the unit vector along the main axis; where a group reverses it, N = n n^T occurs in its place. Of a
    vector v, skew(v) is the matrix eps_ijk v_k; of a matrix W, axial(W) is the vector eps_ijk W_ij.

    Attributes:
        terms: coefficients and factors; the first coefficient is 1.
        factor: what the member is of the form: for outputs the tensor whose rational components (Cartesian outputs:
            whose entries) are the member's.
        letters: the tensors of the form, and the axis.
        axis: coprime integers along n, None where the group has no axis.
    """

    terms: tuple[Term, ...]
    factor: Fraction | Surd
    letters: tuple[Letter, ...]
    axis: tuple[int, int, int] | None = None

    def latex(self) -> str:
        r"""As LaTeX, such as \operatorname{tr}(S R^{2}) or S R - R S."""
        from invgen.show.matrices.printing import LATEX, written

        return written(self.terms, LATEX)

    def sympy(self) -> sympy.Expr:
        """As a SymPy expression of `MatrixSymbol`s (numbers: symbols) called like the tensors."""
        from invgen.show.matrices.symbols import expression

        return expression(self.terms)

    def numpy(self, **matrices: Any) -> Array:
        """The form, without the factor, at matrices (..., 3, 3), vectors (..., 3) and numbers (...) called by name.

        Returns:
            (...), of covariants (..., 3) or (..., 3, 3); the shapes of batches are broadcast.

        Raises:
            InputError: a name too many or too few, a shape that does not fit, or a matrix that is not skew, symmetric
                or traceless as its tensor is.
        """
        from invgen.show.matrices.arrays import evaluate

        return evaluate(str(self), self.terms, self.letters, self.axis, matrices)

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"

    def __str__(self) -> str:
        from invgen.show.matrices.printing import PLAIN, written

        return written(self.terms, PLAIN)


def matrix_form(expression: Expression, space: TensorSpace, outputs: str = SCALAR) -> MatrixForm:
    """The matrix form of a member of a basis.

    It is a single product of words wherever there is one, the one with the fewest factors; otherwise a combination of
    as few as a search of limited size finds. It is a function of the arguments alone.

    Raises:
        InputError: a space in the plane, a tensor or an output of rank above 2, or a finite point group.
    """
    readings.check(space, outputs)
    rank = expression.rank(space) if outputs != SCALAR else 0  # type: ignore[attr-defined]
    part = part_of_rank(outputs, rank)
    if part is None:
        raise EnumerationError(f"{expression} has no part in {outputs}; please report this as a defect")
    odd = sum(space.rank(name) for name in expression.tensors if is_structural(name)) % 2
    words = table(space, rank, part.parity, expression.multidegree(space))
    places = words.of_axis_parity(odd)
    member = words.exact(expression)
    found = sparse_support(words.values[places], words.residues(member), words.prime)
    if found is None:
        raise EnumerationError(f"no products of words make {expression}; please report this as a defect")
    places = [places[i] for i in found]
    terms = [
        Term(coefficient * term.coefficient, term.factors)
        for place, coefficient in zip(places, words.solution(places, member), strict=True)
        for term in _explicit(words.kind, words.candidates[place], words.order)
    ]
    scale, order, letters = Fraction(1), words.order, words.letters
    if is_cartesian(outputs):
        scale = readings.output_scale(outputs, rank)
        if rank == 0:
            terms = [Term(t.coefficient, (*t.factors, IDENTITY)) for t in terms]
    whole = readings.cartesian_letter(space)
    if whole is not None:
        letters = (whole, *(x for x in letters if x.place is None))
        order = Order(letters)
        terms = readings.substituted(terms, readings.substitution(space, whole), order)
    ordered = collected(terms, order)
    first = ordered[0].coefficient
    factor = Surd.rational(first * scale)
    if odd and not words.projects:
        factor *= Surd.root(words.axis_square)  # words hold the unit vector, the search an integer one
    return MatrixForm(
        tuple(Term(t.coefficient / first, t.factors) for t in ordered),
        factor.as_fraction() or factor,
        letters,
        readings.axis(space),
    )


def _explicit(kind: str, factors: Product, order: Order) -> list[Term]:
    """A candidate as terms: twice the skew part of a matrix, or twice the deviator with its trace."""
    one = Fraction(1)
    if kind in (SCALARS, VECTORS):
        return [Term(one, factors)]
    *scalars, last = factors
    word = last.words[0]
    sign, turned = reversed_word(word)
    other = Term(Fraction(-sign if kind == SKEWS else sign), (*scalars, Factor(WORD, (turned,))))
    if kind == SKEWS:
        return [Term(one, factors), other]
    times, trace = order.trace(word)
    return [Term(one, factors), other, Term(Fraction(-2 * times, 3), (*scalars, *trace, IDENTITY))]
