"""The rotation generators as exact matrices on rational components.

Rotating a tensor T about the axis a by the angle t changes its components by t · L_a x + O(t²). A function f of the
components is invariant under SO(3) exactly if its derivatives (∇f)(x) · L_a x vanish for all three axes, since SO(3)
is connected.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache

from invgen.spaces.harmonics import components_of_tensor, monomials, tensor_of_components

RationalMatrix = tuple[tuple[Fraction, ...], ...]

_AXES = 3


@cache
def rotation_generators(l: int) -> tuple[RationalMatrix, RationalMatrix, RationalMatrix]:
    """L_x, L_y, L_z on the rational components of rank l: [L_x, L_y] = L_z, and cyclically.

    With D = diag(1 / `harmonics.squared_norms(l)`), the matrix of the Frobenius norm, D L_a is antisymmetric. For l = 1
    L_a v = e_a × v, with the components in the order y, z, x.

    Args:
        l: the rank, at least 0.

    Returns:
        Three matrices (2l + 1, 2l + 1), rows and columns m = -l..l.

    Raises:
        InputError: l is negative.
    """
    x, y, z = (_generator(l, axis) for axis in range(_AXES))
    return x, y, z


def _generator(l: int, axis: int) -> RationalMatrix:
    """C · G · S: components to entries, the generator on entries, entries to components."""
    place = {e: i for i, e in enumerate(monomials(l))}
    entries, scales = tensor_of_components(l)
    u, v = (axis + 1) % _AXES, (axis + 2) % _AXES  # (e_a × T)_u = -T_v and (e_a × T)_v = T_u
    moved = []
    for exponents in monomials(l):
        # Each index u of the entry is replaced by v with a minus sign, each index v by u.
        row = [0] * (2 * l + 1)
        for source, target, sign in ((u, v, -1), (v, u, 1)):
            if exponents[source]:
                a, b, c = (e - (i == source) + (i == target) for i, e in enumerate(exponents))
                weight = sign * exponents[source]
                row = [r + weight * s for r, s in zip(row, entries[place[a, b, c]], strict=True)]
        moved.append(row)
    columns = list(zip(*moved, strict=True))
    return tuple(
        tuple(
            scale * sum(p * t for p, t in zip(polynomial, column, strict=True) if p and t)
            for column, scale in zip(columns, scales, strict=True)
        )
        for polynomial in components_of_tensor(l)
    )
