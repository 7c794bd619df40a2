"""Cartesian tensors whose indices may be exchanged up to a sign, and their irreducible parts, exactly.

An equivariant map from tensors of order n to traceless tensors of rank L is a sum of maps that contract pairs of
indices and take the traceless symmetric part of what is left (n - L even), or that contract an antisymmetric pair with
the Levi-Civita symbol first (n - L odd; three indices if L = 0): the first fundamental theorem of invariants with L
copies of one more vector. How many of these maps are independent is known from the weights.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import combinations, permutations, product
from math import lcm

import numpy as np

from invgen.algebra.finite_field import Echelon, Vector
from invgen.algebra.levi_civita import levi_civita
from invgen.algebra.modular import fractions_mod
from invgen.errors import EnumerationError, InputError
from invgen.spaces.harmonics import multinomial, solid_harmonics

Index = tuple[int, ...]

MAX_ORDER = 7
_PRIME = 2**31 - 1
_WORD = re.compile(r"(-?)\s*([a-z]+)")


@dataclass(frozen=True)
class Symmetry:
    """What a tensor T of some order does when its indices are permuted: T[index] = sign · T[index permuted].

    Attributes:
        text: as it was written, without spaces.
        order: the number of indices.
        generators: (permutation, sign): position k of the permuted index holds index permutation[k].
    """

    text: str
    order: int
    generators: tuple[tuple[Index, int], ...]


@dataclass(frozen=True)
class Entries:
    """Which entries of a tensor with symmetries are free, and what the others are.

    Attributes:
        free: the free entries, each the lexicographically first of its copies, in lexicographic order.
        places: for every index the number of its free entry and the sign; (0, 0) where the entry vanishes.
    """

    free: tuple[Index, ...]
    places: Mapping[Index, tuple[int, int]]


@cache
def parse(text: str) -> Symmetry:
    """Read "ijkl=jikl=klij" or "ij=-ji"; one word alone declares no symmetry.

    Raises:
        InputError: a word is not letters, repeats one, or does not permute the first; too many indices; or the
            symmetries leave no entry that may differ from zero.
    """
    words = [_WORD.fullmatch(word.strip()) for word in text.split("=")] if isinstance(text, str) else [None]
    matches = [match for match in words if match is not None]
    if len(matches) < len(words):
        raise InputError(
            f"cannot read the index symmetries {text!r}; write words of lower-case letters joined by '=', "
            "such as 'ij=ji', 'ij=-ji' or 'ijkl=jikl=klij'"
        )
    first = matches[0][2]
    if matches[0][1] or len(set(first)) < len(first):
        raise InputError(f"the index symmetries {text!r} must begin with different letters and no sign")
    if len(first) > MAX_ORDER:
        raise InputError(f"Cartesian tensors have at most {MAX_ORDER} indices, {first!r} names {len(first)}")
    generators = []
    for match in matches[1:]:
        if sorted(match[2]) != sorted(first):
            raise InputError(f"{match[2]!r} in the index symmetries {text!r} does not permute the letters of {first!r}")
        generators.append((tuple(first.index(letter) for letter in match[2]), -1 if match[1] else 1))
    symmetry = Symmetry("=".join(match[1] + match[2] for match in matches), len(first), tuple(generators))
    if not entries(symmetry).free:
        raise InputError(f"the index symmetries {text!r} force the tensor to vanish; declare fewer")
    return symmetry


@cache
def entries(symmetry: Symmetry) -> Entries:
    """The free entries and the copies of each. Complexity: 3^order times the number of generators."""
    free: list[Index] = []
    places: dict[Index, tuple[int, int]] = {}
    for index in product(range(3), repeat=symmetry.order):
        if index in places:
            continue
        signs, queue, vanishes = {index: 1}, [index], False
        while queue:
            one = queue.pop()
            for permutation, sign in symmetry.generators:
                other = tuple(one[k] for k in permutation)
                if other not in signs:
                    signs[other] = sign * signs[one]
                    queue.append(other)
                vanishes |= signs[other] != sign * signs[one]
        for other, sign in signs.items():
            places[other] = (0, 0) if vanishes else (len(free), sign)
        if not vanishes:
            free.append(index)
    return Entries(tuple(free), places)


def multiplicities(symmetry: Symmetry) -> dict[int, int]:
    """How often H_L occurs, rank -> number, without zeros: weight L minus weight L + 1.

    Exchanging indices commutes with going over to the axes e_-1, e_0, e_1 of definite weight, so free entries count
    weight vectors too.
    """
    weights = Counter(sum(index) - symmetry.order for index in entries(symmetry).free)
    found = {rank: weights[rank] - weights[rank + 1] for rank in range(symmetry.order + 1)}
    return {rank: number for rank, number in found.items() if number}


@cache
def decompose(symmetry: Symmetry) -> tuple[tuple[int, tuple[dict[int, int], ...]], ...]:
    """The irreducible parts in ascending rank: rank, and each rational component as integers on the free entries.

    Of the maps in a fixed order, pairs first come first, those are kept that do not depend on maps before them. That is
    decided modulo a prime on the component m = L, which is not zero where the map is not: independence modulo p proves
    independence over Q, and the count proves that nothing is missing.
    """
    parts = []
    width = len(entries(symmetry).free)
    for rank, needed in multiplicities(symmetry).items():
        independent = Echelon(width, _PRIME)
        for contraction in _contractions(symmetry.order, rank):
            if independent.rank == needed:
                break
            if independent.insert(_residues(_component(symmetry, contraction, rank, rank), width)):
                block = [_component(symmetry, contraction, rank, m) for m in range(-rank, rank + 1)]
                parts.append((rank, _integers(block)))
        if independent.rank < needed:
            raise EnumerationError(
                f"{symmetry.text} has {needed} parts of rank {rank}, {independent.rank} were found; "
                "please report this as a defect"
            )
    return tuple(parts)


@dataclass(frozen=True)
class _Map:
    """Contract `pairs`, contract `antisymmetric` indices with ε; `left` go to the traceless part, after ε's own."""

    pairs: tuple[tuple[int, int], ...]
    antisymmetric: Index
    left: Index


def _contractions(order: int, rank: int) -> Iterator[_Map]:
    everything = tuple(range(order))
    if (order - rank) % 2 == 0:
        for left in combinations(everything, rank):
            for pairs in _pairings(tuple(i for i in everything if i not in left)):
                yield _Map(pairs, (), left)
        return
    for antisymmetric in combinations(everything, 2 if rank else 3):
        rest = tuple(i for i in everything if i not in antisymmetric)
        for left in combinations(rest, max(rank - 1, 0)):
            for pairs in _pairings(tuple(i for i in rest if i not in left)):
                yield _Map(pairs, antisymmetric, left)


def _pairings(positions: Index) -> Iterator[tuple[tuple[int, int], ...]]:
    if not positions:
        yield ()
    for k in range(1, len(positions)):
        for rest in _pairings(positions[1:k] + positions[k + 1 :]):
            yield ((positions[0], positions[k]), *rest)


def _component(symmetry: Symmetry, contraction: _Map, rank: int, m: int) -> dict[int, Fraction]:
    """Component m of a map, as coefficients of the free entries."""
    harmonic = {e: Fraction(c, multinomial(e)) for e, c in solid_harmonics(rank)[m + rank].items()}
    places = entries(symmetry).places
    total: dict[int, Fraction] = {}
    index = [0] * symmetry.order
    symbols: list[tuple[Index, Index, int]] = [((), (), 1)]  # what ε puts on its indices, what it hands on, its sign
    if contraction.antisymmetric:
        size = len(contraction.antisymmetric)
        symbols = [(p[:size], p[size:], levi_civita(*p)) for p in permutations(range(3))]
    for put, handed, sign in symbols:
        for position, value in zip(contraction.antisymmetric, put, strict=True):
            index[position] = value
        for values in product(range(3), repeat=len(contraction.left)):
            named = handed + values
            weight = harmonic.get((named.count(0), named.count(1), named.count(2)))
            if weight is None:
                continue
            for position, value in zip(contraction.left, values, strict=True):
                index[position] = value
            for summed in product(range(3), repeat=len(contraction.pairs)):
                for (a, b), value in zip(contraction.pairs, summed, strict=True):
                    index[a] = index[b] = value
                place, copy = places[tuple(index)]
                if copy:
                    total[place] = total.get(place, Fraction(0)) + sign * copy * weight
    return {place: value for place, value in total.items() if value}


def _integers(block: list[dict[int, Fraction]]) -> tuple[dict[int, int], ...]:
    """The block times the least common multiple of its denominators."""
    shared = lcm(*(value.denominator for row in block for value in row.values()))
    return tuple({place: int(value * shared) for place, value in row.items()} for row in block)


def _residues(vector: dict[int, Fraction], width: int) -> Vector:
    """A sparse vector modulo the prime."""
    dense = np.zeros(width, dtype=np.int64)
    dense[list(vector)] = fractions_mod(np.array(list(vector.values()), dtype=object), np.array([_PRIME]))[0]
    return dense
