"""What a basis maps to: scalars ("0e"), or an irreducible tensor H_L of one parity ("1o", "2e").

A covariant f: V -> H_L has f(D x) = D_L f(x). Its components are written in the convention of the basis. "cartesian"
belongs to a whole space, so with it they are written in "rational".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from invgen.algebra.exact import Surd
from invgen.checks import integer
from invgen.errors import InputError
from invgen.spaces import conventions, groups, harmonics
from invgen.spaces.space import MAX_RANK, MAX_SERIES_WORK, Irrep, TensorSpace

SCALAR = "0e"
_IRREP = re.compile(r"(?P<l>0|[1-9][0-9]?)(?P<parity>[eo])")


@dataclass(frozen=True)
class OutputMap:
    """x = scale ⊙ (matrix · z): the components of a tensor in a convention from its rational ones z.

    Attributes:
        scale: one exact constant per component.
        matrix: Fractions, (2l + 1, 2l + 1); the identity for conventions with z polar.
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
        raise InputError(f'outputs is one irrep with l <= {MAX_RANK}, such as "0e", "1o" or "2e", got {text!r}')
    return Irrep("y", int(match["l"]), 1 if match["parity"] == "e" else -1)


def admits(space: TensorSpace, outputs: str, multidegree: Sequence[int]) -> bool:
    """Whether the group lets covariants of this multidegree be of the outputs' parity, which SO(3) ignores."""
    return space.group == "SO3" or space.parity(multidegree) == output_irrep(outputs).parity


def count_maps(space: TensorSpace, outputs: str, multidegree: Sequence[int]) -> int:
    """Linearly independent equivariant maps of a multidegree to the outputs; to "0e" invariants."""
    if outputs == SCALAR:
        return space.count(multidegree)
    if not admits(space, outputs, multidegree):
        return 0
    powers = ((t.l, k) for t, k in zip(space.tensors, multidegree, strict=True))
    return groups.count_covariants(powers, output_irrep(outputs).l)


def series(space: TensorSpace, outputs: str, max_degree: int) -> list[int]:
    """The number of linearly independent equivariant maps of each degree 0..max_degree; to "0e" the Hilbert series.

    Raises:
        InputError: the degree is too high to be counted.
    """
    if outputs == SCALAR:
        return space.hilbert_series(max_degree)
    max_degree = integer("a degree", max_degree, 0)
    kind, reach = output_irrep(outputs), max(t.l for t in space.tensors) * max_degree + 1
    if len(space.tensors) * max_degree**2 * reach**2 > MAX_SERIES_WORK:
        raise InputError(f"the covariants of {space} to degree {max_degree} cannot be counted; lower the degree")
    irreps = [(t.l, t.parity) for t in space.tensors]
    return groups.hilbert_series(irreps, space.group, max_degree, kind.l, kind.parity)


def noun(outputs: str, count: int = 2) -> str:
    """What members are called: "invariants", "covariants 1o"."""
    plural = "" if count == 1 else "s"
    return f"invariant{plural}" if outputs == SCALAR else f"covariant{plural} {outputs}"


def convention_of(name: str, outputs: str) -> str:
    """The convention in which the outputs are written where tensors are written in `name`; "0e" takes any.

    Raises:
        InputError: the convention is not defined for their rank.
    """
    if outputs == SCALAR:
        return name
    try:
        return conventions.check("rational" if name == conventions.CARTESIAN else name, (output_irrep(outputs).l,))
    except InputError as error:
        raise InputError(f"outputs {outputs} cannot be written in the convention {name!r}; use 'sphericart'") from error


def labels(name: str, outputs: str) -> tuple[str, ...]:
    """The labels of the outputs' components in a convention: "-1", "0", "1" or, for hippynn, "x", "y", "z"."""
    return conventions.component_labels(convention_of(name, outputs), output_irrep(outputs).l)


@cache
def output_map(name: str, outputs: str) -> OutputMap:
    """How rational components of the outputs become those of a convention."""
    l = output_irrep(outputs).l
    scale, components = conventions.component_matrix(convention_of(name, outputs), l)
    entries, sizes = harmonics.tensor_of_components(l)
    columns = list(zip(*entries, strict=True))
    matrix = tuple(
        tuple(
            size * sum(a * b for a, b in zip(row, column, strict=True))
            for column, size in zip(columns, sizes, strict=True)
        )
        for row in components
    )
    return OutputMap(scale, matrix)
