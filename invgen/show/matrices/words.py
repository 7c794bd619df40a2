"""Products of matrices and vectors: the words that matrix forms are made of, their values and their equal forms.

A word is a product of symbols: between a row and a column a number, with a column at its end a vector, otherwise a
matrix. A factor is a number, the trace of a word, a word, the determinant of three vectors, or the vector of a matrix.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby, pairwise
from typing import Any, Protocol

import numpy as np

from invgen.algebra.modular import Array

NUMBER, VECTOR, DEVIATOR, SYMMETRIC, SKEW, SQUARE = "number", "vector", "deviator", "symmetric", "skew", "square"
PROJECTOR = "projector"
MATRIX, TRANSPOSED, COLUMN, ROW, CROSS = "matrix", "transposed", "column", "row", "cross"
VALUE, TRACE, WORD, DETERMINANT, AXIAL = "value", "trace", "word", "determinant", "axial"
_SIGN = {DEVIATOR: 1, SYMMETRIC: 1, PROJECTOR: 1, SKEW: -1}


@dataclass(frozen=True)
class Letter:
    """A tensor as mechanics reads it.

    Attributes:
        name: the tensor's; of the fixed axis of a group "n", of the matrix n n^T "N".
        kind: "number", "vector", "deviator" (symmetric and traceless), "symmetric", "skew", "square", or "projector"
            for the matrix N.
        place: of the tensor in the space; None for the fixed axis, and for the whole of a Cartesian tensor.
    """

    name: str
    kind: str
    place: int | None = None


@dataclass(frozen=True)
class Symbol:
    """A letter in a word.

    Attributes:
        letter: the letter.
        role: "matrix" or "transposed"; of a vector "column", "row", or "cross" for its skew matrix eps_ijk v_k.
    """

    letter: Letter
    role: str = MATRIX


Word = tuple[Symbol, ...]


@dataclass(frozen=True)
class Factor:
    """A factor of a term.

    Attributes:
        kind: "value" of a number, "trace", "word", "determinant" (of three vectors), or "axial": the vector v_k =
            eps_ijk W_ij of a matrix W, which is twice v for the skew matrix of v.
        words: three of a determinant, otherwise one; the empty word is the identity matrix.
    """

    kind: str
    words: tuple[Word, ...]

    @property
    def is_scalar(self) -> bool:
        """Whether its value is a number."""
        if self.kind == WORD:
            word = self.words[0]
            return bool(word) and word[0].role == ROW and word[-1].role == COLUMN
        return self.kind != AXIAL

    @property
    def order(self) -> int:
        """The number of indices of its value: 0, 1 or 2."""
        if self.is_scalar:
            return 0
        return 1 if self.kind == AXIAL or is_vector(self.words[0]) else 2


Multiple = tuple[int, tuple[Factor, ...]]
"""An integer times factors: a factor in its first form, a number alone, or 0."""


@dataclass(frozen=True)
class Term:
    """A coefficient times factors, of which at most the last is a vector or a matrix."""

    coefficient: Fraction
    factors: tuple[Factor, ...]


class Numbers(Protocol):
    """The arithmetic of values, as `algebra.modular.Arithmetic`."""

    def matmul(self, a: Array, b: Array) -> Array:
        """a · b over the last two axes."""

    def reduce(self, a: Array) -> Array:
        """Bring sums of products of two numbers back into range."""


class Values:
    """The values of factors at a batch of points; those of words are kept.

    Args:
        given: by name of letter (..., 3, 3), (..., 3) or (...), of one batch shape.
        arithmetic: of these arrays.
    """

    def __init__(self, given: Mapping[str, Array], arithmetic: Numbers) -> None:
        self._given = given
        self._arithmetic = arithmetic
        self._words: dict[Word, Array] = {}

    def of(self, factor: Factor) -> Array:
        """The value: (...) of a scalar, (..., 3) of a vector, (..., 3, 3) of a matrix."""
        reduce = self._arithmetic.reduce
        first = factor.words[0]
        if factor.kind == VALUE:
            return self._given[first[0].letter.name]
        if factor.kind == DETERMINANT:
            a, b, c = (self.word(word)[..., 0] for word in factor.words)
            crossed = [reduce(b[..., i - 2] * c[..., i - 1]) - reduce(b[..., i - 1] * c[..., i - 2]) for i in range(3)]
            return reduce(sum(reduce(a[..., i] * reduce(crossed[i])) for i in range(3)))  # type: ignore[arg-type]
        value = self.word(first)
        if factor.kind == TRACE:
            return reduce(value[..., 0, 0] + value[..., 1, 1] + value[..., 2, 2])
        if factor.kind == AXIAL:
            return reduce(axial(value))
        if factor.is_scalar:
            return value[..., 0, 0]
        return value[..., 0] if is_vector(first) else value

    def word(self, word: Word) -> Array:
        """The product of the symbols, (..., rows, columns)."""
        if not word:
            return np.eye(3, dtype=np.int64)
        if word not in self._words:
            if len(word) == 1:
                value = self._symbol(word[0])
            elif word[-1].role == COLUMN:
                value = self._arithmetic.matmul(self._symbol(word[0]), self.word(word[1:]))
            else:
                value = self._arithmetic.matmul(self.word(word[:-1]), self._symbol(word[-1]))
            self._words[word] = value
        return self._words[word]

    def _symbol(self, symbol: Symbol) -> Array:
        value = self._given[symbol.letter.name]
        if symbol.role == TRANSPOSED:
            return np.swapaxes(value, -1, -2)
        if symbol.role == CROSS:
            return self._arithmetic.reduce(cross(value))
        return value[..., :, None] if symbol.role == COLUMN else value[..., None, :] if symbol.role == ROW else value


def is_vector(word: Word) -> bool:
    """Whether the word is a vector: a column ends it and it has no row."""
    return bool(word) and word[-1].role == COLUMN and all(symbol.role != ROW for symbol in word)


def cross(vector: Array) -> Array:
    """The skew matrix R_ij = eps_ijk v_k of vectors (..., 3): R u = u x v."""
    x, y, z = vector[..., 0], vector[..., 1], vector[..., 2]
    zero = x * 0
    return np.stack([np.stack(row, axis=-1) for row in ((zero, z, -y), (-z, zero, x), (y, -x, zero))], axis=-2)


def axial(matrix: Array) -> Array:
    """The vector eps_ijk W_ij of matrices (..., 3, 3)."""
    return np.stack([matrix[..., i - 2, i - 1] - matrix[..., i - 1, i - 2] for i in range(3)], axis=-1)


def reversed_word(word: Word) -> tuple[int, Word]:
    """The transpose of a word: a sign and a word."""
    sign, turned = 1, []
    for symbol in reversed(word):
        kind, role = symbol.letter.kind, symbol.role
        if kind == VECTOR:
            sign *= -1 if role == CROSS else 1
            turned.append(Symbol(symbol.letter, {COLUMN: ROW, ROW: COLUMN, CROSS: CROSS}[role]))
        elif kind == SQUARE:
            turned.append(Symbol(symbol.letter, TRANSPOSED if role == MATRIX else MATRIX))
        else:
            sign *= _SIGN[kind]
            turned.append(symbol)
    return sign, tuple(turned)


def runs(word: Word) -> list[tuple[Symbol, int]]:
    """Equal neighbours together, as powers."""
    return [(symbol, len(list(group))) for symbol, group in groupby(word)]


class Order:
    """The order of words: fewer powers first, then shorter ones, then in the order of letters.

    Args:
        letters: in order.
    """

    def __init__(self, letters: Sequence[Letter]) -> None:
        self._place = {letter: i for i, letter in enumerate(letters)}

    def of_word(self, word: Word) -> tuple[Any, ...]:
        """The key of a word."""
        marks = (MATRIX, TRANSPOSED, CROSS, COLUMN, ROW)
        powers = runs(word)
        spelt = [(self._place[s.letter], -count, marks.index(s.role)) for s, count in powers]
        return (len(powers), len(word), *spelt)

    def of_factor(self, factor: Factor) -> tuple[Any, ...]:
        """The key of a factor."""
        kind = (VALUE, TRACE, WORD, AXIAL, DETERMINANT).index(factor.kind)
        return (kind, sum(map(len, factor.words)), tuple(map(self.of_word, factor.words)))

    def of_factors(self, factors: Iterable[Factor]) -> tuple[Any, ...]:
        """The key of a product."""
        given = list(factors)
        scalars = [f for f in given if f.kind != VALUE]
        powers = sum(len(runs(word)) for f in given for word in f.words)
        return (len(scalars), powers, sum(len(w) for f in given for w in f.words), [self.of_factor(f) for f in given])

    def trace(self, word: Word) -> Multiple:
        """tr(word) as its first form up to cyclic order and transposition; of a dyad, the product of its vectors."""
        start = next((i for i, symbol in enumerate(word) if symbol.role == ROW), None)
        if start is not None:
            return self.scalar(word[start:] + word[:start])
        if len(word) <= 1:
            kind = word[0].letter.kind if word else ""
            if not word or kind == PROJECTOR:
                return (1, ()) if word else (3, ())
            if kind in (DEVIATOR, SKEW) or word[0].role == CROSS:
                return 0, ()
        found: dict[Word, int] = {}
        for sign, turned in ((1, word), reversed_word(word)):
            for i in range(len(word)):
                rotated = turned[i:] + turned[:i]
                if found.setdefault(rotated, sign) != sign:
                    return 0, ()
        first = min(found, key=self.of_word)
        return found[first], (Factor(TRACE, (first,)),)

    def scalar(self, word: Word) -> Multiple:
        """A word between a row and a column as the first of its two forms; n · n = 1."""
        if len(word) == 2 and word[0].letter == word[1].letter and word[0].letter.place is None:
            return 1, ()
        if any(a.letter == b.letter and CROSS in (a.role, b.role) and a.role != b.role for a, b in pairwise(word)):
            return 0, ()  # v x v
        return self._first(word, WORD, 1)

    def axial(self, word: Word) -> Multiple:
        """The axial vector of a matrix as the first of its two forms."""
        return self._first(word, AXIAL, -1)

    def _first(self, word: Word, kind: str, symmetry: int) -> Multiple:
        sign, turned = reversed_word(word)
        sign *= symmetry
        if turned == word:
            return (1, (Factor(kind, (word,)),)) if sign > 0 else (0, ())
        if self.of_word(word) <= self.of_word(turned):
            return 1, (Factor(kind, (word,)),)
        return sign, (Factor(kind, (turned,)),)


IDENTITY = Factor(WORD, ((),))


def has_long_run(word: Word) -> bool:
    """Whether a matrix occurs three times in a row, which the theorem of Cayley and Hamilton makes superfluous."""
    return any(a == b == c for (a, b), c in zip(pairwise(word), word[2:], strict=False))


def collected(terms: Iterable[Term], order: Order) -> tuple[Term, ...]:
    """Like terms together, without zeros; terms with fewer factors come first, multiples of the identity last."""
    total: Counter[tuple[Factor, ...]] = Counter()
    for term in terms:
        scalars = sorted((f for f in term.factors if f.is_scalar), key=order.of_factor)
        total[(*scalars, *(f for f in term.factors if not f.is_scalar))] += term.coefficient  # type: ignore[assignment]
    kept = [Term(Fraction(c), factors) for factors, c in total.items() if c]
    return tuple(sorted(kept, key=lambda term: (IDENTITY in term.factors, order.of_factors(term.factors))))
