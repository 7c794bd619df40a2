"""Tensor entries from the inputs of a program: by the rows of a convention, or from the trace where that is cheaper."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from invgen.basis.basis import Basis
from invgen.ir.builder import Builder
from invgen.spaces import conventions
from invgen.spaces.harmonics import Exponents
from invgen.spaces.irreps import Irrep
from invgen.spaces.layouts import LayoutRow

Index = tuple[Exponents, ...]
"""The exponents of each open tensor of a partial product."""


def entries_of(builder: Builder, basis: Basis, tensor: Irrep, where: slice, x: Sequence[int]) -> dict[Exponents, int]:
    """The entries of a tensor from the inputs of the program."""
    if basis.space.layout is None or basis.convention != conventions.CARTESIAN:
        return _tensor_entries(builder, conventions.map_of(basis.convention, tensor), x[where])
    layout = basis.space.layout.rows[where]
    tensor_map = conventions.map_of("rational", tensor)

    def by_components() -> dict[Exponents, int]:
        return _tensor_entries(builder, tensor_map, [builder.combine((c, x[i]) for i, c in row) for row in layout])

    def at_once() -> dict[Exponents, int]:
        return _cartesian_entries(builder, tensor_map, layout, x)

    ways = (at_once, by_components)
    return ways[builder.cheapest(ways)]()


def _cartesian_entries(
    builder: Builder, tensor_map: conventions.TensorMap, layout: Sequence[LayoutRow], x: Sequence[int]
) -> dict[Exponents, int]:
    """The entries of a traceless tensor as combinations of Cartesian components, or from the trace."""
    entries: dict[Index, int] = {}
    for exponents, row in zip(tensor_map.entries, tensor_map.matrix, strict=True):
        weights: dict[int, Fraction] = {}
        for coefficient, scale, parts in zip(row, tensor_map.scale, layout, strict=True):
            for i, c in parts if coefficient else ():
                weights[i] = weights.get(i, Fraction(0)) + coefficient * c * (scale.as_fraction() or 0)

        def direct(weights: dict[int, Fraction] = weights) -> int:
            return builder.combine((c, x[i]) for i, c in sorted(weights.items()) if c)

        value = cheaper_entry(builder, direct, (exponents,), entries)
        if value is not None:
            entries[exponents,] = value
    return {exponents: value for (exponents,), value in entries.items()}


def _tensor_entries(builder: Builder, tensor_map: conventions.TensorMap, x: Sequence[int]) -> dict[Exponents, int]:
    """The entries of a tensor from its components, each by its row of the map or from the trace."""
    scaled = [builder.scale(s, value) for s, value in zip(tensor_map.scale, x, strict=True)]
    entries: dict[Index, int] = {}
    for exponents, row in zip(tensor_map.entries, tensor_map.matrix, strict=True):

        def direct(row: tuple[int, ...] = row) -> int:
            return builder.combine((c, s) for c, s in zip(row, scaled, strict=True) if c)

        value = cheaper_entry(builder, direct, (exponents,), entries)
        if value is not None:
            entries[exponents,] = value
    return {exponents: value for (exponents,), value in entries.items()}


def cheaper_entry(
    builder: Builder, direct: Callable[[], int | None], index: Index, known: dict[Index, int]
) -> int | None:
    """An entry directly, or as minus the two entries that make a trace with it."""
    mark = builder.mark()
    value = direct()
    cost = builder.cost_since(mark)
    for position, (a, b, c) in enumerate(index):
        if c >= 2 and cost > 1:
            partners = [
                known.get((*index[:position], other, *index[position + 1 :]))
                for other in ((a + 2, b, c - 2), (a, b + 2, c - 2))
            ]
            first, second = partners
            if first is not None and second is not None:
                builder.rollback(mark)
                traced = builder.neg(builder.add(first, second))
                if builder.cost_since(mark) <= cost:
                    return traced
                builder.rollback(mark)
                return direct()
    return value
