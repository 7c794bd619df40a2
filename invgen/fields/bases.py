"""Bases for one template: members whose gradient is degenerate at its moments give way to others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from math import frexp
from typing import Any

import numpy as np
from numpy.typing import NDArray

from invgen.basis.basis import Basis
from invgen.basis.generation import generate
from invgen.checks import not_negative, one_of, positive
from invgen.contractions.expression import Expression
from invgen.errors import InputError
from invgen.reduction.orbits.inputs import needed_rank
from invgen.reduction.search.jacobian_pass import JacobianPass
from invgen.reduction.selections.strata_repair import generators_of
from invgen.spaces.conventions import CARTESIAN
from invgen.spaces.harmonics import monomials, squared_norms
from invgen.spaces.space import TensorSpace

SELECTIONS = ("independent", "flexible")
_HIGHEST_DEGREE = 12  # flexible members of moments need 10
_REPAIR_DEGREE = 6
_REPAIR_CANDIDATES = 2000
_BITS = 30  # of a moment, relative to the largest of its order
_SIGNIFICANT = 3.0  # standard deviations of noise, below which a part counts as zero
_SEED = "invgen 1|template"

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class TemplateBasis:
    """A basis chosen for the moments of one template.

    Attributes:
        basis: the members; as many as a generic input needs, independent there.
        rank: of their gradients at the template's moments, proved as a lower bound.
        needed: the rank that all invariants together have there.
        before: the rank of the selection before members were replaced.
        replaced: the members of the selection that gave way.
        added: the members that came in their place.
        vanishing: the irreducible parts of the moments that are zero up to noise, "m3_1" for that of rank 1 of order 3.
        proportional: pairs of parts of equal rank and parity of which one is a multiple of the other up to noise.
    """

    basis: Basis
    rank: int
    needed: int
    before: int
    replaced: tuple[str, ...]
    added: tuple[str, ...]
    vanishing: tuple[str, ...]
    proportional: tuple[tuple[str, str], ...]

    @property
    def full(self) -> bool:
        """Whether nothing is missing at the template."""
        return self.rank == self.needed

    def __repr__(self) -> str:
        lines = [f"<TemplateBasis: {len(self.basis)} invariants, rank {self.rank} of {self.needed} at the template"]
        if self.before < self.rank:
            lines[0] += f", {self.before} before replacement"
        if self.vanishing:
            lines.append(f"  vanishing: {', '.join(self.vanishing)}")
        if self.proportional:
            lines.append(f"  proportional: {', '.join(' ~ '.join(pair) for pair in self.proportional)}")
        if self.replaced:
            lines.append(f"  replaced: {'; '.join(self.replaced)}")
            lines.append(f"  by: {'; '.join(self.added)}")
        return "\n".join(lines) + ">"


def basis_for(
    template: Any,
    space: TensorSpace | None = None,
    select: str = "independent",
    noise: float = 0.0,
    tolerance: float | None = None,
) -> TemplateBasis:
    """A basis whose gradients at a template's moments have the rank that is needed there.

    Ranks are those of exact matrices: the moments are rounded to rationals, after parts that are zero up to noise are
    set to zero and parts that are parallel up to noise are made exact multiples. The rank that is needed takes account
    of the template's symmetry, as far as it lies along the axes of the grid (`reduction.orbits.inputs`). Members are
    replaced only where the selection falls short; the result has full rank at generic inputs, too.

    Args:
        template: the moments as an array (dimension,) in the order of `space.components`; or an object with `values`
            and `space`, such as `fields.moments` of one point; or an object whose attribute `moments` is one, such as a
            `Template`.
        space: of the moments, where an array is given.
        select: the selection to begin with: "independent", whose members have low degrees, or "flexible".
        noise: the standard deviation of white noise in a voxel. Parts below three standard deviations of what it makes
            of them are zero. Needs moments that know their noise.
        tolerance: parts below this multiple of the norm of all moments are zero; by default the square root of the
            precision of the moments' dtype.

    Raises:
        InputError: the moments are not those of one place, not finite or all zero, their space is not one of moments
            under O(3), SO(3) or their planar counterparts, or an argument is not one of those listed.

    Complexity: that of `generate`, twice where members are replaced.
    """
    one_of("select", select, SELECTIONS)
    values, given, covariance = _read(template, space)
    sigma = not_negative("the noise of a voxel", noise)
    if sigma and covariance is None:
        raise InputError("noise needs moments that know their covariance; give the result of fields.moments")
    share = sigma**2 * covariance if sigma and covariance is not None else np.zeros((len(values), len(values)))
    least = float(np.sqrt(np.finfo(values.dtype).eps)) if tolerance is None else positive("the tolerance", tolerance)
    parts = _exact_parts(given, values.astype(np.float64), share, least)
    return _chosen(given, parts, select)


def _read(template: Any, space: TensorSpace | None) -> tuple[Floats, TensorSpace, Floats | None]:
    """The values (dimension,), their space, and their covariance per unit of white noise where it is known."""
    held = getattr(template, "moments", None)
    source = held if held is not None and not callable(held) else template
    covariance = getattr(source, "noise", None)
    found = space if space is not None else getattr(source, "space", None)
    if found is None and isinstance(template_order := getattr(template, "order", None), int):
        # A template of scalars: its moments are an array, its space follows from its order and shape.
        dimension = len(template.shape)
        found = TensorSpace.moments(range(template_order + 1), "scalar", dimension, f"O{dimension}")
        covariance = np.diag([template.window.noise(e) for e in _exponents(template_order, dimension)])
    if not isinstance(found, TensorSpace):
        raise InputError("an array of moments needs the space that they belong to; give space=TensorSpace.moments(...)")
    layout = found.layout
    if layout is None or not layout.recipe[0].endswith("moments") or found.point_group is not None:
        raise InputError(f"templates have moments under O3, SO3, O2 or SO2; the space is {found} under {found.group}")
    values = np.asarray(source if not hasattr(source, "space") else source.values)
    if values.dtype.kind not in "fiu" or values.size != found.dimension or values.shape[-1] != found.dimension:
        raise InputError(
            f"a template has the moments of one place, {found.dimension} real numbers, got {values.dtype} "
            f"{values.shape}; choose a voxel"
        )
    values = values.reshape(-1)
    values = values if values.dtype == np.float32 else values.astype(np.float64)
    if not np.isfinite(values).all() or not values.any():
        raise InputError("the moments of a template are finite and not all zero; is it empty or constant?")
    return values, found, covariance


def _exponents(order: int, dimension: int) -> list[tuple[int, ...]]:
    """Those of the components of a space of scalar moments."""
    if dimension == 2:
        return [(a, n - a) for n in range(order + 1) for a in range(n, -1, -1)]
    return [e for n in range(order + 1) for e in monomials(n)]


@dataclass(frozen=True)
class _Parts:
    """Exact rational components, and what was found of the parts."""

    x: tuple[Fraction, ...]
    vanishing: tuple[int, ...]
    proportional: tuple[tuple[int, int], ...]


def _exact_parts(space: TensorSpace, values: Floats, covariance: Floats, tolerance: float) -> _Parts:
    assert space.layout is not None
    matrix = np.array(space.layout.matrix, dtype=np.float64)
    weights = np.concatenate([_weights(t.l, t.spatial_dimension) for t in space.tensors])
    x = (matrix @ values) * weights
    spread = np.einsum("ij,jk,ik->i", matrix, covariance, matrix) * weights**2
    size = [float(np.linalg.norm(x[where])) for where in space.slices]
    noise = [float(np.sqrt(spread[where].sum())) for where in space.slices]
    whole = float(np.linalg.norm(x))
    vanishing = [
        i for i, (s, n) in enumerate(zip(size, noise, strict=True)) if s <= max(tolerance * whole, _SIGNIFICANT * n)
    ]
    exact = _rounded(space, values)
    for i in vanishing:
        exact[space.slices[i]] = [Fraction(0)] * space.tensors[i].dimension
    proportional: list[tuple[int, int]] = []
    for j, tensor in enumerate(space.tensors):
        alike = [i for i, t in enumerate(space.tensors[:j]) if (t.l, t.parity) == (tensor.l, tensor.parity)]
        taken = {second for _, second in proportional} | set(vanishing)
        for i in alike:
            if not tensor.l or i in taken or j in taken:
                continue
            first, second = x[space.slices[i]], x[space.slices[j]]
            factor = float(first @ second / (first @ first))
            rest = float(np.linalg.norm(second - factor * first))
            if rest <= max(tolerance * size[j], _SIGNIFICANT * float(np.hypot(noise[j], factor * noise[i]))):
                ratio = Fraction(factor).limit_denominator(2**_BITS)
                exact[space.slices[j]] = [ratio * v for v in exact[space.slices[i]]]
                proportional.append((i, j))
                break
    return _Parts(tuple(exact), tuple(vanishing), tuple(proportional))


def _weights(l: int, spatial_dimension: int) -> Floats:
    """What makes the rational components of a part orthonormal."""
    if spatial_dimension == 2:
        return np.ones(2 if l else 1)
    return np.array([1.0 / float(n) ** 0.5 for n in squared_norms(l)])


def _rounded(space: TensorSpace, values: Floats) -> list[Fraction]:
    """The rational components of rounded moments; moments of equal size stay equal, so that symmetries survive."""
    assert space.layout is not None
    unit = Fraction(2) ** (frexp(float(np.abs(values).max()))[1] - _BITS)
    whole = [round(Fraction(float(v)) / unit) for v in values]
    return [sum((c * whole[i] for i, c in row), 0) * unit for row in space.layout.rows]


def _chosen(space: TensorSpace, parts: _Parts, select: str) -> TemplateBasis:
    needed = needed_rank(space, parts.x)
    start = _generated(space, select)
    local = JacobianPass(space, _SEED, parts.x)
    kept = [member for member in start.contractions if local.offer(member)]
    before = local.rank
    added: list[Expression] = []
    if before < needed:
        for candidate in _candidates(space, parts):
            if candidate not in start.contractions and local.offer(candidate):
                added.append(candidate)
            if local.rank == needed:
                break
    names = space.names
    vanishing = tuple(names[i] for i in parts.vanishing)
    proportional = tuple((names[i], names[j]) for i, j in parts.proportional)
    if not added:
        return TemplateBasis(start, before, needed, before, (), (), vanishing, proportional)
    generic = JacobianPass(space, _SEED)
    rest = [member for member in start.contractions if member not in kept]
    chosen = {member for member in [*kept, *added, *rest] if generic.offer(member)}
    members = [member for member in [*start.contractions, *added] if member in chosen]
    members.sort(key=lambda member: member.degree)
    replaced = tuple(str(member) for member in start.contractions if member not in chosen)
    basis = Basis.from_contractions(members, space, CARTESIAN)
    return TemplateBasis(basis, local.rank, needed, before, replaced, tuple(map(str, added)), vanishing, proportional)


def _generated(space: TensorSpace, select: str) -> Basis:
    """The selection of the lowest highest degree that is complete; flexible ones say which degree they need."""
    if select == "flexible":
        return generate(space, _HIGHEST_DEGREE, select=select)
    basis = generate(space, 4)
    for degree in range(5, _HIGHEST_DEGREE + 1):
        if basis.certificate.complete:
            break
        basis = generate(space, degree)
    return basis


def _candidates(space: TensorSpace, parts: _Parts) -> Iterator[Expression]:
    """What may come in place of a member: flexible ones first, then generators of the parts that do not vanish."""
    alive = [i for i in range(len(space.tensors)) if i not in parts.vanishing]
    names = {space.names[i] for i in alive}
    for mode in ("specific", "minimal-set"):
        flexible = generate(space, _HIGHEST_DEGREE, select="flexible", flexible=mode)
        yield from (member for member in flexible.contractions if names.issuperset(member.factors))
    found = generators_of(space, alive, _REPAIR_DEGREE)
    yield from (candidate.contraction for candidate in islice(found, _REPAIR_CANDIDATES))
