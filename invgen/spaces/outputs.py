"""What a basis maps to: scalars ("0e"), an irreducible tensor H_L of one parity ("1o", "2e"), or a Cartesian tensor.

A covariant f: V -> H_L has f(D x) = D_L f(x). Its components are written in the convention of the basis. "cartesian"
belongs to a whole space, so with it they are written in "rational". A Cartesian tensor ("i", "ij=ji") is the direct sum
of irreducible parts of different ranks; a member maps to one of them, and is written by the entries of the tensor.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from invgen.algebra.exact import ONE, Surd
from invgen.algebra.rationals import inverted
from invgen.checks import integer
from invgen.errors import EnumerationError, InputError
from invgen.spaces import conventions, groups, harmonics
from invgen.spaces.irreps import Irrep
from invgen.spaces.space import MAX_RANK, MAX_SERIES_WORK, TensorSpace

SCALAR = "0e"
_INDICES = re.compile(r"(i|ij|ijk|ijkl|ijklm|ijklmn)(=.*)?$", re.DOTALL)  # others are misspelt irreps
_IRREP = re.compile(r"(?P<l>0|[1-9][0-9]?)(?P<parity>[eo])")


@dataclass(frozen=True)
class OutputMap:
    """x = scale ⊙ (matrix · z): the components of outputs in a convention from the rational ones z of a part.

    Attributes:
        scale: one exact constant per component.
        matrix: fractions, (components, 2l + 1); the identity for conventions of irreps with z polar.
    """

    scale: tuple[Surd, ...]
    matrix: tuple[tuple[Fraction, ...], ...]


def output_irrep(text: str) -> Irrep:
    """The irrep of `outputs`, as e3nn writes it.

    Raises:
        InputError: not a rank up to 20 and a parity, such as "1o".
    """
    match = _IRREP.fullmatch(text) if isinstance(text, str) else None
    if match is None or int(match["l"]) > MAX_RANK:
        raise InputError(
            f'outputs is one irrep with l <= {MAX_RANK}, such as "0e", "1o" or "2e", or a Cartesian tensor with its '
            f'index symmetries, such as "i" or "ij=ji", got {text!r}'
        )
    return Irrep("y", int(match["l"]), 1 if match["parity"] == "e" else -1)


def canonical(outputs: str) -> str:
    """The one way in which outputs are written: "2e", "ij=ji".

    Raises:
        InputError: neither an irrep nor a Cartesian tensor whose irreducible parts have different ranks.
    """
    if not isinstance(outputs, str) or _INDICES.match(outputs) is None:
        return output_irrep(outputs).symbol
    space = TensorSpace.cartesian(outputs)
    repeated = [l for l, times in Counter(t.l for t in space.tensors).items() if times > 1]
    if repeated:
        raise InputError(
            f"outputs={outputs!r} has several irreducible parts of rank {', '.join(map(str, repeated))}; ask for the "
            "irreps one after the other, such as outputs='2e'"
        )
    return cartesian_space(outputs).layout.recipe[1]  # type: ignore[union-attr]


@cache
def cartesian_space(outputs: str) -> TensorSpace:
    """The space of Cartesian outputs: its layout says how entries are made of irreducible parts."""
    return TensorSpace.cartesian(outputs)


def is_cartesian(outputs: str) -> bool:
    """Whether outputs are a Cartesian tensor, which is written by its entries."""
    return outputs[:1].isalpha()


def parts(outputs: str) -> tuple[Irrep, ...]:
    """The irreducible parts of outputs, of different ranks."""
    return cartesian_space(outputs).tensors if is_cartesian(outputs) else (output_irrep(outputs),)


def part_of_rank(outputs: str, l: int) -> Irrep | None:
    """The part of outputs that has this rank; None if there is none."""
    return next((part for part in parts(outputs) if part.l == l), None)


def dimension(outputs: str) -> int:
    """The number of components of outputs."""
    return sum(part.dimension for part in parts(outputs))


def count_maps(space: TensorSpace, outputs: str, multidegree: Sequence[int]) -> int:
    """Linearly independent equivariant maps of a multidegree to the outputs; to "0e" invariants."""
    if outputs == SCALAR and any(multidegree):
        return space.count(multidegree)
    powers = [(t.l, k) for t, k in zip(space.tensors, multidegree, strict=True)]
    parity = space.parity(multidegree)
    return sum(groups.count_maps(powers, parity * part.parity, space.symmetry, part.l) for part in parts(outputs))


def series(space: TensorSpace, outputs: str, max_degree: int) -> list[int]:
    """The number of linearly independent equivariant maps of each degree 0..max_degree; to "0e" the Hilbert series.

    Raises:
        InputError: the degree is too high to be counted.
    """
    if outputs == SCALAR:
        return space.hilbert_series(max_degree)
    max_degree = integer("a degree", max_degree, 0)
    reach = max(t.l for t in space.tensors) * max_degree + 1
    if len(space.tensors) * max_degree**2 * reach**2 > MAX_SERIES_WORK:
        raise InputError(f"the covariants of {space} to degree {max_degree} cannot be counted; lower the degree")
    irreps, group = [(t.l, t.parity) for t in space.tensors], space.point_group or space.group
    found = [groups.hilbert_series(irreps, group, max_degree, part.l, part.parity) for part in parts(outputs)]
    return [sum(counts) for counts in zip(*found, strict=True)]


def noun(outputs: str, count: int = 2) -> str:
    """What members are called: "invariants", "covariants 1o"."""
    plural = "" if count == 1 else "s"
    return f"invariant{plural}" if outputs == SCALAR else f"covariant{plural} {outputs}"


def convention_of(name: str, outputs: str) -> str:
    """The convention in which the outputs are written where tensors are written in `name`; "0e" takes any.

    Cartesian outputs are written by their entries in every convention.

    Raises:
        InputError: the convention is not defined for their rank.
    """
    if outputs == SCALAR or is_cartesian(outputs):
        return name
    try:
        return conventions.check("rational" if name == conventions.CARTESIAN else name, (output_irrep(outputs).l,))
    except InputError as error:
        raise InputError(f"outputs {outputs} cannot be written in the convention {name!r}; use 'sphericart'") from error


def labels(name: str, outputs: str) -> tuple[str, ...]:
    """The labels of the outputs' components in a convention: "-1", "0", "1"; for hippynn "x", "y", "z"; entries."""
    if is_cartesian(outputs):
        return cartesian_space(outputs).components
    return conventions.component_labels(convention_of(name, outputs), output_irrep(outputs).l)


@cache
def output_map(name: str, outputs: str, rank: int) -> OutputMap:
    """How rational components of the part of a rank become components of the outputs in a convention."""
    if is_cartesian(outputs):
        return _entries_of_part(outputs, rank)
    scale, components = conventions.component_matrix(convention_of(name, outputs), rank)
    entries, sizes = harmonics.tensor_of_components(rank)
    columns = list(zip(*entries, strict=True))
    matrix = tuple(
        tuple(
            size * sum(a * b for a, b in zip(row, column, strict=True))
            for column, size in zip(columns, sizes, strict=True)
        )
        for row in components
    )
    return OutputMap(scale, matrix)


def _entries_of_part(outputs: str, rank: int) -> OutputMap:
    space = cartesian_space(outputs)
    if space.layout is None:
        raise EnumerationError(f"outputs {outputs} have no entries; please report this as a defect")
    entries = inverted(space.layout.matrix)
    place = next(i for i, part in enumerate(space.tensors) if part.l == rank)
    if entries is None:
        raise EnumerationError(f"the entries of {outputs} are not determined; please report this as a defect")
    return OutputMap((ONE,) * space.dimension, tuple(tuple(row[space.slices[place]]) for row in entries))
