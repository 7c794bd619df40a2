"""The entries of a list of candidate invariants: how they are read, derived, and tested for invariance."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, singledispatch
from typing import Any, TypeAlias

import numpy as np

from invgen.algebra.finite_field import Vector
from invgen.contractions.at_points import evaluator
from invgen.contractions.contraction import Contraction
from invgen.contractions.coupling import coupling
from invgen.contractions.expression import KINDS, Expression, no_row, parse
from invgen.contractions.planar_product import PlanarProduct
from invgen.contractions.trees import CouplingTree, Node
from invgen.errors import InputError
from invgen.reduction.given import operations, polynomials
from invgen.reduction.given.frames import Frame, ModularMatrix, frame
from invgen.reduction.given.operations import FrameOperation
from invgen.reduction.given.polynomials import Polynomial
from invgen.spaces.point_groups import is_structural
from invgen.spaces.space import TensorSpace

_FORMS = (
    "a candidate is a pair ('ij,jk,ki', ('q', 'q', 'q')), a line 'ij,jk,ki q,q,q', a coupling tree '((q,q)2,q)0', "
    "or a pair (coefficients, exponents)"
)

Entry: TypeAlias = Expression | Polynomial


@dataclass(frozen=True, eq=False)
class EntryList:
    """Candidates of one space in their order, each a contraction, a tree, a planar product or a polynomial.

    Attributes:
        frame: the space, and the components in which polynomials are written.
        entries: the candidates.
    """

    frame: Frame
    entries: tuple[Entry, ...]

    @property
    def space(self) -> TensorSpace:
        """The tensors and the group."""
        return self.frame.space

    @cached_property
    def content(self) -> str:
        """What primes and points are derived from: the space and every entry."""
        entries = hashlib.sha256()
        for entry in self.entries:
            text = f"polynomial {entry.digest}" if isinstance(entry, Polynomial) else str(entry)
            entries.update(text.encode() + b"\n")
        group = self.space.group if self.space.orientation is None else f"{self.space.group} {self.space.orientation}"
        return f"invgen 1|subset|{self.space}|{group}|{self.frame.convention}|{entries.hexdigest()}"

    @cached_property
    def operations(self) -> tuple[FrameOperation, ...]:
        """What generates the point group, on the components in which polynomials are written."""
        return operations.operations(self.frame)

    def at(self, primes: Sequence[int], points: Vector) -> EntriesAtPoints:
        """Gradients of the entries and tests of their invariance at points[i] modulo primes[i]."""
        return EntriesAtPoints(self, primes, points)

    def log2_gradient(self, entry: Entry) -> int:
        """The logarithm, rounded up, of a bound of sum |coefficients| of any derivative in integer coordinates."""
        by_entry, by_rational, by_own = self.frame.widths
        if isinstance(entry, Polynomial):
            magnitude, width = entry.magnitude, by_own
        else:
            magnitude, width = magnitude_of(entry, self.space), by_rational if entry.by_components else by_entry
        bound: int = entry.degree * magnitude * width**entry.degree
        return bound.bit_length()


class EntriesAtPoints:
    """The entries of a list at one point of each of several prime fields.

    Args:
        listed: the entries.
        primes: below 2^31, different from each other.
        points: rational components, (primes, dimension).
    """

    def __init__(self, listed: EntryList, primes: Sequence[int], points: Vector) -> None:
        self._listed = listed
        self._primes = np.array(primes, dtype=np.int64)
        self._evaluator = evaluator(listed.space, primes, points)
        self._forward = ModularMatrix(listed.frame.forward, self._primes)
        self._converted = self._forward.apply(points)
        self._velocities = [ModularMatrix(g, self._primes).apply(points) for g in listed.frame.generators]

    def gradient(self, entry: Entry) -> Vector:
        """The derivatives with respect to rational components at every point, (primes, dimension)."""
        if not isinstance(entry, Polynomial):
            return self._evaluator.gradient(entry)
        return self._forward.apply_transposed(polynomials.gradient(entry, self._primes, self._converted))

    def is_invariant(self, entry: Entry, gradient: Vector) -> bool:
        """Whether an entry is an invariant of the space, decided exactly.

        A contraction is one by construction, unless inversion changes its sign. A polynomial is one if every term is
        even under inversion (O(3)), or the reflection y -> -y (O(2)), and the generators of rotations annihilate it.
        That they do not is shown at a point of a prime field where one suffices. Under a point group the operations
        that generate it decide (`reduction.given.operations`).
        """
        space = self._listed.space
        if not isinstance(entry, Polynomial):
            return entry.is_admitted(space)
        if space.point_group is not None:
            return operations.is_invariant(entry, self._listed.frame, self._listed.operations)
        odd = self._listed.frame.is_odd[entry.columns]
        if space.group in ("O3", "O2") and (entry.exponents @ odd % 2).any():
            return False
        modulus = self._primes[:, None]
        for velocity in self._velocities:
            if ((gradient * velocity % modulus).sum(axis=1) % self._primes).any():
                return False
        return all(polynomials.is_annihilated(entry, derivation) for derivation in self._listed.frame.derivations)


def read_entries(candidates: Iterable[Any], space: TensorSpace, convention: str | None) -> EntryList:
    """Read a list of candidates.

    Raises:
        InputError: the list is empty, an entry cannot be read (the message names its position), or the convention is
            not an exact one.
    """
    components = frame(space, convention)
    if isinstance(candidates, str) or not isinstance(candidates, Iterable):
        raise InputError(f"candidates are a list, got {candidates!r}; {_FORMS}")
    entries: list[Entry] = []
    for position, candidate in enumerate(candidates):
        try:
            entries.append(_read(candidate, components))
        except InputError as error:
            raise InputError(f"entry {position} of the list: {error}") from error
    if not entries:
        raise InputError("the list of candidates is empty; give at least one")
    return EntryList(components, tuple(entries))


def _read(candidate: Any, components: Frame) -> Entry:
    """The entry of a candidate; whether inversion changes its sign is decided later."""
    space = components.space
    candidate = getattr(candidate, "expression", candidate)  # a member of a basis
    if isinstance(candidate, KINDS):
        return candidate.check_scalar(space)
    if isinstance(candidate, str):
        return parse(candidate).check_scalar(space)
    if not isinstance(candidate, tuple | list) or len(candidate) != 2:
        raise InputError(f"cannot read {candidate!r}; {_FORMS}")
    first, second = candidate
    if not isinstance(first, str):
        return polynomials.read(first, second, components.blocks)
    if not isinstance(second, tuple | list) or not all(isinstance(name, str) for name in second):
        raise InputError(f"{first!r} needs a tuple of tensor names, such as ('q', 'q', 'q'), got {second!r}")
    return Contraction(first, tuple(second)).check_scalar(space)


@singledispatch
def magnitude_of(expression: Expression, space: TensorSpace) -> int:
    """A bound of the sum of the coefficients' magnitudes, in tensor entries or, `by_components`, in components."""
    no_row(expression, "bound of its coefficients")


@magnitude_of.register
def _(contraction: Contraction, space: TensorSpace) -> int:
    letters = len(set(contraction.subscripts) - {","})
    magnitude: int = 3**letters  # one term for every value of every index
    return magnitude


@magnitude_of.register
def _(tree: CouplingTree, space: TensorSpace) -> int:
    return _coupled_magnitude(tree.root, space)[1]


@magnitude_of.register
def _(product: PlanarProduct, space: TensorSpace) -> int:
    magnitude: int = 2**product.degree  # one term for every choice of real and imaginary parts
    return magnitude


def _coupled_magnitude(node: Node, space: TensorSpace) -> tuple[int, int]:
    """The rank of a covariant, and a bound of the sum of its coefficients' magnitudes in rational components."""
    if isinstance(node, str):
        if is_structural(node):
            tensor = space.structural(node)
            return tensor.l, sum(map(abs, tensor.components))
        return space.rank(node), 1
    (a, left), (b, right) = _coupled_magnitude(node[0], space), _coupled_magnitude(node[1], space)
    joined = coupling(a, b, node[2])
    total = sum(abs(c) for _, _, _, c in joined.terms) if joined else 0
    return node[2], left * right * total
