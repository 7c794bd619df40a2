"""Conventions: which 2l + 1 numbers stand for an irreducible tensor.

A convention is a linear coordinate map, never a change of the invariant: with T the symmetric traceless tensor,
T = matrix · (scale ⊙ x), an integer matrix and one exact constant per component. A contraction therefore has one
value, whatever convention its input is written in. Conventions are versioned; changing one makes new basis ids.

=================  =====================================================================================
rational           x_m = P_m · T, un-normalised integer harmonic polynomials, z polar (exact arithmetic)
sphericart         orthonormal on the sphere, z polar, m = -l..l, no Condon-Shortley phase
e3nn               e3nn's default normalization "integral": orthonormal on the sphere, y polar
e3nn_component     e3nn's "component": the squared norm of Y_l is 2l + 1
e3nn_norm          e3nn's "norm": the norm of Y_l is 1
hippynn            Cartesian entries of T with at most one z index, in the order of sorted indices; l <= 3
=================  =====================================================================================

Spaces made by `TensorSpace.moments` and `TensorSpace.cartesian` have one more, "cartesian": the moments or tensor
entries m themselves. It belongs to the whole space, not to one irreducible tensor: x in "rational" is A m, with the
integer matrix A of the space's layout.

In the plane the components are the real and imaginary parts of complex moments: "complex" as floats, "rational" exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from invgen.algebra.exact import ONE, Surd
from invgen.checks import integer
from invgen.errors import InputError
from invgen.spaces import harmonics
from invgen.spaces.convention_names import CARTESIAN as CARTESIAN
from invgen.spaces.convention_names import COMPLEX as COMPLEX
from invgen.spaces.convention_names import DEFAULT as DEFAULT
from invgen.spaces.convention_names import NAMES as NAMES
from invgen.spaces.convention_names import PLANAR_NAMES as PLANAR_NAMES
from invgen.spaces.irreps import Irrep
from invgen.spaces.space import TensorSpace

CONVENTIONS_VERSION = 1
_ALIASES = {"e3nn_integral": "e3nn"}
_HIPPYNN_MAX_RANK = 3


@dataclass(frozen=True)
class TensorMap:
    """T = matrix · (scale ⊙ x): the entries of a traceless tensor from its components.

    In the plane the entries are those of the vector (Re c, Im c), or (c,) where c is real.

    Attributes:
        l: the rank.
        matrix: integers, (number of entries, number of components).
        scale: one exact constant per component.
        entries: what the rows stand for, in space all `harmonics.monomials` of order l.
    """

    l: int
    matrix: harmonics.IntegerMatrix
    scale: tuple[Surd, ...]
    entries: tuple[harmonics.Exponents, ...]


def resolve(name: str) -> str:
    """The canonical name of a convention; `InputError` lists the known ones."""
    name = _ALIASES.get(name, name)
    if name not in NAMES:
        raise InputError(f"the convention must be one of {', '.join(NAMES)}, got {name!r}")
    return name


def check(name: str, ranks: tuple[int, ...]) -> str:
    """The canonical name of a convention that can write tensors of these ranks."""
    name = resolve(name)
    if name == "hippynn" and max(ranks) > _HIPPYNN_MAX_RANK:
        raise InputError(
            f"the convention 'hippynn' is defined for l <= {_HIPPYNN_MAX_RANK}, the space has l = {max(ranks)}; "
            "use 'sphericart'"
        )
    return name


def of_space(name: str | None, space: TensorSpace) -> str:
    """The canonical name of a convention that can write a space; None is the default of that space.

    The default is "cartesian" where the space is made of Cartesian moments or tensors, otherwise "sphericart", in the
    plane "complex".

    Raises:
        InputError: an unknown name, or a convention that is not defined for the space.
    """
    planar = space.spatial_dimension == 2
    if name is None:
        return CARTESIAN if space.layout is not None else COMPLEX if planar else DEFAULT
    if planar and name not in (*PLANAR_NAMES, CARTESIAN):
        raise InputError(f"in the plane the convention must be one of {', '.join(PLANAR_NAMES)}, got {name!r}")
    if planar and name != CARTESIAN:
        return name
    if name != CARTESIAN:
        return check(name, tuple(t.l for t in space.tensors))
    if space.layout is None:
        raise InputError(
            f"the convention must be one of {', '.join(PLANAR_NAMES if planar else NAMES)}, got {name!r}, which needs "
            "a space made by "
            "TensorSpace.moments or TensorSpace.cartesian"
        )
    return name


def map_of(name: str, tensor: Irrep) -> TensorMap:
    """How the convention writes a tensor of a space."""
    return tensor_map(name, tensor.l) if tensor.spatial_dimension == 3 else planar_map(tensor.l)


def planar_map(weight: int) -> TensorMap:
    """Moments in the plane are written as they are, in every convention."""
    size = 2 if weight else 1
    identity = tuple(tuple(int(i == j) for j in range(size)) for i in range(size))
    return TensorMap(weight, identity, (ONE,) * size, harmonics.monomials(1)[:size])


def tensor_map(name: str, l: int) -> TensorMap:
    """How the convention writes a tensor of rank l."""
    l = integer("a rank", l, 0)
    return _tensor_map(check(name, (l,)), l)


@cache
def _tensor_map(name: str, l: int) -> TensorMap:
    if name == "hippynn":
        return TensorMap(l, harmonics.tensor_of_free_entries(l), (ONE,) * (2 * l + 1), harmonics.monomials(l))
    matrix, scale = harmonics.tensor_of_components(l)
    if name.startswith("e3nn"):
        matrix = _cycle_axes(l, matrix)
    norms = component_norms(name, l)
    exact = tuple(Surd.rational(s) * n.inverse() for s, n in zip(scale, norms, strict=True))
    return TensorMap(l, matrix, exact, harmonics.monomials(l))


def component_norms(name: str, l: int) -> tuple[Surd, ...]:
    """The factors N_m in x_m = N_m P_m · T of a spherical convention (all but hippynn)."""
    l = integer("a rank", l, 0)
    if name == "rational":
        return (ONE,) * (2 * l + 1)
    sphere = harmonics.sphere_norms(l)  # the mean of P_m² over the sphere
    mean, pi_power = {
        "sphericart": (Fraction(1, 4), -1),
        "e3nn": (Fraction(1, 4), -1),
        "e3nn_component": (Fraction(1), 0),
        "e3nn_norm": (Fraction(1, 2 * l + 1), 0),
    }[name]  # the mean of x_m² over unit vectors, times π^pi_power
    return tuple(Surd.root(mean / norm, pi_power) for norm in sphere)


def component_matrix(name: str, l: int) -> tuple[tuple[Surd, ...], harmonics.IntegerMatrix]:
    """The map back, x = scale ⊙ (matrix · T): scales and an integer matrix (2l + 1, monomials)."""
    l = integer("a rank", l, 0)
    name = check(name, (l,))
    if name == "hippynn":
        selected = tuple(tuple(int(e == free) for e in harmonics.monomials(l)) for free in harmonics.free_entries(l))
        return (ONE,) * (2 * l + 1), selected
    matrix = harmonics.components_of_tensor(l)
    if name.startswith("e3nn"):
        matrix = tuple(zip(*_cycle_axes(l, tuple(zip(*matrix, strict=True))), strict=True))
    return component_norms(name, l), matrix


def component_labels(name: str, l: int) -> tuple[str, ...]:
    """How tables call the components: m = -l..l, or the Cartesian indices for hippynn."""
    l = integer("a rank", l, 0)
    if resolve(name) == "hippynn":
        return tuple("x" * a + "y" * b + "z" * c for a, b, c in harmonics.free_entries(l))
    return tuple(str(m) for m in range(-l, l + 1))


def _cycle_axes(l: int, rows: harmonics.IntegerMatrix) -> harmonics.IntegerMatrix:
    """Reorder rows labelled by monomials from z-polar to e3nn's axes: Y_e3nn(x, y, z) = Y(z, x, y)."""
    position = {e: i for i, e in enumerate(harmonics.monomials(l))}
    # Our (x, y, z) holds e3nn's (z, x, y), so e3nn's exponents (a, b, c) are ours (c, a, b).
    return tuple(rows[position[(c, a, b)]] for a, b, c in harmonics.monomials(l))
