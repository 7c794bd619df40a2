"""Matrix forms as SymPy expressions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy

from invgen.show.matrices.words import (
    AXIAL,
    CROSS,
    DETERMINANT,
    NUMBER,
    ROW,
    TRACE,
    TRANSPOSED,
    VALUE,
    VECTOR,
    Factor,
    Letter,
    Symbol,
    Term,
    Word,
)


def expression(form: Sequence[Term]) -> Any:
    """A sum of terms in `MatrixSymbol`s 3 x 3 and 3 x 1 and symbols, called like the tensors and the axis."""
    terms = [_term(term) for term in form]
    if len(terms) == 1:
        return terms[0]
    return sympy.MatAdd(*terms) if getattr(terms[0], "is_Matrix", False) else sympy.Add(*terms)


def _term(term: Term) -> Any:
    scalar = sympy.Rational(term.coefficient.numerator, term.coefficient.denominator)
    for factor in term.factors:
        if not factor.is_scalar:
            return _factor(factor) if scalar == 1 else sympy.MatMul(scalar, _factor(factor))
        scalar *= _factor(factor)
    return scalar


def _factor(factor: Factor) -> Any:
    word = factor.words[0]
    if factor.kind == VALUE:
        return _letter(word[0].letter)
    if factor.kind == TRACE:
        return sympy.Trace(_word(word))
    if factor.kind == DETERMINANT:
        a, b, c = (_word(w) for w in factor.words)
        return sympy.Trace(a.T * _cross(c) * b)  # a · (b x c)
    if factor.kind == AXIAL:
        matrix = _word(word)
        return sympy.Matrix([matrix[i - 2, i - 1] - matrix[i - 1, i - 2] for i in range(3)])
    if factor.is_scalar:
        return sympy.Trace(_word(word))  # of 1 x 1
    return _word(word)


def _word(word: Word) -> Any:
    symbols = [_symbol(symbol) for symbol in word]
    return sympy.Identity(3) if not symbols else symbols[0] if len(symbols) == 1 else sympy.MatMul(*symbols)


def _symbol(symbol: Symbol) -> Any:
    letter = _letter(symbol.letter)
    if symbol.role == CROSS:
        return _cross(letter)
    return letter.T if symbol.role in (ROW, TRANSPOSED) else letter


def _letter(letter: Letter) -> Any:
    if letter.kind == NUMBER:
        return sympy.Symbol(letter.name, real=True)
    return sympy.MatrixSymbol(letter.name, 3, 1 if letter.kind == VECTOR else 3)


def _cross(vector: Any) -> Any:
    x, y, z = (vector[i, 0] for i in range(3))
    return sympy.ImmutableMatrix([[0, z, -y], [-z, 0, x], [y, -x, 0]])
