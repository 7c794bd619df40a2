"""Equivariant maps that are independent over the functions of invariants: y = sum of g_k(invariants) T_k(x).

At one point the values of the maps are vectors of the outputs. Where as many are linearly independent as a generic
stabiliser leaves dimensions of the outputs unchanged, they span all that an equivariant map can take at generic points,
so every equivariant map is such a sum there. A minor modulo a prime that is not zero proves the independence; the
number of dimensions is the upper bound (`spaces.stabilisers`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from invgen.algebra.finite_field import Echelon, Vector, derived_points, derived_primes
from invgen.algebra.modular import fractions_mod
from invgen.contractions.at_points import evaluator
from invgen.contractions.evaluation import Evaluator
from invgen.contractions.expression import Expression
from invgen.errors import EnumerationError
from invgen.reduction.search.generators import SERIAL, Work
from invgen.reduction.search.jacobian_pass import JacobianRank
from invgen.reduction.search.request import PRIMES, Found, Request
from invgen.reduction.selections.linear import map_degrees
from invgen.spaces.outputs import dimension, output_map
from invgen.stages import Progress

if TYPE_CHECKING:
    from invgen.reduction.claim import Claim
    from invgen.reduction.proofs.protocols import Certified, Stated


def find(request: Request, work: Work = SERIAL, progress: Progress | None = None) -> Found:
    """A maximal subset of the maps of degree 0..max_degree whose values at a generic point are independent.

    They are offered by degree, then cost, so raising max_degree only appends; the search stops at the number that no
    more can be independent. The evidence is a `JacobianRank` of their values.
    """
    space, target, width = request.space, request.target, dimension(request.outputs)
    primes = derived_primes(request.seed, PRIMES)
    points = np.concatenate([derived_points(request.seed, p, 1, space.dimension) for p in primes])
    at = evaluator(space, primes, points)
    echelons = [Echelon(width, p) for p in primes]
    kept: list[Expression] = []
    accepted: list[int] = []
    seen = 0
    for _, found in map_degrees(request, work, progress):
        for member in found:
            if len(kept) == target:
                break
            rows = _row(at, member.contraction, request.outputs, primes)
            if any([echelon.insert(row) for echelon, row in zip(echelons, rows, strict=True)]):
                kept.append(member.contraction)
                accepted.append(seen)
            seen += 1
    for i, echelon in enumerate(echelons):
        if echelon.rank == len(kept):
            order = [i, *(j for j in range(PRIMES) if j != i)]
            evidence = JacobianRank(
                tuple(accepted),
                echelon.pivots,
                tuple(primes[j] for j in order),
                tuple(tuple(int(v) for v in points[j]) for j in order),
                seen - len(kept),
            )
            return Found(kept, evidence)
    raise EnumerationError("no prime sees all kept maps as independent; please report this as a defect")


def claims(stated: Stated, basis: Certified, request: Request, drawn: bool) -> list[Claim]:
    """The checks of independent maps: their values at one point have a minor that is not zero, and no more can be."""
    from invgen.reduction.proofs.claims import bound_claims, independence_claim, minor_claim

    rows = values_at(basis.contractions, request, stated.primes[0], stated.points[0]) if drawn else None
    return [
        minor_claim(stated, rows),
        independence_claim(stated, len(basis.contractions)),
        *bound_claims(stated, basis, request),
    ]


def values_at(members: Sequence[Expression], request: Request, prime: int, point: Sequence[int]) -> Vector:
    """The values of maps at one point modulo a prime, (members, components of the outputs)."""
    at = evaluator(request.space, [prime], np.array([point], dtype=np.int64))
    return np.concatenate([_row(at, member, request.outputs, (prime,)) for member in members])


def _row(at: Evaluator, member: Expression, outputs: str, primes: Sequence[int]) -> Vector:
    """The value of a map modulo each prime, (primes, components of the outputs), in rational components or entries."""
    covariant = at.covariant(member.root)
    change = output_map("rational", outputs, covariant.shape[1] // 2)
    matrices = fractions_mod(np.array(change.matrix, dtype=object), np.array(primes))
    products = [(m.astype(object) @ v.astype(object)) % p for m, v, p in zip(matrices, covariant, primes, strict=True)]
    return np.array(products, dtype=np.int64)
