"""Weighted contractions that their tests share, and what they must give: from `Basis.evaluate` and einsum alone."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from invgen import Basis, TensorSpace, generate

SPECIES = 3
# (space, max_degree, outputs, convention); the first is small enough for finite differences.
CASES = {
    "small": ("0e + 1o", 2, ("0e", "1o"), "sphericart"),
    "cubic": ("1o + 2e", 3, ("0e", "1o"), "e3nn_component"),
}

Array = NDArray[Any]


@cache
def bases_of(case: str) -> tuple[Basis, ...]:
    """The bases of a case."""
    space, degree, outputs, convention = CASES[case]
    given = [TensorSpace(space), degree]
    return tuple(generate(*given, select="linear", outputs=o, convention=convention) for o in outputs)


def weighted(bases: tuple[Basis, ...], x: Array, w: Array, species: Array) -> Array:
    """y by the definition, with all values of the bases stored; arguments as those of the kernel."""
    parts, first = [], 0
    for basis in bases:
        values = basis.evaluate(np.moveaxis(x, -2, -1)).reshape(*x.shape[:-2], x.shape[-1], len(basis), -1)
        chosen = w[species][..., first : first + len(basis), :]
        parts.append(np.einsum("...cko,...kc->...oc", values, chosen))
        first += len(basis)
    return np.concatenate(parts, axis=-2)
