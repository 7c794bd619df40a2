"""Lists that turbulence modellers print, evaluated exactly: Pope's ten tensors and the 47 invariants of four tensors.

S is the rate of strain, R of rotation; P and K are the skew matrices of the gradients of pressure and of turbulent
kinetic energy. Pope, J. Fluid Mech. 72 (1975), 331; Wu, Xiao and Paterson, Phys. Rev. Fluids 3 (2018), 074602, table of
the integrity basis, first used by Wang, Wu and Xiao, Phys. Rev. Fluids 2 (2017), 034603.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations_with_replacement
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from invgen.algebra.finite_field import derived_points, derived_primes, rank, reduced_rows
from invgen.algebra.rationals import solve
from invgen.basis.basis import Basis
from invgen.spaces.outputs import count_maps
from invgen.spaces.space import TensorSpace

Matrices = NDArray[Any]

# Products of letters with their coefficients; the trace part is subtracted from all of them.
POPE: tuple[tuple[str, Mapping[str, int]], ...] = (
    ("S", {"S": 1}),
    ("S R - R S", {"SR": 1, "RS": -1}),
    ("S^2 - 1/3 tr(S^2) 1", {"SS": 1}),
    ("R^2 - 1/3 tr(R^2) 1", {"RR": 1}),
    ("R S^2 - S^2 R", {"RSS": 1, "SSR": -1}),
    ("R^2 S + S R^2 - 2/3 tr(S R^2) 1", {"RRS": 1, "SRR": 1}),
    ("R S R^2 - R^2 S R", {"RSRR": 1, "RRSR": -1}),
    ("S R S^2 - S^2 R S", {"SRSS": 1, "SSRS": -1}),
    ("R^2 S^2 + S^2 R^2 - 2/3 tr(S^2 R^2) 1", {"RRSS": 1, "SSRR": 1}),
    ("R S^2 R^2 - R^2 S^2 R", {"RSSRR": 1, "RRSSR": -1}),
)


def _pair(a: str, b: str) -> tuple[str, ...]:
    return (f"{a}{b}S", f"{a}{b}SS", *_permuted(a, b, "{a}{a}{b}S"), *_permuted(a, b, "{a}{a}{b}SS"))


def _permuted(a: str, b: str, form: str) -> tuple[str, str]:
    return form.format(a=a, b=b), form.format(a=b, b=a)


def _in_print() -> Iterator[str]:
    yield from ("SS", "SSS")
    yield from ("RR", "PP", "KK")
    for a in "RPK":
        yield from (f"{a}{a}S", f"{a}{a}SS", f"{a}{a}S{a}SS")
    yield from ("RP", "PK", "RK")
    for a, b in ("RP", "RK", "PK"):
        yield from (*_pair(a, b), *_permuted(a, b, "{a}{a}S{b}SS"))
    yield "RPK"
    yield from ("RPKS", "RKPS", "RPKSS", "RKPSS", "RPSKSS")


TRACES = tuple(_in_print())  # the 47, numbered from 1 in print


def written(word: str) -> str:
    """tr(R^2 S)."""
    runs: list[str] = []
    for letter in word:
        if runs and runs[-1][0] == letter:
            runs[-1] += letter
        else:
            runs.append(letter)
    return f"tr({' '.join(run[0] if len(run) == 1 else f'{run[0]}^{len(run)}' for run in runs)})"


def is_even(word: str) -> bool:
    """Whether the trace keeps its sign under inversion where P and K are made of true vectors, which it reverses."""
    return (word.count("P") + word.count("K")) % 2 == 0


def symmetric(x: Matrices) -> Matrices:
    """Symmetric traceless matrices (batch, 3, 3) of five numbers xx, xy, xz, yy, yz."""
    a, b, c, d, e = np.moveaxis(x, -1, 0)
    return np.stack([np.stack(row, axis=-1) for row in ((a, b, c), (b, d, e), (c, e, -a - d))], axis=-2)


def skew(v: Matrices) -> Matrices:
    """R_ij = eps_ijk v_k of vectors (batch, 3)."""
    x, y, z = np.moveaxis(v, -1, 0)
    zero = 0 * x
    return np.stack([np.stack(row, axis=-1) for row in ((zero, z, -y), (-z, zero, x), (y, -x, zero))], axis=-2)


def product(word: str, given: Mapping[str, Matrices]) -> Matrices:
    """The product of the letters' matrices."""
    result = given[word[0]]
    for letter in word[1:]:
        result = result @ given[letter]
    return result


def components_of_deviator(t: Matrices) -> Matrices:
    """The rational components xy, yz, 2zz - xx - yy, xz, xx - yy of symmetric matrices."""
    parts = (t[:, 0, 1], t[:, 1, 2], 2 * t[:, 2, 2] - t[:, 0, 0] - t[:, 1, 1], t[:, 0, 2], t[:, 0, 0] - t[:, 1, 1])
    return np.stack(parts, axis=-1)


def components_of_vector(v: Matrices) -> Matrices:
    """The rational components y, z, x."""
    return v[:, [1, 2, 0]]


@dataclass(frozen=True)
class Row:
    """One of Pope's tensors as a sum of coefficient · product of invariants (numbers) · generator (number)."""

    terms: tuple[tuple[Fraction, tuple[int, ...], int], ...]


def change_of_basis(
    generators: Basis, invariants: Basis, support: Callable[[Any, Any, int], list[int] | None]
) -> list[Row]:
    """Pope's tensors in generators of the module, exactly.

    All are equivariant maps of one multidegree, a space whose dimension the Molien integral gives. Products of
    invariants and generators have this rank at the points, so that agreement there proves the identity.

    Args:
        generators: of (S, R) to 2e.
        invariants: the integrity basis of (S, R).
        support: finds few rows whose combination is a target modulo a prime.
    """
    space = generators.space
    points = derived_points("Pope", 19, 40, 8).astype(object) - 9
    s, w = symmetric(points[:, :5]), points[:, 5:]
    given = {"S": s, "R": skew(w)}
    x = np.concatenate([components_of_deviator(s), components_of_vector(w)], axis=1)
    tensors = generators.with_convention("rational").evaluate(x)
    scalars = invariants.with_convention("rational").evaluate(x)
    prime = derived_primes("Pope", 1)[0]
    rows = []
    for _, terms in POPE:
        word = next(iter(terms))
        degree = (word.count("S"), word.count("R"))
        target = sum(c * components_of_deviator(product(w, given)) for w, c in terms.items()).ravel()
        names = [
            (chosen, g)
            for g, generator in enumerate(generators)
            for chosen in _monomials(
                invariants, tuple(d - k for d, k in zip(degree, generator.multidegree, strict=True))
            )
        ]
        names.sort(key=lambda name: len(name[0]))
        values = [
            (
                np.array([prod((row[i] for i in chosen), start=Fraction(1)) for row in scalars])[:, None]
                * tensors[:, g]
            ).ravel()
            for chosen, g in names
        ]
        modular = np.array([[v.numerator * pow(v.denominator, -1, prime) % prime for v in row] for row in values])
        assert rank(modular, prime) == count_maps(space, "2e", degree)
        found = support(modular, np.array([int(v) % prime for v in target]), prime)
        assert found is not None
        _, pivots = reduced_rows(modular[found], prime)
        solution = solve([[values[i][j] for i in found] for j in pivots], [[target[j]] for j in pivots])
        assert solution is not None
        coefficients = [row[0] for row in solution]
        combined = sum(c * values[i] for c, i in zip(coefficients, found, strict=True))
        assert (combined == target).all()
        rows.append(Row(tuple((c, *names[i]) for c, i in zip(coefficients, found, strict=True))))
    return rows


def _monomials(invariants: Basis, degrees: Sequence[int]) -> list[tuple[int, ...]]:
    """Products of invariants of these degrees, as ascending numbers."""
    if min(degrees) < 0:
        return []
    found = []
    for size in range(sum(degrees) // 2 + 1):
        for chosen in combinations_with_replacement(range(len(invariants)), size):
            total = [sum(invariants[i].multidegree[t] for i in chosen) for t in range(len(degrees))]
            if total == list(degrees):
                found.append(chosen)
    return found


def trace_polynomial(word: str) -> tuple[tuple[Fraction, ...], tuple[tuple[int, ...], ...]]:
    """A trace expanded in the rational components of S:2e and of the three vectors of R, P and K, in this order."""
    from sympy.polys.domains import QQ
    from sympy.polys.rings import ring

    _, *x = ring([f"x{i}" for i in range(14)], QQ)
    # xx, xy, xz, yy, yz from xy, yz, 2zz - xx - yy, xz, xx - yy; then vectors from y, z, x
    xx, yy = (3 * x[4] - x[2]) / 6, (-3 * x[4] - x[2]) / 6
    s = np.empty((1, 5), dtype=object)
    s[0, :] = [xx, x[0], x[3], yy, x[1]]
    given = {"S": symmetric(s)}
    for place, letter in enumerate("RPK"):
        y, z, first = x[5 + 3 * place : 8 + 3 * place]
        v = np.empty((1, 3), dtype=object)
        v[0, :] = [first, y, z]
        given[letter] = skew(v)
    matrix = product(word, given)[0]
    expanded = dict(matrix[0, 0] + matrix[1, 1] + matrix[2, 2])
    terms = sorted(expanded.items(), reverse=True)
    return tuple(Fraction(int(c.numerator), int(c.denominator)) for _, c in terms), tuple(tuple(e) for e, _ in terms)


def multidegree(word: str) -> tuple[int, ...]:
    """The degrees in S, R, P and K."""
    return tuple(word.count(letter) for letter in "SRPK")


def missing(words: Sequence[str], space: TensorSpace, max_degree: int) -> dict[tuple[int, ...], int]:
    """How many invariants of each multidegree products of traces leave out, up to a degree: {} where they generate.

    Their rank at points of GF(p) is at most their rank, and the Molien integral counts the invariants.
    """
    prime, count = derived_primes("traces", 1)[0], 100
    points = derived_points("traces", 19, count, 14) - 9
    given = {"S": symmetric(points[:, :5])}
    given |= {letter: skew(points[:, 5 + 3 * i : 8 + 3 * i]) for i, letter in enumerate("RPK")}
    # entries up to 18 in products of six: below 2^63
    values = [np.trace(product(word, given), axis1=1, axis2=2) % prime for word in words]
    products: dict[tuple[int, ...], list[tuple[int, Any]]] = {(0,) * 4: [(0, np.ones(count, dtype=np.int64))]}
    result = {}
    for degree in range(1, max_degree + 1):
        for degrees in (m for m in np.ndindex(*(degree + 1,) * 4) if sum(m) == degree):
            products[degrees] = [
                (i, value * values[i] % prime)
                for i, word in enumerate(words)
                for least, value in products.get(tuple(np.subtract(degrees, multidegree(word))), [])
                if least <= i
            ]
            wanted = space.count(degrees)
            assert wanted < count
            found = rank(np.array([v for _, v in products[degrees]]).reshape(-1, count), prime)
            if found < wanted:
                result[degrees] = wanted - found
    return result
