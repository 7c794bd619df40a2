"""A minimal generating set of the ring of invariants, or of a module of equivariant maps over it, up to a degree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from operator import le
from typing import TYPE_CHECKING

import numpy as np

from invgen.algebra.finite_field import rank
from invgen.contractions.expression import Expression
from invgen.contractions.trees import CouplingTree
from invgen.reduction.proofs.certificate import Certificate
from invgen.reduction.proofs.counts import IntegrityProof
from invgen.reduction.search.components import Rules
from invgen.reduction.search.generators import SERIAL, GeneratorStage, Work, ring_rules
from invgen.reduction.search.patterns import Multidegree, up_to_names
from invgen.reduction.search.products import Candidate, map_rows, product_rows
from invgen.reduction.search.request import Found, Request
from invgen.reduction.search.values import PointValues
from invgen.reduction.selections.counted import SPARE_POINTS, counts_certificate, molien_counts
from invgen.spaces.outputs import SCALAR, noun, parts
from invgen.spaces.point_groups import structural_names
from invgen.stages import Progress

if TYPE_CHECKING:
    from invgen.reduction.claim import Claim
    from invgen.reduction.proofs.protocols import Certified, Stated


def find(request: Request, work: Work = SERIAL, progress: Progress | None = None) -> Found:
    """Invariants whose products span all invariants up to max_degree; no member is a polynomial in lower ones.

    In every multidegree their number is the Molien count minus the rank of products of lower generators. That rank is
    taken modulo a prime and can only be too low, so the number of generators is an upper bound; that they generate is
    proved. Members are coupling trees, in order of degree, then cost, then multidegree (descending).

    With outputs they are equivariant maps of degree 0..max_degree that span all of them with invariants as
    coefficients. The evidence is then a generating set of the invariants.
    """
    space, limit = request.space, request.limit
    if request.outputs == SCALAR:
        stage = GeneratorStage(space, ring_rules(space.group), progress, work, limit=limit)
        return Found(stage.members(request.max_degree))
    ring = GeneratorStage(space, ring_rules(space.group), progress, work, limit=limit)
    invariants = tuple(ring.members(request.max_degree))
    found: list[Candidate] = []
    for part in parts(request.outputs):
        if (part.l, part.parity) == (0, 1):
            zero = (0,) * len(space.tensors)
            found.append(Candidate(zero, 0, CouplingTree(structural_names(space.symmetry, 0, 1)[0])))
            continue
        rules = Rules(space.group, couplings=True, minimal=True, covariants=part.l, parity=part.parity)
        stage = GeneratorStage(space, rules, progress, work, part.symbol, limit)
        found += [g for _, components in stage.degrees(request.max_degree) for c in components for g in c.generators]
    found.sort(key=lambda g: (sum(g.multidegree), g.cost))
    return Found([g.contraction for g in found], invariants)


def certify(request: Request, found: Found) -> Certificate:
    """The certificate of a generating set: its counts, and enough points to prove that products span."""
    ring = found.evidence or ()
    return counts_certificate(request, found.members, lambda counts: IntegrityProof(counts, ring))


def recertify(request: Request, members: Sequence[Expression], before: Certificate) -> Certificate:
    """The certificate of the same generators in other forms: they have the same multidegrees."""
    return counts_certificate(request, members, IntegrityProof)


def claims(stated: Stated, basis: Certified, request: Request, drawn: bool) -> list[Claim]:
    """The checks of a generating set: products span as many invariants, or maps, as the Molien counts say."""
    from invgen.reduction.claim import Claim
    from invgen.reduction.proofs.claims import are_invariants, count_claim

    needed = molien_counts(request)
    enough = drawn and bool(needed) and len(stated.points) == max(needed.values()) + SPARE_POINTS
    found = [
        count_claim(stated, basis),
        Claim(
            f"as many {noun(basis.outputs)} are asked for as the Molien counts say",
            stated.target == sum(needed.values()),
        ),
    ]
    ring = stated.proof.ring
    if basis.outputs != SCALAR:
        found.append(Claim("the coefficients are invariants of the space", are_invariants(basis.space, ring)))
        if not found[-1].holds:
            return found
    elif ring:
        return [*found, Claim("invariants have no coefficients but themselves", False)]
    spans = enough and stated.rank == sum(needed.values())
    if basis.outputs == SCALAR:
        holds = spans and _generate(basis, stated, request, needed)
        what = f"products of the members span all {stated.rank} invariants up to degree {basis.max_degree}"
    else:
        holds = spans and _generate_maps(basis, stated, request, ring)
        what = (
            f"the members span all {stated.rank} {noun(basis.outputs)} up to degree {basis.max_degree}, with products "
            f"of {len(ring)} invariants as coefficients"
        )
    return [*found, Claim(what, holds)]


def _generate_maps(basis: Certified, stated: Stated, request: Request, ring: Sequence[Expression]) -> bool:
    """Whether members times products of invariants have the rank of the Molien count in every multidegree.

    The parts of the outputs are proved one after the other.
    """
    space = basis.space
    points = PointValues(space, stated.primes[0], request.seed)
    invariants = [Candidate(c.multidegree(space), 0, c) for c in ring]
    for part in parts(basis.outputs):
        members = [
            Candidate(c.multidegree(space), 0, c)
            for c in basis.contractions
            if isinstance(c, CouplingTree) and c.rank(space) == part.l
        ]
        proved = set()
        for multidegree, count in molien_counts(replace(request, outputs=part.symbol), request.first_degree).items():
            lower = [c for c in (*members, *invariants) if all(map(le, c.multidegree, multidegree))]
            case = up_to_names(space, multidegree, [c.contraction for c in lower])
            if case in proved:
                continue
            rows = list(map_rows(members, invariants, multidegree, points, count + SPARE_POINTS))
            if len(rows) < count or rank(np.stack(rows), points.prime) != count:
                return False
            proved.add(case)
    return True


def _generate(basis: Certified, stated: Stated, request: Request, needed: dict[Multidegree, int]) -> bool:
    """Whether products of members have the rank of the Molien count in every multidegree, at the points stated.

    By induction over the degree: if the members generate all lower multidegrees, what their products span in one does
    not depend on which generators they are. Multidegrees whose own members agree up to names are then one case.
    """
    space = basis.space
    points = PointValues(space, stated.primes[0], request.seed)
    generators = [Candidate(c.multidegree(space), 0, c) for c in basis.contractions]
    own: dict[Multidegree, list[Expression]] = {}
    for generator in generators:
        own.setdefault(generator.multidegree, []).append(generator.contraction)
    proved = set()
    for multidegree, count in needed.items():  # by degree
        case = up_to_names(space, multidegree, own.get(multidegree, ()))
        if case not in proved:
            rows = product_rows(generators, multidegree, points, count + SPARE_POINTS)
            if len(rows) < count or rank(np.stack(rows), points.prime) != count:
                return False
            proved.add(case)
    return True
