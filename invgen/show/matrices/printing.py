"""Matrix forms in ASCII, "tr(S R^2) - 1/3 tr(S) tr(R^2)", and in LaTeX."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby
from typing import Protocol

from invgen.algebra.exact import Surd
from invgen.contractions import markup
from invgen.show.matrices.words import (
    AXIAL,
    COLUMN,
    CROSS,
    DETERMINANT,
    ROW,
    TRACE,
    TRANSPOSED,
    Factor,
    Symbol,
    Term,
    Word,
    runs,
)


class Notation(Protocol):
    """How the parts of a form look."""

    identity: str
    dot: str

    def name(self, name: str) -> str:
        """A tensor."""

    def power(self, base: str, exponent: int) -> str:
        """A power of a matrix or of a scalar factor."""

    def transposed(self, base: str) -> str:
        """The transpose."""

    def function(self, name: str, argument: str) -> str:
        """tr, det, skew or axial of something."""

    def bracketed(self, text: str) -> str:
        """A scalar product beside other factors."""

    def fraction(self, value: Fraction) -> str:
        """A positive number."""

    def root(self, radicand: int) -> str:
        """A square root."""


class _Shared:
    """What notations write alike."""

    def function(self, name: str, argument: str) -> str:
        return f"{name}({argument})"

    def bracketed(self, text: str) -> str:
        return f"({text})"

    def fraction(self, value: Fraction) -> str:
        return str(value)


class _PlainNotation(_Shared):
    identity = "1"
    dot = " . "

    def name(self, name: str) -> str:
        return name

    def power(self, base: str, exponent: int) -> str:
        return f"{base}^{exponent}"

    def transposed(self, base: str) -> str:
        return f"{base}^T"

    def root(self, radicand: int) -> str:
        return f"sqrt({radicand})"


class _LatexNotation(_Shared):
    identity = r"\mathbf{1}"
    dot = r" \cdot "

    def name(self, name: str) -> str:
        return markup.LATEX.tensor(name)

    def power(self, base: str, exponent: int) -> str:
        # the name T^{(2)} has an exponent of its own
        return f"{{{base}}}^{{{exponent}}}" if "^" in base and not base.endswith(")") else f"{base}^{{{exponent}}}"

    def transposed(self, base: str) -> str:
        return f"{{{base}}}^{{\\mathsf{{T}}}}" if "^" in base else rf"{base}^{{\mathsf{{T}}}}"

    def function(self, name: str, argument: str) -> str:
        return rf"\operatorname{{{name}}}({argument})"

    def fraction(self, value: Fraction) -> str:
        return str(value) if value.denominator == 1 else rf"\tfrac{{{value.numerator}}}{{{value.denominator}}}"

    def root(self, radicand: int) -> str:
        return rf"\sqrt{{{radicand}}}"


class _HtmlNotation(_Shared):
    identity = "<b>1</b>"
    dot = " &sdot; "

    def name(self, name: str) -> str:
        return markup.HTML.tensor(name)

    def power(self, base: str, exponent: int) -> str:
        return (
            f"({base})<sup>{exponent}</sup>" if "<sup>" in base and base[-1] != ")" else f"{base}<sup>{exponent}</sup>"
        )

    def transposed(self, base: str) -> str:
        return f"{base}<sup>T</sup>"

    def root(self, radicand: int) -> str:
        return f"&radic;{radicand}"


PLAIN: Notation = _PlainNotation()
LATEX: Notation = _LatexNotation()
HTML: Notation = _HtmlNotation()


def written(terms: Sequence[Term], notation: Notation) -> str:
    """A sum of terms; signs between them."""
    text = ""
    for term in terms:
        sign = "-" if term.coefficient < 0 else "+"
        body = _term(term, notation)
        text += f" {sign} {body}" if text else body if sign == "+" else f"-{body}"
    return text


def scaled(factor: Fraction | Surd, terms: Sequence[Term], notation: Notation) -> str:
    """A factor times a sum of terms: "-12 (S^2 R - R S^2)"."""
    text = written(terms, notation)
    if factor == 1:
        return text
    size, radicand = _root(factor)
    parts = [notation.fraction(size)] if size != 1 else []
    if radicand != 1:
        parts.append(notation.root(radicand))
    body = f"({text})" if len(terms) > 1 else text
    negative = factor.sign < 0 if isinstance(factor, Surd) else factor < 0
    return ("-" if negative else "") + " ".join([*parts, body])


def _root(value: Fraction | Surd) -> tuple[Fraction, int]:
    """The magnitude of a number as a rational times the root of an integer without square factors."""
    if not isinstance(value, Surd):
        return abs(value), 1
    radicand, size = value.square.numerator * value.square.denominator, Fraction(1, value.square.denominator)
    divisor = 2
    while divisor * divisor <= radicand:
        while radicand % divisor**2 == 0:
            radicand //= divisor**2
            size *= divisor
        divisor += 1
    return size, radicand


def _term(term: Term, notation: Notation) -> str:
    size = abs(term.coefficient)
    factors = [(factor, len(list(group))) for factor, group in groupby(term.factors)]
    alone = len(factors) == 1 and factors[0][1] == 1 and size == 1
    parts = [_factor(factor, times, notation, alone) for factor, times in factors]
    if size != 1 or not parts:
        parts.insert(0, notation.fraction(size))
    return " ".join(parts)


def _factor(factor: Factor, times: int, notation: Notation, alone: bool) -> str:
    if factor.kind in (TRACE, AXIAL):
        text = notation.function("tr" if factor.kind == TRACE else "axial", _word(factor.words[0], notation))
    elif factor.kind == DETERMINANT:
        text = notation.function("det", ", ".join(_word(word, notation) for word in factor.words))
    else:
        text = _word(factor.words[0], notation)
        if factor.is_scalar and len(factor.words[0]) > 1 and not alone:
            text = notation.bracketed(text)
    return text if times == 1 else notation.power(text, times)


def _word(word: Word, notation: Notation) -> str:
    if not word:
        return notation.identity
    if word[0].role == ROW and word[-1].role == COLUMN:
        left = notation.name(word[0].letter.name)
        return left + notation.dot + _word(word[1:], notation)
    return " ".join(
        _symbol(symbol, notation) if count == 1 else notation.power(_symbol(symbol, notation), count)
        for symbol, count in runs(word)
    )


def _symbol(symbol: Symbol, notation: Notation) -> str:
    name = notation.name(symbol.letter.name)
    if symbol.role in (TRANSPOSED, ROW):
        return notation.transposed(name)
    return notation.function("skew", name) if symbol.role == CROSS else name
