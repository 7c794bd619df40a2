"""The invariants of one multidegree in the plane, exactly: products of moments of weight 0 are a basis.

Under SO(2) the real and imaginary parts of all products of moments and conjugates of weight 0 are a basis, and those
products that have no factor of weight 0 are the generators. Under O(2) a reflection takes a product M to ε times its
conjugate, with the sign ε of the multidegree, so that the even parts e(M) = M + ε M̄ are a basis. With ε' the sign of N,
e(M) e(N) = e(M N) + ε' e(M N̄): these sums span everything that lower invariants generate, each ties one even part to
another up to a sign, and an even part that is tied to minus itself is generated. What is left are the classes of tied
even parts, and one of each is a generator.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from invgen.contractions.planar_product import IMAGINARY, REAL, PlanarProduct, cost, even_part, write
from invgen.spaces.space import TensorSpace

Powers = tuple[int, ...]  # how many of the k factors of each moment are not conjugated: of real ones all
Divisor = tuple[tuple[int, int], ...]  # how many plain and how many conjugated factors of each moment


@dataclass(frozen=True)
class PlanarInvariants:
    """A basis of the invariants of a multidegree, all of one cost.

    Attributes:
        cost: multiplications of each.
        generated: what products of lower invariants span together with the generators.
        generators: no combination of which is a polynomial in lower invariants.
    """

    cost: int
    generated: tuple[PlanarProduct, ...]
    generators: tuple[PlanarProduct, ...]


def planar_invariants(space: TensorSpace, multidegree: Sequence[int]) -> PlanarInvariants:
    """The invariants of a multidegree of a space in the plane.

    Complexity: products of weight 0 times, under O(2), their factors: 4^degree at most.
    """
    one = _PlanarMultidegree(space, tuple(multidegree))
    found = [(m, part) for m in one.monomials() for part in one.parts(m)]
    chosen = one.even_generators() if space.group == "O2" else {m for m, _ in found if one.is_atom(m)}
    written = [(m, one.written(m, part)) for m, part in found]
    return PlanarInvariants(
        cost([t.l for t, k in zip(space.tensors, multidegree, strict=True) for _ in range(k)]),
        tuple(w for m, w in written if m not in chosen),
        tuple(w for m, w in written if m in chosen),
    )


class _PlanarMultidegree:
    """The products of one multidegree, each known by its powers; of a pair of conjugates the larger represents both."""

    def __init__(self, space: TensorSpace, multidegree: Powers) -> None:
        self._space = space
        self._degrees = multidegree
        self._weights = [t.l for t in space.tensors]
        self._even = even_part(space.parity(multidegree))

    def monomials(self) -> list[Powers]:
        """One of each pair of conjugate products of weight 0, in descending order of powers."""
        ranges = [range(k, -1, -1) if weight else (k,) for k, weight in zip(self._degrees, self._weights, strict=True)]
        every = product(*ranges)
        return [m for m in every if m >= self._conjugate(m) and not self._weight(m, self._starred(m))]

    def parts(self, monomial: Powers) -> list[str]:
        """The parts that are invariant and not zero."""
        allowed = (self._even,) if self._space.group == "O2" else (REAL, IMAGINARY)
        return [part for part in allowed if part == REAL or monomial != self._conjugate(monomial)]

    def written(self, monomial: Powers, part: str) -> PlanarProduct:
        """The invariant: the factors of each moment one after the other, the conjugated ones last."""
        factors: list[tuple[str, bool]] = []
        for name, plain, starred in zip(self._space.names, monomial, self._starred(monomial), strict=True):
            factors += [(name, False)] * plain + [(name, True)] * starred
        return write(part, factors)

    def is_atom(self, monomial: Powers) -> bool:
        """Whether no factor but 1 and itself has weight 0."""
        return next(self._divisors(monomial), None) is None

    def even_generators(self) -> set[Powers]:
        """One of each class of tied even parts that lower invariants do not generate."""
        basis = [m for m in self.monomials() if self.parts(m)]
        ties = _Ties(basis)
        for monomial in basis:
            for divisor in self._divisors(monomial):
                flipped, sign = self._flipped(monomial, divisor)
                conjugate = self._conjugate(flipped)
                if flipped < conjugate:
                    flipped, sign = conjugate, sign * self._space.parity(self._degrees)
                ties.tie(monomial, flipped if self.parts(flipped) else None, -sign)
        return ties.free()

    def _divisors(self, monomial: Powers) -> Iterator[Divisor]:
        """The factors of weight 0 but 1 and the product itself."""
        whole = tuple(zip(monomial, self._starred(monomial), strict=True))
        ranges = [[(a, b) for a in range(p + 1) for b in range(q + 1)] for p, q in whole]
        for divisor in product(*ranges):
            if divisor != whole and any(map(any, divisor)):
                if not self._weight([a for a, _ in divisor], [b for _, b in divisor]):
                    yield divisor

    def _flipped(self, monomial: Powers, divisor: Divisor) -> tuple[Powers, int]:
        """The product with one factor conjugated, and the sign with which a reflection conjugates that factor."""
        sign = self._space.parity([a + b for a, b in divisor])
        flipped = (
            p - a + b if weight else p for p, (a, b), weight in zip(monomial, divisor, self._weights, strict=True)
        )
        return tuple(flipped), sign

    def _conjugate(self, monomial: Powers) -> Powers:
        """The powers of the conjugate; real moments stay."""
        return tuple(
            k - p if weight else p for p, k, weight in zip(monomial, self._degrees, self._weights, strict=True)
        )

    def _starred(self, monomial: Powers) -> Powers:
        """How many factors of each moment are conjugated."""
        return tuple(k - p for p, k in zip(monomial, self._degrees, strict=True))

    def _weight(self, plain: Sequence[int], conjugated: Sequence[int]) -> int:
        return sum((a - b) * weight for a, b, weight in zip(plain, conjugated, self._weights, strict=True))


class _Ties:
    """Quantities tied to each other up to a sign, or to zero."""

    def __init__(self, keys: Sequence[Powers]) -> None:
        self._keys = keys
        self._parent = {key: (key, 1) for key in keys}
        self._zero: set[Powers] = set()

    def tie(self, left: Powers, right: Powers | None, sign: int) -> None:
        """Note that left = sign · right, or left = 0."""
        a, of_left = self._root(left)
        if right is None:
            self._zero.add(a)
            return
        b, of_right = self._root(right)
        relative = sign * of_left * of_right  # a = relative · b
        if a != b:
            first, last = max(a, b), min(a, b)
            self._parent[last] = (first, relative)
            if last in self._zero:
                self._zero.add(first)
        elif relative < 0:
            self._zero.add(a)

    def free(self) -> set[Powers]:
        """The largest of each class that is not zero."""
        roots = {self._root(key)[0] for key in self._keys}
        return roots - self._zero

    def _root(self, key: Powers) -> tuple[Powers, int]:
        """The largest of the class and the sign with which the key equals it."""
        sign = 1
        while self._parent[key][0] != key:
            key, step = self._parent[key]
            sign *= step
        return key, sign
