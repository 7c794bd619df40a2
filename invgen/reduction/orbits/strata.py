"""Symmetry strata: the fixed spaces V^H of the closed subgroups H of the group, and the rank they need.

At a point of V^H the gradients of invariants lie in V^H, and they vanish along P L x, where P projects onto V^H and L
is a rotation generator. The average of L over H commutes with H, so these directions are L_w x for the axial vectors w
that H fixes: all of them for the trivial group and inversion, the axis for cyclic groups, none otherwise. The rank that
is needed is therefore dim V^H minus the dimension of the orbit of the rotations that commute with H.

The axis is z and the second axis x, so that for all but the polyhedral groups V^H is spanned by components. Those of
SO(2) and O(2) are in `reduction.planar_strata`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from invgen.algebra.finite_field import Vector, derived_points, derived_primes, null_space, reduced_rows
from invgen.errors import EnumerationError
from invgen.reduction.orbits.planar_strata import planar_subgroups
from invgen.spaces.harmonics import solid_harmonics, squared_norms
from invgen.spaces.irreps import Irrep
from invgen.spaces.space import TensorSpace

_SPARE_POINTS = 4
_PRIME_BATCH = 16
_POLYHEDRAL = {"T": (3, 4, 6), "O": (4, 6, 9), "I": (6, 10, 15)}  # degrees of primary and secondary harmonics


@dataclass(frozen=True)
class Turn:
    """The rotation about z by 2π / order, any angle for order 0; times the inversion if improper."""

    order: int
    improper: bool = False

    def fixes(self, tensor: Irrep, m: int) -> bool:
        """Whether components ±m keep their values."""
        if self.improper and tensor.parity < 0:
            return self.order > 0 and (2 * m - self.order) % (2 * self.order) == 0
        return m == 0 if self.order == 0 else m % self.order == 0


@dataclass(frozen=True)
class Flip:
    """The rotation about x by π; times the inversion if improper."""

    improper: bool = False

    def fixes(self, tensor: Irrep, m: int) -> bool:
        """Whether component m keeps its value: z and y change sign, and sine components are odd in y."""
        sign = (-1) ** (tensor.l - abs(m)) * (1 if m >= 0 else -1)
        return bool(sign * (tensor.parity if self.improper else 1) > 0)


INVERSION = Turn(1, improper=True)


@dataclass(frozen=True)
class Subgroup:
    """A closed subgroup, up to conjugation.

    Attributes:
        name: its Schoenflies symbol; SO(2), O(2) and C_infh, C_infv, D_infh for those with all turns about z.
        generators: turns and flips, for groups that keep the z axis.
        polyhedral: "T", "O" or "I" for those that contain its rotations; "K" for all rotations.
        center: whether inversion belongs to a polyhedral group.
    """

    name: str
    generators: tuple[Turn | Flip, ...] = ()
    polyhedral: str = ""
    center: bool = False

    @property
    def commuting(self) -> int:
        """The dimension of the rotations that commute with the group: 3, 1 (about the axis) or 0."""
        if self.polyhedral:
            return 0
        if all(g == INVERSION for g in self.generators):
            return 3
        return 0 if any(isinstance(g, Flip) for g in self.generators) else 1


@dataclass(frozen=True)
class Stratum:
    """A fixed space V^H.

    Attributes:
        subgroups: the names of all subgroups listed that have this fixed space.
        dimension: of V^H.
        needed: the rank of the invariants' gradients that tells its generic points apart locally.
        by_components: whether V^H is spanned by components.
        basis: for each prime a basis of V^H, (dim V, dim V^H).
    """

    subgroups: tuple[str, ...]
    dimension: int
    needed: int
    by_components: bool
    basis: tuple[Vector, ...] = field(repr=False, compare=False)


def subgroups(highest: int, group: str) -> Iterator[Subgroup]:
    """The closed subgroups but the trivial one, up to conjugation; turns of an order above `highest` act as SO(2)."""
    orders = range(2, highest + 1)
    yield from (Subgroup(f"C_{n}", (Turn(n),)) for n in orders)
    yield from (Subgroup(f"D_{n}", (Turn(n), Flip())) for n in orders)
    yield Subgroup("SO(2)", (Turn(0),))
    yield Subgroup("O(2)", (Turn(0), Flip()))
    yield from (Subgroup(name, polyhedral=name) for name in _POLYHEDRAL)
    yield Subgroup("SO(3)", polyhedral="K")
    if group == "SO3":
        return
    yield Subgroup("C_i", (INVERSION,))
    yield Subgroup("C_s", (Turn(2, improper=True),))
    for n in orders:
        even = n % 2 == 0
        yield Subgroup(f"C_{n}h" if even else f"S_{2 * n}", (Turn(n), INVERSION))
        yield Subgroup(f"S_{2 * n}" if even else f"C_{n}h", (Turn(2 * n, improper=True),))
        yield Subgroup(f"C_{n}v", (Turn(n), Flip(improper=True)))
        yield Subgroup(f"D_{n}h" if even else f"D_{n}d", (Turn(n), Flip(), INVERSION))
        yield Subgroup(f"D_{n}d" if even else f"D_{n}h", (Turn(2 * n, improper=True), Flip()))
    yield Subgroup("C_infh", (Turn(0), INVERSION))
    yield Subgroup("C_infv", (Turn(0), Flip(improper=True)))
    yield Subgroup("D_infh", (Turn(0), Flip(), INVERSION))
    yield Subgroup("T_d", polyhedral="T")
    yield from (Subgroup(f"{name}_h", polyhedral=name, center=True) for name in _POLYHEDRAL)
    yield Subgroup("O(3)", polyhedral="K", center=True)


def strata(space: TensorSpace, primes: tuple[int, ...]) -> list[Stratum]:
    """The fixed spaces of all closed subgroups, those of dimension 0 and V itself left out, equal ones merged.

    Args:
        space: the tensors and the group.
        primes: from `golden_primes`.

    Raises:
        EnumerationError: a prime gives a fixed space another dimension than characters do (probability below 2^-20).
    """
    names: dict[bytes, list[str]] = {}
    found: dict[bytes, tuple[int, int, tuple[Vector, ...]]] = {}
    for name, orbit_dimension, basis in _fixed_spaces(space, primes):
        dimension = basis[0].shape[1]
        if 0 < dimension < space.dimension:
            key = basis[0].tobytes()
            names.setdefault(key, []).append(name)
            # The rank of P L x depends on V^H alone, so the first of several subgroups represents all.
            found.setdefault(key, (dimension, dimension - orbit_dimension, basis))
    return [
        Stratum(tuple(names[key]), dimension, needed, _by_components(basis[0]), basis)
        for key, (dimension, needed, basis) in found.items()
    ]


def _fixed_spaces(space: TensorSpace, primes: tuple[int, ...]) -> Iterator[tuple[str, int, tuple[Vector, ...]]]:
    """For every subgroup its name, the dimension of orbits in V^H that keep it, and V^H modulo each prime."""
    highest = max(t.l for t in space.tensors)
    if space.spatial_dimension == 2:
        for planar in planar_subgroups(highest, space.group):
            columns = np.eye(space.dimension, dtype=np.int64)[:, planar.components(space)]
            yield planar.name, planar.orbit_dimension(space), (columns,) * len(primes)
        return
    for subgroup in subgroups(highest, space.group):
        basis = tuple(_fixed(space, subgroup, prime) for prime in primes)
        yield subgroup.name, _orbit_dimension(space, subgroup) if basis[0].shape[1] else 0, basis


def _by_components(basis: Vector) -> bool:
    return bool((np.count_nonzero(basis, axis=0) == 1).all())


def _orbit_dimension(space: TensorSpace, subgroup: Subgroup) -> int:
    """The dimension of the orbit of a generic point of V^H under the rotations that commute with H."""
    if subgroup.commuting == 3:
        return TensorSpace([t for t in space.tensors if t.parity > 0], space.group).orbit_dimension
    if subgroup.commuting == 0:
        return 0
    turning = any(m for t in space.tensors for m in _components(t, subgroup))
    return int(turning)


def _components(tensor: Irrep, subgroup: Subgroup) -> list[int]:
    return [m for m in range(-tensor.l, tensor.l + 1) if all(g.fixes(tensor, m) for g in subgroup.generators)]


def _fixed(space: TensorSpace, subgroup: Subgroup, prime: int) -> Vector:
    """A basis of V^H modulo a prime, (dim V, dim V^H), block by block."""
    columns: list[Vector] = []
    for tensor, where in zip(space.tensors, space.slices, strict=True):
        if subgroup.polyhedral:
            vectors = reduced_rows(_polyhedral(subgroup, tensor, prime), prime)[0]
        else:
            vectors = np.eye(tensor.dimension, dtype=np.int64)[[m + tensor.l for m in _components(tensor, subgroup)]]
        for vector in vectors:
            column = np.zeros(space.dimension, dtype=np.int64)
            column[where] = vector
            columns.append(column)
    return np.stack(columns, axis=1) if columns else np.zeros((space.dimension, 0), dtype=np.int64)


def _polyhedral(subgroup: Subgroup, tensor: Irrep, prime: int) -> Vector:
    """The vectors of one tensor that a polyhedral group, or all of SO(3) or O(3), fixes."""
    none = np.zeros((0, tensor.dimension), dtype=np.int64)
    if subgroup.polyhedral == "K":
        return np.ones((1, 1), dtype=np.int64) if not tensor.l and (tensor.parity > 0 or not subgroup.center) else none
    if subgroup.center:
        return polyhedral_vectors(subgroup.polyhedral, tensor.l, prime) if tensor.parity > 0 else none
    if subgroup.name == "T_d":  # the quarter turn about z times the inversion belongs to it
        return polyhedral_vectors("O" if tensor.parity > 0 else "T odd", tensor.l, prime)
    return polyhedral_vectors(subgroup.polyhedral, tensor.l, prime)


@cache
def polyhedral_vectors(name: str, l: int, prime: int) -> Vector:
    """A basis of the tensors of rank l that T, O or I fixes; "T odd": that T fixes and the quarter turn negates.

    x is fixed exactly if the polynomial sum of x_m P_m / |P_m|² is, which is tested at points of GF(p)^3.

    Returns:
        (count, 2l + 1) modulo the prime.
    """
    flips = Subgroup("D_2", (Turn(2), Flip()))
    allowed = [
        m for m in _components(Irrep("t", l, 1), flips) if name in ("T", "I") or m % 4 == (2 if "odd" in name else 0)
    ]
    points = derived_points("invgen 1|polyhedral", prime, 2 * l + 1 + _SPARE_POINTS, 3)
    before = _harmonics(l, points, prime)[:, [m + l for m in allowed]]
    equations = []
    for turn in [np.roll(points, 1, axis=1)] + ([_fivefold(points, prime)] if name == "I" else []):
        equations.append((_harmonics(l, turn, prime)[:, [m + l for m in allowed]] - before) % prime)
    kernel = null_space(np.concatenate(equations), prime)
    result = np.zeros((len(kernel), 2 * l + 1), dtype=np.int64)
    norms = [squared_norms(l)[m + l] for m in allowed]
    for j, (m, norm) in enumerate(zip(allowed, norms, strict=True)):
        result[:, m + l] = kernel[:, j] * (norm.numerator * pow(norm.denominator, -1, prime) % prime) % prime
    if len(result) != count_fixed(name, l):
        raise EnumerationError(
            f"the fixed tensors of {name} at l = {l} have the wrong number; please report this as a defect"
        )
    return result


def count_fixed(name: str, l: int) -> int:
    """How many independent tensors of rank l the group fixes, from the generating function of its harmonics."""
    if name == "T odd":
        return count_fixed("T", l) - count_fixed("O", l)
    a, b, extra = _POLYHEDRAL[name]
    return sum(1 for rest in (l, l - extra) for i in range(0, rest + 1, a) if (rest - i) % b == 0)


def golden_primes(content: str, count: int) -> tuple[int, ...]:
    """Derived primes p of 31 bits with p = 11 or 19 modulo 20, so that 5 is a square and its root a power."""
    found: list[int] = []
    size = _PRIME_BATCH
    while len(found) < count:
        found = [p for p in derived_primes(content, size) if p % 20 in (11, 19)]
        size *= 2
    return tuple(found[:count])


def _fivefold(points: Vector, prime: int) -> Vector:
    """The points turned by 2π / 5 about an axis of the icosahedron whose twofold axes are the coordinates'."""
    root = pow(5, (prime + 1) // 4, prime)
    half = pow(2, -1, prime)
    golden = (1 + root) * half % prime
    a, b, c = golden * half % prime, half, (golden - 1) * half % prime  # φ/2, 1/2 and 1/(2φ)
    turn = [[b, -a, c], [a, c, -b], [c, b, a]]
    rows = [sum(points[:, j] * (turn[i][j] % prime) % prime for j in range(3)) % prime for i in range(3)]
    return np.stack(rows, axis=1).astype(np.int64)


def _harmonics(l: int, points: Vector, prime: int) -> Vector:
    """P_m at points of GF(p)^3, (points, 2l + 1)."""
    powers = [np.ones_like(points)]
    for _ in range(l):
        powers.append(powers[-1] * points % prime)
    values = np.zeros((len(points), 2 * l + 1), dtype=np.int64)
    for m, polynomial in enumerate(solid_harmonics(l)):
        for (a, b, c), coefficient in polynomial.items():
            monomial = powers[a][:, 0] * powers[b][:, 1] % prime * powers[c][:, 2] % prime
            values[:, m] = (values[:, m] + monomial * (coefficient % prime)) % prime
    return values
