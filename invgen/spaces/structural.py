"""The tensors that a point group leaves unchanged, in rational components, and where a group's axes point.

In the standard setting a cyclic group keeps components (l, m) with n | m, and half a turn about x keeps or reverses
each component. Three-fold axes along diagonals permute x, y and z, so that the structural tensors of cubic groups solve
rational equations. The icosahedral ones come from Klein's forms (`spaces.binary_forms`). Other axes than the standard
ones leave all of this rational: every structural tensor, or the sum of a few with rational ratios, is even or odd in
each of x, y and z, so that the roots of the axes' lengths are one factor, which is left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import combinations
from math import comb, gcd, isqrt, lcm

from invgen.algebra.rationals import null_space, reduced_rows
from invgen.checks import as_integer
from invgen.errors import EnumerationError, InputError
from invgen.spaces.binary_forms import components_of_form, icosahedral_forms
from invgen.spaces.harmonics import multinomial, solid_harmonics, squared_norms
from invgen.spaces.point_groups import (
    DIHEDRAL,
    FULL,
    ICOSAHEDRAL,
    OCTAHEDRAL,
    POINT_GROUPS,
    SYMMETRIES,
    TETRAHEDRAL,
    PointGroup,
    Rotations,
    read_structural,
)

Axes = tuple[tuple[int, int, int], ...]
Components = tuple[int, ...]

STANDARD: Axes = ((1, 0, 0), (0, 1, 0), (0, 0, 1))
_MAIN_AXIS = {TETRAHEDRAL: 2, OCTAHEDRAL: 4, ICOSAHEDRAL: 5}


@dataclass(frozen=True)
class StructuralTensor:
    """A tensor of H_l that a point group leaves unchanged.

    Attributes:
        name: "@4e" by rank and parity, or "@2e_0", "@2e_1" where there are several.
        l: the rank.
        parity: +1 or -1.
        components: rational ones, coprime integers.
    """

    name: str
    l: int
    parity: int
    components: Components

    @property
    def polynomial(self) -> dict[tuple[int, int, int], int]:
        """The harmonic polynomial of the tensor, exponents of x, y and z -> coprime integers: T · (r⊗...⊗r)."""
        return _polynomial(self.components, self.l)

    def __str__(self) -> str:
        terms = []
        for exponents, value in self.polynomial.items():
            factors = [v if k == 1 else f"{v}^{k}" for v, k in zip("xyz", exponents, strict=True) if k]
            if abs(value) != 1 or not factors:
                factors.insert(0, str(abs(value)))
            terms.append(f"{'-' if value < 0 else '+'} {' '.join(factors)}")
        text = " ".join(terms).removeprefix("+ ")
        return f"-{text[2:]}" if text.startswith("- ") else text


@cache
def structural_tensor(group: PointGroup, name: str, axes: Axes = STANDARD) -> StructuralTensor:
    """The structural tensor of a name; `InputError` if the group has none of this name."""
    l, parity, number = read_structural(group, name)
    return StructuralTensor(name, l, parity, structural(group.name, l, parity, axes)[number])


@cache
def structural(name: str, l: int, parity: int, axes: Axes = STANDARD) -> tuple[Components, ...]:
    """A basis of the tensors of H_l of a parity that a group leaves unchanged, in rational components.

    They are in reduced row echelon form, each scaled to coprime integers; so they are a function of the group alone.

    Args:
        name: a name of `SYMMETRIES`.
        l: the rank.
        parity: +1 or -1; for groups of rotations it does not matter.
        axes: where x, y and z of the standard setting point: three orthogonal integer vectors, as `check_axes` returns
            them.

    Complexity: a rational elimination with at most 2l + 1 unknowns.
    """
    group = SYMMETRIES[name]
    wanted = group.count(l, parity)
    if not wanted:
        return ()
    rows = _standard(group, l, parity)
    if axes != STANDARD:
        rows = reduced_rows([_turned(row, l, axes) for row in rows])
    if len(rows) != wanted:
        raise EnumerationError(
            f"{name} leaves {wanted} tensors of rank {l} unchanged, but {len(rows)} were found; "
            "please report this as a defect"
        )
    return tuple(_coprime(row) for row in rows)


def check_axes(group: str, orientation: object) -> Axes:
    """The axes of an orientation: three orthogonal integer vectors in lowest terms, all reversed where left-handed.

    Raises:
        InputError: not three integer vectors, not orthogonal, or axes that make the structural tensors of an
            icosahedral group irrational.
    """
    what = "orientation is three orthogonal integer axes, such as ((1, 1, 0), (-1, 1, 0), (0, 0, 1))"
    try:
        rows = [[as_integer(v) for v in row] for row in orientation]  # type: ignore[attr-defined]
    except TypeError:
        rows = []
    if [len(row) for row in rows] != [3, 3, 3] or any(v is None for row in rows for v in row):
        raise InputError(f"{what}, got {orientation!r}")
    axes = [tuple(int(v) for v in row if v is not None) for row in rows]
    if not all(map(any, axes)):
        raise InputError(f"{what}; an axis of length zero has no direction, got {orientation!r}")
    axes = [tuple(v // gcd(*axis) for v in axis) for axis in axes]
    for first, second in combinations(axes, 2):
        product = sum(a * b for a, b in zip(first, second, strict=True))
        if product:
            raise InputError(f"{what}; {first} and {second} have the scalar product {product}")
    (a, b, c), (d, e, f), (g, h, i) = axes
    if a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g) < 0:
        # Inversion is in the centre of O(3): axes and their opposites turn a group into the same one.
        axes = [tuple(-v for v in axis) for axis in axes]
    if POINT_GROUPS[group].rotations.family == ICOSAHEDRAL:
        across = sum(v * v for v in axes[1]) * sum(v * v for v in axes[2])
        if isqrt(across) ** 2 != across:
            raise InputError(
                f"with these axes the structural tensors of {group} are not rational: the lengths of {axes[1]} and "
                f"{axes[2]}, the images of y and z, must have a rational ratio; choose others"
            )
    return (axes[0], axes[1], axes[2])  # type: ignore[return-value]


def _polynomial(components: Sequence[int], l: int) -> dict[tuple[int, int, int], int]:
    total: dict[tuple[int, int, int], Fraction] = defaultdict(Fraction)
    for value, polynomial, norm in zip(components, solid_harmonics(l), squared_norms(l), strict=True):
        for exponents, coefficient in polynomial.items() if value else ():
            total[exponents] += value / norm * coefficient
    kept = {e: v for e, v in sorted(total.items(), reverse=True) if v}
    return dict(zip(kept, _coprime(list(kept.values())), strict=True))


def _standard(group: PointGroup, l: int, parity: int) -> list[list[Fraction]]:
    """The structural tensors in the standard setting, in reduced row echelon form."""
    if group.rotations.family == FULL:
        return [[Fraction(1)]]
    if group.rotations.family == ICOSAHEDRAL:
        return reduced_rows([components_of_form(form, l) for form in icosahedral_forms(l)])
    mixed = not group.inversion and not group.is_chiral
    rotations, signed = group.rotations, group.signed
    if not mixed or parity > 0:
        kept = [m for m in range(-l, l + 1) if _main(signed).keeps(l, m)]
    else:
        kept = [m for m in range(-l, l + 1) if _main(rotations).keeps(l, m) and not _main(signed).keeps(l, m)]
    if rotations.family != TETRAHEDRAL and signed.family != OCTAHEDRAL:
        return [[Fraction(int(i - l == m)) for i in range(2 * l + 1)] for m in kept]
    return _cyclic_in_xyz(l, kept)


def _main(rotations: Rotations) -> Rotations:
    """The dihedral group about z inside a polyhedral one, which diagonalises with it; others themselves."""
    return Rotations(DIHEDRAL, _MAIN_AXIS[rotations.family]) if rotations.family in _MAIN_AXIS else rotations


def _cyclic_in_xyz(l: int, kept: Sequence[int]) -> list[list[Fraction]]:
    """The combinations of components m in `kept` that do not change as x, y and z are permuted cyclically."""
    harmonics, norms = solid_harmonics(l), squared_norms(l)
    equations: dict[tuple[int, int, int], list[Fraction]] = defaultdict(lambda: [Fraction(0)] * len(kept))
    for i, m in enumerate(kept):
        for (a, b, c), value in harmonics[m + l].items():
            equations[a, b, c][i] += value
            equations[c, a, b][i] -= value
    rows = []
    for solution in null_space(list(equations.values()), len(kept)):
        row = [Fraction(0)] * (2 * l + 1)
        for m, part in zip(kept, solution, strict=True):
            row[m + l] = part * norms[m + l]  # the polynomial sum of f_m P_m is the tensor of components f_m |P_m|²
        rows.append(row)
    return reduced_rows(rows)


def _turned(row: Sequence[Fraction], l: int, axes: Axes) -> list[Fraction]:
    """The tensor whose x, y and z have been turned into the axes, up to a factor.

    Of x'^a y'^b z'^c with x' = u · r / |u| the roots are taken out of pairs; what is left of odd powers is the same
    root for all terms, or a rational multiple of it.
    """
    harmonics, norms = solid_harmonics(l), squared_norms(l)
    squares = [sum(v * v for v in axis) for axis in axes]
    polynomial: dict[tuple[int, int, int], Fraction] = defaultdict(Fraction)
    for m, value in enumerate(row):
        for exponents, coefficient in harmonics[m].items() if value else ():
            polynomial[exponents] += value / norms[m] * coefficient
    polynomial = {e: value for e, value in polynomial.items() if value}
    first = next(iter(polynomial))
    turned: dict[tuple[int, int, int], Fraction] = defaultdict(Fraction)
    for exponents, value in polynomial.items():
        factor = value
        odd = Fraction(1)  # the square of what odd powers leave, relative to the first term's
        for power, reference, square in zip(exponents, first, squares, strict=True):
            factor /= Fraction(square) ** (power // 2)
            odd *= Fraction(square) ** (reference % 2 - power % 2)
        factor *= _square_root(odd)
        for e, c in _substituted(exponents, axes).items():
            turned[e] += factor * c
    # A component is P_m contracted with the entries of the tensor: coefficients of its polynomial over multinomials.
    return [
        sum((Fraction(c, multinomial(e)) * turned.get(e, 0) for e, c in harmonic.items()), Fraction(0))
        for harmonic in harmonics
    ]


def _square_root(value: Fraction) -> Fraction:
    top, bottom = isqrt(value.numerator), isqrt(value.denominator)
    if top * top != value.numerator or bottom * bottom != value.denominator:
        raise EnumerationError(f"{value} is not a square; please report this as a defect")
    return Fraction(top, bottom)


@cache
def _power(axis: tuple[int, int, int], exponent: int) -> dict[tuple[int, int, int], int]:
    """(u · r)^exponent as a polynomial."""
    u, v, w = axis
    return {
        (i, j, exponent - i - j): comb(exponent, i) * comb(exponent - i, j) * u**i * v**j * w ** (exponent - i - j)
        for i in range(exponent + 1)
        for j in range(exponent - i + 1)
    }


@cache
def _substituted(exponents: tuple[int, int, int], axes: Axes) -> dict[tuple[int, int, int], int]:
    """x^a y^b z^c with x, y and z replaced by the products of r with the axes."""
    result = {(0, 0, 0): 1}
    for axis, exponent in zip(axes, exponents, strict=True):
        longer: dict[tuple[int, int, int], int] = defaultdict(int)
        for (a, b, c), x in result.items():
            for (i, j, k), y in _power(axis, exponent).items():
                if y:
                    longer[a + i, b + j, c + k] += x * y
        result = dict(longer)
    return result


def _coprime(row: Sequence[Fraction]) -> Components:
    unit = lcm(*(v.denominator for v in row))
    integers = [int(v * unit) for v in row]
    return tuple(v // gcd(*integers) for v in integers)
