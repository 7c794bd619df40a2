"""Which products of words may make a member: all of a multidegree, as many as span what there is.

*Which words suffice.* An invariant of O(3) or SO(3) is a contraction of its tensors with at most one Levi-Civita
symbol (Weyl, The Classical Groups). Its indices are joined along chains of matrices, so that it is a sum of products of
traces, of chains between two vectors, and of at most one factor that holds the symbol. The symbol takes an index of
some vector, since otherwise it is not needed; one of three chains from it can be made empty by
eps(W u, v, w) + eps(u, W v, w) + eps(u, v, W w) = tr(W) eps(u, v, w). Matrices are not repeated three times in a row
(Cayley and Hamilton), and words of six matrices are reducible (Dubnov and Ivanov). Under an axial group the axis n is
one more vector with n · n = 1, or N = n n^T one more matrix with N W N = tr(N W) N.

That the words suffice is not relied on: their values must have the rank that the Molien integral gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import product
from typing import Any

import numpy as np

from invgen.algebra.finite_field import Echelon, Vector
from invgen.show.matrices.words import (
    COLUMN,
    CROSS,
    DETERMINANT,
    NUMBER,
    PROJECTOR,
    ROW,
    VALUE,
    VECTOR,
    WORD,
    Factor,
    Letter,
    Order,
    Symbol,
    Values,
    Word,
    axial,
    has_long_run,
    reversed_word,
)
from invgen.spaces.harmonics import components_of_tensor, monomials

Degrees = tuple[int, ...]
Product = tuple[Factor, ...]
SCALARS, VECTORS, DEVIATORS, SKEWS = "scalars", "vectors", "deviators", "skews"
_TRACE_LENGTH, _WORD_LENGTH = 6, 5


class Candidates:
    """Products of words by their degrees in the letters, with values modulo a prime at fixed points.

    Args:
        letters: of the words; the fixed axis n or the matrix N comes last.
        values: of the letters modulo the prime.
        prime: below 2^31.
        count: of points.
    """

    def __init__(self, letters: Sequence[Letter], values: Values, prime: int, count: int) -> None:
        self._letters = tuple(letters)
        self._values = values
        self._prime = prime
        self._count = count
        self.order = Order(letters)
        self._scalars: dict[tuple[Degrees, int], list[Product]] = {}
        self._generators: dict[tuple[str, Degrees, int], list[Factor]] = {}
        self._value: dict[Product, Vector] = {}

    def of(self, outputs: str, degrees: Degrees, symbols: int) -> list[Product]:
        """Products of these degrees with this number of Levi-Civita symbols, in the order of preference.

        Args:
            outputs: "scalars", "vectors", "deviators" or "skews".
            degrees: in each letter.
            symbols: 0 or 1.
        """
        found: list[Product] = [(f,) for f in self._primitives(outputs, degrees, symbols)]
        if outputs == SCALARS:
            found += self._products(degrees, symbols)
            if not symbols and not any(self._moving(degrees)):
                found.append(())
        else:
            found += self._multiples(outputs, degrees, symbols)
        numbers = self._numbers(degrees)
        return sorted({(*numbers, *p) for p in found}, key=self.order.of_factors)

    def value(self, outputs: str, factors: Product) -> Vector:
        """Values in rational components, (points · components,); twice the symmetric or skew part of a matrix."""
        return self._flat(outputs, factors)

    def _numbers(self, degrees: Degrees) -> Product:
        return tuple(
            Factor(VALUE, ((Symbol(letter),),))
            for letter, count in zip(self._letters, degrees, strict=True)
            if letter.kind == NUMBER
            for _ in range(count)
        )

    def _flat(self, outputs: str, factors: Product) -> Vector:
        scalars, last = (factors, ()) if outputs == SCALARS else (factors[:-1], factors[-1:])
        total = np.ones(self._count, dtype=np.int64)
        for i, factor in enumerate(scalars):
            # products of few scalars occur in many candidates
            key = scalars[: i + 1]
            if key not in self._value:
                self._value[key] = total * self._values.of(factor) % self._prime
            total = self._value[key]
        if not last:
            return total
        key = (last[0], outputs)  # type: ignore[assignment]
        if key not in self._value:
            self._value[key] = np.array(components(outputs, self._values.of(last[0]))) % self._prime
        parts: Vector = total[:, None] * self._value[key] % self._prime
        return parts.ravel()

    def _products(self, degrees: Degrees, symbols: int) -> list[Product]:
        """Products of at least two generators of the scalars."""
        found = []
        for part, sign, rest, left in self._splits(degrees, symbols):
            for factor in self._scalar_generators(part, sign):
                for others in self._scalar_products(rest, left):
                    if others and self._key(factor) <= self._key(others[0]):
                        found.append((factor, *others))
        return found

    def _multiples(self, outputs: str, degrees: Degrees, symbols: int) -> list[Product]:
        """Generators of the covariants of lower degrees times scalars."""
        return [
            (*scalars, factor)
            for part, sign, rest, left in self._splits(degrees, symbols)
            for scalars in self._scalar_products(part, sign)
            for factor in self._covariant_generators(outputs, rest, left)
        ]

    def _scalar_products(self, degrees: Degrees, symbols: int) -> list[Product]:
        """All products of generators of these degrees, factors in ascending order."""
        key = (degrees, symbols)
        if key not in self._scalars:
            single = [(f,) for f in self._scalar_generators(degrees, symbols)]
            self._scalars[key] = single + self._products(degrees, symbols)
        return self._scalars[key]

    def _scalar_generators(self, degrees: Degrees, symbols: int) -> list[Factor]:
        key = (SCALARS, degrees, symbols)
        if key not in self._generators:
            self._generators[key] = self._new(SCALARS, degrees, symbols, self._products(degrees, symbols))
        return self._generators[key]

    def _covariant_generators(self, outputs: str, degrees: Degrees, symbols: int) -> list[Factor]:
        key = (outputs, degrees, symbols)
        if key not in self._generators:
            self._generators[key] = self._new(outputs, degrees, symbols, self._multiples(outputs, degrees, symbols))
        return self._generators[key]

    def _new(self, outputs: str, degrees: Degrees, symbols: int, known: list[Product]) -> list[Factor]:
        """Factors outside the span of the known products and of those before them."""
        primitives = self._primitives(outputs, degrees, symbols)
        if not primitives:
            return []
        echelon: Echelon | None = None
        kept = []
        for factor in [*known, *((f,) for f in primitives)]:
            value = self._flat(outputs, factor)
            echelon = echelon or Echelon(len(value), self._prime)
            if echelon.insert(value) and len(factor) == 1 and factor not in known:
                kept.append(factor[0])
        return kept

    def _key(self, factor: Factor) -> tuple[Any, ...]:
        return self.order.of_factor(factor)

    def _splits(self, degrees: Degrees, symbols: int) -> Iterator[tuple[Degrees, int, Degrees, int]]:
        """All ways to share degrees and symbols among two parts that are not empty, numbers left out."""
        moving = self._moving(degrees)
        for part in product(*(range(k + 1) for k in moving)):
            rest = tuple(k - p for k, p in zip(moving, part, strict=True))
            if any(part) and any(rest):
                for sign in range(symbols + 1):
                    yield part, sign, rest, symbols - sign

    def _moving(self, degrees: Degrees) -> list[int]:
        return [0 if letter.kind == NUMBER else k for letter, k in zip(self._letters, degrees, strict=True)]

    def _primitives(self, outputs: str, degrees: Degrees, symbols: int) -> list[Factor]:
        """Single factors of these degrees, numbers left out, not zero at the points, in the order of preference."""
        matrices = tuple(0 if x.kind in (NUMBER, VECTOR) else k for x, k in zip(self._letters, degrees, strict=True))
        columns = [x for x, k in zip(self._letters, degrees, strict=True) if x.kind == VECTOR for _ in range(k)]
        if any(k > 1 for x, k in zip(self._letters, matrices, strict=True) if x.kind == PROJECTOR):
            return []
        found = {SCALARS: _scalars, VECTORS: _vectors}.get(outputs, _matrices)(
            self._letters, matrices, columns, symbols, self.order
        )
        distinct: dict[bytes, Factor] = {}
        for factor in sorted(set(found), key=self._key):
            value = self._flat(outputs, (factor,))
            support = np.flatnonzero(value)
            if len(support):  # multiples of earlier ones are left out
                scaled = value * pow(int(value[support[0]]), -1, self._prime) % self._prime
                distinct.setdefault(scaled.tobytes(), factor)
        return list(distinct.values())


def components(outputs: str, value: Any) -> Any:
    """Rational components (points, 2l + 1) of vectors, of twice the deviator or of twice the skew part of matrices."""
    if outputs == VECTORS:
        return value[..., [1, 2, 0]]
    if outputs == SKEWS:
        return axial(value)[..., [1, 2, 0]]
    twice = value + np.swapaxes(value, -1, -2)
    places = [[axis for axis, power in enumerate(e) for _ in range(power)] for e in monomials(2)]
    entries = np.stack([twice[..., i, j] for i, j in places], axis=-1)
    return entries @ np.array(components_of_tensor(2)).T


def _scalars(
    letters: tuple[Letter, ...], matrices: Degrees, columns: list[Letter], symbols: int, order: Order
) -> Iterator[Factor]:
    if len(columns) == symbols:
        for word in _words(letters, matrices, columns, _TRACE_LENGTH):
            yield from order.trace(word)[1]
    elif symbols == 0 and len(columns) == 2:
        u, v = columns
        for word in _words(letters, matrices, [], _WORD_LENGTH):
            yield from order.scalar((Symbol(u, ROW), *word, Symbol(v, COLUMN)))[1]
    elif symbols == 1 and len(columns) == 3:
        for last, (u, v) in _each_apart(columns):
            for left, right in _cut_words(letters, matrices, [], _WORD_LENGTH):
                columns_of = ((*left, Symbol(u, COLUMN)), (*right, Symbol(v, COLUMN)), (Symbol(last, COLUMN),))
                yield Factor(DETERMINANT, columns_of)


def _vectors(
    letters: tuple[Letter, ...], matrices: Degrees, columns: list[Letter], symbols: int, order: Order
) -> Iterator[Factor]:
    if symbols == 1 and not columns:
        for word in _words(letters, matrices, [], _TRACE_LENGTH):
            yield from order.axial(word)[1]
    elif len(columns) == 1 + symbols:
        for last, others in _each_apart(columns):
            for word in _words(letters, matrices, others, _WORD_LENGTH):
                yield Factor(WORD, ((*word, Symbol(last, COLUMN)),))


def _matrices(
    letters: tuple[Letter, ...], matrices: Degrees, columns: list[Letter], symbols: int, order: Order
) -> Iterator[Factor]:
    found: Iterator[Word] = iter(())
    if len(columns) == symbols:
        found = _words(letters, matrices, columns, _WORD_LENGTH)
    elif len(columns) == 2 + symbols:
        found = (
            (*left, Symbol(u, COLUMN), Symbol(v, ROW), *right)
            for others, (u, v) in (_pairs(columns) if symbols else [([], tuple(columns))])
            for left, right in _cut_words(letters, matrices, others, _WORD_LENGTH)
        )
    for word in found:
        if word:
            yield Factor(WORD, (min(word, reversed_word(word)[1], key=order.of_word),))


def _each_apart(columns: list[Letter]) -> Iterator[tuple[Letter, list[Letter]]]:
    """Each vector with the others."""
    for i, letter in enumerate(columns):
        yield letter, columns[:i] + columns[i + 1 :]


def _pairs(columns: list[Letter]) -> list[tuple[list[Letter], tuple[Letter, ...]]]:
    """Each of three vectors as a list, with the other two."""
    return [([letter], tuple(others)) for letter, others in _each_apart(columns)]


@cache
def _arranged(counts: Degrees) -> tuple[Degrees, ...]:
    """All sequences that hold number i counts[i] times."""
    if not any(counts):
        return ((),)
    return tuple(
        (i, *rest) for i, k in enumerate(counts) if k for rest in _arranged((*counts[:i], k - 1, *counts[i + 1 :]))
    )


def _sequences(
    letters: tuple[Letter, ...], matrices: Degrees, crossed: Sequence[Letter], longest: int
) -> Iterator[Word]:
    """All words of these matrices and of the skew matrices of the `crossed` vectors."""
    if sum(matrices) + len(crossed) <= longest:
        symbols = [Symbol(letter) for letter in letters] + [Symbol(letter, CROSS) for letter in crossed]
        for sequence in _arranged((*matrices, *(1 for _ in crossed))):
            yield tuple(symbols[i] for i in sequence)


def _words(letters: tuple[Letter, ...], matrices: Degrees, crossed: Sequence[Letter], longest: int) -> Iterator[Word]:
    """The words without long runs; the trace of a cube is one of few letters."""
    for word in _sequences(letters, matrices, crossed, longest):
        if not has_long_run(word) or (len(word) == 3 and longest == _TRACE_LENGTH):
            yield word


def _cut_words(
    letters: tuple[Letter, ...], matrices: Degrees, crossed: Sequence[Letter], longest: int
) -> Iterator[tuple[Word, Word]]:
    """Two words, without long runs, that hold these matrices."""
    for word in _sequences(letters, matrices, crossed, longest):
        for i in range(len(word) + 1):
            if not has_long_run(word[:i]) and not has_long_run(word[i:]):
                yield word[:i], word[i:]
