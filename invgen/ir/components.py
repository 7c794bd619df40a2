"""Rational components of tensors from the inputs of a program, and outputs from rational components."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache

from invgen.basis.basis import Basis
from invgen.ir.builder import Builder
from invgen.ir.couplings import Components
from invgen.spaces import conventions
from invgen.spaces.harmonics import components_of_tensor, monomials
from invgen.spaces.irreps import Irrep
from invgen.spaces.outputs import output_map
from invgen.spaces.point_groups import is_structural


def rational_components(builder: Builder, basis: Basis, x: Sequence[int], name: str) -> Components:
    """The rational components of a tensor from the inputs, or of a structural tensor: each as a factor and a value."""
    if is_structural(name):
        one = builder.constant(1)
        return [(Fraction(c), one) for c in basis.space.structural(name).components]
    place = basis.space.index(name)
    tensor, where = basis.space.tensors[place], basis.space.slices[place]
    if basis.space.layout is not None and basis.convention == conventions.CARTESIAN:
        rows = basis.space.layout.rows[where]
        return [(Fraction(1), builder.combine((c, x[i]) for i, c in row)) for row in rows]
    scales = conventions.map_of(basis.convention, tensor).scale
    scaled = [builder.scale(s, value) for s, value in zip(scales, x[where], strict=True)]
    result = []
    for row in _rational_rows(basis.convention, tensor):
        weights = [(weight, scaled[k]) for weight, k in row]
        result.append(weights[0] if len(weights) == 1 else (Fraction(1), builder.combine(weights)))
    return result


@cache
def _rational_rows(convention: str, tensor: Irrep) -> tuple[tuple[tuple[Fraction, int], ...], ...]:
    """Each rational component as a combination of scaled components of a convention: (coefficient, number)."""
    tensor_map = conventions.map_of(convention, tensor)
    entry = dict(zip(tensor_map.entries, tensor_map.matrix, strict=True))
    rows = []
    for row in components_of_tensor(tensor.l):
        terms = [(c, entry[e]) for c, e in zip(row, monomials(tensor.l), strict=True) if c]
        sums = [Fraction(sum(c * part[k] for c, part in terms)) for k in range(2 * tensor.l + 1)]
        rows.append(tuple((weight, k) for k, weight in enumerate(sums) if weight))
    return tuple(rows)


def in_convention(builder: Builder, basis: Basis, rational: Components) -> list[int]:
    """Rational components of an output in the basis's convention."""
    change = output_map(basis.convention, basis.outputs, len(rational) // 2)
    return [
        builder.scale(scale, builder.combine((c * f, v) for c, (f, v) in zip(row, rational, strict=True) if c))
        for scale, row in zip(change.scale, change.matrix, strict=True)
    ]
