"""Counting invariants of SO(3) and O(3) from characters, with integers only.

The weights of the irreducible tensor H_l are -l..l. The number of linearly independent invariants in a product of
symmetric powers is the multiplicity of weight 0 minus that of weight 1 (the constant term of the Molien integrand).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import combinations_with_replacement
from math import comb
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from invgen.errors import InputError
from invgen.spaces import point_groups
from invgen.spaces.point_groups import PointGroup

if TYPE_CHECKING:
    from invgen.spaces.structural import Axes

SPATIAL = ("O3", "SO3")
PLANAR = ("O2", "SO2")
GROUPS = (*SPATIAL, *PLANAR)


def canonical(name: str) -> str:
    """The name by which a group is known here: "Oh" for "m-3m".

    Raises:
        InputError: no group is called so; the nearest names are given.
    """
    if isinstance(name, str):
        if name in GROUPS:
            return name
        found = point_groups.find(name)
        if found is not None:
            return found.name
    raise InputError(
        f"the group must be one of {', '.join(GROUPS)}, or one of the {len(point_groups.POINT_GROUPS)} point groups by "
        f"Schoenflies or by Hermann and Mauguin, got {name!r}; "
        f"did you mean {point_groups.nearest(str(name), GROUPS)}?"
    )


def oriented(group: str, orientation: object) -> Axes | None:
    """The axes of a point group; None for the standard ones.

    Raises:
        InputError: not three orthogonal integer axes, or a group that has no orientation.
    """
    if orientation is None:
        return None
    if point_groups.find(group) is None:
        raise InputError(f"{group} has no orientation; leave orientation out, or choose a point group such as 'Oh'")
    from invgen.spaces import structural

    axes = structural.check_axes(group, orientation)
    return None if axes == structural.STANDARD else axes


def check(group: str, spatial_dimension: int) -> None:
    """`InputError` unless the group acts in this spatial dimension, 3 or 2."""
    name = canonical(group)
    if (name in PLANAR) != (spatial_dimension == 2):
        fitting = ", ".join(PLANAR) if spatial_dimension == 2 else f"{', '.join(SPATIAL)} or a point group"
        raise InputError(f"the group must be one of {fitting} in spatial dimension {spatial_dimension}, got {group!r}")


@cache
def symmetric_power_weights(l: int, k: int) -> tuple[int, ...]:
    """Weight multiplicities of Sym^k(H_l), from weight -kl to kl.

    They are the coefficients of the Gaussian binomial [2l + k choose k]_q.
    """
    rows = [[1]] + [[0]] * k  # rows[j]: q-polynomial of the multisets of size j seen so far
    for weight in range(2 * l + 1):
        for size in range(1, k + 1):  # ascending: a weight may be taken repeatedly
            shifted = [0] * weight + rows[size - 1]
            longer, shorter = (shifted, rows[size]) if len(shifted) > len(rows[size]) else (rows[size], shifted)
            rows[size] = [a + b for a, b in zip(longer, shorter + [0] * (len(longer) - len(shorter)), strict=True)]
    return tuple(rows[k])


@cache
def _weights(factors: tuple[tuple[int, int], ...]) -> tuple[int, ...]:
    """Weight multiplicities of the product of Sym^k(H_l), from weight 0 upwards."""
    product = np.array([1], dtype=object)
    for l, k in factors:
        product = np.convolve(product, np.array(symmetric_power_weights(l, k), dtype=object))
    return tuple(int(v) for v in product[len(product) // 2 :])


def count_covariants(factors: Iterable[tuple[int, int]], rank: int) -> int:
    """How often H_rank occurs in the product of Sym^k(H_l) over `factors` (l, k).

    Complexity: a convolution of arrays of length 2kl + 1 per factor; results are remembered.
    """
    weights = (*_weights(tuple(sorted((l, k) for l, k in factors if k))), 0)
    return weights[rank] - weights[rank + 1] if rank < len(weights) - 1 else 0


def count_invariants(factors: Iterable[tuple[int, int]]) -> int:
    """The number of linearly independent SO(3) invariants in the product of Sym^k(H_l) over `factors` (l, k)."""
    return count_covariants(factors, 0)


def count_maps(factors: Sequence[tuple[int, int]], parity: int, group: PointGroup, rank: int = 0) -> int:
    """Linearly independent equivariant maps under a point group from a product of Sym^k(H_l) to H_rank.

    The product is a sum of H_L, each as often as `count_covariants` says, and each of them has as many maps to H_rank
    as the group has structural tensors in H_L ⊗ H_rank.

    Args:
        factors: (l, k) of each tensor.
        parity: of the product and of H_rank, multiplied.
        group: the point group.
        rank: of the outputs, 0 for invariants.
    """
    weights = (*_weights(tuple(sorted((l, k) for l, k in factors if k))), 0)
    return sum(
        (weights[inner] - weights[inner + 1]) * maps_between(group, inner, rank, parity)
        for inner in range(len(weights) - 1)
    )


@cache
def maps_between(group: PointGroup, first: int, second: int, parity: int) -> int:
    """Structural tensors of a group in H_first ⊗ H_second, which is the sum of all H_l that the two couple to."""
    return sum(group.count(l, parity) for l in range(abs(first - second), first + second + 1))


def hilbert_series(
    irreps: Sequence[tuple[int, int]], group: str | PointGroup, max_degree: int, rank: int = 0, parity: int = 1
) -> list[int]:
    """Linearly independent invariants of each degree 0..max_degree of the direct sum of `irreps` (l, parity).

    With a rank and a parity, covariants of that kind. Under O(3) it is the mean of the series of the rotations and,
    times the parity, that of the rotations times the inversion, which multiplies degree k of an odd tensor by (-1)^k.
    Under a point group the same mean and half the difference say how often each H_L of each parity occurs.
    """
    rotations = _weight_series([(l, 1) for l, _ in irreps], max_degree)
    if group == "SO3":
        return [_multiplicity(row, rank) for row in rotations]
    reflections = _weight_series(irreps, max_degree)
    both = list(zip(rotations, reflections, strict=True))
    if isinstance(group, str):
        return [(_multiplicity(a, rank) + parity * _multiplicity(b, rank)) // 2 for a, b in both]
    return [
        sum(
            (_multiplicity(a, inner) + sign * _multiplicity(b, inner))
            // 2
            * maps_between(group, inner, rank, sign * parity)
            for sign in (1, -1)
            for inner in range(len(a) // 2 + 1)
        )
        for a, b in both
    ]


def _multiplicity(weights: NDArray[np.object_], rank: int) -> int:
    """How often H_rank occurs, from the multiplicities of the weights -reach..reach."""
    reach = len(weights) // 2
    return sum(sign * int(weights[reach + w]) for sign, w in ((1, rank), (-1, rank + 1)) if w <= reach)


def _weight_series(irreps: Sequence[tuple[int, int]], max_degree: int) -> list[NDArray[np.object_]]:
    """The weights of each degree with their multiplicities, those of odd tensors times (-1)^k in degree k of them."""
    reach = max((l for l, _ in irreps), default=0) * max_degree  # the largest weight that can occur
    series: list[NDArray[np.object_]] = [np.zeros(2 * reach + 1, dtype=object) for _ in range(max_degree + 1)]
    series[0][reach] = 1
    for l, parity in irreps:
        powers = [np.array(symmetric_power_weights(l, k), dtype=object) * parity**k for k in range(max_degree + 1)]
        for degree in range(max_degree, -1, -1):  # descending: lower degrees still exclude this tensor
            total = np.zeros(2 * reach + 1, dtype=object)
            for k in range(degree + 1):
                support = np.flatnonzero(series[degree - k])
                if len(support):
                    low, high = support[0], support[-1] + 1
                    total[low - k * l : high + k * l] += np.convolve(series[degree - k][low:high], powers[k])
            series[degree] = total
    return series


def weak_compositions(parts: int, degree: int) -> Iterable[tuple[int, ...]]:
    """All tuples of `parts` non-negative integers of sum `degree`, in descending lexicographic order."""
    for factors in combinations_with_replacement(range(parts), degree):
        result = [0] * parts
        for factor in factors:
            result[factor] += 1
        yield tuple(result)


def count_weak_compositions(parts: int, degree: int) -> int:
    """How many tuples `weak_compositions` yields."""
    return comb(parts + degree - 1, degree)
