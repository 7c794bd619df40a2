"""The rank that invariants need at one exact input, which its symmetry decides.

At x the gradients of all invariants span the vectors of V that the stabiliser G of x fixes and that are orthogonal to
the orbit (Luna's slice theorem, for compact groups). Orbit directions that G fixes are L_w x for the axial vectors w
that G fixes, as in `orbits.strata`. The stabiliser is looked for among the 48 symmetries of the cubic grid, those of
the square grid in the plane, and among all rotations near the identity. Symmetries about other axes are not seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import cache
from itertools import permutations, product
from math import prod

from invgen.algebra.rationals import null_space, reduced_rows
from invgen.errors import InputError
from invgen.spaces.harmonics import components_of_tensor, monomials, tensor_of_components
from invgen.spaces.irreps import Irrep
from invgen.spaces.rotations import rotation_generators
from invgen.spaces.space import TensorSpace

Vector = list[Fraction]
Matrix = list[Vector]
Symmetry = tuple[tuple[int, int], ...]
"""A symmetry of the grid: the axis that each axis goes to, and its sign."""


def needed_rank(space: TensorSpace, x: Sequence[Fraction]) -> int:
    """The rank of the gradients of all invariants at x, as far as its symmetry is seen.

    Args:
        space: the tensors, with one of the groups O3, SO3, O2 and SO2.
        x: (dimension,) in rational components.

    Raises:
        InputError: the group is a point group.
    """
    if space.point_group is not None:
        raise InputError(f"the rank at an input is for O(3), SO(3) and the plane, this space has {space.group}")
    parts = [list(map(Fraction, x[where])) for where in space.slices]
    axes = 3 if space.spatial_dimension == 3 else 1
    turned = [_turned(space, parts, axis) for axis in range(axes)]  # L_w x for each axis w
    still = null_space(list(map(list, zip(*turned, strict=True))), axes) if space.dimension else []
    kept = [s for s in _symmetries(space) if _acts_trivially(space, parts, s)]

    @cache
    def fixed(l: int, parity: int) -> int:
        return len(_fixed(space, l, parity, kept, still))

    dimension = sum(fixed(t.l, t.parity) for t in space.tensors)
    moving = _fixed_axes(space, kept, still)
    directions = [_combination(turned, w) for w in moving]
    return dimension - len(reduced_rows([d for d in directions if any(d)]))


def _symmetries(space: TensorSpace) -> Iterator[Symmetry]:
    """The symmetries of the grid that belong to the group, the identity left out."""
    size = space.spatial_dimension
    for order in permutations(range(size)):
        for signs in product((1, -1), repeat=size):
            found = tuple(zip(order, signs, strict=True))
            if (space.group in ("O3", "O2") or _determinant(found) > 0) and found != tuple((i, 1) for i in range(size)):
                yield found


def _determinant(symmetry: Symmetry) -> int:
    order = [axis for axis, _ in symmetry]
    swaps = sum(order[i] > order[j] for i in range(len(order)) for j in range(i + 1, len(order)))
    return prod(each for _, each in symmetry) * (-1 if swaps % 2 else 1)


@cache
def _action(l: int, parity: int, symmetry: Symmetry) -> tuple[tuple[Fraction, ...], ...]:
    """The matrix of a symmetry on the rational components of an irreducible tensor."""
    if len(symmetry) == 2:
        return _planar_action(l, parity, symmetry)
    determinant = _determinant(symmetry)
    place = {e: i for i, e in enumerate(monomials(l))}
    entries, scales = tensor_of_components(l)
    moved = []
    for exponents in monomials(l):
        # Entry (a, b, c) of the image is the entry whose indices the symmetry takes there, with a sign for each index.
        source, sign = [0, 0, 0], 1
        for axis, (target, each) in enumerate(symmetry):
            source[axis] = exponents[target]
            sign *= (each * determinant) ** exponents[target]  # the proper part; parity comes below
        moved.append([sign * v for v in entries[place[source[0], source[1], source[2]]]])
    columns = list(zip(*moved, strict=True))
    factor = parity if determinant < 0 else 1
    return tuple(
        tuple(
            factor * scale * sum(p * t for p, t in zip(polynomial, column, strict=True))
            for column, scale in zip(columns, scales, strict=True)
        )
        for polynomial in components_of_tensor(l)
    )


def _planar_action(weight: int, parity: int, symmetry: Symmetry) -> tuple[tuple[Fraction, ...], ...]:
    """On the real and imaginary part of a moment: reflections about x conjugate it, up to its parity."""
    (axis, sign), _ = symmetry
    quarters = {(0, 1): 0, (1, 1): 1, (0, -1): 2, (1, -1): 3}[axis, sign]  # where x goes
    reflected = _determinant(symmetry) < 0
    factor = parity if reflected else 1
    if not weight:
        return ((Fraction(factor),),)
    c, s = ((1, 0), (0, 1), (-1, 0), (0, -1))[weight * quarters % 4]
    flip = -1 if reflected else 1
    return ((Fraction(factor * c), Fraction(-factor * flip * s)), (Fraction(factor * s), Fraction(factor * flip * c)))


@cache
def _generators(l: int, spatial_dimension: int) -> tuple[tuple[tuple[Fraction, ...], ...], ...]:
    if spatial_dimension == 3:
        return rotation_generators(l)
    if not l:
        return (((Fraction(0),),),)
    return (((Fraction(0), Fraction(-l)), (Fraction(l), Fraction(0))),)


def _turned(space: TensorSpace, parts: Iterable[Vector], axis: int) -> Vector:
    found: Vector = []
    for tensor, part in zip(space.tensors, parts, strict=True):
        found += _product(_generators(tensor.l, space.spatial_dimension)[axis], part)
    return found


def _acts_trivially(space: TensorSpace, parts: Sequence[Vector], symmetry: Symmetry) -> bool:
    return all(
        _product(_action(t.l, t.parity, symmetry), part) == part
        for t, part in zip(space.tensors, parts, strict=True)
        if any(part)
    )


def _fixed(space: TensorSpace, l: int, parity: int, kept: Sequence[Symmetry], still: Sequence[Vector]) -> Matrix:
    """The vectors of an irreducible tensor that the stabiliser fixes."""
    size = Irrep("t", l, parity).dimension if space.spatial_dimension == 3 else 2 if l else 1
    rows: Matrix = []
    for symmetry in kept:
        for i, row in enumerate(_action(l, parity, symmetry)):
            rows.append([v - (i == j) for j, v in enumerate(row)])
    for w in still:
        for i in range(size):
            generators = _generators(l, space.spatial_dimension)
            rows.append(
                [sum((c * g[i][j] for c, g in zip(w, generators, strict=True)), Fraction(0)) for j in range(size)]
            )
    rows = [row for row in rows if any(row)]
    identity = [[Fraction(int(i == j)) for j in range(size)] for i in range(size)]
    return null_space(reduced_rows(rows), size) if rows else identity


def _fixed_axes(space: TensorSpace, kept: Sequence[Symmetry], still: Sequence[Vector]) -> Matrix:
    """The rotation vectors that the stabiliser fixes, along x, y and z; in the plane the one about the normal."""
    if space.spatial_dimension == 2:
        return [] if any(_determinant(s) < 0 for s in kept) else [[Fraction(1)]]
    # The rational components of rank 1 are y, z and x.
    return [[v[2], v[0], v[1]] for v in _fixed(space, 1, 1, kept, still)]


def _product(matrix: Sequence[Sequence[Fraction]], vector: Vector) -> Vector:
    return [sum((a * b for a, b in zip(row, vector, strict=True) if a and b), Fraction(0)) for row in matrix]


def _combination(vectors: Sequence[Vector], weights: Sequence[Fraction]) -> Vector:
    return [sum((w * v[i] for w, v in zip(weights, vectors, strict=True)), Fraction(0)) for i in range(len(vectors[0]))]
